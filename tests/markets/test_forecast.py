"""The forecast of hires: hours laid out by occupation, month and territory, and none lost on the way (C10)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.forecast import Load, execution, forecast, full_time, months_between, people, share
from markets.forecast_table import ForecastTable

MASON, PAINTER = ("F1703", "Maçon"), ("F1606", "Peintre")
JANUARY, DECEMBER = date(2027, 1, 1), date(2027, 12, 31)
MONTHS = months_between(JANUARY, DECEMBER)


def a_load(**changes):
    return Load(**{"territory": "Pays d’Aix", "hours": 1200, "starts_on": JANUARY, "ends_on": DECEMBER} | changes)


def hours_of(row):
    return [row.months[month].hours for month in MONTHS]


def test_hours_are_spread_evenly_over_the_months():
    (row,) = forecast([a_load(occupations=(MASON,))])
    assert (row.code, row.occupation, row.territory) == ("F1703", "Maçon", "Pays d’Aix")
    assert hours_of(row) == [100] * 12


def test_what_does_not_divide_goes_to_the_first_months():
    assert share(100, 3) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert share(1, 3) == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]


def test_occupations_share_the_hours_equally():
    mason, painter = sorted(forecast([a_load(occupations=(PAINTER, MASON))]), key=lambda row: row.occupation)
    assert hours_of(mason) == hours_of(painter) == [50] * 12


def test_hours_without_an_occupation_are_told_apart_and_come_last():
    rows = forecast([a_load(), a_load(occupations=(MASON,))])
    assert [row.occupation for row in rows] == ["Maçon", "Non précisé"]


def test_lots_of_the_same_occupation_and_territory_add_up():
    loads = [a_load(occupations=(MASON,)), a_load(occupations=(MASON,), hours=600, estimated=True)]
    (row,) = forecast([*loads])
    total = row.within(MONTHS)
    assert (total.hours, total.estimated) == (1800, 600)
    assert len(forecast([*loads, a_load(occupations=(MASON,), territory="Pays de Martigues")])) == 2


def test_hours_without_dates_belong_to_no_month():
    (row,) = forecast([a_load(starts_on=None, ends_on=None)])
    assert row.undated.hours == 1200
    assert not row.months


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months", "period"),
    [
        (JANUARY, DECEMBER, 3, (JANUARY, DECEMBER)),
        (JANUARY, None, 12, (JANUARY, DECEMBER)),
        (date(2027, 1, 31), None, 1, (date(2027, 1, 31), date(2027, 2, 27))),
        (JANUARY, None, None, (None, None)),
        (None, DECEMBER, 12, (None, None)),
        (DECEMBER, JANUARY, 12, (None, None)),
    ],
)
def test_the_execution_is_dates_or_a_start_and_a_duration(starts_on, ends_on, months, period):
    assert execution(starts_on, ends_on, months) == period


def test_months_are_counted_whole():
    assert months_between(date(2027, 1, 31), date(2027, 3, 1)) == [date(2027, month, 1) for month in (1, 2, 3)]
    assert len(months_between(date(2027, 6, 15), date(2027, 6, 16))) == 1


def test_full_time_and_people():
    assert full_time(Decimal("151.67")) == 1
    assert full_time(Decimal("1820.04"), 12) == 1
    assert [people(hours, 400) for hours in (0, 1, 400, 401)] == [0, 1, 1, 2]


DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
LOADS = st.builds(
    lambda place, hours, codes, dated, days, estimated: Load(
        place,
        hours,
        tuple((code, code) for code in codes),
        *(sorted(days) if dated else (None, None)),
        estimated=estimated,
    ),
    st.sampled_from(["Pays d’Aix", "Pays de Martigues"]),
    st.integers(1, 100_000),
    st.lists(st.sampled_from(["F1703", "F1606", "A1203"]), unique=True),
    st.booleans(),
    st.tuples(DAYS, DAYS),
    st.booleans(),
)


@given(st.lists(LOADS, max_size=8))
def test_no_hour_is_lost(loads):
    rows = forecast(loads)
    cells = [cell for row in rows for cell in (*row.months.values(), row.undated)]
    assert sum(cell.hours for cell in cells) == sum(load.hours for load in loads)
    assert sum(cell.estimated for cell in cells) == sum(load.hours for load in loads if load.estimated)
    for place in ("Pays d’Aix", "Pays de Martigues"):
        told = sum(load.hours for load in loads if load.territory == place)
        mine = [row for row in rows if row.territory == place]
        assert sum(cell.hours for row in mine for cell in (*row.months.values(), row.undated)) == told


@given(st.integers(0, 10**7), st.integers(1, 200))
def test_a_share_is_even_to_the_hundredth(hours, parts):
    cut = share(hours, parts)
    assert sum(cut) == hours
    assert max(cut) - min(cut) <= Decimal("0.01")


def test_the_table_shows_its_months_alone():
    loads = [
        a_load(occupations=(MASON,)),
        a_load(occupations=(PAINTER,), starts_on=date(2028, 1, 1), ends_on=date(2028, 6, 30)),
        a_load(occupations=(PAINTER,), hours=70, starts_on=None, ends_on=None),
    ]
    table = ForecastTable(forecast(loads), MONTHS, 400)
    assert [line.occupation for line in table.lines] == ["Maçon"]
    assert table.by_month == [100] * 12
    assert (table.hours, table.people, table.undated_hours) == (1200, 3, 70)
    assert round(table.full_time, 2) == Decimal("0.66")


def test_the_export_is_aggregated_and_adds_up():
    loads = [a_load(occupations=(MASON, PAINTER)), a_load(occupations=(MASON,), estimated=True), a_load(hours=70)]
    table = ForecastTable(forecast([*loads, a_load(starts_on=None, ends_on=None)]), MONTHS, 400)
    rows = list(table.exported())
    assert rows[0] == [
        "F1606",
        "Peintre",
        "Pays d’Aix",
        "01/2027",
        Decimal("50.00"),
        Decimal(0),
        Decimal("0.33"),
        Decimal("0.13"),
    ]
    assert sum(row[4] for row in rows) == 1200 + 1200 + 70 + 1200
    assert [row[3] for row in rows].count("non daté") == 1
    assert {len(row) for row in rows} == {len(ForecastTable.HEADERS)}
