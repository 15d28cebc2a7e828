"""The calendar of the quarterly statements: drafts from day 10 after the quarter, published by day 20 (C19, §9.9)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from clauses_portal.core import french
from clauses_portal.core.periods import Quarter
from clauses_portal.core.working_days import is_working_day, next_working_day
from facilitators.enums import Role
from facilitators.models import Convention, Directorate, Territory
from facilitators.notifications import members, notify
from markets.models import Lot
from markets.models.market import UNDER_WAY
from participants.models import HoursEntry
from reporting.enums import StatementKind, StatementState
from reporting.models import Statement
from reporting.services.comments import publishers_of
from reporting.services.statements import open_statement

DRAFTED_ON, SENT_ON = 10, 20


def day_after(quarter, number):
    """The day this many days after the end of a quarter, or the next one on which people work."""
    return next_working_day(quarter.end + timedelta(days=number))


def prepare_drafts(today):
    """Open the drafts of the last quarter, then remind of those not published. Done again, it changes nothing.

    Nothing on a day when nobody works. Returns the drafts opened.
    """
    quarter = Quarter.of(today).previous
    if not is_working_day(today) or today < day_after(quarter, DRAFTED_ON):
        return []
    scopes = [{"territory": row} for row in territories_followed(quarter, today)]
    scopes += [{"directorate": row} for row in directorates_followed(quarter)]
    papers = [_prepare(quarter, today, **scope) for scope in scopes]
    if today >= day_after(quarter, SENT_ON):
        for paper in papers:
            _remind(paper, quarter)
    return [paper for paper in papers if paper.prepared_on == today]


def territories_followed(quarter, today):
    """Territories under a convention at the end of the quarter and still today: somebody may publish."""
    then, now = (Convention.objects.in_force(day) for day in (quarter.end, today))
    return Territory.objects.filter(conventions__in=then).filter(conventions__in=now).distinct()


def directorates_followed(quarter):
    """Directorates with a lot under way, or hours in the quarter."""
    lots = Lot.objects.filter(market__operation__directorate=OuterRef("pk"), state__in=UNDER_WAY)
    hours = HoursEntry.objects.of_period(quarter).filter(market__operation__directorate=OuterRef("pk"))
    return Directorate.objects.filter(Exists(lots) | Exists(hours))


@transaction.atomic
def _prepare(quarter, today, **scope):
    """The latest version of this paper; opened now, its authors are told."""
    key = {"territory": None, "directorate": None, "market": None} | scope
    rows = Statement.objects.filter(kind=StatementKind.QUARTERLY, period_code=str(quarter), **key)
    if existing := rows.order_by("-version").first():
        return existing
    paper = open_statement(kind=StatementKind.QUARTERLY, period=quarter, by=None, **scope)
    paper.prepared_on = today
    paper._history_user = None
    paper.save()
    until = french.date(day_after(quarter, SENT_ON))
    text = f"Brouillon prêt : état du {quarter.label}, {paper.subject}. À publier avant le {until}."
    notify(publishers_of(paper), text, reverse("reporting:statement", args=[paper.pk]))
    return paper


def _remind(paper, quarter):
    """Tell those who prepare it and the chargées de mission, as long as it is not published."""
    if paper.state == StatementState.PUBLISHED:
        return
    text = f"État du {quarter.label}, {paper.subject} : toujours en brouillon, il devait être publié."
    people = [*publishers_of(paper), *members(Role.MISSION_OFFICER)]
    notify(people, text, reverse("reporting:statement", args=[paper.pk]))
