"""The worked examples of the trade (domain.md §3.3, T1 to T17; published and computed examples W01 to W31)."""

from decimal import Decimal

import pytest

from markets.calibration import compute

BUILDING = {"amount": 1_000_000, "labour_share": "0.5", "insertion_rate": "0.05", "hourly_cost": 30}
ROADWORKS = {"amount": 850_000, "labour_share": "0.3", "insertion_rate": "0.05", "hourly_cost": 38}
SMALL = ROADWORKS | {"amount": 120_000}
CLEANING = {"amount": 600_000, "months": 48, "insertion_rate": "0.1", "ratio": 25}
NOTHING = "Rien à calibrer : aucune heure n’est demandée, le volume réalisé sert aux statistiques."


def answer(method, parameters, **options):
    result = compute(method, **parameters, **options)
    return result.raw_hours, result.rounded_hours, result.clause_possible


@pytest.mark.parametrize(
    ("example", "parameters", "raw", "hours"),
    [
        ("T1, W01", BUILDING, "833.3333", 833),
        ("T2", BUILDING | {"hourly_cost": 25}, "1000", 1000),
        ("T3", BUILDING | {"labour_share": "0.7"}, "1166.6667", 1167),
        ("T4", BUILDING | {"labour_share": "0.2"}, "333.3333", 333),
        ("T13", ROADWORKS, "335.5263", 336),
        (
            "T15",
            {"amount": 480_000, "labour_share": "0.45", "insertion_rate": "0.07", "hourly_cost": 35},
            "432",
            432,
        ),
    ],
)
def test_the_standard_formula(example, parameters, raw, hours):
    assert answer("standard", parameters) == (Decimal(raw), hours, True)


def test_a_ratio_stands_for_cost_and_labour_share():
    """M2: 20 €/h ÷ 80 % = 25 €/h in cleaning."""
    assert answer("ratio", {"amount": 600_000, "ratio": 25, "insertion_rate": "0.1"}) == (2400, 2400, True)


@pytest.mark.parametrize(
    ("example", "changes", "staff", "raw", "hours"),
    [
        ("T5", {}, 300, 960, 960),
        ("T6: below 150 h", {}, 480, 96, 0),
        ("T7: more staff than potential", {}, 520, -96, 0),
        ("T8", {}, 0, 2400, 2400),
        ("T9", {"amount": 1_200_000, "months": 36, "insertion_rate": "0.05"}, 800, 960, 960),
        ("T10: 150 itself is allowed", {"amount": 93_750, "months": 12, "insertion_rate": "0.04"}, 0, 150, 150),
        ("just below", {"amount": "93749.99", "months": 12, "insertion_rate": "0.04"}, 0, 150, 0),
        ("T11", {"amount": 240_000, "months": 24}, 250, 360, 360),
        ("W03", {"amount": 4_800_000, "insertion_rate": "0.05"}, 2000, 4800, 4800),
        ("P = 0", {}, 500, 0, 0),
    ],
)
def test_pact_takes_over_the_staff_in_place(example, changes, staff, raw, hours):
    result = compute("pact", **CLEANING | changes, transferable_monthly_hours=staff)
    assert (round(result.raw_hours, 2), result.rounded_hours) == (raw, hours)
    assert result.clause_possible is (hours > 0)


@pytest.mark.parametrize(
    ("staff", "reason"),
    [
        (480, "Sous le plancher de 150\u00a0h : pas de clause."),
        (500, "Le personnel transférable absorbe le potentiel d’insertion : pas de clause."),
        (520, "Le personnel transférable dépasse le potentiel d’insertion : pas de clause."),
    ],
)
def test_pact_says_why_there_is_no_clause(staff, reason):
    assert compute("pact", **CLEANING, transferable_monthly_hours=staff).explanation[-1] == reason


def test_a_local_floor_takes_the_place_of_that_of_pact():
    assert answer("pact", CLEANING | {"transferable_monthly_hours": 480}, floor_hours=70) == (96, 96, True)
    assert answer("pact", CLEANING | {"transferable_monthly_hours": 300}, floor_hours=1000) == (960, 0, False)
    assert not compute("pact", **CLEANING, transferable_monthly_hours=520, floor_hours=1).clause_possible


@pytest.mark.parametrize(("rate", "hours"), [("0.05", 1200), ("0.1", 2400)])
def test_a_part_of_the_hours_worked(rate, hours):
    """T17."""
    assert answer("worked_hours", {"worked_hours": 24_000, "insertion_rate": rate}) == (hours, hours, True)


def test_full_time_equivalents():
    """M5: 1 607 h a year."""
    assert answer("fte", {"fte": "1.5", "annual_hours": 1607, "year_share": "0.5"}) == (Decimal("1205.25"), 1205, True)


@pytest.mark.parametrize(
    ("amount", "hours"),
    [
        ("0.01", 150), (1, 150), (50_000, 150), (99_000, 150), (99_500, 150), ("99999.99", 150),
        (100_000, 300), (150_000, 300), (199_000, 300), (199_500, 300), ("199999.99", 300),
        (200_000, 450), (399_000, 450), (399_500, 450), ("399999.99", 450),
        (400_000, 900), (50_000_000, 900),
    ],
)  # fmt: skip
def test_the_scale_and_its_gaps(amount, hours):
    """T12, W30, W31."""
    assert answer("scale", {"amount": amount}) == (hours, hours, True)


