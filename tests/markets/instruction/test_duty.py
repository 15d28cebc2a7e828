"""The duty of a lot, worked out from its market: every boundary of the law, through the service."""

from datetime import date
from decimal import Decimal

import pytest

from markets.enums import MarketKind
from markets.legal import Duty
from markets.models import Lot
from markets.services.duty import NO_AMOUNT, SOME_AMOUNTS, UNKNOWN, duties_of, duty_of, having_duty
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.preparation import LegalThresholdFactory, LotPhaseFactory, PhaseFinancialsFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

SERVICES, WORKS = MarketKind.SERVICES, MarketKind.WORKS
FIRST_DAY, DAY_BEFORE = date(2026, 8, 21), date(2026, 8, 20)


def lot_of(amount=None, *, kind=SERVICES, day=FIRST_DAY, **market):
    """A lot of a market estimated at this amount (€), whose consultation begins that day."""
    fields = {"kind": kind, "consultation_on": day} | market
    lot = LotFactory(**{f"market__{name}": value for name, value in fields.items()})
    if amount is not None:
        MarketFinancialsFactory(market=lot.market, estimated_amount=Decimal(amount))
    return lot


BOUNDARIES = [
    ("216000.00", SERVICES, FIRST_DAY, {}, Duty.MANDATORY),
    ("215999.99", SERVICES, FIRST_DAY, {}, Duty.OPTIONAL),
    ("216000.00", SERVICES, DAY_BEFORE, {}, Duty.OPTIONAL),
    ("216000.00", SERVICES, FIRST_DAY, {"defence": True}, Duty.OUT_OF_SCOPE),
    ("5404000.00", WORKS, FIRST_DAY, {}, Duty.MANDATORY),
    ("5403999.99", WORKS, FIRST_DAY, {}, Duty.OPTIONAL),
    ("5404000.00", MarketKind.CONCESSION, FIRST_DAY, {}, Duty.MANDATORY),
    ("750000.00", MarketKind.SOCIAL_SERVICES, FIRST_DAY, {}, Duty.MANDATORY),
    ("749999.99", MarketKind.SOCIAL_SERVICES, FIRST_DAY, {}, Duty.OPTIONAL),
    ("216000.00", MarketKind.SUPPLIES, FIRST_DAY, {}, Duty.MANDATORY),
    ("216000.00", MarketKind.INTELLECTUAL, FIRST_DAY, {}, Duty.MANDATORY),
    (None, SERVICES, FIRST_DAY, {}, UNKNOWN),
    (None, SERVICES, DAY_BEFORE, {}, Duty.OPTIONAL),
    (None, SERVICES, FIRST_DAY, {"defence": True}, Duty.OUT_OF_SCOPE),
]


@pytest.mark.parametrize(("amount", "kind", "day", "market", "expected"), BOUNDARIES)
def test_the_duty_at_each_boundary(amount, kind, day, market, expected):
    lot = lot_of(amount, kind=kind, day=day, **market)
    assert duty_of(lot).value == expected
    assert [list(having_duty(Lot.objects.all(), value)) for value in (*Duty, UNKNOWN)].count([lot]) == 1
    assert list(having_duty(Lot.objects.all(), expected)) == [lot]


def test_the_day_is_the_consultation_then_the_publication_then_today():
    assert duty_of(lot_of("216000", day=None, planned_publication_on=DAY_BEFORE)).value == Duty.OPTIONAL
    assert duty_of(lot_of("216000", day=DAY_BEFORE, planned_publication_on=FIRST_DAY)).value == Duty.OPTIONAL
    assert duty_of(lot_of("216000", day=None)).value == Duty.MANDATORY  # today, 15 September 2026


def test_the_need_is_that_of_the_whole_market():
    first = lot_of()
    second = LotFactory(market=first.market)
    LotFinancialsFactory(lot=first, estimated_amount=Decimal("100000"))
    LotFinancialsFactory(lot=second, estimated_amount=Decimal("116000"))
    assert {duty.value for duty in duties_of([first, second]).values()} == {Duty.MANDATORY}


