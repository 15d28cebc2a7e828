"""The dates of a lot move, its rule changes: its hours follow, wherever the change came from (invariants 6 and 7)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from markets.enums import ObjectiveKind
from markets.models import CountingRule, Lot, MarketTotal
from markets.services.awards import add_objective
from markets.services.counting_rules import set_rule
from markets.services.markets import change_lot
from participants.enums import ContractType, HoursNature
from participants.models import HoursEntry
from participants.services.consistency import fate_differences, total_differences
from participants.services.hours import record_month
from participants.services.hours.moved import moved_lots
from participants.tasks import recount_lots_of_the_week, recount_moved_lots
from tests.factories.accounts import author
from tests.factories.participants import EmploymentContractFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MARCH = date(2026, 3, 1)


def worked(nature=None, **fields):
    contract = EmploymentContractFactory(validated=True, **fields)
    record_month(contract=contract, month=MARCH, declared=Decimal(100), by=author(), nature=nature)
    return contract


def move(contract, **dates):
    lot = Lot.objects.get(pk=contract.lot_id)
    for name, day in dates.items():
        setattr(lot, name, day)
    change_lot(lot=lot, by=author())


def entry():
    return HoursEntry.objects.get()


@pytest.mark.parametrize("task", [recount_moved_lots, recount_lots_of_the_week])
def test_hours_follow_the_dates_of_the_lot(task):
    contract = worked()
    move(contract, starts_on=date(2026, 4, 1))
    assert fate_differences()
    task()
    assert (entry().rejected, entry().rejection_reason) == (100, "outside_window")
    move(contract, starts_on=date(2026, 3, 16))
    task()
    assert entry().pending == 100
    assert fate_differences() == total_differences() == []


def test_hours_follow_the_rule_of_the_market():
    contract = worked(HoursNature.TRAINING, contract_type=ContractType.APPRENTICESHIP)
    set_rule(rule=CountingRule(market=contract.market, training_counts=False), by=author())
    recount_moved_lots()
    assert (entry().counted, entry().rejection_reason) == (0, "outside_market")
    assert MarketTotal.objects.get(market=contract.market).counted == 0


def test_training_before_hire_follows_the_objective():
    contract = worked(contract_type=ContractType.PREHIRE_TRAINING)
    set_rule(rule=CountingRule(market=contract.market, prehire_training_cap=5), by=author())
    recount_moved_lots()
    assert entry().counted == 50
    add_objective(
        award=contract.award,
        kind=ObjectiveKind.AMENDMENT,
        hours=400,
        effective_on=MARCH,
        reason="Avenant n° 1",
        by=author(),
    )
    recount_moved_lots()
    assert entry().counted == 70
    assert fate_differences() == []


def test_only_lots_with_hours_that_moved_are_recounted():
    contract = worked()
    assert moved_lots(timezone.now() - timedelta(hours=1)) == [contract.lot_id]
    assert moved_lots(timezone.now() + timedelta(hours=1)) == []
    assert [EmploymentContractFactory().lot_id] != moved_lots(timezone.now() - timedelta(hours=1))


def test_what_was_sent_does_not_follow(close_quarter):
    contract = worked()
    close_quarter(contract.territory, "2026-T1")
    move(contract, starts_on=date(2026, 4, 1))
    recount_moved_lots()
    assert entry().counted == 100
