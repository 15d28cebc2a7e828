"""The duty of a social consideration at every boundary (domain.md §2.2, §2.3, §11)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.enums import LegalBasis, MarketKind, SocialConsideration
from markets.legal import (
    IN_FORCE_FROM,
    SHIPPED_THRESHOLDS,
    Duty,
    Exemption,
    LegalError,
    Threshold,
    ThresholdCategory,
    declared_considerations,
    declared_label,
    social_consideration_duty,
    threshold_on,
)

EVE, FIRST_DAY = date(2026, 8, 20), date(2026, 8, 21)
REASON = "Aucune entreprise ne peut accueillir de public sur cet ouvrage classé."
WORKS = {"kind": "works", "estimated_amount": 6_000_000}
SERVICES = {"kind": "services", "estimated_amount": 300_000}
CONCESSION = {"kind": "concession", "estimated_amount": 6_000_000}


def duty(kind="services", estimated_amount=300_000, consultation_date=FIRST_DAY, **facts):
    return social_consideration_duty(
        kind=kind, estimated_amount=estimated_amount, consultation_date=consultation_date, **facts
    )


@pytest.mark.parametrize(
    ("kind", "amount", "expected"),
    [
        ("services", "216000.00", Duty.MANDATORY),
        ("services", "215999.99", Duty.OPTIONAL),
        ("supplies", "216000.00", Duty.MANDATORY),
        ("supplies", "215999.99", Duty.OPTIONAL),
        ("intellectual", "216000.00", Duty.MANDATORY),
        ("intellectual", "215999.99", Duty.OPTIONAL),
        ("works", "5404000.00", Duty.MANDATORY),
        ("works", "5403999.99", Duty.OPTIONAL),
        ("concession", "5404000.00", Duty.MANDATORY),
        ("concession", "5403999.99", Duty.OPTIONAL),
        ("social_services", "750000.00", Duty.MANDATORY),
        ("social_services", "749999.99", Duty.OPTIONAL),
    ],
)
def test_the_duty_begins_at_the_threshold(kind, amount, expected):
    answer = duty(kind, Decimal(amount))
    assert answer.duty == expected
    # The threshold is told even when it is not reached.
    assert answer.threshold.amount == Decimal(amount).to_integral_value()
    assert (answer.proposable == ()) is (expected == Duty.OPTIONAL)


@pytest.mark.parametrize(
    ("day", "expected"), [(EVE, Duty.OPTIONAL), (FIRST_DAY, Duty.MANDATORY), (date(2030, 1, 1), Duty.MANDATORY)]
)
@pytest.mark.parametrize("facts", [WORKS, SERVICES, CONCESSION])
def test_the_duty_begins_on_its_day(day, expected, facts):
    answer = duty(**facts, consultation_date=day)
    assert answer.duty == expected
    assert (answer.threshold is None) is (day == EVE)


def test_before_its_day_the_law_needs_no_threshold():
    assert duty(consultation_date=date(2010, 1, 1)).duty == Duty.OPTIONAL


def test_defence_is_out_of_scope_at_any_amount():
    assert duty(**WORKS, defence=True).duty == Duty.OUT_OF_SCOPE
    assert duty(estimated_amount=1, defence=True).duty == Duty.OUT_OF_SCOPE
    assert duty(**WORKS, defence=True, consultation_date=EVE).duty == Duty.OPTIONAL


@pytest.mark.parametrize("exemption", [1, 2, 3])
@pytest.mark.parametrize("kind", ["works", "services", "supplies", "intellectual", "social_services"])
def test_an_exemption_stands_with_its_reason(kind, exemption):
    answer = duty(kind, 6_000_000, exemption=exemption, exemption_reason=REASON)
    assert (answer.duty, answer.article) == (Duty.EXEMPT, f"L. 2112-2-1, II, {exemption}°")
    assert answer.refusal == ""
    assert Exemption(exemption) in answer.proposable


@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "\u00a0", "-", "…", "?!", None])
@pytest.mark.parametrize("exemption", Exemption)
def test_an_exemption_without_a_reason_does_not_stand(exemption, reason):
    answer = duty(**WORKS, duration_months=5, exemption=exemption, exemption_reason=reason)
    assert answer.duty == Duty.MANDATORY
    assert answer.refusal == "Donnez le motif de la dérogation : sans motif écrit, elle ne tient pas."


@pytest.mark.parametrize(
    ("months", "expected"),
    [(1, True), (5, True), ("5.99", True), (6, False), ("6.01", False), (24, False), (None, False)],
)
def test_short_works_last_less_than_six_months(months, expected):
    answer = duty(**WORKS, duration_months=months, exemption=4, exemption_reason=REASON)
    assert (answer.duty == Duty.EXEMPT) is expected
    assert (answer.refusal == "") is expected
    assert (Exemption.SHORT_WORKS in answer.proposable) is expected


def test_short_works_need_their_duration():
    assert "Indiquez la durée" in duty(**WORKS, exemption=4, exemption_reason=REASON).refusal


@pytest.mark.parametrize("kind", sorted(set(MarketKind.values) - {"works"}))
def test_short_works_are_works(kind):
    answer = duty(kind, 6_000_000, duration_months=3, exemption=4, exemption_reason=REASON)
    assert answer.duty == Duty.MANDATORY
    assert answer.refusal
    assert Exemption.SHORT_WORKS not in answer.proposable


@pytest.mark.parametrize(("exemption", "stands"), [(1, False), (2, True), (3, True), (4, False)])
def test_concessions_have_two_exemptions_and_their_own_article(exemption, stands):
    answer = duty(**CONCESSION, duration_months=3, exemption=exemption, exemption_reason=REASON)
    assert answer.duty == (Duty.EXEMPT if stands else Duty.MANDATORY)
    assert answer.article == ("L. 3114-2-1, II" if stands else "L. 3114-2-1, I")
    assert answer.proposable == (Exemption.NO_LINK, Exemption.COMPETITION_OR_DIFFICULTY)
    assert ("n’existe pas pour les concessions" in answer.refusal) is not stands


def test_an_exemption_claimed_without_a_duty_changes_nothing():
    for facts in ({"consultation_date": EVE}, {"estimated_amount": 1}, {"defence": True}):
        claimed = duty(**facts, exemption=1, exemption_reason=REASON)
        assert claimed == duty(**facts)
        assert (claimed.refusal, claimed.proposable) == ("", ())


def test_the_sentences_say_the_threshold_and_never_the_estimate():
    """C27."""
    answers = [duty(estimated_amount=amount) for amount in (217_123, 212_123)]
    assert all("216\u00a0000\u00a0€" in answer.explanation for answer in answers)
    assert not any("123" in answer.explanation for answer in answers)


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": None}, {"kind": ""}, {"kind": "travaux"}, {"kind": []}, {"kind": 1},
        {"estimated_amount": None}, {"estimated_amount": 0}, {"estimated_amount": -1}, {"estimated_amount": "NaN"},
        {"estimated_amount": float("nan")}, {"estimated_amount": float("inf")}, {"estimated_amount": True},
        {"estimated_amount": "abc"}, {"estimated_amount": []},
        {"consultation_date": None}, {"consultation_date": "2026-08-21"},
        {"consultation_date": datetime(2026, 8, 21, tzinfo=UTC)},
        {"duration_months": 0}, {"duration_months": -1}, {"duration_months": "abc"}, {"duration_months": True},
        {"defence": None}, {"defence": "non"}, {"defence": 0},
        {"exemption": 0}, {"exemption": 5}, {"exemption": "1"}, {"exemption": True}, {"exemption": 1.0},
        {"exemption": ""}, {"exemption": []}, {"exemption": 1, "exemption_reason": 1},
        {"thresholds": ()},
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_one_sentence(facts):
    with pytest.raises(LegalError) as refused:
        duty(**facts)
    assert str(refused.value).endswith(".")


def test_nonsense_is_refused_even_before_the_law():
    with pytest.raises(LegalError):
        duty(estimated_amount=0, consultation_date=EVE)


CASES = {
    "kind": st.sampled_from(MarketKind.values),
    "estimated_amount": st.decimals("0.01", "20000000", places=2),
    "consultation_date": st.dates(date(2022, 1, 1), date(2032, 1, 1)) | st.sampled_from([EVE, FIRST_DAY]),
    "duration_months": st.none() | st.integers(1, 60),
    "defence": st.booleans(),
    "exemption": st.none() | st.sampled_from(Exemption),
    "exemption_reason": st.sampled_from(["", " ", REASON]),
}
FLOORS = {"works": 5_404_000, "concession": 5_404_000, "social_services": 750_000}


@given(st.fixed_dictionaries(CASES))
def test_the_duty_follows_the_decision_table(facts):
    """The table of domain.md §2.2, written again in its order."""
    stands = (
        facts["exemption_reason"] == REASON
        and facts["exemption"] is not None
        and (facts["kind"] != "concession" or facts["exemption"] in {2, 3})
        and (facts["exemption"] != 4 or (facts["kind"] == "works" and (facts["duration_months"] or 99) < 6))
    )
    if facts["consultation_date"] < date(2026, 8, 21):
        expected = "optional"
    elif facts["defence"]:
        expected = "out_of_scope"
    elif facts["estimated_amount"] < FLOORS.get(facts["kind"], 216_000):
        expected = "optional"
    else:
        expected = "exempt" if stands else "mandatory"
    answer = social_consideration_duty(**facts)
    assert answer.duty == expected
    assert bool(answer.refusal) is (expected == "mandatory" and facts["exemption"] is not None)
    assert answer.article.startswith("L. 3114-2-1" if facts["kind"] == "concession" else "L. 2112-2-1")
    assert answer.explanation.endswith(".")


@given(st.fixed_dictionaries(CASES), st.decimals("0.01", "20000000", places=2))
def test_a_higher_estimate_never_lifts_the_duty(facts, other):
    low, high = sorted([facts["estimated_amount"], other])
    bound = {Duty.MANDATORY, Duty.EXEMPT}
    least, most = (social_consideration_duty(**facts | {"estimated_amount": amount}).duty for amount in (low, high))
    assert least not in bound or most == least


THREE_PERIODS = [
    ("supplies_services_central", (140_000, 143_000, 140_000)),
    ("supplies_services_local", (215_000, 221_000, 216_000)),
    ("supplies_services_utilities", (431_000, 443_000, 432_000)),
    ("works", (5_382_000, 5_538_000, 5_404_000)),
    ("concession", (5_382_000, 5_538_000, 5_404_000)),
    ("social_services", (750_000, 750_000, 750_000)),
    ("no_advertising_works", (100_000, 100_000, 100_000)),
    ("decp_publication", (40_000, 40_000, 40_000)),
]


@pytest.mark.parametrize(("category", "amounts"), THREE_PERIODS)
def test_each_period_has_its_threshold(category, amounts):
    days = [(date(2022, 1, 1), date(2023, 12, 31)), (date(2024, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1),)]
    found = [[threshold_on(category, day).amount for day in period] for period in days]
    assert found == [[amount] * len(period) for amount, period in zip(amounts, days, strict=True)]
    assert threshold_on(category, date(2040, 1, 1)).amount == amounts[-1]
    with pytest.raises(LegalError, match="Aucun seuil n’est connu à cette date"):
        threshold_on(category, date(2021, 12, 31))


def test_supplies_without_advertising_changed_in_april_2026():
    days = (date(2022, 1, 1), date(2026, 3, 31), date(2026, 4, 1))
    assert [threshold_on("no_advertising_supplies_services", day).amount for day in days] == [40_000, 40_000, 60_000]


@given(st.sampled_from(ThresholdCategory.values), st.dates(date(2022, 1, 1), date(2040, 1, 1)))
def test_one_shipped_threshold_a_day(category, day):
    rows = [
        row
        for row in SHIPPED_THRESHOLDS
        if row.category == category and row.valid_from <= day <= (row.valid_until or day)
    ]
    assert rows == [threshold_on(category, day)]
    assert rows[0].source


def test_a_new_row_replaces_the_one_left_open():
    day = date(2028, 1, 1)
    new = Threshold("supplies_services_local", Decimal(230_000), day, None, "Avis 2028-2029")
    table = (*SHIPPED_THRESHOLDS, new)
    assert duty(estimated_amount=229_999, consultation_date=day, thresholds=table).duty == Duty.OPTIONAL
    assert duty(estimated_amount=229_999, consultation_date=date(2027, 12, 31), thresholds=table).duty == Duty.MANDATORY
    expired = replace(new, valid_until=date(2029, 12, 31))
    assert threshold_on(new.category, date(2030, 1, 1), (expired, *SHIPPED_THRESHOLDS)).amount == 216_000


def test_the_law_came_into_force_on_21_august_2026():
    assert IN_FORCE_FROM == FIRST_DAY


@pytest.mark.parametrize(
    ("basis", "declared"),
    [
        (LegalBasis.EXECUTION, ["clause"]),
        (LegalBasis.CRITERION, ["criterion"]),
        (LegalBasis.EXECUTION_AND_CRITERION, ["clause", "criterion"]),
        (LegalBasis.QUALIFICATION, ["clause"]),
        *((basis, ["reserved"]) for basis in LegalBasis if basis.startswith("reserved_")),
    ],
)
def test_the_declaration_agrees_with_the_basis(basis, declared):
    assert declared_considerations(True, basis) == declared
    assert declared_considerations(True, str(basis.value)) == declared
    assert declared_considerations(False, basis) == ["none"]


def test_every_basis_is_declared():
    assert all(declared_considerations(True, basis) for basis in LegalBasis)
    assert declared_considerations(False, "") == ["none"]


@pytest.mark.parametrize("basis", ["", None, "réservé", [], 1])
def test_a_clause_without_a_basis_cannot_be_declared(basis):
    with pytest.raises(LegalError, match="fondement juridique"):
        declared_considerations(True, basis)


@pytest.mark.parametrize("kind", MarketKind)
def test_a_reserved_concession_has_its_own_word(kind):
    concession = kind == MarketKind.CONCESSION
    assert declared_label("reserved", kind) == ("Concession réservée" if concession else "Marché réservé")
    for value in ("clause", "criterion", "none"):
        assert declared_label(value, kind) == SocialConsideration(value).label
