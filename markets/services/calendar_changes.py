"""Telling those who plan with a market that its calendar moved (C5). Never an amount (C27)."""

from django.urls import reverse

from facilitators.notifications import notify
from markets.enums import LotState
from operations.calendar_changes import moved, people_concerned, sentence

# (field, how it is said, feminine)
STEPS = (
    ("planned_publication_on", "publication", True),
    ("planned_tenders_on", "remise des offres", True),
    ("planned_notification_on", "notification", True),
    ("starts_on", "début d’exécution", False),
    ("ends_on", "fin d’exécution", True),
)
UNDER_WAY = {LotState.AWARDED, LotState.RUNNING, LotState.CLOSED}


def tell_calendar_changes(before, market, by):
    """Send one notification to the facilitators of the territories of the lots and to the chargées de mission.

    `before` is the market as it was. Nothing is sent when no date moved, nor once every lot is awarded: the calendar of
    a programme is about what is to come. `by` knows already.
    """
    changes = [
        moved(name, getattr(before, field), getattr(market, field), feminine=feminine)
        for field, name, feminine in STEPS
    ]
    changes = list(filter(None, changes))
    if not changes:
        return
    lots = list(market.lots.values_list("territory_id", "state"))
    if all(state in UNDER_WAY for _, state in lots):
        return
    people = people_concerned({territory for territory, _ in lots})
    notify(people, sentence(market.number, changes), reverse("markets:detail", args=[market.pk]), except_for=by)
