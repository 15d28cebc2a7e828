"""Programs of every sort: those that may, and those whose key opens nothing."""

from datetime import timedelta

from django.utils import timezone

from facilitators.access_keys import create_key, revoke_key
from facilitators.enums import KeyDirection, KeyScope
from facilitators.models import AccessKey
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import ConventionFactory, StructureFactory
from tests.support.exchange_world import programs
from tests.support.keys import KeyClient


def living(world, elsewhere):
    """{name: KeyClient} of keys that open something; `elsewhere`: a territory of another structure."""
    neighbour = ConventionFactory(territories=[world.territory]).structure
    stranger = ConventionFactory(territories=[elsewhere]).structure
    far = programs(structure=stranger)
    return {
        "department": world.department,
        "facilitator": world.facilitator,
        "neighbour": programs(structure=neighbour)["facilitator"],
        "department elsewhere": far["department"],
        "facilitator elsewhere": far["facilitator"],
        "statements only": _key(neighbour, KeyScope.READ_STATEMENTS),
    }


def dead(world):
    """{name: KeyClient} of keys that open nothing any more."""
    structure = world.facilitator.key.structure
    over = ConventionFactory(territories=[world.territory], expired=True).structure
    expired, revoked = (_key(structure, KeyScope.READ_STATEMENTS, past=past) for past in (True, False))
    revoke_key(key=revoked.key, by=UserFactory())
    return {
        "revoked": revoked,
        "expired": expired,
        "of an ended convention": _key(over, KeyScope.READ_STATEMENTS),
        "of a structure without convention": _key(StructureFactory(), KeyScope.READ_STATEMENTS),
    }


def _key(structure, *scopes, past=False):
    """A key of the facilitator's direction; `past`: it expired yesterday."""
    options = {"direction": KeyDirection.TO_DEPARTMENT, "label": "Autre logiciel", "by": UserFactory()}
    key, text = create_key(structure=structure, scopes=scopes, **options)
    if past:
        year_ago = timezone.now() - timedelta(days=365)
        AccessKey.objects.filter(pk=key.pk).update(created_at=year_ago, expires_on=timezone.now() - timedelta(days=1))
    return KeyClient(key, text)
