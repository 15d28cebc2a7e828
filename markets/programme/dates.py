"""The dates of a calendar, one by one: what a quarter holds, what an agenda subscribes to. No amount in them (C27)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

STEPS = {
    "planned_publication_on": "Publication",
    "planned_tenders_on": "Remise des offres",
    "planned_notification_on": "Notification",
    "starts_on": "Début d’exécution",
    "ends_on": "Fin d’exécution",
}
# Once a market is notified, these are history.
BEFORE_NOTIFICATION = ("planned_publication_on", "planned_tenders_on", "planned_notification_on")


@dataclass(frozen=True, order=True)
class ProgrammeDate:
    """One date of a market or of an operation. `reference` and `title` are those of the object, `path` its page.

    `uid` never serves twice; `last_changed` is when the object was last saved.
    """

    day: date
    reference: str
    step: str
    title: str
    places: tuple[str, ...]
    path: str
    uid: str
    last_changed: datetime | None = None


def dates_of_market(market, first, last):
    """Dates from `first` to `last` of a market whose visible lots, with their territory, are prefetched."""
    places = tuple(dict.fromkeys(lot.territory.name for lot in market.lots.all()))
    return [
        ProgrammeDate(
            day=getattr(market, field),
            reference=market.number,
            step=step,
            title=market.title,
            places=places,
            path=reverse("markets:detail", args=[market.pk]),
            uid=f"market-{market.pk}-{field}",
            last_changed=getattr(market, "last_changed", None),
        )
        for field, step in STEPS.items()
        if _is_to_come(market, field) and first <= getattr(market, field) <= last
    ]


def _is_to_come(market, field):
    if getattr(market, field) is None:
        return False
    return market.notified_on is None or field not in BEFORE_NOTIFICATION


def date_of_milestone(milestone):
    """The date of a step of the calendar of an operation, which is joined."""
    operation = milestone.operation
    return ProgrammeDate(
        day=milestone.planned_on,
        reference=operation.reference,
        step=milestone.get_kind_display(),
        title=operation.title,
        places=(),
        path=reverse("operations:detail", args=[operation.pk]),
        uid=f"milestone-{milestone.pk}",
        last_changed=getattr(milestone, "last_changed", None),
    )
