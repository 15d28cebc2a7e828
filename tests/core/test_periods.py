"""Quarters and months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clauses_portal.core.periods import Quarter, month_end, month_range, month_start

QUARTERS = st.builds(Quarter, st.integers(1991, 2099), st.integers(1, 4))
DAYS = st.dates(date(1991, 1, 1), date(2099, 12, 31))


def test_a_quarter_is_read_and_written():
    quarter = Quarter.parse("2026-T3")
    assert (quarter.year, quarter.number, str(quarter)) == (2026, 3, "2026-T3")
    assert quarter.label == "3e trimestre 2026"
    assert Quarter(2026, 1).label == "1er trimestre 2026"


@pytest.mark.parametrize(
    "text", ["2026-T5", "2026-T0", "2026T3", "2026-3", "26-T3", "２026-T3", "2026-T3\n", "", None, 20263, "x" * 500]
)
def test_anything_else_is_no_quarter(text):
    with pytest.raises(ValueError, match="n’est pas un trimestre") as refusal:
        Quarter.parse(text)
    assert len(str(refusal.value)) < 120


@pytest.mark.parametrize(("year", "number"), [(2026, 0), (2026, 5), (1989, 4), (2101, 1)])
def test_a_quarter_out_of_bounds_is_refused(year, number):
    with pytest.raises(ValueError, match="Un trimestre va de T1 à T4"):
        Quarter(year, number)


def test_bounds_and_months():
    quarter = Quarter(2024, 1)
    assert (quarter.start, quarter.end) == (date(2024, 1, 1), date(2024, 3, 31))
    assert quarter.months == [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)]
    assert (quarter.previous, Quarter(2023, 4).next) == (Quarter(2023, 4), quarter)


@given(QUARTERS)
def test_quarters_follow_each_other_without_gap(quarter):
    assert quarter.next.start == quarter.end + timedelta(days=1)
    assert quarter.next.previous == quarter
    assert quarter < quarter.next
    assert Quarter.parse(str(quarter)) == quarter


@given(DAYS)
def test_each_day_is_in_its_quarter_and_month(day):
    quarter = Quarter.of(day)
    assert quarter.start <= day <= quarter.end
    assert month_start(day) in quarter.months
    assert month_start(day) <= day <= month_end(day)
    assert month_range(day) == (month_start(day), month_end(day))
    assert month_start(month_end(day) + timedelta(days=1)) == month_end(day) + timedelta(days=1)
