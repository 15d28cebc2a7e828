"""What holds whatever the figures: direction, rounding, no surprise."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.calibration import METHODS, PARAMETER_LABELS, ROUNDINGS, CalibrationError, compute, round_hours

amounts = st.decimals("0.01", "1000000000", places=2)
fractions = st.decimals("0.001", "1", places=4)
costs = st.decimals("5", "200", places=2)
hours = st.decimals("1", "100000", places=2)
FIGURES = {
    "amount": amounts,
    "labour_share": fractions,
    "insertion_rate": fractions,
    "hourly_cost": costs,
    "ratio": costs,
    "months": st.integers(1, 120),
    "transferable_monthly_hours": st.decimals("0", "10000", places=2),
    "worked_hours": hours,
    "fte": st.decimals("0.1", "200", places=1),
    "annual_hours": st.integers(1000, 2000),
    "year_share": fractions,
    "invoiced_amount": amounts,
    "step_amount": st.decimals("100", "100000", places=2),
    "hours_per_step": st.integers(1, 100),
    "threshold_amount": amounts,
    "whole_steps": st.booleans(),
    "hours": hours,
}
LESS_IS_MORE = {"hourly_cost", "ratio", "transferable_monthly_hours", "months", "step_amount", "threshold_amount"}
CHECKED = sorted(set(METHODS) - {"reserved"})
# A negative potential times a higher rate is a lower number, and still no clause.
RAW_FALLS = {("pact", "insertion_rate"), ("pact", "ratio")}


@st.composite
def cases(draw):
    method = draw(st.sampled_from(CHECKED))
    options = {
        "rounding": draw(st.sampled_from(list(ROUNDINGS))),
        "floor_hours": draw(st.none() | st.integers(1, 300)),
    }
    return method, {name: draw(FIGURES[name]) for name in METHODS[method].parameters}, options


def outcome(method, parameters, options):
    """The result, or None above a million hours."""
    try:
        return compute(method, **parameters, **options)
    except CalibrationError as error:
        return None if "un million d’heures" in str(error) else pytest.fail(str(error))


@given(cases(), st.data())
def test_one_figure_higher_moves_the_hours_one_way(case, data):
    method, parameters, options = case
    name = data.draw(st.sampled_from([name for name in parameters if name != "whole_steps"]))
    other = data.draw(FIGURES[name])
    low, high = sorted([parameters[name], other], reverse=name in LESS_IS_MORE)
    least, most = (outcome(method, parameters | {name: value}, options) for value in (low, high))
    if least is None or most is None:
        return
    assert least.rounded_hours <= most.rounded_hours
    assert least.clause_possible <= most.clause_possible
    assert least.raw_hours <= most.raw_hours or (method, name) in RAW_FALLS


@given(cases())
def test_no_hours_if_and_only_if_no_clause(case):
    result = outcome(*case)
    if result is None:
        return
    assert (result.rounded_hours == 0) is not result.clause_possible
    assert result.rounded_hours >= 0
    assert isinstance(result.rounded_hours, int)
    assert all(isinstance(sentence, str) and sentence for sentence in result.explanation)


@given(cases())
def test_the_same_figures_give_the_same_result(case):
    method, parameters, options = case
    typed = {name: value if isinstance(value, bool) else str(value) for name, value in parameters.items()}
    assert outcome(method, typed, options) == outcome(method, parameters, options)


anything = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.fractions() | st.text() | st.binary()
    | st.complex_numbers() | st.dates() | st.lists(st.integers()) | st.dictionaries(st.text(), st.integers())
)  # fmt: skip


@given(anything | st.sampled_from(sorted(METHODS)), anything | st.sampled_from(list(ROUNDINGS)), anything, st.data())
def test_junk_raises_nothing_but_its_sentence(method, rounding, floor, data):
    known = isinstance(method, str) and method in METHODS
    names = METHODS[method].parameters if known else data.draw(st.lists(st.sampled_from(list(PARAMETER_LABELS))))
    parameters = {name: data.draw(anything | FIGURES[name]) for name in names}
    try:
        assert compute(method, rounding=rounding, floor_hours=floor, **parameters).raw_hours.is_finite()
    except CalibrationError:
        return


EDGES = [Decimal("0.000001"), Decimal("0.01"), 1, 1200, 8784, 10_000, 100_000, 1_000_000, 10**8, 10**11]


@given(st.sampled_from(CHECKED), st.data())
def test_the_edges_of_the_ranges_are_computed_or_refused(method, data):
    names = METHODS[method].parameters
    values = {name: data.draw(st.sampled_from([True, False] if name == "whole_steps" else EDGES)) for name in names}
    try:
        assert compute(method, **values).raw_hours.is_finite()
    except CalibrationError:
        return


@given(st.decimals("0", "1000000", places=4), st.sampled_from(list(ROUNDINGS)))
def test_rounding_moves_by_less_than_a_step(raw, rounding):
    rounded = round_hours(raw, rounding)
    step = int(rounding) if rounding.isdigit() else 1
    assert rounded % step == 0
    assert abs(rounded - raw) <= Decimal(step) / 2 if rounding not in {"floor", "none"} else 0 <= raw - rounded < 1
    assert round_hours(Decimal(rounded), rounding) == rounded


@pytest.mark.parametrize(("raw", "hours"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.4999", 2)])
def test_halves_go_up(raw, hours):
    assert round_hours(Decimal(raw), "nearest") == hours


def test_the_floor_is_compared_before_rounding():
    with localcontext() as context:
        context.prec = 50
        almost = Decimal("149.99999999999999")
    result = compute("flat", hours=almost, floor_hours=150)
    assert (result.raw_hours, result.rounded_hours) == (Decimal("150.0000"), 0)
