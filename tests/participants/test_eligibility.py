"""The clock of 24 months, the age of a document, validations kept apart: pure, on plain dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.eligibility import Clock, is_fresh, keep_apart

DAY = date(2026, 9, 15)


def test_a_clock_that_never_opened_gives_24_months_from_the_validation():
    assert Clock().last_day(DAY) == date(2028, 9, 14)
    assert Clock().months_open(DAY) == 0


@pytest.mark.parametrize(
    ("opened_on", "day", "months", "last"),
    [
        (date(2026, 9, 15), DAY, 0, date(2028, 9, 14)),
        (date(2026, 8, 15), DAY, 1, date(2028, 8, 14)),
        (date(2026, 8, 16), DAY, 0, date(2028, 8, 15)),
        (date(2024, 2, 29), date(2026, 2, 28), 24, date(2026, 2, 27)),
        (date(2024, 9, 15), DAY, 24, date(2026, 9, 14)),
        (date(2027, 1, 1), DAY, 0, date(2028, 12, 31)),
    ],
)
def test_the_clock_runs_from_the_first_contract(opened_on, day, months, last):
    clock = Clock(opened_on)
    assert (clock.months_open(day), clock.last_day(day)) == (months, last)


@pytest.mark.parametrize(
    ("pass_ends_on", "last"), [(date(2027, 1, 1), date(2027, 1, 1)), (date(2026, 1, 1), date(2026, 8, 31))]
)
def test_a_pass_that_ends_later_carries_the_window_on(pass_ends_on, last):
    assert Clock(date(2024, 9, 1)).last_day(DAY, pass_ends_on) == last


@pytest.mark.parametrize(
    ("dated_on", "months", "fresh"),
    [
        (date(2026, 6, 15), 3, True),
        (date(2026, 6, 14), 3, False),
        (date(1990, 1, 1), None, True),
        (date(2026, 9, 15), 3, True),
    ],
)
def test_a_document_grows_old(dated_on, months, fresh):
    assert is_fresh(dated_on, months, DAY) is fresh


def days_of(periods):
    return [first + timedelta(days=n) for first, last in periods for n in range((last - first).days + 1)]


offsets = st.integers(0, 40)
periods = st.tuples(offsets, offsets).map(lambda pair: tuple(DAY + timedelta(days=n) for n in sorted(pair)))


@given(st.lists(periods, max_size=7))
def test_periods_kept_apart_cover_the_same_days_once(several):
    kept = [period for period in keep_apart(several) if period]
    assert sorted(days_of(kept)) == sorted(set(days_of(several)))


@given(st.lists(periods, max_size=7))
def test_no_period_begins_before_it_did_nor_ends_after(several):
    for before, after in zip(several, keep_apart(several), strict=True):
        assert after is None or (after[0] == before[0] and before[0] <= after[1] <= before[1])
