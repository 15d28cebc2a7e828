"""The canary method by key: no amount and no method is anywhere in what a program can read (C27; security.md §2.2)."""

import json
import logging

import pytest

from clauses_portal.api_docs.document import document, operations
from facilitators.enums import KeyScope
from facilitators.models import RepeatableRequest
from tests.factories.reporting import StatementFactory, StatementFileFactory
from tests.support import canaries
from tests.support.aviary import AWARDED, LOT_AMOUNT, MARKET_AMOUNT, SECRETS, fill
from tests.support.exchange_world import programs
from tests.support.keys import program
from tests.support.sent import send

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

CONFIDENTIAL = [secret for secret in SECRETS if secret.kind in {"amount", "method", "usual"}]
IDENTITIES = {"nom", "prénom", "nom de naissance", "date de naissance", "adresse"}
READS = [path for path, method, _ in operations(document()) if method == "get"]
QUESTIONS = [
    {name: value}
    for name in ("ordering", "o", "search", "q", "fields", "include", "format")
    for value in ("financials__estimated_amount", str(LOT_AMOUNT))
] + [{"financials__estimated_amount__gt": "1"}, {"lots__financials__awarded_amount": str(AWARDED)}]


@pytest.fixture
def world(territory):
    """Rows whose confidential fields hold values unique in the world, with a published paper and its files."""
    paper = StatementFactory(territory=territory, period_code="2025-T3")
    StatementFileFactory(statement=paper, kind="restricted", content=str(MARKET_AMOUNT).encode())
    send(paper)
    return fill(territory)


def everything(key):
    """(address, answer) of every address of the interface this key may read, lists first, then each of their rows."""
    ids = {}
    for path in sorted(READS, key=lambda path: path.count("{")):
        for address in addresses(path, ids):
            answer = key.get(address)
            yield address, answer
            if "{" not in path and answer.status_code == 200:
                ids[path] = [row["id"] for row in answer.json().get("items", ()) if "id" in row]


def addresses(path, ids):
    if "{id}" not in path:
        return [path]
    rows = ids.get(path.partition("/{id}")[0], ())
    return [path.replace("{id}", str(row)).replace("{file}", "document") for row in rows]


def test_no_key_reads_a_confidential_figure(world, caplog):
    caplog.set_level(logging.INFO)
    leaks, identities, opened = [], set(), set()
    keys = programs()
    for name, key in keys.items():
        for address, answer in everything(key):
            sent = canaries.everything_sent(answer)
            leaks += [(name, address, secret.name) for secret in CONFIDENTIAL if secret.found_in(sent)]
            found = {secret.name for secret in SECRETS if secret.found_in(sent)}
            identities |= {(name, one) for one in found & IDENTITIES}
            opened |= {address} if answer.status_code == 200 else set()
    assert leaks == []
    assert len(opened) > len(READS)
    # the facilitator's program reads who the persons are, that of the Département never: the method is proved by both
    assert identities == {("facilitator", one) for one in IDENTITIES}
    assert [secret.name for secret in SECRETS if secret.found_in(caplog.text.lower())] == []
    kept = kept_answer(keys["department"], world["lot"])
    assert [secret.name for secret in CONFIDENTIAL if secret.found_in(kept)] == []


def kept_answer(key, lot):
    """What the portal keeps of a request that may be repeated."""
    body = {"version": key.read(f"/lots/{lot.pk}").json()["version"], "crew_size": 4}
    assert key.change(f"/lots/{lot.pk}", body, headers={"Idempotency-Key": "une"}).status_code == 200
    return json.dumps(RepeatableRequest.objects.get().answer, ensure_ascii=False).lower()


def test_no_list_answers_a_question_on_a_figure():
    """A3: an unknown parameter is refused, whatever the list."""
    key = program(KeyScope.READ_MARKETS, KeyScope.READ_ALERTS, KeyScope.READ_STATEMENTS)
    for path in ("/operations", "/markets", "/lots", "/awards", "/companies", "/alerts", "/statements"):
        statuses = {key.read(path, question).status_code for question in QUESTIONS}
        assert statuses == {400}, path