@pytest.mark.parametrize(
    ("invoiced", "hours"),
    [
        (1, 0), ("2699999.99", 0), (2_700_000, 0), ("2701999.99", 0), (2_702_000, 1), ("2703999.99", 1),
        (2_704_000, 2), (10_000_000, 3650),
    ],
)  # fmt: skip
def test_an_hour_for_each_step_invoiced_beyond_a_threshold(invoiced, hours):
    """W11 to W15: no hour due is an answer, not an error."""
    parameters = {"step_amount": 2000, "hours_per_step": 1, "threshold_amount": 2_700_000}
    assert answer("per_step", parameters | {"invoiced_amount": invoiced}) == (hours, hours, hours > 0)


@pytest.mark.parametrize(
    ("invoiced", "whole", "begun"), [(100_000, 35, "35"), (150_000, 35, "52.5"), ("99999.99", 0, "35")]
)
def test_a_begun_step_counts_or_does_not(invoiced, whole, begun):
    """W21: the market does not say, so the tool asks."""
    parameters = {"invoiced_amount": invoiced, "step_amount": 100_000, "hours_per_step": 35}
    assert compute("per_step", **parameters).raw_hours == whole
    assert round(compute("per_step", **parameters, whole_steps=False).raw_hours, 2) == Decimal(begun)


def test_hours_fixed_by_the_facilitator():
    assert answer("flat", {"hours": 500}) == (500, 500, True)


def test_a_reserved_market_asks_no_hours():
    result = compute("reserved")
    assert (result.raw_hours, result.rounded_hours, result.clause_possible) == (0, 0, False)
    assert result.explanation[-1] == NOTHING


@pytest.mark.parametrize(
    ("parameters", "rounding", "hours"),
    [
        (BUILDING | {"labour_share": "0.7"}, "floor", 1166),
        (ROADWORKS, "floor", 335),
        (ROADWORKS, "none", 335),
        (ROADWORKS, "5", 335),
        (ROADWORKS, 5, 335),
        (ROADWORKS, "10", 340),
        (ROADWORKS, 10, 340),
        (ROADWORKS, "35", 350),
        (ROADWORKS, 35, 350),
    ],
)
def test_the_rounding_is_chosen(parameters, rounding, hours):
    assert compute("standard", **parameters, rounding=rounding).rounded_hours == hours


def test_below_the_floor_there_is_no_clause():
    """T14: 47.37 h."""
    result = compute("standard", **SMALL, floor_hours=50)
    assert (result.raw_hours, result.rounded_hours, result.clause_possible) == (Decimal("47.3684"), 0, False)
    assert result.explanation[-2:] == ("Résultat : 47,37\u00a0h", "Sous le plancher de 50\u00a0h : pas de clause.")


def test_at_the_floor_there_is_a_clause():
    exactly = {"amount": 75_000, "labour_share": "0.5", "insertion_rate": "0.1", "hourly_cost": 25}
    assert compute("standard", **exactly, floor_hours=150).clause_possible
    assert not compute("standard", **exactly | {"amount": 74_999}, floor_hours=150).clause_possible


def test_a_result_that_rounds_to_nothing_is_no_clause():
    result = compute("flat", hours=17, rounding="35")
    assert (result.rounded_hours, result.clause_possible) == (0, False)
    assert result.explanation[-1] == "L’arrondi ramène le résultat à zéro : pas de clause."


@pytest.mark.parametrize("amount", [10, 1000])
def test_less_than_an_hour_is_no_clause(amount):
    assert answer("standard", BUILDING | {"amount": amount})[1:] == (0, False)


def test_the_explanation_shows_each_step():
    assert compute("standard", **BUILDING).explanation == (
        "Part de main-d’œuvre : 1\u00a0000\u00a0000\u00a0€ × 50\u00a0% = 500\u00a0000\u00a0€",
        "Effort d’insertion : 500\u00a0000\u00a0€ × 5\u00a0% = 25\u00a0000\u00a0€",
        "Heures : 25\u00a0000\u00a0€ ÷ 30\u00a0€ de l’heure",
        "Résultat : 833,33\u00a0h, arrondi à 833\u00a0h",
    )
    assert compute("pact", **CLEANING, transferable_monthly_hours=300).explanation == (
        "Personnel transférable : 300\u00a0h × 25\u00a0€ de l’heure × 48 mois = 360\u00a0000\u00a0€",
        "Potentiel : 1 − 360\u00a0000\u00a0€ ÷ 600\u00a0000\u00a0€ = 40\u00a0%",
        "Heures : 40\u00a0% × 600\u00a0000\u00a0€ ÷ 25\u00a0€ de l’heure × 10\u00a0%",
        "Résultat : 960\u00a0h, arrondi à 960\u00a0h",
    )
