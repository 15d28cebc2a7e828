"""After a closing report: the situations that became known since are worth another version (domain.md §12 n° 35)."""

from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.periods import Lifetime
from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.notifications import members, notify
from markets.models import Lot
from participants.enums import ExitHorizon
from reporting.enums import StatementKind
from reporting.indicators import exits
from reporting.indicators.definition import value_of
from reporting.indicators.scope import Scope
from reporting.models import Statement

KNOWN = {
    ExitHorizon.THREE_MONTHS: "Les situations à trois mois sont connues",
    ExitHorizon.SIX_MONTHS: "Les situations à six mois sont connues",
}


def suggest_new_versions():
    """Each night: tell the facilitators of a market whose situations at a horizon became all known since its report.

    Once for each report and horizon, whatever was read since. Returns how many suggestions were made.
    """
    reports = Statement.objects.in_force().filter(kind=StatementKind.CLOSING, replaced_by__isnull=True)
    return sum(_suggest(report) for report in reports.select_related("market").order_by("pk"))


def _suggest(report):
    """How many horizons were told of this report: the last that is known speaks for those before."""
    known = [horizon for horizon in KNOWN if _became_known(report, horizon)]
    if not known:
        return 0
    text = f"{KNOWN[known[-1]]} : préparez la version {report.version + 1} du bilan du marché {report.market.number}."
    path = reverse("reporting:statement", args=[report.pk])
    if Notification.objects.filter(text=text, path=path).exists():
        return 0
    territories = Lot.objects.with_clause().filter(market=report.market_id).values("territory")
    return min(len(notify(members(Role.FACILITATOR, territory__in=territories), text, path)), 1)


def _became_known(report, horizon):
    """True when nobody is left to ask at this horizon, and more is known than when the report was frozen."""
    scope, period = Scope.of(report), Lifetime(report.starts_on, timezone.localdate())
    figures = exits.BY_HORIZON[horizon]
    if scope.exits().filter(horizon=horizon, situation="").exists():
        return False
    then = next(row["known"] for row in report.snapshot["exits"] if row["label"] == horizon.label)
    return value_of(figures["known"], scope, period) > then
