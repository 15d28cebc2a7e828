"""A1: whatever the route and the method, a row of another territory is an unknown row, and never changes (M1)."""

import pytest
from django.db import transaction
from django.urls import reverse

from clauses_portal.accounts.models import JournalAction, JournalEntry
from clauses_portal.core.errors import NOT_FOUND
from tests.support.access import MATRIX
from tests.support.access.rules import FE, A
from tests.support.contents import contents
from tests.test_access_matrix import sign_in

UNKNOWN = 2**31 - 1
# Written by the one who asks, never by what is asked.
PASSING = {"Date", "Set-Cookie"}


def hidden_from(identity):
    """[(route, rule)] of what this identity may not know of."""
    return [(route, rule) for route, rule in MATRIX.items() if rule.see is not None and identity not in rule.see]


def told(client, method, url, body):
    """Status, bytes and headers of an answer, undone."""
    with transaction.atomic():
        answer = client.generic(method, url, body, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    headers = {name: value for name, value in answer.headers.items() if name not in PASSING}
    return answer.status_code, answer.content, headers


@pytest.mark.parametrize("identity", [FE, A])
def test_a_row_out_of_sight_is_an_unknown_row(world, identity):
    client, before, different = sign_in(world, identity), contents(), []
    for route, rule in hidden_from(identity):
        here, nowhere = rule.address(route, world["targets"]), rule.address(route, pk=UNKNOWN)
        for method, body in (("GET", b""), ("POST", b""), ("POST", b"version=1&state=granted"), ("DELETE", b"")):
            hidden, unknown = told(client, method, here, body), told(client, method, nowhere, body)
            if hidden != unknown or hidden[0] not in {404, 405}:
                different.append((method, route, hidden[0], unknown[0]))
            elif hidden[0] == 404 and NOT_FOUND not in hidden[1].decode():
                different.append((method, route, "without the sentence"))
    assert different == []
    assert contents() == before


def test_a_refusal_leaves_a_line_without_a_name(world):
    client = sign_in(world, FE)
    person = world["targets"]["person"]
    assert client.get(reverse("participants:person", args=[person.pk])).status_code == 404
    line = JournalEntry.objects.latest("pk")
    assert (line.action, line.actor, line.status, line.object_id) == (
        JournalAction.REFUSAL,
        client.user,
        404,
        person.pk,
    )
    assert person.last_name not in str(vars(line))
