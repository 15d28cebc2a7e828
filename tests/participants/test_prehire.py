"""Training before hire shares a budget between all who follow it on an award (domain.md §4.4)."""

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from clauses_portal.core.errors import DomainError
from participants.enums import ContractType, HoursNature, RejectionReason
from participants.models import HoursEntry
from participants.services import hours
from participants.services.consistency import fate_differences, total_differences
from tests.factories.accounts import author
from tests.factories.companies import CountingRuleFactory
from tests.factories.markets import AwardFactory
from tests.factories.participants import EmploymentContractFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def award():
    """1 000 h due, of which 10 % may be training before hire."""
    award = AwardFactory()
    CountingRuleFactory(market=award.lot.market, prehire_training_cap=10)
    return award


def trainee(award):
    return EmploymentContractFactory(award=award, contract_type=ContractType.PREHIRE_TRAINING, validated=True)


def train(contract, number, month=MARCH):
    declared = None if number is None else Decimal(number)
    return hours.record_month(contract=contract, month=month, declared=declared, by=author())


def counted():
    return [row.counted for row in HoursEntry.objects.order_by("starts_on", "contract")]


def test_it_is_training_up_to_the_cap(award):
    outcome = train(trainee(award), 120)
    assert (outcome.counted, outcome.status) == (100, "partial")
    entry = HoursEntry.objects.get()
    assert (entry.nature, entry.rejected, entry.rejection_reason) == (
        HoursNature.TRAINING,
        20,
        RejectionReason.CEILING,
    )


def test_without_a_cap_none_counts():
    train(trainee(AwardFactory()), 50)
    assert HoursEntry.objects.get().rejection_reason == RejectionReason.OUTSIDE_MARKET


def test_the_same_hours_count_whatever_the_order(award):
    first, second = trainee(award), trainee(award)
    work = [(first, 60, MARCH), (second, 30, MARCH), (first, 50, APRIL)]
    for order in permutations(work):
        for step in order:
            train(*step)
        assert counted() == [60, 30, 10]
        assert fate_differences() == total_differences() == []
        for contract, _, month in work:
            train(contract, None, month)


def test_what_one_gives_back_the_other_takes(award):
    first, second = trainee(award), trainee(award)
    train(first, 100)
    train(second, 50)
    assert counted() == [100, 0]
    train(first, 70)
    assert counted() == [70, 30]
    hours.release(validation=first.participant.validations.get(), by=author())
    assert counted() == [0, 50]


def test_several_cells_at_once_share_the_budget(award):
    first, second = trainee(award), trainee(award)
    cells = [(second, APRIL, "80", 0), (first, MARCH, "60", 0), (second, APRIL, "70", 1)]
    assert [cell.status for cell in hours.record_cells(cells=cells, by=author())] == ["counted", "counted", "conflict"]
    assert counted() == [60, 40]
    assert total_differences() == []


def test_what_was_sent_is_served_first(award, close_quarter):
    first, second = trainee(award), trainee(award)
    train(first, 60)
    close_quarter(first.territory, "2026-T1")
    train(second, 80, APRIL)
    assert counted() == [60, 40]
    hours.regularise(contract=first, month=MARCH, hours=Decimal(90), reason="Oubli.", by=author())
    assert [row.counted for row in HoursEntry.objects.order_by("pk")] == [60, 10, 30]
    assert fate_differences() == total_differences() == []


def test_training_of_an_apprentice_is_a_row_of_its_own():
    contract = EmploymentContractFactory(contract_type=ContractType.APPRENTICESHIP, validated=True)
    for nature in (None, HoursNature.TRAINING):
        hours.record_month(contract=contract, month=MARCH, declared=Decimal(70), by=author(), nature=nature)
    assert sorted(HoursEntry.objects.values_list("nature", "counted")) == [("training", 70), ("worked", 70)]


def test_an_ordinary_contract_has_no_training():
    contract = EmploymentContractFactory(validated=True)
    with pytest.raises(DomainError, match="alternance"):
        hours.record_month(
            contract=contract, month=MARCH, declared=Decimal(7), by=author(), nature=HoursNature.TRAINING
        )
