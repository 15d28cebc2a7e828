"""The canary method: values that exist nowhere else are looked for in everything each role can read.

Amounts, computation and identities are the secrets of the portal (C27, domain.md §8); design.md §3 says who reads what.
"""

import json
import logging
from decimal import Decimal

import pytest
from django.urls import reverse

from clauses_portal.core.exports import answers
from facilitators import reference
from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.permissions import revoke
from reporting.services.production import ask
from reporting.tasks import produce_statement
from tests.factories.accounts import author
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.reporting import StatementFactory
from tests.support import canaries
from tests.support.aviary import LOT_AMOUNT, SECRETS, asked_by, fill, pages
from tests.support.computations import COMPUTED
from tests.support.pages import table
from tests.support.papers import parts_of
from tests.test_access_matrix import MATRIX

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

# design.md §3: everything else is a leak.
MAY_READ = {
    "officer": {"amount", "method", "usual"},
    "legal": {"amount", "method", "usual"},
    "agent": {"amount"},
    "facilitator": {"amount", "method", "usual", "identity"},
    "facilitator elsewhere": {"usual"},
}
# What each of them is there to read: without these hits the method would prove nothing.
MUST_READ = {
    "officer": {"montant estimé du lot", "montant attribué du lot", *(secret.name for secret in COMPUTED)},
    "legal": {"montant estimé du lot", "montant attribué du lot", *(secret.name for secret in COMPUTED)},
    "agent": {"montant estimé du lot", "montant attribué du lot"},
    "facilitator": {"montant estimé du lot", "nom", "nom de naissance", "date de naissance", "adresse", "motif"},
}


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch):
    """Every export of the portal in one minute: more than an account may ask for."""
    monkeypatch.setattr(answers, "MOST_A_MINUTE", 1000)


@pytest.fixture
def targets(territory, convention):
    return fill(territory)


@pytest.fixture
def visitors(as_role, client, targets, elsewhere):
    """{identity: client}: those of the access matrix, one whose role was taken back, and a passer-by."""
    former = as_role(Role.FACILITATOR)
    revoke(membership=former.user.memberships.get(), by=author())
    return {
        "officer": as_role(Role.MISSION_OFFICER),
        "legal": as_role(Role.LEGAL_OFFICER),
        "agent": as_role(Role.DIRECTORATE_AGENT, directorate=targets["directorate"]),
        "agent of another directorate": as_role(Role.DIRECTORATE_AGENT, directorate=DirectorateFactory()),
        "facilitator": as_role(Role.FACILITATOR),
        "facilitator elsewhere": as_role(Role.FACILITATOR, territory=elsewhere),
        "former facilitator": former,
        "director": as_role(Role.DIRECTOR),
        "administrator": as_role(Role.ADMINISTRATOR),
        "privacy officer": as_role(Role.PRIVACY_OFFICER),
        "passer-by": client,
    }


def test_each_role_reads_its_own_secrets_and_no_other(visitors, targets, caplog):
    reference.load()
    caplog.set_level(logging.INFO)
    leaks, read = [], {}
    for identity, visitor in visitors.items():
        mine = asked_by(visitor.user, targets) if visitor.user else {}
        for route, url in pages(MATRIX, targets | mine):
            sent = canaries.everything_sent(visitor.get(url))
            for secret in SECRETS:
                spelling = secret.found_in(sent)
                if spelling and secret.kind not in MAY_READ.get(identity, ()):
                    leaks.append(f"{identity}, {route}: {secret.name} « {spelling} »")
                elif spelling:
                    read.setdefault(identity, set()).add(secret.name)
    assert leaks == []
    for identity, names in MUST_READ.items():
        assert names <= read[identity], identity
    assert [secret.name for secret in SECRETS if secret.found_in(caplog.text.lower())] == []


# What somebody would try in an address to learn a figure or a name without seeing it (A3).
QUESTIONS = [
    {name: value}
    for name in ("ordering", "o", "tri")
    for value in ("financials__estimated_amount", "-lots__financials__estimated_amount", "birth_date")
] + [
    {"financials__estimated_amount__gt": "900000"},
    {"lots__financials__estimated_amount__lt": "1"},
    {"estimated_amount": str(LOT_AMOUNT)},
    {"lots__contracts__participant__last_name": "ZZCANARINOM"},
    {"birth_date__lt": "1900-01-01"},
    {"address__icontains": "canari"},
]
SEARCHES = ["918273", "918 273,64", "564738.29", "43.217", "31,87", "1971", "28/02", "IMPASSE", "RQTH-CANARI"]
SEARCHED = {"operations:list", "markets:list", "markets:programme", "participants:list"}
LISTS = [
    "operations:list",
    "markets:list",
    "markets:programme",
    "markets:queue",
    "markets:to_retain",
    "markets:parameters",
    "markets:alerts",
    "markets:meetings",
    "participants:list",
    "reporting:list",
]


@pytest.mark.parametrize("identity", ["officer", "facilitator"])
def test_no_list_answers_a_question_on_what_it_does_not_show(visitors, targets, territory, identity):
    for estimated in ("1000000", "10", "918273.65"):
        lot = LotFactory(territory=territory)
        LotFinancialsFactory(lot=lot, estimated_amount=Decimal(estimated))
        MarketFinancialsFactory(market=lot.market, estimated_amount=Decimal(estimated))
    visitor, different = visitors[identity], []
    for route in LISTS:
        url = reverse(route)
        as_it_is = table(visitor.get(url))
        different += [(route, asked) for asked in QUESTIONS if table(visitor.get(url, asked)) != as_it_is]
        if route in SEARCHED:
            different += [(route, text) for text in SEARCHES if table(visitor.get(url, {"q": text}))]
    assert different == []


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


def test_a_refusal_repeats_no_figure(visitors, targets, caplog):
    """Nor does a page of error, whoever asks, nor the log when those who may are refused."""
    caplog.set_level(logging.INFO)
    leaks = []
    for route, target in ACTS.items():
        row = targets[target][0] if target == "calibration" else targets[target]
        url = reverse(route, args=[row.pk])
        for identity in OUTSIDERS:
            response = visitors[identity].post(url, SENT)
            assert response.status_code in {403, 404}, (identity, route)
            sent = canaries.everything_sent(response)
            leaks += [(identity, route, secret.name) for secret in SECRETS if secret.found_in(sent)]
        for identity in ("officer", "facilitator"):
            assert visitors[identity].post(url, SENT).status_code in {200, 302, 403, 422}, (identity, route)
    assert leaks == []
    assert [secret.name for secret in SECRETS if secret.found_in(caplog.text.lower())] == []


def test_what_people_are_told_carries_no_secret(targets):
    texts = " ".join(Notification.objects.values_list("text", flat=True)).lower()
    assert [secret.name for secret in SECRETS if secret.found_in(texts)] == []


def test_the_statement_carries_no_secret(targets):
    statement = StatementFactory(territory=targets["lot"].territory, period_code="2026-T2", comments="Bon trimestre.")
    job = ask(statement=statement, by=author(), publish=True, from_console=True)
    produce_statement(job.pk)
    statement.refresh_from_db()
    parts = parts_of(statement.pdf.read()) | {"snapshot": json.dumps(statement.snapshot, ensure_ascii=False)}
    assert "141 h" in " ".join(parts["text"].split())
    assert "141,00" in parts["lots.csv"]
    found = {
        (part, secret.name) for part, content in parts.items() for secret in SECRETS if secret.found_in(content.lower())
    }
    assert found == set()
