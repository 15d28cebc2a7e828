"""Score and recommendation: the table of domain.md §2.6, at each of its boundaries."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.enums import CriterionKind, MarketKind, Recommendation
from markets.review import Answer, assess, score_of

R = Recommendation
WEIGHTS = {
    "labour_share": 25,
    "service_nature": 15,
    "qualification": 10,
    "adequacy": 20,
    "inclusive_supply": 15,
    "saturation": 10,
    "calendar": 5,
}
GATES = ("amount", "duration", "computed_hours", "staff_takeover", "site_security")


def answers(gates=None, **grades):
    """Answers of the default grid: each gate passed and each grade 2 unless said; None is no answer."""
    given_gates = dict.fromkeys(GATES, True) | (gates or {})
    weighted = dict.fromkeys(WEIGHTS, 2) | grades
    return [
        *(Answer(code, code, CriterionKind.GATE, passed=passed) for code, passed in given_gates.items()),
        *(Answer(code, code, CriterionKind.WEIGHTED, WEIGHTS[code], grade=grade) for code, grade in weighted.items()),
    ]


def recommended(gates=None, *, mandatory=False, kind=MarketKind.WORKS, **grades):
    return assess(answers(gates, **grades), kind=kind, mandatory=mandatory).recommendation


@pytest.mark.parametrize(("grade", "score"), [(0, 0), (1, 25), (2, 50), (3, 75), (4, 100)])
def test_the_score_is_the_weighted_mean(grade, score):
    assert score_of(answers(**dict.fromkeys(WEIGHTS, grade))) == score


def test_the_score_counts_only_what_was_answered():
    assert score_of(answers(**dict.fromkeys(WEIGHTS, None) | {"calendar": 3})) == 75
    assert score_of(answers(**dict.fromkeys(WEIGHTS, None))) is None
    assert score_of([]) is None


def test_the_score_is_to_the_hundredth():
    three = [Answer(str(n), "", CriterionKind.WEIGHTED, 1, grade=grade) for n, grade in enumerate((1, 0, 0))]
    assert score_of(three) == Decimal("8.33")


# A mean that gives the score wanted without touching the supply nor the qualification (25 of 100, at grade 2: 12.5).
@pytest.mark.parametrize(
    ("grades", "score", "usual", "under_duty"),
    [
        ({"labour_share": 4, "adequacy": 4, "calendar": 4}, 75, R.EXECUTION_AND_CRITERION, R.EXECUTION_AND_CRITERION),
        ({"labour_share": 4, "adequacy": 4, "calendar": 3}, Decimal("73.75"), R.EXECUTION, R.EXECUTION),
        ({}, 50, R.EXECUTION, R.EXECUTION),
        ({"calendar": 1, "inclusive_supply": 1, "saturation": 3}, Decimal("47.50"), R.CRITERION, R.EXECUTION),
        ({"calendar": 1}, Decimal("48.75"), R.EXECUTION, R.EXECUTION),
        (
            {
                "labour_share": 1,
                "service_nature": 1,
                "adequacy": 2,
                "inclusive_supply": 1,
                "saturation": 0,
                "calendar": 1,
            },
            Decimal("30.00"),
            R.CRITERION,
            R.EXECUTION,
        ),
        (
            {
                "labour_share": 1,
                "service_nature": 1,
                "adequacy": 2,
                "inclusive_supply": 1,
                "saturation": 0,
                "calendar": 0,
            },
            Decimal("28.75"),
            R.NO_CLAUSE,
            R.TRAINING,
        ),
    ],
)
def test_the_recommendation_at_each_step_of_the_score(grades, score, usual, under_duty):
    assert score_of(answers(**grades)) == score
    assert recommended(**grades) == usual
    assert recommended(**grades, mandatory=True) == under_duty


@pytest.mark.parametrize(("supply", "expected"), [(4, R.RESERVED), (3, R.RESERVED), (2, R.EXECUTION)])
def test_a_large_inclusive_supply_reserves_the_lot(supply, expected):
    assert recommended(inclusive_supply=supply) == expected


@pytest.mark.parametrize("gate", ["amount", "duration", "computed_hours"])
def test_too_small_for_hours(gate):
    assert recommended({gate: False}) == R.CRITERION
    assert recommended({gate: False}, calendar=1) == R.NO_CLAUSE
    assert recommended({gate: False}, mandatory=True) == R.TRAINING
    assert recommended({gate: False}, inclusive_supply=3) == R.RESERVED
    assert recommended({gate: None}) == R.EXECUTION


@pytest.mark.parametrize(
    ("grade", "expected"), [(0, R.TRAINING), (1, R.TRAINING), (2, R.EXECUTION), (None, R.EXECUTION)]
)
def test_a_high_qualification_leads_to_training(grade, expected):
    assert recommended(qualification=grade) == expected


def test_a_closed_site_takes_nobody():
    assert recommended({"site_security": False}, inclusive_supply=4) == R.CRITERION
    assert recommended({"site_security": False}, mandatory=True) == R.TRAINING


@pytest.mark.parametrize(("supply", "expected"), [(2, R.QUALIFICATION), (4, R.QUALIFICATION), (1, R.CRITERION)])
def test_a_social_service_may_have_insertion_as_its_object(supply, expected):
    assert recommended(kind=MarketKind.SOCIAL_SERVICES, inclusive_supply=supply) == expected


def test_with_less_than_half_of_the_weights_nothing_is_recommended():
    none = dict.fromkeys(WEIGHTS, None)
    half = {"labour_share": 4, "adequacy": 4, "calendar": 4}
    assert recommended(**none | half) == R.EXECUTION_AND_CRITERION
    found = assess(answers(**none | half | {"calendar": None}), kind=MarketKind.WORKS)
    assert (found.recommendation, found.score) == ("", 100)
    assert "calendar" in found.unanswered
    assert found.reasons == ("Trop de critères sont sans réponse pour recommander.",)


def test_a_takeover_is_a_remark_not_a_refusal():
    found = assess(answers({"staff_takeover": False}), kind=MarketKind.SERVICES)
    assert found.recommendation == R.EXECUTION
    assert any("prorata" in reason for reason in found.reasons)


def test_the_reasons_name_strong_and_weak_points():
    reasons = " ".join(assess(answers(labour_share=4, service_nature=1, saturation=0), kind=MarketKind.WORKS).reasons)
    assert "Points forts\u00a0: labour_share." in reasons
    assert "Points faibles\u00a0: service_nature." in reasons
    assert "déjà en cours" in reasons


GRADE = st.one_of(st.none(), st.integers(0, 4))


@given(
    gates=st.fixed_dictionaries({code: st.sampled_from([None, True, False]) for code in GATES}),
    grades=st.fixed_dictionaries(dict.fromkeys(WEIGHTS, GRADE)),
    kind=st.sampled_from(MarketKind),
)
def test_under_the_duty_nothing_less_than_a_condition_of_execution(gates, grades, kind):
    """Neither « sans clause » nor a criterion alone is ever recommended where the law is mandatory."""
    found = assess(answers(gates, **grades), kind=kind, mandatory=True)
    assert found.recommendation not in {R.NO_CLAUSE, R.CRITERION}
    assert found.score is None or 0 <= found.score <= 100
    assert not any(sign.isdigit() for reason in found.reasons for sign in reason)


@given(grades=st.fixed_dictionaries({code: st.integers(0, 3) for code in WEIGHTS}), code=st.sampled_from([*WEIGHTS]))
def test_a_better_grade_never_lowers_the_score(grades, code):
    assert score_of(answers(**grades | {code: grades[code] + 1})) >= score_of(answers(**grades))
