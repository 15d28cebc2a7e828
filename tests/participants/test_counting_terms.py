"""What the market says of hours: days of execution, training, hours set aside (domain.md §4.4; invariants 6, 10)."""

from datetime import date
from decimal import Decimal

import pytest

from markets.models import CountingRule, Lot, Market
from participants.counting import (
    NOT_ON_THIS_MARKET,
    NOT_VALIDATED,
    OUTSIDE_WINDOW,
    SET_ASIDE,
    TO_SPLIT,
    WINDOW_TO_SPLIT,
    Counting,
    Terms,
    count,
    day_to_split,
    natures_of,
    prehire_budget,
    terms_of,
    usual_period,
)
from participants.enums import ContractType, HoursNature, RejectionReason

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
MARCH = [(FIRST, LAST)]
TEN = Decimal(10)


def fate(granted=MARCH, **options):
    return count(declared=TEN, starts_on=FIRST, ends_on=LAST, granted=granted, **options)


@pytest.mark.parametrize(
    ("opens_on", "closes_on"), [(None, None), (FIRST, LAST), (None, LAST), (FIRST, None), (date(2020, 1, 1), None)]
)
def test_hours_made_during_the_execution_count_unknown_dates_are_open(opens_on, closes_on):
    assert fate(terms=Terms(opens_on, closes_on)) == Counting(counted=TEN)


@pytest.mark.parametrize("terms", [Terms(opens_on=date(2026, 4, 1)), Terms(closes_on=date(2026, 2, 28))])
def test_hours_outside_the_execution_are_rejected(terms):
    assert fate(terms=terms) == Counting(rejected=TEN, reason=RejectionReason.OUTSIDE_WINDOW, message=OUTSIDE_WINDOW)


def test_a_person_not_validated_is_said_before_the_window():
    told = fate(granted=[], terms=Terms(opens_on=date(2026, 4, 1)))
    assert (told.reason, told.message) == (RejectionReason.NOT_VALIDATED, NOT_VALIDATED)


@pytest.mark.parametrize("terms", [Terms(opens_on=date(2026, 3, 16)), Terms(closes_on=date(2026, 3, 16))])
def test_a_month_partly_within_the_execution_waits(terms):
    assert fate(terms=terms) == Counting(pending=TEN, message=WINDOW_TO_SPLIT)


def test_validated_days_that_are_all_outside_the_execution_are_rejected():
    told = fate(granted=[(FIRST, date(2026, 3, 15))], terms=Terms(opens_on=date(2026, 3, 16)))
    assert told.reason == RejectionReason.OUTSIDE_WINDOW


@pytest.mark.parametrize(
    ("withheld", "fates"), [("4", ("6", "4", "0")), ("10", ("0", "10", "0")), ("0", ("10", "0", "0"))]
)
def test_hours_set_aside_are_rejected_with_their_reason(withheld, fates):
    told = fate(withheld=Decimal(withheld), withheld_reason=RejectionReason.NOT_WORKED if withheld != "0" else "")
    assert (told.counted, told.rejected, told.pending) == tuple(map(Decimal, fates))
    assert told.reason == (RejectionReason.NOT_WORKED if withheld != "0" else "")
    assert told.message == (SET_ASIDE if withheld != "0" else "")


def test_hours_set_aside_no_longer_wait():
    told = fate(granted=[(date(2026, 3, 16), LAST)], withheld=Decimal(4), withheld_reason=RejectionReason.DUPLICATE)
    assert (told.rejected, told.pending, told.reason, told.message) == (4, 6, RejectionReason.DUPLICATE, TO_SPLIT)
    told = fate(granted=[(date(2026, 3, 16), LAST)], withheld=TEN, withheld_reason=RejectionReason.DUPLICATE)
    assert told == Counting(rejected=TEN, reason=RejectionReason.DUPLICATE, message=SET_ASIDE)


def test_hours_that_the_market_leaves_out_are_rejected_with_their_reason():
    told = fate(terms=Terms(excluded=RejectionReason.OUTSIDE_MARKET))
    assert told == Counting(rejected=TEN, reason=RejectionReason.OUTSIDE_MARKET, message=NOT_ON_THIS_MARKET)


