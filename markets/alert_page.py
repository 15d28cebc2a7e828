"""What the page of an alert shows: its life, and the page where one acts, to those who may open it."""

from dataclasses import dataclass
from datetime import datetime

from facilitators.enums import Permission
from facilitators.permissions import scope_of

P = Permission
# The maître d’ouvrage: those who manage the market, the chargées de mission and its own direction.
ANSWER = P.MANAGE_MARKETS
# What the pages a rule points at ask of who opens them: the first that fits.
ASKED = (("/personnes/", P.VIEW_PERSONS), ("/heures/", P.VIEW_HOURS), ("/", P.VIEW_ALERTS))


@dataclass(frozen=True)
class Step:
    """A moment in the life of an alert: when, what, by whom (« » for the portal), and what was written."""

    at: datetime
    what: str
    who: str = ""
    text: str = ""


def steps_of(alert):
    """The life of an alert: reported, answered, closed."""
    steps = [Step(alert.raised_on, "Signalée", str(alert.author or "le portail"))]
    if alert.answered_at:
        steps.append(Step(alert.answered_at, "Réponse du maître d’ouvrage", str(alert.answered_by), alert.answer))
    if alert.closed_on:
        said = "" if alert.answered_at else alert.answer
        steps.append(Step(alert.closed_on, "Close", str(alert.closer or "le portail"), said))
    return steps


def page_where_to_act(alert, user):
    """The address a rule points at, « » for those whose role never opens such a page."""
    if not alert.path:
        return ""
    permission = next(permission for part, permission in ASKED if part in alert.path)
    return alert.path if scope_of(user).allows(permission) else ""
