"""The pages of a year cost the database the same with one row as with four."""

import pytest
from django.urls import reverse

from facilitators.enums import Role
from reporting.enums import Dataset, Party
from reporting.services.agreements import give_agreement
from tests.factories.accounts import UserFactory
from tests.factories.markets import LotFactory
from tests.factories.operations import OperationFactory
from tests.factories.participants import EmploymentContractFactory

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]


def an_operation(territory, rank):
    operation = OperationFactory(
        communes=[territory.communes.first()], funding_period="2021-2027", declares_participants=True
    )
    lot = LotFactory(territory=territory, calibrated=True, market__operation=operation)
    EmploymentContractFactory(award__lot=lot)


def an_agreement(territory, rank):
    give_agreement(dataset=Dataset.OPEN_DATA, year=2025 - rank, party=Party.DEPARTMENT, by=UserFactory())


def a_contradiction(territory, rank):
    LotFactory(territory=territory, retained=True, market__social_considerations=["none"])


@pytest.mark.parametrize("role", [Role.MISSION_OFFICER, Role.FACILITATOR])
@pytest.mark.parametrize(
    ("route", "make", "most"),
    [
        ("reporting:consolidation", an_operation, 80),
        ("reporting:european_list", an_operation, 8),
        ("reporting:open_data", an_operation, 15),
        ("reporting:agreements", an_agreement, 7),
        ("reporting:decp", a_contradiction, 9),
    ],
)
def test_a_page_costs_the_same_with_four_rows(as_role, territory, count_queries, role, route, make, most):
    client, costs = as_role(role), []
    for ranks in ((0,), (1, 2, 3)):
        for rank in ranks:
            make(territory, rank)
        costs.append(count_queries(lambda: client.get(reverse(route), {"annee": "2025"})))
    assert costs[0] == costs[1] <= most, costs
