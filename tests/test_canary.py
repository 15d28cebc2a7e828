"""The canary method: values that exist nowhere else are looked for in everything each role can read.

Amounts, computation and identities are the secrets of the portal (C27, domain.md §8); design.md §3 says who reads what.
"""

import json
import logging
import re
from decimal import Decimal

import pytest
import redis
import time_machine
from celery.signals import before_task_publish
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db.models import Max
from django.urls import reverse

from clauses_portal.accounts.models import JournalAction as A
from clauses_portal.accounts.models import JournalEntry
from clauses_portal.core.exports import answers, csv_text
from facilitators import reference
from facilitators.models import Notification, OutgoingMail, WebhookDelivery
from markets.services.programme import ask_programme_import
from reporting.services.production import ask
from reporting.tasks import produce_statement
from tests.factories.accounts import author
from tests.factories.facilitators import ConventionFactory, three_territories
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.reporting import StatementFactory
from tests.support import canaries
from tests.support.access import MATRIX
from tests.support.aviary import LOT_AMOUNT, SECRETS, fill
from tests.support.computations import COMPUTED
from tests.support.identities import IDENTITIES, Place, read_by, signed_in
from tests.support.pages import table
from tests.support.papers import parts_of
from tests.support.sequences import count_from
from tests.support.shared import for_the_module
from tests.support.sql import holders_of

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

# design.md §3: kinds of secrets, or the name of one; everything else is a leak.
MAY_READ = {
    "officer": {"amount", "method", "usual"},
    "legal": {"amount", "method", "usual"},
    "agent": {"amount"},
    "facilitator": {"amount", "method", "usual", "identity"},
    "facilitator elsewhere": {"usual"},
    "privacy officer": {"nom", "prénom"},
    "key of the facilitator": {"identity"},
    # who works for it (security.md §2.1)
    "company": {"nom", "prénom"},
}
# What each of them is there to read: without these hits the method would prove nothing.
COMPUTED_NAMES = {secret.name for secret in COMPUTED}
MUST_READ = {
    "officer": {"montant estimé du lot", "montant attribué du lot", *COMPUTED_NAMES},
    "legal": {"montant estimé du lot", "montant attribué du lot", *COMPUTED_NAMES},
    "agent": {"montant estimé du lot", "montant attribué du lot"},
    "facilitator": {"montant estimé du lot", "nom", "nom de naissance", "date de naissance", "adresse", "motif"},
    "key of the facilitator": {"nom", "nom de naissance", "date de naissance", "adresse"},
    "company": {"nom"},
}
FIRST = 400
# What their readings leave in the journal (security.md §1.2): {kind of secret: its line}, then what each one leaves.
WANTED = {"identity": A.READING, "amount": A.AMOUNTS, "method": A.AMOUNTS, "usual": A.AMOUNTS}
TAKEN = {A.EXPORT, A.DOWNLOAD}
LEAVES = {
    "officer": {A.READING, A.AMOUNTS},
    "legal": {A.AMOUNTS},
    "agent": {A.AMOUNTS},
    "facilitator": {A.READING, A.AMOUNTS},
}
SIGNED_IN = [name for name in IDENTITIES if name not in {"passer-by", "company"} and not name.startswith("key")]
SHORTEST = 5  # one of three figures is also the number of a row


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch):
    """Every export of the portal in one minute: more than an account may ask for."""
    monkeypatch.setattr(answers, "MOST_A_MINUTE", 1000)


@pytest.fixture(scope="module")
def aviary(django_db_setup, django_db_blocker):
    """The world of the canaries, made once for the module."""
    with time_machine.travel("2026-09-15T10:00:00+02:00"), for_the_module(django_db_blocker):
        count_from(FIRST)
        territories = three_territories()
        ConventionFactory(territories=territories)
        reference.load()
        yield Place(territories[0], territories[1], fill(territories[0]))


@pytest.fixture(scope="module")
def search():
    """Lines read for one identity are not read again for the next."""
    return canaries.Search(SECRETS)


@pytest.fixture
def place(aviary, db):
    """The same for each test, which changes nothing of it, and numbers what it adds after it."""
    count_from(2 * FIRST)
    return Place(aviary.territory, aviary.elsewhere, dict(aviary.targets))


def may_read(identity, secret):
    return bool({secret.kind, secret.name} & MAY_READ.get(identity, set()))