def test_the_estimate_of_the_market_prevails_over_its_lots():
    lot = lot_of("215999.99")
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal("216000"))
    assert duty_of(lot).value == Duty.OPTIONAL


def test_options_and_renewals_belong_to_the_need():
    lot = lot_of("200000")
    PhaseFinancialsFactory(phase=LotPhaseFactory(lot=lot, kind="renewal"), estimated_amount=Decimal("16000"))
    assert duty_of(lot).value == Duty.MANDATORY


def test_a_missing_amount_leaves_the_duty_open_below_the_threshold():
    lot = lot_of("200000")
    LotPhaseFactory(lot=lot)
    assert duty_of(lot).warning == SOME_AMOUNTS
    assert list(having_duty(Lot.objects.all(), UNKNOWN)) == [lot]
    lot = lot_of()
    LotFactory(market=lot.market)
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal("215000"))
    assert duty_of(lot).warning == SOME_AMOUNTS


def test_a_missing_amount_changes_nothing_above_the_threshold():
    lot = lot_of()
    LotFactory(market=lot.market)
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal("216000"))
    assert duty_of(lot).is_mandatory


def test_without_an_estimate_the_awarded_amounts_are_read():
    lot = lot_of()
    LotFinancialsFactory(lot=lot, estimated_amount=None, awarded_amount=Decimal("216000"))
    assert duty_of(lot).is_mandatory
    lot = lot_of()
    MarketFinancialsFactory(market=lot.market, estimated_amount=None, awarded_amount=Decimal("215999"))
    assert duty_of(lot).value == Duty.OPTIONAL


def test_an_unknown_amount_is_said():
    duty = duty_of(lot_of())
    assert (duty.value, duty.explanation(may_see_amounts=True)) == (UNKNOWN, NO_AMOUNT)


def test_the_thresholds_of_the_office_replace_those_that_are_shipped():
    LegalThresholdFactory(category="supplies_services_local", value=Decimal("300000"))
    lot = lot_of("250000")
    assert duty_of(lot).value == Duty.OPTIONAL
    assert list(having_duty(Lot.objects.all(), Duty.OPTIONAL)) == [lot]


def test_a_threshold_that_is_missing_is_said():
    LegalThresholdFactory(category="works")
    assert "complétez la table des seuils" in duty_of(lot_of("250000")).warning


def test_the_latest_threshold_applies():
    for day, value in ((date(2026, 1, 1), 216_000), (date(2026, 9, 1), 300_000)):
        LegalThresholdFactory(category="supplies_services_local", value=Decimal(value), valid_from=day)
    before, after = lot_of("250000", day=date(2026, 8, 31)), lot_of("250000", day=date(2026, 9, 1))
    assert list(having_duty(Lot.objects.all(), Duty.MANDATORY)) == [before]
    assert list(having_duty(Lot.objects.all(), Duty.OPTIONAL)) == [after]


@pytest.mark.parametrize("amount", ["216000", "100000"])
def test_without_the_amounts_the_threshold_is_not_said(amount):
    duty = duty_of(lot_of(amount))
    assert "216\u00a0000" in duty.explanation(may_see_amounts=True)
    assert not any(sign.isdigit() for sign in duty.explanation(may_see_amounts=False))


def test_many_duties_cost_two_queries(count_queries):
    lots = [lot_of("216000") for _ in range(5)]
    assert count_queries(lambda: duties_of(lots)) == 2


def test_six_months_of_works():
    short, long = (lot_of("6000000", kind=WORKS, duration_months=months) for months in (5, 6))
    assert (4, "Travaux d’une durée inférieure à six mois") in duty_of(short).proposable
    assert 4 not in dict(duty_of(long).proposable)
