"""Hours said otherwise, and the hours of an amendment."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.calibration import (
    ROUNDINGS,
    CalibrationError,
    Equivalents,
    amendment_delta,
    compute,
    equivalents,
)

FACTORS = {"labour_share": "0.5", "insertion_rate": "0.05", "hourly_cost": 30}


def test_hours_are_weeks_jobs_contracts_and_persons():
    assert equivalents(1607) == Equivalents(Decimal("45.91"), Decimal(1), Decimal(2), Decimal("4.02"))
    assert equivalents(960) == Equivalents(Decimal("27.43"), Decimal("0.60"), Decimal("1.19"), Decimal("2.40"))
    assert equivalents(0) == Equivalents(*[Decimal(0)] * 4)


def test_the_full_time_year_is_a_setting():
    assert equivalents(1820, annual_hours=1820).full_time_years == 1
    assert equivalents(1820, annual_hours=1820).six_month_contracts == 2


@pytest.mark.parametrize("value", [-1, "abc", None, True, float("nan"), "1e30", []])
def test_equivalents_of_nonsense_are_refused(value):
    with pytest.raises(CalibrationError):
        equivalents(value)
    with pytest.raises(CalibrationError):
        equivalents(100, annual_hours=value)


def test_a_year_without_hours_is_refused():
    with pytest.raises(CalibrationError):
        equivalents(100, annual_hours=0)


@pytest.mark.parametrize(
    ("change", "rounding", "raw", "hours"),
    [
        (100_000, "nearest", "83.3333", 83),
        (-100_000, "nearest", "-83.3333", -83),
        (-100_000, "floor", "-83.3333", -83),
        (-100_000, "35", "-83.3333", -70),
        (0, "nearest", "0", 0),
        (-100, "nearest", "-0.0833", 0),
    ],
)
def test_an_amendment_adds_or_takes_away_hours(change, rounding, raw, hours):
    delta = amendment_delta(amount_delta=change, rounding=rounding, **FACTORS)
    assert (delta.raw_hours, delta.hours) == (Decimal(raw), hours)


def test_an_amendment_shows_its_arithmetic():
    assert amendment_delta(amount_delta=-100_000, **FACTORS).explanation == (
        "Variation : −100\u00a0000\u00a0€ × 50\u00a0% de main-d’œuvre × 5\u00a0% ÷ 30\u00a0€ de l’heure",
        "Résultat : −83,33\u00a0h, arrondi à −83\u00a0h",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_delta": "abc"}, {"amount_delta": None}, {"amount_delta": float("inf")}, {"amount_delta": -1e12},
        {"labour_share": 0}, {"insertion_rate": 2}, {"hourly_cost": 0}, {"rounding": "ceil"},
        {"amount_delta": 10**11, "hourly_cost": "0.01"},
    ],
)  # fmt: skip
def test_a_senseless_amendment_is_refused(changes):
    with pytest.raises(CalibrationError):
        amendment_delta(**{"amount_delta": 1000} | FACTORS | changes)


@given(st.decimals("0", "10000000", places=2), st.sampled_from(list(ROUNDINGS)))
def test_an_amendment_and_its_contrary_cancel_out(amount, rounding):
    more, less = (amendment_delta(amount_delta=change, rounding=rounding, **FACTORS) for change in (amount, -amount))
    assert more.hours == -less.hours
    assert more.raw_hours == -less.raw_hours


@given(st.decimals("1000000", "10000000", places=2))
def test_an_amendment_asks_what_the_formula_asks(amount):
    assert (
        amendment_delta(amount_delta=amount, **FACTORS).hours
        == compute("standard", amount=amount, **FACTORS).rounded_hours
    )
