"""What a breach costs, to the cent (domain.md §10.2)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.enums import HourlyRateCode, PenaltyBasis
from markets.models import HourlyRate
from markets.penalties import PenaltyError, Rate, amount_due, hourly_tariff, rate_on, shipped_rates

IN_2025, IN_2026 = date(2025, 6, 30), date(2026, 9, 15)
RATES = shipped_rates()
OBJECTIVE = {"required_hours": 960, "counted_hours": 700, "neutralised_hours": 60}


def test_hours_not_done_at_a_fixed_tariff():
    assert amount_due(**OBJECTIVE, hourly_tariff=50) == Decimal("10000.00")


def test_hours_not_done_at_four_times_the_ceiling():
    tariff = hourly_tariff("ceiling_multiple", 4, IN_2025, RATES)
    assert tariff == 116
    assert amount_due(**OBJECTIVE, hourly_tariff=tariff) == Decimal("23200.00")
    assert amount_due(**OBJECTIVE, hourly_tariff=hourly_tariff("ceiling_multiple", 4, IN_2026, RATES)) == 24_000


def test_hours_not_done_at_a_multiple_of_the_minimum_wage():
    tariff = hourly_tariff("wage_multiple", Decimal("1.75"), IN_2026, RATES)
    assert tariff == Decimal("21.035")
    assert amount_due(**OBJECTIVE, hourly_tariff=tariff) == Decimal("4207.00")


def test_days_of_delay_are_added():
    assert amount_due(**OBJECTIVE, hourly_tariff=50, late_days=12, daily_tariff=100) == 11_200
    assert amount_due(required_hours=0, counted_hours=0, hourly_tariff=0, late_days=3, daily_tariff=50) == 150


@pytest.mark.parametrize("done", [900, 960, 1200])
def test_an_objective_that_is_met_costs_nothing(done):
    due = amount_due(required_hours=960, counted_hours=done, neutralised_hours=60, hourly_tariff=50)
    assert str(due) == "0.00"


def test_half_a_cent_is_rounded_up():
    due = {"required_hours": 1, "counted_hours": 0}
    assert amount_due(**due, hourly_tariff=Decimal("0.005")) == Decimal("0.01")
    assert amount_due(**due, hourly_tariff=Decimal("0.0049")) == 0
    assert str(amount_due(**due, hourly_tariff=Decimal("-0"))) == "0.00"


FIGURES = ["required_hours", "counted_hours", "neutralised_hours", "hourly_tariff", "late_days", "daily_tariff"]
VALID = dict.fromkeys(FIGURES, 1)


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (-1, "ne peut pas être négative"),
        (Decimal("-0.01"), "ne peut pas être négative"),
        (Decimal("NaN"), "nombre exact"),
        (Decimal("sNaN"), "nombre exact"),
        (Decimal("Infinity"), "nombre exact"),
        (True, "nombre exact"),
        (1.0, "nombre exact"),
        ("1", "nombre exact"),
        (None, "nombre exact"),
        (Decimal("1E+12"), "hors de portée"),
        (Decimal("1E-21"), "hors de portée"),
    ],
    ids=repr,
)
def test_a_figure_that_makes_no_sense_is_refused(name, value, sentence):
    with pytest.raises(ValueError, match=sentence):
        amount_due(**VALID | {name: value})


def test_half_a_day_of_delay_is_refused():
    assert amount_due(**VALID | {"late_days": Decimal("2.0")}) == 2
    with pytest.raises(PenaltyError, match="nombre entier"):
        amount_due(**VALID | {"late_days": Decimal("2.5")})


figures = st.decimals(0, 10**9, allow_nan=False, places=2) | st.integers(0, 10**9)
facts = st.fixed_dictionaries(dict.fromkeys(FIGURES, figures) | {"late_days": st.integers(0, 10_000)})


@given(facts)
def test_the_amount_is_exact_and_never_negative(given_facts):
    """Against fractions, which never round."""
    exact = {name: Fraction(value) for name, value in given_facts.items()}
    missing = max(0, exact["required_hours"] - exact["counted_hours"] - exact["neutralised_hours"])
    wanted = missing * exact["hourly_tariff"] + exact["late_days"] * exact["daily_tariff"]
    due = amount_due(**given_facts)
    assert due >= 0
    assert due.as_tuple().exponent == -2
    assert Fraction(due) == Fraction((wanted * 200 + 1) // 2, 100)


@given(facts, st.sampled_from(FIGURES), st.integers(1, 1000))
def test_the_amount_grows_with_what_is_owed_and_falls_with_what_is_done(given_facts, name, more):
    larger = given_facts | {name: min(given_facts[name] + more, 10**9)}
    change = amount_due(**larger) - amount_due(**given_facts)
    assert change <= 0 if name in {"counted_hours", "neutralised_hours"} else change >= 0


def test_a_fixed_tariff_needs_no_rate():
    assert hourly_tariff(PenaltyBasis.PER_HOUR, Decimal("50.00"), IN_2026, ()) == 50


@pytest.mark.parametrize("formula", [PenaltyBasis.FIXED, PenaltyBasis.PER_DAY, "", None, "ceiling"])
def test_a_tariff_that_is_not_by_the_hour_is_refused(formula):
    with pytest.raises(PenaltyError, match="ne se compte pas à l’heure"):
        hourly_tariff(formula, 50, IN_2026, RATES)


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "4", Decimal("NaN")])
def test_a_multiple_that_makes_no_sense_is_refused(value):
    with pytest.raises(PenaltyError, match="Tarif ou multiple"):
        hourly_tariff(PenaltyBasis.CEILING_MULTIPLE, value, IN_2026, RATES)


@pytest.mark.parametrize(
    ("code", "day", "value"),
    [
        ("ceiling", date(2024, 12, 31), "29"),
        ("ceiling", date(2025, 12, 31), "29"),
        ("ceiling", date(2026, 1, 1), "30"),
        ("wage", date(2024, 10, 31), "11.65"),
        ("wage", date(2024, 11, 1), "11.88"),
        ("wage", date(2025, 12, 31), "11.88"),
        ("wage", date(2026, 1, 1), "12.02"),
    ],
)
def test_a_rate_is_that_of_the_day(code, day, value):
    assert rate_on(code, day, RATES) == Decimal(value)


def test_a_day_without_a_rate_is_told():
    with pytest.raises(
        PenaltyError, match="Plafond horaire de la sécurité sociale : aucune valeur connue au 31/12/2023"
    ):
        hourly_tariff(PenaltyBasis.CEILING_MULTIPLE, 4, date(2023, 12, 31), RATES)


def test_the_latest_rate_to_begin_wins():
    """An office adds a rise before it closes the row in force."""
    last = next(rate for rate in RATES if rate.code == "wage" and rate.valid_until is None)
    rise = replace(last, value=Decimal("12.50"), valid_from=date(2026, 7, 1))
    assert rate_on("wage", date(2026, 6, 30), (*RATES, rise)) == Decimal("12.02")
    assert rate_on("wage", date(2026, 7, 1), (rise, *RATES)) == Decimal("12.50")


@pytest.mark.parametrize("code", HourlyRateCode)
def test_the_shipped_rates_follow_one_another_and_end_open(code):
    rates = [rate for rate in RATES if rate.code == code]
    assert rates[-1].valid_until is None
    for before, after in pairwise(rates):
        assert after.valid_from == before.valid_until + timedelta(days=1)
        assert after.value >= before.value


def test_the_shipped_rates_fit_their_table():
    assert {rate.code for rate in RATES} == set(HourlyRateCode.values)
    for rate in RATES:
        assert isinstance(rate, Rate)
        row = HourlyRate(**{name: getattr(rate, name) for name in Rate.__dataclass_fields__})
        row.full_clean(validate_unique=False, validate_constraints=False)
