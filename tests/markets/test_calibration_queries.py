"""The calibration screens cost the same with seven versions, phases or trades as with two: what was measured."""

from decimal import Decimal

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets.services.calibration import propose, retain, return_to_facilitator
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import THOUSAND_HOURS, LotFactory, LotFinancialsFactory
from tests.factories.preparation import (
    LotPhaseFactory,
    PhaseFinancialsFactory,
    TradeFactory,
    TradeParametersFactory,
)
from tests.test_query_counts import cost

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]


@pytest.fixture
def lot(territory):
    lot = LotFactory(territory=territory, retained=True, trade=TradeParametersFactory().trade)
    LotFinancialsFactory(lot=lot)
    return lot


def one_more(lot):
    """A version of the firm period, and a phase with its own, each by somebody else."""
    phase = PhaseFinancialsFactory(phase=LotPhaseFactory(lot=lot)).phase
    version = propose(lot=lot, by=UserFactory(), purpose="phase", phase=phase, method="flat", hours=Decimal(100))
    retain(version=version, hours=90, gap_reason="Arrondi.", by=UserFactory())
    return_to_facilitator(version=propose(lot=lot, by=UserFactory(), **THOUSAND_HOURS), reason="Essai.", by=author())


def costs(client, make, address, rows=(2, 7)):
    made, found = 0, []
    for number in rows:
        while made < number:
            make()
            made += 1
        found.append(cost(client, address()))
    return found


@pytest.mark.parametrize(
    ("name", "role", "most"),
    [
        ("calibrate", Role.FACILITATOR, 12),
        ("calibration_compare", Role.FACILITATOR, 10),
        ("retain", Role.MISSION_OFFICER, 14),
        ("calibration", Role.LEGAL_OFFICER, 13),
    ],
)
def test_a_screen_costs_the_same_with_seven_versions(as_role, lot, name, role, most):
    client = as_role(role)

    def address():
        row = lot.calibrations.first() if name in {"retain", "calibration"} else lot
        return reverse(f"markets:{name}", args=[row.pk])

    few, many = costs(client, lambda: one_more(lot), address)
    assert few == many <= most


def test_the_page_of_the_lot_costs_the_same_with_seven_versions(as_role, lot):
    client = as_role(Role.MISSION_OFFICER)
    few, many = costs(client, lambda: one_more(lot), lambda: reverse("markets:lot", args=[lot.pk]))
    assert few == many


def test_what_waits_costs_the_same_with_seven_lots(as_role, territory):
    client = as_role(Role.MISSION_OFFICER)

    def a_proposal():
        propose(lot=LotFactory(territory=territory, retained=True), by=UserFactory(), **THOUSAND_HOURS)

    few, many = costs(client, a_proposal, lambda: reverse("markets:to_retain"))
    assert few == many <= 6


def test_the_parameters_cost_the_same_with_seven_trades(as_role):
    client = as_role(Role.MISSION_OFFICER)

    def a_trade():
        TradeParametersFactory()
        TradeFactory()

    few, many = costs(client, a_trade, lambda: reverse("markets:parameters"))
    assert few == many <= 6
