"""Instruction of a lot with the grid in force: what its file says, what the chargée de mission says (C1, C2)."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Avg, F, Sum
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from markets import calibration, review_facts
from markets.enums import CriterionKind, LotState
from markets.models import (
    ClauseReview,
    CriteriaGrid,
    FacilitatorOpinion,
    Lot,
    LotFinancials,
    ObjectiveEntry,
    ReviewAnswer,
    TradeParameters,
)
from markets.review import Answer, assess
from markets.review_facts import Facts
from markets.services.duty import duty_of

NO_GRID = "Aucune grille de critères n’est en vigueur : l’administrateur doit en publier une."
NOT_TO_REVIEW = "Ce lot n’est plus à instruire : son instruction ne change plus."


def facts_of(lot):
    """Facts of a lot: what its file, its trade, its calendar and the facilitator's last opinion say. Confidential."""
    market, today = lot.market, timezone.localdate()
    amounts = LotFinancials.objects.filter(lot=lot).first()
    amount = amounts and (amounts.estimated_amount or amounts.awarded_amount)
    usual = _usual_values(lot, today)
    opinion = FacilitatorOpinion.objects.filter(lot=lot).given().first()
    published_on = market.planned_publication_on or market.consultation_on
    return Facts(
        kind=market.kind,
        amount=amount,
        months=lot.firm_months or market.duration_months,
        labour_share=usual.get("labour_share"),
        hours=_indicative_hours(amount, usual),
        cpv=(*(lot.trade.cpv_codes if lot.trade else ()), market.cpv),
        qualification=lot.qualification,
        clearances=bool(lot.clearances),
        adequacy=opinion and opinion.adequacy,
        suppliers=opinion and opinion.suppliers,
        takeover=lot.staff_takeover,
        takeover_hours_known=lot.takeover_hours is not None,
        running_hours=hours_running_beside(lot),
        weeks_left=(published_on - today).days // 7 if published_on else None,
    )


def hours_running_beside(lot):
    """Hours due (h) by the lots under way of the same trade and territory, over the same period; None without a trade.

    Read in the ledger of objectives, in one query: never an aggregate of the lines of hours.
    """
    if lot.trade_id is None:
        return None
    rows = ObjectiveEntry.objects.filter(award__lot__in=Lot.objects.running_beside(lot))
    return rows.aggregate(total=Sum("hours"))["total"] or 0


def _usual_values(lot, day):
    """{labour_share, hourly_cost, insertion_rate} of the trade: the middle of each range that is known."""
    if lot.trade_id is None:
        return {}
    names = ("labour_share", "hourly_cost", "insertion_rate")
    middles = {name: Avg((F(f"{name}_low") + F(f"{name}_high")) / 2) for name in names}
    rows = TradeParameters.objects.filter(trade=lot.trade_id).valid_on(day).order_by("-valid_from")[:1]
    return TradeParameters.objects.filter(pk__in=rows.values("pk")).aggregate(**middles)


def _indicative_hours(amount, usual):
    """Hours of the standard formula with the usual values of the trade; None when one of them is not known."""
    factors = {name: value for name, value in usual.items() if value}
    if not amount or len(factors) < 3:
        return None
    factors = {name: Decimal(value).quantize(Decimal("0.0001")) for name, value in factors.items()}
    try:
        return Decimal(calibration.compute("standard", rounding="none", amount=amount, **factors).raw_hours)
    except calibration.CalibrationError:
        return None


@transaction.atomic
def open_review(*, lot, by):
    """Open the review of a lot with the grid in force, its answers drawn from the file; the one that is open, if any.

    Raises DomainError when no grid is in force, Conflict when the lot is not to be reviewed.
    """
    lot = _lot_to_review(lot)
    return ClauseReview.objects.filter(lot=lot).first() or _new_review(lot, by)


def _new_review(lot, by):
    grid = CriteriaGrid.objects.in_force()
    if grid is None:
        raise DomainError(NO_GRID)
    review = validated_save(ClauseReview(lot=lot, grid=grid), by=by)
    ReviewAnswer.objects.bulk_create(ReviewAnswer(review=review, criterion=line) for line in grid.criteria.all())
    _draw_again(review, by)
    return review


@transaction.atomic
def record_review(*, lot, answers, by):
    """Record the answers {criterion code: {passed, grade, note}} given to the grid, and assess the lot.

    An answer that differs from what the file says is the person's own, and stays so. Raises Conflict when the lot is
    not to be reviewed any more, ValidationError on a grade that is not one.
    """
    review = open_review(lot=lot, by=by)
    for row in review.answers.select_related("criterion"):
        given = answers.get(row.criterion.code)
        if given is not None:
            _answer(row, given)
    review.reviewed_at, review.reviewed_by = timezone.now(), by
    return _assess(review, by)


def _answer(row, given):
    passed, grade, note = given.get("passed"), given.get("grade"), given.get("note", "")
    if (passed, grade) != (row.passed, row.grade):
        row.known = False
    row.passed, row.grade, row.note = passed, grade, note
    row.full_clean()
    row.save()


@transaction.atomic
def draw_again(*, lot, by):
    """Draw from the file again what nobody corrected: an opinion came, the estimate changed."""
    review = open_review(lot=lot, by=by)
    _draw_again(review, by)
    return review


def refresh_after_opinion(*, lot, by):
    """The facilitator's figures enter the review that is open; nothing happens when there is none."""
    if ClauseReview.objects.filter(lot=lot).exists():
        draw_again(lot=lot, by=by)


def _draw_again(review, by):
    facts = facts_of(review.lot)
    for row in review.answers.select_related("criterion"):
        drawn = _drawn(row.criterion, facts)
        if row.known or (row.passed is None and row.grade is None):
            row.passed, row.grade = drawn
            row.known = drawn != (None, None)
            row.save()
    _assess(review, by)


def _drawn(criterion, facts):
    """(passed, grade) that the file gives to a line of the grid."""
    if criterion.kind == CriterionKind.GATE:
        return review_facts.gate(criterion.code, facts, criterion.floor), None
    return None, review_facts.grade(criterion.code, facts)


def _assess(review, by):
    assessment = assess(answers_of(review), kind=review.lot.market.kind, mandatory=duty_of(review.lot).is_mandatory)
    review.score, review.recommendation = assessment.score, assessment.recommendation
    review.reasons = list(assessment.reasons)
    return validated_save(review, by=by)


def answers_of(review):
    """The answers of a review, in the order of its grid, as `markets.review` reads them."""
    rows = review.answers.select_related("criterion").order_by("criterion__position")
    return [
        Answer(
            code=row.criterion.code,
            label=row.criterion.label,
            kind=row.criterion.kind,
            weight=row.criterion.weight,
            passed=row.passed,
            grade=row.grade,
        )
        for row in rows
    ]


def _lot_to_review(lot):
    lot = lock(Lot.objects.select_related("market", "trade"), lot.pk)
    if lot.state != LotState.TO_REVIEW:
        raise Conflict(NOT_TO_REVIEW)
    return lot