class Journal:
    """The lines each answer leaves there, beside what it told: a name or an amount read without its line is missing."""

    def __init__(self, client):
        self.client, self.missing, self.left = client, set(), set()
        self.last = JournalEntry.objects.aggregate(last=Max("pk"))["last"] or 0

    def compare(self, route, answer, found):
        """`found`: {secret: spelling} of what the answer holds."""
        lines = {line.action: line for line in JournalEntry.objects.filter(pk__gt=self.last).order_by("pk")}
        self.last = max([self.last, *(line.pk for line in lines.values())])
        self.left |= set(lines)
        is_file = answer.headers.get("Content-Disposition", "").startswith("attachment")
        if is_file and not TAKEN & set(lines):
            self.missing.add((route, "file"))
        told = {secret for secret, spelling in found.items() if len(spelling) >= SHORTEST}
        # a paper may tell an amount: taking it away is its own line
        told = {secret for secret in told if not (is_file and secret.kind != "identity")}
        self.missing |= {(route, secret.name) for secret in told if WANTED[secret.kind] not in lines}
        self.missing |= {(route, "author") for line in lines.values() if line.actor_id != self.client.user.pk}
        self.missing |= {(route, line.route) for line in lines.values() if line.route != route}


@pytest.mark.parametrize("identity", IDENTITIES)
def test_each_identity_reads_its_own_secrets_and_no_other(place, search, identity, caplog):
    caplog.set_level(logging.INFO)
    client, answers_met = read_by(identity, place)
    leaks, read, opened, journal = [], set(), 0, Journal(client) if identity in SIGNED_IN else None
    for route, answer in answers_met:
        opened += answer.status_code == 200
        found = search.found_in(canaries.everything_sent(answer))
        if journal:
            journal.compare(route, answer, found)
        mine = {secret for secret in found if may_read(identity, secret)}
        leaks += [f"{route}: {secret.name} « {found[secret]} »" for secret in found.keys() - mine]
        read |= {secret.name for secret in found}
    assert leaks == []
    assert opened
    assert MUST_READ.get(identity, set()) <= read
    if journal:
        assert journal.missing == set()
        assert LEAVES.get(identity, set()) <= journal.left
    assert written_out(search, "\n".join([caplog.text, *kept_beside(client)]).lower()) == {}


def kept_beside(client):
    """What asking leaves behind it: the session, the journal, the cache, the broker, what people are told."""
    yield json.dumps(dict(client.session.items()), default=str)
    yield from (json.dumps(session.get_decoded(), default=str) for session in Session.objects.all())
    for model in (JournalEntry, Notification, OutgoingMail, WebhookDelivery):
        yield from (" ".join(map(str, row)) for row in model.objects.values_list())
    yield from (str(sent.message()) for sent in mail.outbox)
    yield from in_memory(settings.CACHES["default"]["LOCATION"], f"{settings.CACHES['default']['KEY_PREFIX']}:*")
    yield from in_memory(settings.CELERY_BROKER_URL, "*")


def written_out(search, text):
    """What is found in what no person reads, where a number of five digits may also be part of a time or of a code."""
    found = search.found_in(text)
    return {secret: told for secret, told in found.items() if re.search(rf"(?<![\w.]){re.escape(told)}(?!\w)", text)}


def in_memory(address, names):
    """What Valkey holds under these names: plain values, lists (queues), tables (messages under way)."""
    with redis.Redis.from_url(address) as server:
        for name in server.scan_iter(names):
            read = {b"list": lambda key: server.lrange(key, 0, -1), b"hash": server.hgetall, b"string": server.get}
            yield f"{name} {read.get(server.type(name), server.type)(name)}"


# What somebody would try in an address to learn a figure or a name without seeing it (A3): an order, and filters that
# would leave nothing of the list.
ORDERS = ("financials__estimated_amount", "-lots__financials__estimated_amount", "birth_date")
FILTERS = {
    "financials__estimated_amount__gt": "900000000",
    "lots__financials__estimated_amount__lt": "1",
    "estimated_amount": str(LOT_AMOUNT),
    "lots__contracts__participant__last_name": "ZZCANARINOM",
    "birth_date__lt": "1900-01-01",
    "address__icontains": "canari",
}
SEARCHES = ["918273", "918 273,64", "564738.29", "43.217", "31,87", "1971", "28/02", "IMPASSE", "RQTH-CANARI"]
SEARCHED = {"operations:list", "markets:list", "markets:programme", "participants:list"}
LISTS = [route for route, rule in MATRIX.items() if rule.get and not (rule.target or rule.exported or rule.see)]


@pytest.mark.parametrize("identity", ["officer", "facilitator"])
def test_no_list_answers_a_question_on_what_it_does_not_show(place, identity):
    """Every list, with the amounts of three more lots in another order than their numbers."""
    for estimated in ("1000000", "10", "918273.65"):
        lot = LotFactory(territory=place.territory)
        LotFinancialsFactory(lot=lot, estimated_amount=Decimal(estimated))
        MarketFinancialsFactory(market=lot.market, estimated_amount=Decimal(estimated))
    visitor, different, lines = signed_in(place)[identity](), [], 0
    for url in map(reverse, LISTS):
        as_it_is = shown(visitor, url)
        lines += len(as_it_is)
        questions = [dict.fromkeys(("ordering", "o", "tri"), order) | FILTERS for order in ORDERS]
        different += [(url, asked) for asked in questions if as_it_is and shown(visitor, url, asked) != as_it_is]
    for url in map(reverse, SEARCHED):
        different += [(url, text) for text in SEARCHES if shown(visitor, url, {"q": text})]
    assert different == []
    assert lines > 20


