"""Every page that shows a name or an amount leaves its line in the journal, and every file that is taken away too.

The same unique values as the canary: where one is read, the journal says so (security.md §1.2).
"""

import pytest

from clauses_portal.accounts.models import JournalAction as A
from clauses_portal.accounts.models import JournalEntry
from clauses_portal.core.exports import answers
from facilitators import reference
from facilitators.enums import Role
from tests.support import canaries
from tests.support.aviary import SECRETS, asked_by, fill, pages
from tests.test_access_matrix import MATRIX

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

# {kind of secret: the line its reading leaves}
WANTED = {"identity": A.READING, "amount": A.AMOUNTS, "method": A.AMOUNTS, "usual": A.AMOUNTS}
SHORTEST = 5
TAKEN = {A.EXPORT, A.DOWNLOAD}
READERS = {
    Role.MISSION_OFFICER: {A.READING, A.AMOUNTS},
    Role.LEGAL_OFFICER: {A.AMOUNTS},
    Role.DIRECTORATE_AGENT: {A.AMOUNTS},
    Role.FACILITATOR: {A.READING, A.AMOUNTS},
}


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch):
    monkeypatch.setattr(answers, "MOST_A_MINUTE", 1000)


def told_in(secret, sent):
    """True when a spelling of this secret is there; one of three figures is also the number of a row."""
    return any(len(spelling) >= SHORTEST and spelling.lower() in sent for spelling in secret.spellings)


def lines_of(client, url):
    """(answer in lower case, is it a file, {action: line} it left)."""
    last = JournalEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    response = client.get(url)
    sent = canaries.everything_sent(response)
    is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
    return sent, is_file, {line.action: line for line in JournalEntry.objects.filter(pk__gt=last)}


@pytest.mark.parametrize("role", READERS)
def test_what_is_read_is_in_the_journal(as_role, territory, role):
    targets = fill(territory)
    reference.load()
    client = as_role(role, directorate=targets["directorate"])
    missing, left = set(), set()
    for route, url in pages(MATRIX, targets | asked_by(client.user, targets)):
        sent, is_file, lines = lines_of(client, url)
        left |= set(lines)
        if is_file and not TAKEN & set(lines):
            missing.add((route, "file"))
        missing |= {
            (route, WANTED[secret.kind].label, secret.name)
            for secret in SECRETS
            # a paper may tell an amount: taking it away is its own line
            if WANTED[secret.kind] not in lines
            and not (is_file and secret.kind != "identity")
            and told_in(secret, sent)
        }
        assert all(line.actor == client.user and line.route == route for line in lines.values()), route
    assert not missing, sorted(missing)
    assert READERS[role] <= left
