"""What the database holds about keys of access and what an exchange leaves."""

from datetime import timedelta

import pytest

from facilitators.enums import KeyDirection, KeyScope
from facilitators.models import AccessKey, ExternalReference, KeyAddress, RepeatableRequest
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import StructureFactory
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import NOW, World, pair

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)
MINUTE = timedelta(minutes=1)
DEPOSIT = {"direction": KeyDirection.TO_FACILITATOR, "scopes": [KeyScope.WRITE_MARKETS]}


def key(world, **changes):
    fields = {
        "structure": world.structure,
        "direction": KeyDirection.TO_DEPARTMENT,
        "label": "Logiciel de suivi",
        "prefix": f"{AccessKey.objects.count():08d}",
        "digest": "0" * 64,
        "scopes": [KeyScope.READ_HOURS],
        "account": UserFactory(is_software=True),
        "created_at": NOW,
        "created_by": world.author,
        "expires_on": NOW + YEAR,
    }
    return AccessKey(**fields | changes)


def the_key(world):
    if not AccessKey.objects.exists():
        key(world).save()
    return AccessKey.objects.earliest("pk")


def other_key(world):
    """Another key than `the_key`."""
    the_key(world)
    other = key(world)
    other.save()
    return other


def address(world, **changes):
    return KeyAddress(**{"key": the_key(world), "address": "192.0.2.10"} | changes)


def reference(world, **changes):
    fields = {"structure": world.structure, "resource": "lots", "reference": "ABC-1", "object_id": 1}
    return ExternalReference(**fields | changes)


def request(world, **changes):
    fields = {"key": the_key(world), "value": "une", "fingerprint": "0" * 64, "status": 201, "answer": {"id": 1}}
    return RepeatableRequest(**fields | changes)


def another_structure(world):
    return StructureFactory()


CREATED = pair("created")
RULES = [
    Rule(
        "key_expires_within_a_year",
        key,
        accepted=[{"expires_on": NOW + MINUTE}, {"expires_on": NOW + YEAR}],
        refused=[{"expires_on": NOW}, {"expires_on": NOW - MINUTE}, {"expires_on": NOW + YEAR + MINUTE}],
    ),
    Rule("key_permits_something", key, refused=[{"scopes": []}], seen_by_forms=False),
    Rule(
        "key_scopes_fit_direction",
        key,
        accepted=[DEPOSIT, DEPOSIT | {"scopes": KeyScope.of(KeyDirection.TO_FACILITATOR)}],
        refused=[
            DEPOSIT | {"scopes": [KeyScope.READ_PERSONS]},
            DEPOSIT | {"scopes": [KeyScope.READ_MARKETS, KeyScope.WRITE_HOURS]},
        ],
    ),
    Rule(
        "key_scopes_fit_other_direction",
        key,
        accepted=[{"scopes": KeyScope.of(KeyDirection.TO_DEPARTMENT)}],
        refused=[{"scopes": [KeyScope.WRITE_MARKETS]}, {"scopes": [KeyScope.READ_HOURS, KeyScope.WRITE_MARKETS]}],
    ),
    # a key without date has no end either: `key_expires_within_a_year` refuses it
    Rule(
        "accesskey_created_pair", key, accepted=CREATED["accepted"][:1], refused=CREATED["refused"], seen_by_forms=False
    ),
    Rule("accesskey_revoked_pair", key, **pair("revoked")),
    Rule(
        "key_address_once",
        address,
        existing={},
        accepted=[{"address": "192.0.2.11"}, {"key": other_key}],
        refused=[{}],
    ),
    Rule(
        "external_reference_once",
        reference,
        existing={},
        accepted=[
            {"reference": "ABC-2", "object_id": 2},
            {"structure": another_structure},
            {"resource": "markets"},
            {"system": "ABC"},
        ],
        refused=[{"object_id": 2}],
    ),
    Rule(
        "external_reference_of_one_row",
        reference,
        existing={},
        accepted=[{"reference": "ABC-2", "object_id": 2}],
        refused=[{"reference": "ABC-2"}],
    ),
    Rule("external_reference_not_empty", reference, refused=[{"reference": ""}], seen_by_forms=False),
    Rule(
        "request_once",
        request,
        existing={},
        accepted=[{"value": "deux"}, {"key": other_key}],
        refused=[{}, {"status": 200}],
    ),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
