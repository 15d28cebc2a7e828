"""Two keys of access: one in service, one revoked. Their text is thrown away: nothing opens the demonstration."""

from datetime import timedelta

from django.urls import reverse

from facilitators.access_keys import create_key, revoke_key
from facilitators.enums import KeyDirection, KeyScope
from facilitators.models import AccessKey, KeyAddress, Notification, Structure
from reporting.demo.calendar import at
from reporting.demo.history import backdate

LABEL = "Logiciel de suivi des parcours"
SCOPES = [KeyScope.READ_MARKETS, KeyScope.WRITE_PERSONS, KeyScope.WRITE_HOURS]
# An address kept for documentation.
ADDRESS = "192.0.2.10"
CREATED_AGO, REPLACED_AGO, USED_AGO = 320, 35, 1  # days


def create_keys(world):
    """The first key of a structure, revoked for another, then the one its program uses."""
    facilitator = world.facilitators["AIX"]
    structure = Structure.objects.get(conventions__territories=world.territories["AIX"])
    first, second = (_create(structure, facilitator) for _ in range(2))
    revoke_key(key=first, by=facilitator)
    _date(first, world.calendar.ago(CREATED_AGO))
    _date(second, world.calendar.ago(REPLACED_AGO + 7))
    replaced = at(world.calendar.ago(REPLACED_AGO))
    AccessKey.objects.filter(pk=first.pk).update(revoked_at=replaced)
    first.history.filter(history_type="~").update(revoked_at=replaced, history_date=replaced)
    for key, day in ((first, REPLACED_AGO), (second, USED_AGO)):
        AccessKey.objects.filter(pk=key.pk).update(last_used_on=at(world.calendar.ago(day), 6))
        KeyAddress.objects.create(key=key, address=ADDRESS)
        Notification.objects.filter(path=reverse("facilitators:key", args=[key.pk])).update(read_on=replaced)
    world.made["clés d’accès"] = 2


def _create(structure, by):
    key, _ = create_key(structure=structure, direction=KeyDirection.TO_DEPARTMENT, label=LABEL, scopes=SCOPES, by=by)
    return key


def _date(key, day):
    """Created that day, for a year."""
    backdate(key, day, created_at=at(day), expires_on=at(day) + timedelta(days=365))
