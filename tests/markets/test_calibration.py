"""The formula (domain.md §3): its published examples, its refusals, its direction."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.calibration import (
    METHODS,
    PARAMETER_LABELS,
    ROUNDINGS,
    CalibrationError,
    compute,
    round_hours,
)
from tests.support.source import ROOT

EXAMPLES = ROOT.parent / "shared" / "data" / "worked_examples_dev.json"
STANDARD_RULE = "heures = montant HT × part main-d’œuvre × taux d’insertion ÷ coût horaire"
T1 = {"amount": 1_000_000, "labour_share": "0.5", "insertion_rate": "0.05", "hourly_cost": 30}


def standard(amount, share, rate, cost, **options):
    return compute("standard", amount=amount, labour_share=share, insertion_rate=rate, hourly_cost=cost, **options)


@pytest.mark.parametrize(
    ("example", "parameters", "raw", "hours"),
    [
        ("T1", (1_000_000, "0.5", "0.05", 30), "833.3333", 833),
        ("T2", (1_000_000, "0.5", "0.05", 25), "1000", 1000),
        ("T3", (1_000_000, "0.7", "0.05", 30), "1166.6667", 1167),
        ("T4", (1_000_000, "0.2", "0.05", 30), "333.3333", 333),
        ("T13", (850_000, "0.3", "0.05", 38), "335.5263", 336),
        ("T15", (480_000, "0.45", "0.07", 35), "432", 432),
    ],
)
def test_the_worked_examples(example, parameters, raw, hours):
    result = standard(*parameters)
    assert (result.raw_hours, result.rounded_hours, result.clause_possible) == (Decimal(raw), hours, True)


@pytest.mark.parametrize(
    ("parameters", "rounding", "hours"),
    [
        ((1_000_000, "0.7", "0.05", 30), "floor", 1166),
        ((850_000, "0.3", "0.05", 38), "floor", 335),
        ((850_000, "0.3", "0.05", 38), "none", 335),
        ((850_000, "0.3", "0.05", 38), "5", 335),
        ((850_000, "0.3", "0.05", 38), "10", 340),
        ((850_000, "0.3", "0.05", 38), "35", 350),
    ],
)
def test_the_rounding_is_chosen(parameters, rounding, hours):
    assert standard(*parameters, rounding=rounding).rounded_hours == hours


def test_below_the_floor_there_is_no_clause():
    """T14: 47.37 h."""
    result = standard(120_000, "0.3", "0.05", 38, floor_hours=50)
    assert (result.raw_hours, result.rounded_hours, result.clause_possible) == (Decimal("47.3684"), 0, False)
    assert result.explanation[-1] == "Sous le plancher de 50\u00a0h : pas de clause."


def test_at_the_floor_there_is_a_clause():
    """As in T10: « inférieur à 150 » excludes, 150 itself is allowed."""
    assert standard(75_000, "0.5", "0.1", 25, floor_hours=150).clause_possible
    assert not standard(74_999, "0.5", "0.1", 25, floor_hours=150).clause_possible


@pytest.mark.skipif(not EXAMPLES.exists(), reason=f"{EXAMPLES.name} is not beside the repository")
def test_the_published_examples_of_the_standard_formula():
    examples = [case for case in json.loads(EXAMPLES.read_text()) if case["regle"] == STANDARD_RULE]
    assert examples
    for case in examples:
        given, published = case["entrees"], case["sorties"]
        result = standard(
            given["montant_ht"], given["part_main_oeuvre"], given["taux_insertion"], given["cout_horaire"]
        )
        assert result.rounded_hours == published["heures"], case["id"]


def test_the_explanation_shows_each_step():
    result = compute("standard", **T1)
    assert result.explanation == (
        "Part de main-d’œuvre : 1\u00a0000\u00a0000\u00a0€ × 50\u00a0% = 500\u00a0000\u00a0€",
        "Effort d’insertion : 500\u00a0000\u00a0€ × 5\u00a0% = 25\u00a0000\u00a0€",
        "Heures : 25\u00a0000\u00a0€ ÷ 30\u00a0€ de l’heure",
        "Résultat : 833,33\u00a0h, arrondi à 833\u00a0h",
    )


NONSENSE = [
    0, "0", -1, "-0.5", float("nan"), float("inf"), float("-inf"), "NaN", "Infinity", "sNaN", "abc", "", "1,5",
    "1 000", True, False, None, [], {}, b"1", 1.0e17, "1e400", "1e999999", "1e-999999", "9" * 500, "x" * 500,
]  # fmt: skip
FRACTIONS = ("labour_share", "insertion_rate")


@pytest.mark.parametrize("name", T1)
@pytest.mark.parametrize("value", NONSENSE, ids=repr)
def test_nonsense_is_refused_in_one_sentence(name, value):
    with pytest.raises(CalibrationError) as refused:
        compute("standard", **T1 | {name: value})
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert len(sentence) < 200


@pytest.mark.parametrize("name", FRACTIONS)
@pytest.mark.parametrize("value", ["1.0001", 5, 50, "100"])
def test_a_share_is_written_as_a_fraction(name, value):
    with pytest.raises(CalibrationError, match="par exemple 0,05 pour 5 %"):
        compute("standard", **T1 | {name: value})


@pytest.mark.parametrize("name", FRACTIONS)
def test_a_share_may_be_the_whole(name):
    assert compute("standard", **T1 | {name: 1}).clause_possible


@pytest.mark.parametrize("name", T1)
def test_a_missing_parameter_is_named(name):
    with pytest.raises(CalibrationError) as refused:
        compute("standard", **{key: value for key, value in T1.items() if key != name})
    assert str(refused.value) == f"Il manque : {PARAMETER_LABELS[name]}."


def test_an_unknown_parameter_is_named():
    with pytest.raises(CalibrationError, match="Paramètre inconnu pour cette méthode : surprise"):
        compute("standard", **T1, surprise=1)


def test_an_unknown_method_is_refused():
    with pytest.raises(CalibrationError, match="Méthode de calcul inconnue"):
        compute("secrète", **T1)


def test_an_unknown_rounding_is_refused():
    with pytest.raises(CalibrationError, match="Règle d’arrondi inconnue"):
        compute("standard", **T1, rounding="ceil")


@pytest.mark.parametrize("floor", [0, -1, "abc", float("nan"), True])
def test_a_floor_is_a_number_of_hours(floor):
    with pytest.raises(CalibrationError, match="Plancher"):
        compute("standard", **T1, floor_hours=floor)


def test_a_million_hours_is_a_typing_error():
    with pytest.raises(CalibrationError, match="dépasse un million d’heures"):
        standard(10_000_000_000, 1, 1, "0.01")


def test_less_than_half_an_hour_is_no_clause():
    result = standard(10, "0.5", "0.05", 30)
    assert (result.rounded_hours, result.clause_possible) == (0, False)


def test_every_method_and_parameter_has_a_french_name():
    names = {name for method in METHODS.values() for name in method.parameters}
    assert names == set(PARAMETER_LABELS)
    assert all(method.label for method in METHODS.values())


amounts = st.decimals("100", "1000000000", places=2)
fractions = st.decimals("0.001", "1", places=4)
costs = st.decimals("5", "200", places=2)


@given(amounts, amounts, fractions, fractions, fractions, fractions, costs, costs)
def test_more_money_more_labour_more_insertion_give_more_hours(a1, a2, s1, s2, r1, r2, c1, c2):
    """Monotony in each parameter; in the hourly cost, the other way."""
    low, high = (
        (min(a1, a2), min(s1, s2), min(r1, r2), max(c1, c2)),
        (max(a1, a2), max(s1, s2), max(r1, r2), min(c1, c2)),
    )
    try:
        most = standard(*high)
    except CalibrationError:  # above a million hours
        return
    least = standard(*low)
    assert least.raw_hours <= most.raw_hours
    assert least.rounded_hours <= most.rounded_hours


@given(st.decimals("0", "1000000", places=4), st.sampled_from([key for key in ROUNDINGS if key != "none"]))
def test_rounding_moves_by_less_than_a_step(raw, rounding):
    rounded = round_hours(raw, rounding)
    step = 1 if rounding in {"floor", "nearest"} else int(rounding)
    assert rounded % step == 0
    assert abs(rounded - raw) <= (Decimal(step) / 2 if rounding != "floor" else step)
    assert round_hours(Decimal(rounded), rounding) == rounded


@given(amounts, fractions, fractions, costs)
def test_the_same_parameters_give_the_same_result(amount, share, rate, cost):
    try:
        first = standard(amount, share, rate, cost)
    except CalibrationError:
        return
    assert standard(str(amount), str(share), str(rate), str(cost)) == first
