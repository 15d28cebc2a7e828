"""The instruction of a lot: drawn from its file, corrected by hand, assessed again when the file says more."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from markets.enums import MarketKind, ObjectiveKind, OpinionOutcome, QualificationLevel, Recommendation
from markets.models import ClauseReview, CriteriaGrid, ReviewAnswer
from markets.services.awards import add_objective
from markets.services.opinion import ask_opinion, give_opinion
from markets.services.review import (
    NO_GRID,
    NOT_TO_REVIEW,
    draw_again,
    facts_of,
    hours_running_beside,
    open_review,
    record_review,
)
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory, LotFactory, LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.preparation import (
    CriteriaGridFactory,
    TradeFactory,
    TradeParametersFactory,
)
from tests.support.instructed import gate, grid_in_force, weighted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

WEIGHTED = {
    "labour_share": 25,
    "service_nature": 15,
    "qualification": 10,
    "adequacy": 20,
    "inclusive_supply": 15,
    "saturation": 10,
    "calendar": 5,
}
GATES = {"amount": 90_000, "duration": 3, "computed_hours": 150, "staff_takeover": None, "site_security": None}


@pytest.fixture
def grid(db):
    """The default grid, in force."""
    gates = [gate(code, floor) for code, floor in GATES.items()]
    return grid_in_force(*gates, *(weighted(code, weight) for code, weight in WEIGHTED.items()))


@pytest.fixture
def known(lot):
    """The same lot, its file complete: 500 000 € of a trade at 50 %, 5 % and 30 €, that is 417 h."""
    trade = TradeFactory(code="nettoyage", cpv_codes=["90910000"])
    TradeParametersFactory(
        trade=trade,
        labour_share_low=Decimal("0.45"),
        labour_share_high=Decimal("0.55"),
        insertion_rate_low=Decimal("0.05"),
        insertion_rate_high=Decimal("0.05"),
        hourly_cost_low=Decimal(28),
        hourly_cost_high=Decimal(32),
    )
    lot.trade, lot.qualification, lot.firm_months = trade, QualificationLevel.LOW, 12
    lot.save()
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal("500000"))
    return lot


def answers_of(review):
    """{code: passed or grade}."""
    rows = ReviewAnswer.objects.filter(review=review).select_related("criterion")
    return {row.criterion.code: row.passed if row.criterion.kind == "gate" else row.grade for row in rows}


def test_a_review_opens_with_what_the_file_says(grid, known, officer):
    review = open_review(lot=known, by=officer)
    assert answers_of(review) == {
        "amount": True,
        "duration": True,
        "computed_hours": True,
        "staff_takeover": True,
        "site_security": None,
        "labour_share": 4,
        "service_nature": 4,
        "qualification": 4,
        "adequacy": None,
        "inclusive_supply": None,
        "saturation": 4,
        "calendar": 4,
    }
    assert review.grid == grid
    assert review.score == 100
    assert review.recommendation == Recommendation.EXECUTION_AND_CRITERION
    drawn = ReviewAnswer.objects.filter(review=review, known=True)
    assert drawn.count() == 9


def test_an_empty_file_says_little(grid, lot, officer):
    review = open_review(lot=lot, by=officer)
    given = {code: value for code, value in answers_of(review).items() if value is not None}
    assert given == {"staff_takeover": True, "service_nature": 2, "calendar": 4, "duration": True}
    assert (review.recommendation, review.score) == ("", Decimal("62.50"))


def test_a_review_is_opened_once(grid, lot, officer):
    assert open_review(lot=lot, by=officer) == open_review(lot=lot, by=officer)
    CriteriaGridFactory(version=2, in_force=True)
    assert open_review(lot=lot, by=officer).grid == grid


def test_without_a_grid_in_force_nothing_opens(lot, officer):
    CriteriaGridFactory()
    with pytest.raises(DomainError, match=NO_GRID):
        open_review(lot=lot, by=officer)


def test_the_grid_is_the_last_in_force(grid, lot, officer):
    newest = CriteriaGridFactory(version=3, in_force=True)
    CriteriaGridFactory(version=4)
    assert CriteriaGrid.objects.in_force() == newest
    assert open_review(lot=lot, by=officer).grid == newest


@pytest.mark.parametrize("trait", ["set_aside", "retained", "calibrated"])
def test_a_decided_lot_is_not_instructed(grid, officer, trait):
    with pytest.raises(Conflict, match=NOT_TO_REVIEW):
        record_review(lot=LotFactory(**{trait: True}), answers={}, by=officer)


def test_what_is_corrected_is_the_person_s_own(grid, known, officer):
    open_review(lot=known, by=officer)
    answers = {
        "labour_share": {"passed": None, "grade": 1, "note": "Fourniture dominante."},
        "site_security": {"passed": True, "grade": None},
        "calendar": {"passed": None, "grade": 4},
    }
    review = record_review(lot=known, answers=answers, by=officer)
    rows = {row.criterion.code: row for row in review.answers.select_related("criterion")}
    assert (rows["labour_share"].grade, rows["labour_share"].known) == (1, False)
    assert rows["labour_share"].note == "Fourniture dominante."
    assert rows["calendar"].known
    assert (review.reviewed_by, review.score < 100) == (officer, True)


def test_drawing_again_keeps_what_was_corrected(grid, known, officer):
    record_review(lot=known, answers={"labour_share": {"passed": None, "grade": 0}}, by=officer)
    known.qualification = QualificationLevel.HIGH
    known.save()
    review = draw_again(lot=known, by=officer)
    found = answers_of(review)
    assert (found["labour_share"], found["qualification"]) == (0, 1)


def test_what_the_file_no_longer_says_is_no_longer_known(grid, known, officer):
    open_review(lot=known, by=officer)
    known.qualification = ""
    known.save()
    draw_again(lot=known, by=officer)
    row = ReviewAnswer.objects.get(criterion__code="qualification")
    assert (row.grade, row.known) == (None, False)


@pytest.mark.parametrize("grade", [5, -1])
def test_a_grade_goes_from_zero_to_four(grid, known, officer, grade):
    with pytest.raises(ValidationError):
        record_review(lot=known, answers={"adequacy": {"passed": None, "grade": grade}}, by=officer)
    assert not ClauseReview.objects.exists()


def test_the_opinion_enters_the_review(grid, known, facilitator, officer):
    open_review(lot=known, by=officer)
    asked = ask_opinion(lot=known, by=officer)
    give_opinion(opinion=asked, outcome=OpinionOutcome.FAVOURABLE, adequacy=3, suppliers=11, by=facilitator)
    review = ClauseReview.objects.get()
    found = answers_of(review)
    assert (found["adequacy"], found["inclusive_supply"]) == (3, 3)
    assert review.recommendation == Recommendation.RESERVED


def test_an_opinion_before_the_review_is_drawn_when_it_opens(grid, known, officer):
    asked = ask_opinion(lot=known, by=officer)
    give_opinion(opinion=asked, outcome=OpinionOutcome.FAVOURABLE, adequacy=2, by=officer)
    assert not ClauseReview.objects.exists()
    assert answers_of(open_review(lot=known, by=officer))["adequacy"] == 2


def test_under_the_duty_no_clause_is_never_recommended(grid, lot, officer):
    MarketFinancialsFactory(market=lot.market, estimated_amount=Decimal("216000"))
    answers = {code: {"passed": None, "grade": 0} for code in WEIGHTED} | {
        "qualification": {"passed": None, "grade": 2}
    }
    review = record_review(lot=lot, answers=answers, by=officer)
    assert review.recommendation == Recommendation.TRAINING


def test_no_figure_is_kept_in_the_review_nor_its_history(grid, known, officer):
    record_review(lot=known, answers={}, by=officer)
    rows = [*ClauseReview.history.values(), *ReviewAnswer.objects.values()]
    # neither keys nor moments: their digits are of chance
    kept = str(
        [value for row in rows for name, value in row.items() if not (name.endswith("id") or hasattr(value, "hour"))]
    )
    assert not [figure for figure in ("500000", "0.5", "417", "416", "30.0") if figure in kept]


def test_the_indicative_hours_use_the_middle_of_each_range(known):
    assert facts_of(known).hours == pytest.approx(Decimal("416.6667"), abs=Decimal("0.001"))
    assert facts_of(known).labour_share == Decimal("0.5")


def test_parameters_that_are_over_are_not_used(known):
    parameters = known.trade.usual_values.get()
    parameters.valid_from, parameters.valid_until = date(2026, 1, 1), date(2026, 9, 14)
    parameters.save()
    facts = facts_of(known)
    assert (facts.labour_share, facts.hours) == (None, None)


def test_saturation_reads_the_ledger_of_the_lots_under_way(lot, count_queries):
    trade = lot.trade = TradeFactory()
    lot.starts_on, lot.ends_on = date(2026, 6, 1), date(2026, 12, 31)
    lot.save()
    running = AwardFactory(lot__trade=trade, lot__territory=lot.territory)
    add_objective(
        award=running, kind=ObjectiveKind.AMENDMENT, hours=-100, effective_on=date(2026, 6, 1), reason="A", by=author()
    )
    AwardFactory(lot__trade=TradeFactory(), lot__territory=lot.territory)
    AwardFactory(lot__trade=trade)
    AwardFactory(
        lot__trade=trade, lot__territory=lot.territory, lot__starts_on=date(2025, 1, 1), lot__ends_on=date(2026, 5, 31)
    )
    assert hours_running_beside(lot) == 900
    assert count_queries(lambda: hours_running_beside(lot)) == 1


def test_without_a_trade_nothing_is_said_of_saturation(lot):
    assert hours_running_beside(lot) is None


def test_a_takeover_without_hours_is_seen(grid, lot, officer):
    lot.staff_takeover = True
    lot.save()
    assert answers_of(open_review(lot=lot, by=officer))["staff_takeover"] is False


@pytest.mark.parametrize(("months", "passed"), [(5, False), (6, True)])
def test_services_need_six_months(grid, lot, officer, months, passed):
    lot.firm_months = months
    lot.save()
    assert lot.market.kind == MarketKind.SERVICES
    assert answers_of(open_review(lot=lot, by=officer))["duration"] is passed
