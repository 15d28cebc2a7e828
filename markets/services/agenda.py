"""One's own calendar: the dates a person may see, and the private link her agenda subscribes to (C5).

The secret of the link is given once and kept as a digest: whoever reads the table cannot follow it.
"""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.ical import Event, calendar_bytes
from facilitators.enums import Permission
from facilitators.permissions import scope_of
from markets.models import CalendarFeed, Lot, Market
from markets.programme.dates import STEPS, date_of_milestone, dates_of_market
from operations.models import Milestone

NO_FEED = "Vous n’avez pas de lien d’agenda en service."
NAME = "Clauses sociales 13"
BEHIND, AHEAD = timedelta(days=92), timedelta(days=731)
MOST_EVENTS = 2000
READ_AGAIN = timedelta(hours=1)


def dates_for(user, first, last):
    """`ProgrammeDate`s this account may see from `first` to `last`, in order: markets, then steps of operations."""
    asked = Q()
    for field in STEPS:
        asked |= Q(**{f"{field}__range": (first, last)})
    lots = Prefetch("lots", Lot.objects.visible_to(user).select_related("territory"))
    markets = Market.objects.visible_to(user).in_programme().filter(asked)
    markets = markets.annotate(last_changed=_last_changed(Market)).prefetch_related(lots)
    steps = Milestone.objects.visible_to(user).filter(planned_on__range=(first, last), done_on__isnull=True)
    steps = steps.annotate(last_changed=_last_changed(Milestone)).select_related("operation")
    dates = [date for market in markets for date in dates_of_market(market, first, last)]
    return sorted(dates + [date_of_milestone(step) for step in steps])


def _last_changed(model):
    """Expression: when the row was last saved, by its history."""
    versions = model.history.model.objects.filter(id=OuterRef("pk")).order_by("-history_date")
    return Subquery(versions.values("history_date")[:1])


@transaction.atomic
def create_feed(*, by):
    """Open the agenda link of this person, the former one revoked; returns its secret, which is not kept."""
    _live(by).update(revoked_on=timezone.now())
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed(user=by, digest=_digest(secret))
    feed.full_clean()
    feed.save()
    return secret


@transaction.atomic
def revoke_feed(*, by):
    """Close the agenda link of this person. Raises DomainError when there is none."""
    if not _live(by).update(revoked_on=timezone.now()):
        raise DomainError(NO_FEED)


def _live(user):
    return CalendarFeed.objects.visible_to(user).live()


def _digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def feed_of(secret):
    """The live feed of this secret, or None: unknown, revoked, account switched off, rights that ended."""
    feed = CalendarFeed.objects.live().select_related("user").filter(digest=_digest(secret)).first()
    if feed is None or not scope_of(feed.user).allows(Permission.VIEW_MARKETS):
        return None
    return feed


@transaction.atomic
def read_feed(feed):
    """The calendar (bytes) of the owner of a feed, from three months ago to two years from now, 2 000 dates at most."""
    now, today = timezone.now(), timezone.localdate()
    if feed.read_on is None or feed.read_on < now - READ_AGAIN:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_on=now)
    dates = dates_for(feed.user, today - BEHIND, today + AHEAD)[:MOST_EVENTS]
    return calendar_bytes([_event(date, feed) for date in dates], name=NAME)


def _event(date, feed):
    return Event(
        uid=f"{date.uid}@clauses-sociales",
        day=date.day,
        summary=f"{date.step} : {date.reference} – {date.title}",
        description=", ".join(date.places),
        url=settings.SITE_URL.rstrip("/") + date.path,
        last_changed=date.last_changed or feed.created_on,
    )
