"""Two people create a key, or a program comes from a new place, at the same instant."""

import pytest

from clauses_portal.core.errors import Conflict
from facilitators.access_keys import create_key, note_use, revoke_key
from facilitators.enums import KeyDirection, KeyScope
from facilitators.models import AccessKey, KeyAddress
from tests.factories.accounts import author
from tests.factories.facilitators import ConventionFactory
from tests.support.threads import race, sort_out

pytestmark = pytest.mark.django_db(transaction=True)

ITERATIONS = 4


def creating(structure, who):
    return lambda: create_key(
        structure=structure,
        direction=KeyDirection.TO_DEPARTMENT,
        label="Logiciel de suivi",
        scopes=[KeyScope.READ_HOURS],
        by=who,
    )


def test_two_keys_created_beside_one_make_two():
    who = author()
    for _ in range(ITERATIONS):
        structure = ConventionFactory().structure
        creating(structure, who)()
        done, refused = sort_out(race(creating(structure, who), creating(structure, who)))
        assert (len(done), [type(error) for error in refused]) == (1, [Conflict])
        assert AccessKey.objects.filter(structure=structure).count() == 2


def test_a_key_is_revoked_once():
    who = author()
    for _ in range(ITERATIONS):
        key, _ = creating(ConventionFactory().structure, who)()
        revoking = [lambda key=key: revoke_key(key=key, by=who)] * 2
        assert [type(error) for error in sort_out(race(*revoking))[1]] == [Conflict]
        assert key.history.count() == 2


def test_a_new_address_is_kept_once():
    who = author()
    for _ in range(ITERATIONS):
        key, _ = creating(ConventionFactory().structure, who)()
        using = [lambda key=key: note_use(key, address="192.0.2.10")] * 3
        assert sort_out(race(*using))[1] == []
        assert KeyAddress.objects.filter(key=key).count() == 1
