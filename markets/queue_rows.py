"""Lines of the lists of lots to decide: each with its duty, its opinion, its instruction and its amount."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from facilitators.enums import Permission
from facilitators.permissions import scope_of
from markets.enums import LegalBasis, Recommendation
from markets.models import ClauseReview, Lot, LotFinancials
from markets.presenters import amounts_of
from markets.services.duty import LotDuty, duties_of
from markets.services.opinion import Clock, clocks_of

# The basis offered first for each recommendation; a form of training is decided without a clause of hours.
BASIS_OF = {
    Recommendation.EXECUTION: LegalBasis.EXECUTION,
    Recommendation.EXECUTION_AND_CRITERION: LegalBasis.EXECUTION_AND_CRITERION,
    Recommendation.CRITERION: LegalBasis.CRITERION,
    Recommendation.RESERVED: LegalBasis.RESERVED_INSERTION,
    Recommendation.QUALIFICATION: LegalBasis.QUALIFICATION,
}


@dataclass(frozen=True)
class QueueRow:
    """A lot and what helps to decide it, as far as its reader may see. `review`, `amounts`: None out of her sight."""

    lot: Lot
    duty: LotDuty
    duty_text: str
    clock: Clock
    review: ClauseReview | None
    amounts: LotFinancials | None
    weeks_left: int | None

    @property
    def published_on(self):
        """Day the consultation is published, planned or not: date or None."""
        return publication_of(self.lot.market)

    @property
    def basis(self):
        """The legal basis the instruction leads to, « » when it leads to none."""
        return BASIS_OF.get(self.review.recommendation, "") if self.review else ""


def publication_of(market):
    """The planned publication of a market, else the day its consultation was launched: date or None."""
    return market.planned_publication_on or market.consultation_on


def nearest_first(lots):
    """Lots by publication, the nearest first, those without a date last."""
    day = Coalesce("market__planned_publication_on", "market__consultation_on")
    return lots.order_by(day.asc(nulls_last=True), F("market__notified_on").desc(nulls_last=True), "pk")


def rows_of(lots, user):
    """[QueueRow] of these lots (with their market), in the same order, in a fixed number of queries."""
    lots, today = list(lots), timezone.localdate()
    duties, clocks, amounts = duties_of(lots), clocks_of(lots), amounts_of(lots, user)
    reviews = {row.lot_id: row for row in ClauseReview.objects.visible_to(user).filter(lot__in=lots)}
    may_see_amounts = scope_of(user).allows(Permission.VIEW_AMOUNTS)
    return [
        QueueRow(
            lot=lot,
            duty=duties[lot.pk],
            duty_text=duties[lot.pk].explanation(may_see_amounts=may_see_amounts),
            clock=clocks[lot.pk],
            review=reviews.get(lot.pk),
            amounts=amounts.get(lot.pk),
            weeks_left=_weeks(publication_of(lot.market), today),
        )
        for lot in lots
    ]


def row_of(lot, user):
    """The QueueRow of one lot."""
    return rows_of([lot], user)[0]


def _weeks(day: date | None, today: date):
    """Whole weeks from today to that day, None when it is past or unknown."""
    return (day - today).days // 7 if day and day >= today else None
