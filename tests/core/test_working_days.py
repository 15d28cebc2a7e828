"""Deadlines fall on days when one works (domain.md §12 n° 60)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clauses_portal.core.working_days import (
    add_working_days,
    due_after_weeks,
    is_working_day,
    next_working_day,
    public_holidays,
)

HOLIDAYS_2027 = [
    *(date(2027, 1, 1), date(2027, 3, 29), date(2027, 5, 1), date(2027, 5, 6), date(2027, 5, 8), date(2027, 5, 17)),
    *(date(2027, 7, 14), date(2027, 8, 15), date(2027, 11, 1), date(2027, 11, 11), date(2027, 12, 25)),
]
DAYS = st.dates(date(1990, 1, 1), date(2099, 1, 1))


def test_a_year_has_the_eleven_holidays_of_the_law():
    assert sorted(public_holidays(2027)) == HOLIDAYS_2027


@pytest.mark.parametrize("day", [*HOLIDAYS_2027, date(2027, 1, 2), date(2027, 1, 3)])
def test_nobody_works_on_holidays_saturdays_and_sundays(day):
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2027, 3, 26), date(2027, 12, 24), date(2027, 12, 31)])
def test_good_friday_and_eves_are_worked(day):
    """Good Friday is a holiday in Alsace-Moselle only."""
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2027, 9, 15), date(2027, 9, 15)),
        (date(2027, 9, 18), date(2027, 9, 20)),
        (date(2027, 3, 27), date(2027, 3, 30)),
        (date(2026, 12, 25), date(2026, 12, 28)),
        (date(2027, 1, 1), date(2027, 1, 4)),
    ],
)
def test_a_deadline_on_a_day_off_moves_to_the_next_working_day(day, following):
    assert next_working_day(day) == following


@pytest.mark.parametrize(
    ("day", "count", "reached"),
    [
        (date(2027, 9, 15), 0, date(2027, 9, 15)),
        (date(2027, 9, 18), 0, date(2027, 9, 20)),
        (date(2027, 9, 17), 1, date(2027, 9, 20)),
        (date(2027, 9, 18), 1, date(2027, 9, 20)),
        (date(2027, 5, 5), 2, date(2027, 5, 10)),
        (date(2026, 12, 23), 5, date(2026, 12, 31)),
    ],
)
def test_working_days_are_counted_without_the_first(day, count, reached):
    assert add_working_days(day, count) == reached


def test_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="backwards"):
        add_working_days(date(2027, 9, 15), -1)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2027, 9, 15), date(2027, 10, 13)),
        (date(2027, 10, 4), date(2027, 11, 2)),
        (date(2027, 9, 18), date(2027, 10, 18)),
        (date(2026, 12, 4), date(2027, 1, 4)),
    ],
)
def test_four_weeks_end_on_a_working_day(asked, due):
    """The opinion of the facilitator is due four weeks after it was asked."""
    assert due_after_weeks(asked, 4) == due


@given(DAYS, st.integers(1, 60))
def test_as_many_working_days_are_counted_as_asked(day, count):
    reached = add_working_days(day, count)
    passed = (day + timedelta(days=number) for number in range(1, (reached - day).days + 1))
    assert sum(is_working_day(each) for each in passed) == count
    assert is_working_day(reached)


@given(DAYS)
def test_one_never_waits_more_than_four_days_for_a_working_day(day):
    assert 0 <= (next_working_day(day) - day).days <= 4
