"""Nominative readings that look like no other: many more than usual, at night, of a territory that is not followed.

Told to the data protection officer and to the administrator, never in the alerts of a market, which the reader sees
(domain.md §5.10, A26). What is told names the account, and no person.
"""

from collections import defaultdict
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce, ExtractHour, TruncDate
from django.urls import reverse
from django.utils import timezone

from clauses_portal.accounts.journal import record
from clauses_portal.accounts.models import JournalAction, JournalEntry, User
from clauses_portal.core import french
from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.notifications import members, notify
from markets.models import ReferentAssignment

READ = Sum(Coalesce("count", 1))
MANY = "{read} personnes lues, {usual} par jour d’ordinaire"
NIGHT = "{read} personnes lues entre {start} h et {end} h"
ELSEWHERE = "{read} personnes d’un territoire où il ne suit aucun lot"


@transaction.atomic
def watch():
    """Tell of the unusual readings of today and of yesterday, once an account and a day; returns how many.

    Yesterday too: what was read after the last round of a day is told by the first of the next.
    """
    today = timezone.localdate()
    return sum(_watch_day(day) for day in (today - timedelta(days=1), today))


def _watch_day(day):
    reasons = defaultdict(list)
    lines = _readings(day, day)
    for found in (_many(lines, day), _at_night(lines), _elsewhere(lines, day)):
        for actor, reason in found.items():
            reasons[actor].append(reason)
    accounts = User.objects.in_bulk(reasons)
    return sum(_tell(accounts[actor], day, reasons[actor]) for actor in sorted(reasons))


def _readings(first, last):
    """The nominative readings of these days, both included."""
    start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1)))
    rows = JournalEntry.objects.filter(action=JournalAction.READING, actor__isnull=False, at__gte=start, at__lt=end)
    return rows.order_by()


def _by_actor(lines):
    """{account id: persons read}."""
    return dict(lines.values_list("actor").annotate(read=READ))


def _many(lines, day):
    """{account id: reason} of who read far more than on the days she reads."""
    limits = settings.READING_WATCH
    suspects = {actor: read for actor, read in _by_actor(lines).items() if read > limits["persons"]}
    usual = _usual(suspects, day)
    return {
        actor: MANY.format(read=french.number(read), usual=french.number(usual.get(actor, 0), decimals=0))
        for actor, read in suspects.items()
        if read > limits["times"] * usual.get(actor, 0)
    }


def _usual(actors, day):
    """{account id: persons read, on average, each day she read some before this one}."""
    before = _readings(day - timedelta(days=settings.READING_WATCH["usual_days"]), day - timedelta(days=1))
    daily = (
        before.filter(actor__in=actors).annotate(day=TruncDate("at")).values_list("actor", "day").annotate(read=READ)
    )
    days = defaultdict(list)
    for actor, _, read in daily:
        days[actor].append(read)
    return {actor: sum(read) / len(read) for actor, read in days.items()}


def _at_night(lines):
    """{account id: reason} of who read at night; a program may work when it likes."""
    limits = settings.READING_WATCH
    start, end = limits["night_from"], limits["night_until"]
    late = lines.filter(actor__is_software=False).annotate(hour=ExtractHour("at"))
    found = _by_actor(late.filter(Q(hour__gte=start) | Q(hour__lt=end)))
    return {
        actor: NIGHT.format(read=french.number(read), start=start, end=end)
        for actor, read in found.items()
        if read >= limits["at_night"]
    }


def _elsewhere(lines, day):
    """{account id: reason} of who has a portfolio, and read persons of a territory where it holds no lot."""
    found = defaultdict(int)
    portfolios = _portfolios(day)
    by_place = lines.filter(territory_id__isnull=False).values_list("actor", "territory_id").annotate(read=READ)
    for actor, territory, read in by_place:
        if actor in portfolios and territory not in portfolios[actor]:
            found[actor] += read
    return {
        actor: ELSEWHERE.format(read=french.number(read))
        for actor, read in found.items()
        if read >= settings.READING_WATCH["elsewhere"]
    }


def _portfolios(day):
    """{account id: territories of the lots she answers for}, those without a lot left out."""
    places = defaultdict(set)
    rows = ReferentAssignment.objects.active(day).values_list("referent", "substitute", "lot__territory")
    for referent, substitute, territory in rows:
        places[referent].add(territory)
        if substitute:
            places[substitute].add(territory)
    return places


def _tell(account, day, reasons):
    """True when it had not been told: who watches over the data is, by a line that leads to the journal of that day."""
    path = f"{reverse('facilitators:journal')}?actor={account.pk}&since={day}&until={day}&act={JournalAction.READING}"
    if Notification.objects.filter(path=path).exists():
        return False
    text = f"Lecture nominative inhabituelle, {account}, le {french.date(day)} : {' ; '.join(reasons)}."
    notify([*members(Role.PRIVACY_OFFICER), *members(Role.ADMINISTRATOR)], french.typographic(text)[:300], path)
    record(JournalAction.UNUSUAL_READING, by=None, of=account)
    return True