def test_beyond_the_cap_the_rest_is_rejected():
    told = fate(terms=Terms(allowance=Decimal(3)))
    assert (told.counted, told.rejected, told.reason) == (3, 7, RejectionReason.CEILING)
    assert fate(terms=Terms(allowance=TEN)) == Counting(counted=TEN)


def test_the_day_to_split_at_is_proposed():
    def proposed(granted, terms=None):
        return day_to_split(FIRST, LAST, granted, terms or Terms())

    assert proposed([(date(2026, 3, 16), LAST)]) == date(2026, 3, 16)
    assert proposed([(date(2026, 1, 1), date(2026, 3, 10))]) == date(2026, 3, 11)
    assert proposed(MARCH, Terms(closes_on=date(2026, 3, 20))) == date(2026, 3, 21)
    assert proposed([(date(2026, 3, 2), LAST)]) == date(2026, 3, 2)
    assert proposed([(LAST, date(2026, 12, 31))]) == LAST
    assert proposed(MARCH) is None
    assert proposed([]) is None


LOT = {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 8, 31)}
EVERYTHING = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}


def terms(contract_type=ContractType.CDD, nature=HoursNature.WORKED, lot=None, allowance=None, **rule):
    market = Market(**EVERYTHING)
    return terms_of(
        lot=Lot(market=market, **(LOT if lot is None else lot)),
        rule=CountingRule(market=market, **rule),
        contract_type=contract_type,
        nature=nature,
        allowance=allowance,
    )


def test_the_days_are_those_of_the_lot_else_of_the_market_with_a_tolerance():
    assert terms() == Terms(date(2026, 2, 1), date(2026, 8, 31))
    assert terms(lot={}) == Terms(date(2026, 1, 1), date(2026, 12, 31))
    assert terms(tolerance_days=15) == Terms(date(2026, 2, 1), date(2026, 9, 15))
    dateless = Lot(market=Market(title="Sans dates"))
    rule = CountingRule(market=dateless.market, tolerance_days=15)
    assert terms_of(lot=dateless, rule=rule, contract_type=ContractType.CDD, nature=HoursNature.WORKED) == Terms()


@pytest.mark.parametrize("kind", [ContractType.APPRENTICESHIP, ContractType.PROFESSIONALISATION])
def test_training_of_an_alternance_counts_when_the_rule_says_so(kind):
    assert terms(kind, HoursNature.TRAINING).excluded == ""
    assert terms(kind, HoursNature.TRAINING, training_counts=False).excluded == RejectionReason.OUTSIDE_MARKET
    assert terms(kind, HoursNature.WORKED, training_counts=False).excluded == ""


def test_training_before_hire_counts_only_with_a_cap():
    kind = ContractType.PREHIRE_TRAINING
    assert terms(kind, HoursNature.TRAINING).excluded == RejectionReason.OUTSIDE_MARKET
    told = terms(kind, HoursNature.TRAINING, prehire_training_cap=20, allowance=TEN)
    assert (told.excluded, told.allowance) == ("", TEN)


def test_what_a_contract_declares():
    assert natures_of(ContractType.CDI) == (HoursNature.WORKED,)
    assert natures_of(ContractType.APPRENTICESHIP) == (HoursNature.WORKED, HoursNature.TRAINING)
    assert natures_of(ContractType.PREHIRE_TRAINING) == (HoursNature.TRAINING,)


@pytest.mark.parametrize(
    ("objective", "cap", "hours"), [(1000, 20, "200"), (333, 10, "33.30"), (-5, 50, "0"), (1, 1, "0.01"), (800, 0, "0")]
)
def test_the_budget_of_training_before_hire_is_a_share_of_the_objective(objective, cap, hours):
    assert prehire_budget(objective, CountingRule(prehire_training_cap=cap)) == Decimal(hours)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 3, 1), date(2028, 2, 29)),
        (date(2026, 9, 15), date(2028, 9, 14)),
        (date(2024, 2, 29), date(2026, 2, 27)),
    ],
)
def test_a_validation_lasts_twenty_four_months_to_the_day(first, last):
    assert usual_period(first) == (first, last)
