"""The canary method: values that exist nowhere else are looked for in everything each role can read.

Amounts, computation and identities are the secrets of the portal (C27, domain.md §8); design.md §3 says who reads what.
"""

import json
import logging
import shutil
import subprocess
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.jobs import JobState
from facilitators import reference
from facilitators.enums import Role
from facilitators.permissions import grant, revoke
from markets.models import ImportRun
from markets.services.calibration import propose, retain
from markets.tasks import import_file
from participants.services.validations import revoke as revoke_validation
from reporting.models import ExportJob
from reporting.services.statements import ask
from reporting.statements.quarterly import build_snapshot
from reporting.tasks import produce_statement
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import (
    AlertFactory,
    AwardFactory,
    LotFactory,
    LotFinancialsFactory,
    MarketFinancialsFactory,
)
from tests.factories.operations import OperationFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.factories.reporting import StatementFactory
from tests.markets.importers.decp_files import as_2019, row_2019
from tests.support import canaries
from tests.support.pages import table
from tests.test_access_matrix import MATRIX

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

MARKET_AMOUNT, LOT_AMOUNT, AWARDED = Decimal("918273.64"), Decimal("564738.29"), Decimal("537461.83")
SHARE, RATE, COST = Decimal("43.217"), Decimal("7.131"), Decimal("31.87")
LABOUR = LOT_AMOUNT * SHARE / 100
EFFORT = LABOUR * RATE / 100
RAW_HOURS = (EFFORT / COST).quantize(Decimal("0.0001"))

SECRETS = [
    canaries.amount("amount", "montant du marché", MARKET_AMOUNT),
    canaries.amount("amount", "montant estimé du lot", LOT_AMOUNT),
    canaries.amount("amount", "montant attribué du lot", AWARDED),
    canaries.ratio("method", "part de main-d’œuvre", SHARE),
    canaries.ratio("method", "taux d’insertion", RATE),
    canaries.number("method", "coût horaire", COST),
    canaries.amount("method", "main-d’œuvre", LABOUR),
    canaries.amount("method", "effort d’insertion", EFFORT),
    canaries.number("method", "heures avant arrondi", RAW_HOURS),
    canaries.words("identity", "nom", "ZZCANARINOM"),
    canaries.words("identity", "prénom", "ZZCANARIPRENOM"),
    canaries.words("identity", "nom de naissance", "ZZCANARINAISSANCE"),
    canaries.words("identity", "date de naissance", "28/02/1971", "1971-02-28", "28 février 1971"),
    canaries.words("identity", "adresse", "17 IMPASSE DU CANARI"),
    canaries.words("identity", "motif", "RQTH-CANARI"),
]
# design.md §3: everything else is a leak.
MAY_READ = {
    "officer": {"amount", "method"},
    "legal": {"amount", "method"},
    "agent": {"amount"},
    "facilitator": {"amount", "method", "identity"},
}
# What each of them is there to read: without these hits the method would prove nothing.
MUST_READ = {
    "officer": {"montant estimé du lot", "montant attribué du lot", "main-d’œuvre", "effort d’insertion"},
    "legal": {"montant estimé du lot", "montant attribué du lot"},
    "agent": {"montant estimé du lot", "montant attribué du lot"},
    "facilitator": {"montant estimé du lot", "nom", "prénom", "nom de naissance", "date de naissance", "adresse", "motif"},
}


@pytest.fixture
def targets(territory):
    """The object behind each route of the access matrix, all of them full of secrets."""
    operation = OperationFactory(communes=[territory.communes.first()])
    lot = LotFactory(territory=territory, retained=True, market__operation=operation)
    MarketFinancialsFactory(market=lot.market, estimated_amount=MARKET_AMOUNT)
    LotFinancialsFactory(lot=lot, estimated_amount=LOT_AMOUNT, awarded_amount=AWARDED)
    retain(version=_propose(lot), hours=800, gap_reason="Arrondi.", by=author())
    version = _propose(lot)
    award = AwardFactory(lot=lot, hours_minimum=800)
    person = _person(territory)
    contract = EmploymentContractFactory(award=award, participant=person, validated=True)
    for month in (4, 5, 7):
        HoursEntryFactory(contract=contract, month=date(2026, month, 1), declared=Decimal("70.5"))
    return {
        "operation": operation,
        "market": lot.market,
        "lot": lot,
        "award": award,
        "alert": AlertFactory(lot=lot),
        "calibration": version,
        "contract": contract,
        "person": person,
        "validation": EligibilityValidationFactory(participant=person),
        "draft": StatementFactory(territory=territory, quarter="2026-T1"),
        "account": UserFactory(),
        "membership": grant(user=UserFactory(), role=Role.DIRECTOR, by=author()),
        "convention": territory.conventions.first(),
        "directorate": operation.directorate,
    }


def _propose(lot):
    parameters = {"amount": LOT_AMOUNT, "labour_share": SHARE / 100, "insertion_rate": RATE / 100, "hourly_cost": COST}
    return propose(lot=lot, by=author(), **parameters)


def _person(territory):
    person = ParticipantFactory(
        territory=territory,
        last_name="ZZCANARINOM",
        first_name="ZZCANARIPRENOM",
        birth_name="ZZCANARINAISSANCE",
        birth_date=date(1971, 2, 28),
        address="17 IMPASSE DU CANARI",
    )
    year = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31)}
    former = EligibilityValidationFactory(participant=person, granted=True, **year)
    revoke_validation(validation=former, reason="RQTH-CANARI", by=author())
    return person


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
        "passer-by": client,
    }


def asked_by(user, targets):
    """The import and the production only their author may look at."""
    asked = {"asked_by": user, "asked_at": timezone.now()}
    content = as_2019(row_2019(montant=float(MARKET_AMOUNT))).read()
    run = ImportRun.objects.create(file_name="a.json", content=content, **asked)
    import_file(run.pk)
    return {"run": run, "job": ExportJob.objects.create(statement=targets["draft"], state=JobState.DONE, **asked)}


def pages(targets):
    """[(route, address)] of every route of the matrix that a GET may reach."""
    return [
        (route, reverse(route, args=[targets[rule.target].pk] if rule.target else []))
        for route, rule in MATRIX.items()
        if rule.get is not None and (not rule.target or rule.target in targets)
    ]


def test_each_role_reads_its_own_secrets_and_no_other(visitors, targets, caplog):
    reference.load()
    caplog.set_level(logging.INFO)
    leaks, read = [], {}
    for identity, visitor in visitors.items():
        mine = asked_by(visitor.user, targets) if visitor.user else {}
        for route, url in pages(targets | mine):
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
