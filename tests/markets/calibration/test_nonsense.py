"""Nonsense gives a French sentence, never a number (domain.md T16)."""

import pytest

from markets.calibration import METHODS, PARAMETER_LABELS, CalibrationError, compute

SENSE = {
    "standard": {"amount": 1_000_000, "labour_share": "0.5", "insertion_rate": "0.05", "hourly_cost": 30},
    "ratio": {"amount": 600_000, "ratio": 25, "insertion_rate": "0.1"},
    "pact": {
        "amount": 600_000, "months": 48, "transferable_monthly_hours": 300, "insertion_rate": "0.1", "ratio": 25,
    },
    "worked_hours": {"worked_hours": 24_000, "insertion_rate": "0.05"},
    "fte": {"fte": 2, "annual_hours": 1607, "year_share": "0.5"},
    "scale": {"amount": 150_000},
    "per_step": {
        "invoiced_amount": 10_000_000, "step_amount": 2000, "hours_per_step": 1, "threshold_amount": 2_700_000,
        "whole_steps": True,
    },
    "flat": {"hours": 500},
    "reserved": {},
}  # fmt: skip
EACH_PARAMETER = [(method, name) for method, parameters in SENSE.items() for name in parameters]
FRACTIONS = [pair for pair in EACH_PARAMETER if pair[1] in {"labour_share", "insertion_rate", "year_share"}]
MAY_BE_ZERO = {"transferable_monthly_hours", "threshold_amount"}
JUNK = [
    -1, "-0.5", float("nan"), float("inf"), float("-inf"), "NaN", "Infinity", "sNaN", "abc", "", "1,5", "1 000",
    None, [], {}, object(), b"1", 1j, 1.0e17, "1e400", "1e999999", "1e-999999", "9" * 500, 10**5000, "x" * 500,
    "\ud800", "\x00", "0x10", "1/2", "12 €",
]  # fmt: skip


def refusal(method, parameters, **options):
    with pytest.raises(CalibrationError) as refused:
        compute(method, **parameters, **options)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert len(sentence) < 200
    return sentence


def test_every_method_makes_sense_with_sense():
    assert set(SENSE) == set(METHODS)
    for method, parameters in SENSE.items():
        assert compute(method, **parameters).clause_possible is (method != "reserved")


@pytest.mark.parametrize(("method", "name"), EACH_PARAMETER)
@pytest.mark.parametrize("value", JUNK, ids=range(len(JUNK)))
def test_junk_is_refused_by_the_name_of_its_parameter(method, name, value):
    sentence = refusal(method, SENSE[method] | {name: value})
    assert sentence.startswith(PARAMETER_LABELS[name])


@pytest.mark.parametrize(("method", "name"), EACH_PARAMETER)
def test_a_boolean_is_no_number_nor_a_number_a_boolean(method, name):
    for value in (0, 1, "True") if name == "whole_steps" else (True, False):
        refusal(method, SENSE[method] | {name: value})


@pytest.mark.parametrize(("method", "name"), EACH_PARAMETER)
@pytest.mark.parametrize("zero", [0, "0", 0.0, "0e30"])
def test_nothing_is_zero_but_the_staff_taken_over_and_the_threshold(method, name, zero):
    parameters = SENSE[method] | {name: zero}
    if name in MAY_BE_ZERO:
        assert compute(method, **parameters).clause_possible
    else:
        refusal(method, parameters)


@pytest.mark.parametrize(("method", "name"), FRACTIONS)
def test_a_share_is_written_as_a_fraction(method, name):
    for value in ("1.0001", 5, 50, "100", 1.0e17):
        assert "par exemple 0,05 pour 5 %" in refusal(method, SENSE[method] | {name: value})
    assert compute(method, **SENSE[method] | {name: 1}).clause_possible


@pytest.mark.parametrize(("method", "name"), EACH_PARAMETER)
def test_a_missing_parameter_is_named_unless_it_has_a_default(method, name):
    parameters = {key: value for key, value in SENSE[method].items() if key != name}
    if name in METHODS[method].defaults:
        assert compute(method, **parameters).clause_possible
    else:
        assert refusal(method, parameters) == f"Il manque : {PARAMETER_LABELS[name]}."


@pytest.mark.parametrize("method", SENSE)
def test_an_unknown_parameter_is_named(method):
    assert refusal(method, SENSE[method] | {"surprise": 1}) == "Paramètre inconnu pour cette méthode : surprise."


@pytest.mark.parametrize("method", ["secrète", "", None, 1, [], {}, "STANDARD"])
def test_an_unknown_method_is_refused(method):
    assert refusal(method, {}) == "Méthode de calcul inconnue."


@pytest.mark.parametrize("method", SENSE)
@pytest.mark.parametrize("rounding", ["ceil", "", None, 0, 7, True, 5.0, [], {}])
def test_an_unknown_rounding_is_refused(method, rounding):
    assert refusal(method, SENSE[method], rounding=rounding) == "Règle d’arrondi inconnue."


@pytest.mark.parametrize("method", SENSE)
@pytest.mark.parametrize("floor", [0, -1, "abc", float("nan"), True, [], "1e30"])
def test_a_floor_is_a_number_of_hours(method, floor):
    assert refusal(method, SENSE[method], floor_hours=floor).startswith("Plancher")


@pytest.mark.parametrize(
    ("method", "changes"),
    [
        ("standard", {"amount": 10_000_000_000, "labour_share": 1, "insertion_rate": 1, "hourly_cost": "0.01"}),
        ("per_step", {"step_amount": "0.01", "hours_per_step": 1_000_000}),
        ("pact", {"transferable_monthly_hours": 1_000_000}),
    ],
)
def test_a_million_hours_is_a_typing_error(method, changes):
    assert "dépasse un million d’heures" in refusal(method, SENSE[method] | changes)


def test_a_refusal_never_repeats_what_was_typed():
    """C27: a sentence may reach a log or another screen."""
    for value in ("123456x", -123456, "123456e30"):
        assert "123456" not in refusal("standard", SENSE["standard"] | {"amount": value})


def test_every_method_and_parameter_has_a_french_name():
    names = {name for method in METHODS.values() for name in method.parameters}
    assert names == set(PARAMETER_LABELS)
    assert all(method.label for method in METHODS.values())
    assert len(set(PARAMETER_LABELS.values())) == len(PARAMETER_LABELS)
