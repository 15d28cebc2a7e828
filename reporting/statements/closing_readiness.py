"""What a closing report still waits for: the end of the market is not the end of its contracts (domain.md §12 n° 35).

A list of sentences, shown to its author and printed on the paper: nothing here keeps her from publishing.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.periods import Lifetime
from facilitators.enums import Permission
from facilitators.permissions import scope_of
from reporting.indicators import activity, closing, contracts, hours
from reporting.indicators.definition import compute
from reporting.indicators.scope import Scope

FIGURES = (
    closing.NOT_OVER,
    contracts.GOING_ON,
    hours.PENDING,
    closing.EXITS_UNANSWERED,
    closing.EXITS_TO_COME,
    activity.ALERTS_OPEN,
)


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: a French sentence, and where it is done (« » when it is not for this reader)."""

    sentence: str
    url: str = ""


def readiness(statement, *, user):
    """[Missing] of a closing report as of today, for the page of this account; empty when nothing is awaited."""
    places = {
        hours.PENDING.code: (Permission.ENTER_HOURS, reverse("participants:hours_pending")),
        closing.EXITS_UNANSWERED.code: (Permission.MANAGE_PERSONS, reverse("participants:calls")),
        activity.ALERTS_OPEN.code: (Permission.VIEW_ALERTS, f"{reverse('markets:alerts')}?opened=open"),
        closing.NOT_OVER.code: (Permission.VIEW_MARKETS, reverse("markets:detail", args=[statement.market_id])),
    }
    scope = scope_of(user)
    found = []
    for code, sentence in _sentences(statement, Lifetime(statement.starts_on, timezone.localdate())):
        permission, url = places.get(code, (None, ""))
        found.append(Missing(sentence, url if permission and scope.allows(permission) else ""))
    if not statement.opinion.strip():
        found.append(Missing("L’avis du facilitateur n’est pas écrit."))
    return found


def missing_from(statement):
    """The sentences alone, as they are frozen with the paper; its texts are on the paper itself."""
    return [sentence for _, sentence in _sentences(statement, statement.period)]


def _sentences(statement, period):
    """[(code of the figure, sentence)] of what is not zero at the end of the period."""
    scope = Scope.of(statement)
    values = compute(FIGURES, scope, period)
    last = closing.exits_to_come(scope, period).order_by("-due_on").values_list("due_on", flat=True).first()
    sentences = {
        closing.NOT_OVER.code: lambda n: f"{_some(n, 'lot n’est pas terminé', 'lots ne sont pas terminés')}.",
        contracts.GOING_ON.code: lambda n: f"{_some(n, 'contrat se poursuit', 'contrats se poursuivent')}.",
        hours.PENDING.code: lambda n: f"{french.hours(n)} attendent une décision : elles ne comptent pas.",
        closing.EXITS_UNANSWERED.code: lambda n: (
            f"{_some(n, 'situation est à demander', 'situations sont à demander')} aux personnes."
        ),
        closing.EXITS_TO_COME.code: lambda n: (
            f"{_some(n, 'situation sera connue', 'situations seront connues')} plus tard, "
            f"la dernière le {french.date(last)}."
        ),
        activity.ALERTS_OPEN.code: lambda n: f"{_some(n, 'alerte est ouverte', 'alertes sont ouvertes')}.",
    }
    return [(code, say(values[code])) for code, say in sentences.items() if values[code]]


def _some(number, one, several):
    """« 1 lot n’est pas terminé », « 2 lots ne sont pas terminés »."""
    return f"{french.number(number)} {one if number == 1 else several}"
