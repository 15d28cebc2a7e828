"""One object behind each route of the access matrix, every confidential field holding a value unique in the world."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.exports import Format, csv_text
from clauses_portal.core.jobs import JobState
from facilitators.enums import Role
from facilitators.permissions import grant
from markets.models import ImportRun
from markets.services.calibration import propose, retain
from markets.services.programme import ask_programme_import
from markets.tasks import import_file, import_programme
from participants.services.validations import revoke
from reporting.models import ExportJob
from tests.factories.accounts import UserFactory, author
from tests.factories.companies import CompanyContactFactory
from tests.factories.execution import execution_rows
from tests.factories.markets import (
    AlertFactory,
    AwardFactory,
    LotFactory,
    LotFinancialsFactory,
    MarketFinancialsFactory,
)
from tests.factories.nominative import NominativeListFactory
from tests.factories.operations import OperationFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityCertificateFactory,
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.factories.preparation import BidderQuestionFactory, DceDocumentFactory, PhaseFinancialsFactory
from tests.factories.privacy import AccessExportFactory, DataRequestFactory, ParticipantHoldFactory
from tests.factories.reporting import ProductionBatchFactory, StatementFactory
from tests.markets.importers.decp_files import as_2019, row_2019
from tests.support import canaries
from tests.support.company_months import company_month_rows
from tests.support.computations import COMPUTED, give_trade, more_versions
from tests.support.follow_ups import matched_file
from tests.support.gatherings import meeting_rows
from tests.support.instructed import instruction_rows
from tests.support.keys import key_rows
from tests.support.package_rows import package_rows
from tests.support.paperwork import paper_rows
from tests.support.penalties import penalty_rows
from tests.support.references import reference_rows
from tests.support.sent import sent_rows
from tests.support.told import told_rows
from tests.support.work import work_rows

MARKET_AMOUNT, LOT_AMOUNT, AWARDED = Decimal("918273.64"), Decimal("564738.29"), Decimal("537461.83")
PHASE_AMOUNT, WRITTEN = Decimal("683549.27"), Decimal("745918.36")
SHARE, RATE, COST = Decimal("43.217"), Decimal("7.131"), Decimal("31.87")
LABOUR = LOT_AMOUNT * SHARE / 100
EFFORT = LABOUR * RATE / 100
RAW_HOURS = (EFFORT / COST).quantize(Decimal("0.0001"))


SECRETS = [
    canaries.amount("amount", "montant du marché", MARKET_AMOUNT),
    canaries.amount("amount", "montant estimé du lot", LOT_AMOUNT),
    canaries.amount("amount", "montant d’une option", PHASE_AMOUNT),
    canaries.amount("amount", "montant écrit dans une pièce", WRITTEN),
    canaries.amount("amount", "montant attribué du lot", AWARDED),
    canaries.ratio("method", "part de main-d’œuvre", SHARE),
    canaries.ratio("method", "taux d’insertion", RATE),
    canaries.number("method", "coût horaire", COST),
    canaries.amount("method", "main-d’œuvre", LABOUR),
    canaries.amount("method", "effort d’insertion", EFFORT),
    canaries.number("method", "heures avant arrondi", RAW_HOURS),
    canaries.number("method", "heures au centième", RAW_HOURS.quantize(Decimal("0.01"))),
    canaries.words("identity", "nom", "ZZCANARINOM"),
    canaries.words("identity", "prénom", "ZZCANARIPRENOM"),
    canaries.words("identity", "nom de naissance", "ZZCANARINAISSANCE"),
    canaries.words("identity", "date de naissance", "28/02/1971", "1971-02-28", "28 février 1971"),
    canaries.words("identity", "adresse", "17 IMPASSE DU CANARI"),
    canaries.words("identity", "motif", "RQTH-CANARI"),
    *COMPUTED,
]


# A figure of each kind of row.
FIGURES = ("hours_counted", "hours_due", "persons_hired", "contracts_running", "lots_followed", "alerts_raised")


def fill(territory):
    """{target of the access matrix: object}, all of them in this territory."""
    operation = OperationFactory(communes=[territory.communes.first()])
    lot = LotFactory(territory=territory, retained=True, market__operation=operation)
    MarketFinancialsFactory(market=lot.market, estimated_amount=MARKET_AMOUNT)
    LotFinancialsFactory(lot=lot, estimated_amount=LOT_AMOUNT, awarded_amount=AWARDED)
    phase = PhaseFinancialsFactory(phase__lot=lot, estimated_amount=PHASE_AMOUNT).phase
    trade = give_trade(lot)
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
        "company": award.company,
        "contact": CompanyContactFactory(company=award.company),
        "dce": DceDocumentFactory(market=lot.market, content=f"%PDF-1.7 {WRITTEN}".encode()),
        "phase": phase,
        "question": BidderQuestionFactory(market=lot.market),
        "alert": AlertFactory(lot=lot),
        **meeting_rows(lot),
        **penalty_rows(award),
        **execution_rows(award),
        "calibration": [version, *more_versions(lot, phase, PHASE_AMOUNT)],
        "trade": trade,
        "contract": contract,
        "hours_entry": contract.hours.first(),
        "person": person,
        "validation": EligibilityValidationFactory(participant=person),
        "category": EligibilityCategoryFactory(),
        "certificate": EligibilityCertificateFactory(validation=contract.participant.validations.granted().get()),
        "draft": StatementFactory(territory=territory, period_code="2026-T1"),
        **sent_rows(territory),
        **told_rows(territory),
        **key_rows(territory),
        "figure": [SimpleNamespace(pk=code) for code in FIGURES],
        "account": UserFactory(),
        "membership": grant(user=UserFactory(), role=Role.DIRECTOR, by=author()),
        "convention": territory.conventions.first(),
        "directorate": operation.directorate,
        **instruction_rows(lot, market_amount=MARKET_AMOUNT, lot_amount=LOT_AMOUNT),
        **paper_rows(lot),
        **company_month_rows(contract),
        **reference_rows(),
        **work_rows(lot),
        "programme": _programme(operation.directorate),
        "data_request": DataRequestFactory(participant=person),
        "hold": ParticipantHoldFactory(participant=person),
    }


def _propose(lot):
    parameters = {"amount": LOT_AMOUNT, "labour_share": SHARE / 100, "insertion_rate": RATE / 100, "hourly_cost": COST}
    return propose(lot=lot, by=author(), **parameters)


def _programme(directorate):
    """The import of a programme that tells amounts, some of them where they should not be."""
    headers = ["Référence opération", "Objet", "Communes", "Montant estimé", "Montant du marché"]
    line = ["OP-CANARI", "Toiture", "Commune inconnue", str(LOT_AMOUNT), f"{MARKET_AMOUNT} euros environ"]
    officer = UserFactory()
    grant(user=officer, role=Role.MISSION_OFFICER, by=author())
    content = csv_text(headers, [line, line]).encode()
    run = ask_programme_import(by=officer, directorate=directorate, file_name="a.csv", content=content)
    import_programme(run.pk)
    return run


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
    revoke(validation=former, reason="RQTH-CANARI", by=author())
    return person


def asked_by(user, targets):
    """The imports, exports and productions only their author may look at."""
    asked = {"asked_by": user, "asked_at": timezone.now()}
    content = as_2019(row_2019(montant=float(MARKET_AMOUNT))).read()
    run = ImportRun.objects.create(file_name="a.json", content=content, **asked)
    import_file(run.pk)
    return {
        "run": run,
        "job": ExportJob.objects.create(statement=targets["draft"], state=JobState.DONE, **asked),
        "batch": ProductionBatchFactory(asked_by=user),
        "nominative": NominativeListFactory(territory=targets["draft"].territory, done=True, **asked),
        "foreign": matched_file(user),
        "access_export": AccessExportFactory(participant=targets["person"], asked_by=user, done=True),
    } | package_rows(user)


def pages(matrix, targets):
    """[(route, address)] of every route of the access matrix that a GET may reach; a target may be several rows."""
    return [
        (route, reverse(route, args=arguments))
        for route, rule in matrix.items()
        if rule.get is not None and (not rule.target or rule.target in targets)
        for arguments in _arguments(targets, rule)
    ]


def _arguments(targets, rule):
    rows = targets[rule.target] if rule.target else []
    keys = [[row.pk] for row in (rows if isinstance(rows, list) else [rows])] if rule.target else [[]]
    formats = [[file_format] for file_format in Format] if rule.exported else [[]]
    return [[*key, *last] for key in keys for last in formats]
