"""Telling those who manage a key that something happened to it."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from clauses_portal.accounts.models import User
from clauses_portal.core import french
from facilitators.enums import Role
from facilitators.models import AccessKey, Membership, Notification
from facilitators.notifications import notify

# Days before the end of a key at which its keepers are told, the nearest first.
WARNINGS = (7, 30)


def keepers_of(key, day):
    """The accounts that follow a key: facilitators of the territories of its structure, chargées de mission."""
    mine = Q(role=Role.FACILITATOR, territory__conventions__structure=key.structure_id)
    keepers = Membership.objects.active(day).filter(mine | Q(role=Role.MISSION_OFFICER))
    return User.objects.filter(pk__in=keepers.values("user"), is_active=True)


def tell_created(key):
    """One notification to each keeper but the one who created the key."""
    _tell(key, f"La clé d’accès « {key} » est créée : un logiciel peut échanger avec elle.", key.created_by)


def tell_revoked(key):
    """One notification to each keeper but the one who revoked the key."""
    _tell(key, f"La clé d’accès « {key} » est révoquée : le logiciel n’échange plus avec elle.", key.revoked_by)


def tell_new_address(key, address):
    """One notification to each keeper: the key has just been used from an address it never came from."""
    _tell(key, f"La clé d’accès « {key} » vient d’être utilisée depuis une nouvelle adresse, {address}.")


@transaction.atomic
def warn_of_expiry():
    """Tell the keepers of each key that ends within 30, then 7 days, once each; returns how many notifications.

    What was told is found again by its text: a round that was missed is made up for by the next one.
    """
    now = timezone.now()
    rows = AccessKey.objects.live(now).filter(expires_on__lte=now + timedelta(days=max(WARNINGS)))
    return sum(len(_warn(key, now)) for key in rows)


def _warn(key, now):
    left = next(days for days in WARNINGS if key.expires_on <= now + timedelta(days=days))
    text = f"La clé d’accès « {key} » expire dans moins de {left} jours, le {french.date(key.expires_on)}."
    told = Notification.objects.filter(text=french.typographic(text)).values("recipient")
    return _tell(key, text, people=keepers_of(key, timezone.localdate(now)).exclude(pk__in=told))


def _tell(key, text, by=None, *, people=None):
    people = keepers_of(key, timezone.localdate()) if people is None else people
    page = reverse("facilitators:key", args=[key.pk])
    return notify(people, french.typographic(text), page, except_for=by)
