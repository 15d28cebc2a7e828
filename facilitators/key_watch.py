"""Telling those who manage a key that something happened to it."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from clauses_portal.accounts.models import User
from facilitators.enums import Role
from facilitators.models import Membership
from facilitators.notifications import notify


def keepers_of(key, day):
    """The accounts that follow a key: facilitators of the territories of its structure, chargées de mission."""
    mine = Q(role=Role.FACILITATOR, territory__conventions__structure=key.structure_id)
    keepers = Membership.objects.active(day).filter(mine | Q(role=Role.MISSION_OFFICER))
    return User.objects.filter(pk__in=keepers.values("user"))


def tell_new_address(key, address):
    """One notification to each keeper: the key has just been used from an address it never came from."""
    text = f"La clé d’accès « {key} » vient d’être utilisée depuis une nouvelle adresse : {address}."
    notify(keepers_of(key, timezone.localdate()), text, reverse("facilitators:keys"))
