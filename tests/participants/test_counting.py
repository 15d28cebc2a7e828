"""Which declared hours count: the pure function, on every shape of period (domain.md §4.6)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.counting import NOT_VALIDATED, TO_SPLIT, Counting, count
from participants.enums import RejectionReason

M8 = "Heures refusées : cette personne n’était pas validée par le facilitateur à ces dates."
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
HOURS = Decimal("151.67")


def day(number):
    return date(2026, 3, number)


def fate(*granted, declared=HOURS):
    return count(declared=declared, starts_on=FIRST, ends_on=LAST, granted=granted)


@pytest.mark.parametrize(
    "granted",
    [
        [(FIRST, LAST)],
        [(date(2025, 1, 1), date(2027, 1, 1))],
        [(FIRST, day(15)), (day(16), LAST)],
        [(day(16), LAST), (FIRST, day(15))],
        [(date(2026, 1, 1), day(10)), (day(11), day(20)), (day(21), date(2026, 12, 31))],
    ],
)
def test_hours_validated_every_day_count(granted):
    assert fate(*granted) == Counting(counted=HOURS)


@pytest.mark.parametrize(
    "granted", [[], [(date(2026, 2, 1), date(2026, 2, 28))], [(date(2026, 4, 1), date(2026, 4, 30))]]
)
def test_hours_never_validated_are_rejected_with_their_reason(granted):
    assert fate(*granted) == Counting(rejected=HOURS, reason=RejectionReason.NOT_VALIDATED, message=M8)


@pytest.mark.parametrize(
    "granted",
    [
        [(day(2), LAST)],
        [(FIRST, day(30))],
        [(day(15), day(15))],
        [(FIRST, day(14)), (day(16), LAST)],
        [(date(2026, 1, 1), FIRST)],
        [(LAST, date(2026, 12, 31))],
    ],
)
def test_hours_validated_in_part_wait_for_a_split(granted):
    assert fate(*granted) == Counting(pending=HOURS, message=TO_SPLIT)


def test_no_hour_is_nothing_to_judge():
    assert fate(declared=Decimal(0)) == Counting()


def test_the_sentence_is_the_fixed_one():
    assert NOT_VALIDATED == M8


days = st.integers(0, 90).map(lambda offset: date(2026, 2, 1) + timedelta(days=offset))
periods = st.tuples(days, days).map(sorted).map(tuple)
hours = st.decimals(0, 300, places=2)


@st.composite
def granted_periods(draw):
    """Periods of validations, which never overlap."""
    kept = []
    for first, last in draw(st.lists(periods, max_size=5)):
        if all(last < other_first or first > other_last for other_first, other_last in kept):
            kept.append((first, last))
    return kept


@given(hours, periods, granted_periods())
def test_declared_is_counted_plus_rejected_plus_pending(declared, period, granted):
    result = count(declared=declared, starts_on=period[0], ends_on=period[1], granted=granted)
    fates = [result.counted, result.rejected, result.pending]
    assert sum(fates) == declared
    assert sum(fate > 0 for fate in fates) == (1 if declared else 0)
    assert bool(result.reason) == (result.rejected > 0)
    assert bool(result.message) == (result.counted != declared)


@given(hours, periods, granted_periods())
def test_hours_count_exactly_when_each_day_is_validated(declared, period, granted):
    starts_on, ends_on = period
    every_day = [starts_on + timedelta(days=n) for n in range((ends_on - starts_on).days + 1)]
    validated = [any(first <= one <= last for first, last in granted) for one in every_day]
    result = count(declared=declared, starts_on=starts_on, ends_on=ends_on, granted=granted)
    assert result.counted == (declared if all(validated) else 0)
    assert result.rejected == (declared if not any(validated) else 0)


@given(hours, periods, granted_periods(), periods)
def test_one_more_validation_never_takes_hours_away(declared, period, granted, more):
    before = count(declared=declared, starts_on=period[0], ends_on=period[1], granted=granted)
    free = [p for p in granted if p[1] < more[0] or p[0] > more[1]]
    after = count(declared=declared, starts_on=period[0], ends_on=period[1], granted=[*free, more])
    if len(free) == len(granted):
        assert after.counted >= before.counted