def shown(visitor, url, asked=None):
    """The lines of the list, none when it is not one or not for her."""
    response = visitor.get(url, asked or {})
    is_page = response.status_code == 200 and response["Content-Type"].startswith("text/html")
    return table(response) if is_page and response.content else []


# Acts on a computation, and figures somebody would send there to see what comes back.
ACTS = {
    "markets:calibrate": "lot",
    "markets:calibration_preview": "lot",
    "markets:retain": "calibration",
    "markets:calibration_return": "calibration",
    "markets:activate": "calibration",
    "markets:parameters_trade": "trade",
}
SENT = {
    "amount": "564738.29",
    "labour_share": "43,217",
    "insertion_rate": "7,131",
    "hourly_cost": "31,87",
    "label": "847362.51",
    "reason": "43,217 %",
    "gap_reason": "43,217 %",
    "hours": "x",
    "rounding": "nearest",
}
OUTSIDERS = [
    "agent",
    "agent of another directorate",
    "facilitator elsewhere",
    "former facilitator",
    "director",
    "administrator",
    "privacy officer",
]


def test_a_refusal_repeats_no_figure(place, search, caplog):
    """Nor does a page of error, whoever asks, nor the log when those who may are refused."""
    caplog.set_level(logging.INFO)
    leaks, targets, people = [], place.targets, signed_in(place)
    for identity in [*OUTSIDERS, "officer", "facilitator"]:
        visitor = people[identity]()
        for route, target in ACTS.items():
            row = targets[target][0] if target == "calibration" else targets[target]
            response = visitor.post(reverse(route, args=[row.pk]), SENT)
            if identity in OUTSIDERS:
                assert response.status_code in {403, 404}, (identity, route)
                found = search.found_in(canaries.everything_sent(response))
                leaks += [(identity, route, secret.name) for secret in found]
            else:
                assert response.status_code in {200, 302, 403, 422}, (identity, route)
    assert leaks == []
    assert search.found_in(caplog.text.lower()) == {}


def test_the_statement_carries_no_secret(place, search):
    statement = StatementFactory(territory=place.territory, period_code="2026-T2", comments="Bon trimestre.")
    job = ask(statement=statement, by=author(), publish=True, from_console=True)
    produce_statement(job.pk)
    statement.refresh_from_db()
    parts = parts_of(statement.pdf.read()) | {"snapshot": json.dumps(statement.snapshot, ensure_ascii=False)}
    assert "141 h" in " ".join(parts["text"].split())
    assert "141,00" in parts["lots.csv"]
    found = {(part, secret.name) for part, content in parts.items() for secret in search.found_in(content.lower())}
    assert found == set()


@pytest.fixture
def published():
    """The messages given to the broker, headers and body, as they leave."""
    messages = []

    def keep(body, headers, **options):
        messages.append(f"{headers} {body}")

    before_task_publish.connect(keep)
    yield messages
    before_task_publish.disconnect(keep)


def test_what_is_sent_to_the_broker_and_to_people_carries_no_secret(
    place, search, published, django_capture_on_commit_callbacks
):
    """Jobs on what holds the secrets: the messages name them by their number (tests/abuse/test_a14_messages.py)."""
    facilitator, officer = (signed_in(place)[identity]() for identity in ("facilitator", "officer"))
    with django_capture_on_commit_callbacks(execute=True):
        ask(statement=place.targets["draft"], by=facilitator.user, publish=False)
        content = csv_text(["Référence opération", "Montant estimé"], [["OP-1", str(LOT_AMOUNT)]]).encode()
        directorate = place.targets["directorate"]
        ask_programme_import(by=officer.user, directorate=directorate, file_name="a.csv", content=content)
    assert len(published) == 2
    assert written_out(search, "\n".join([*published, *kept_beside(facilitator)]).lower()) == {}


# Where each secret is kept, and nowhere else: a table that joins them must be asked for (C27), and forgotten with the
# person (A15).
FINANCIALS = {"markets_marketfinancials", "markets_lotfinancials", "markets_phasefinancials"}
AUDIT = {"core_auditedchange"}  # written by the database itself, as hard to read as they are
KEPT_IN = {
    "918273.64": FINANCIALS | AUDIT,
    "ZZCANARINAISSANCE": {"participants_participant"},
    "17 IMPASSE DU CANARI": {"participants_participant"},
    "RQTH-CANARI": {"participants_eligibilityvalidation"},
}


@pytest.mark.parametrize("text", KEPT_IN)
def test_a_secret_is_in_its_table_and_in_its_history_alone(place, text):
    histories = {name.replace("_", "_historical", 1) for name in KEPT_IN[text]}
    assert set(holders_of(text)) <= KEPT_IN[text] | histories
    assert set(holders_of(text)) & KEPT_IN[text]
