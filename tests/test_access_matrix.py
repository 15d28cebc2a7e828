"""Routes × identities × methods: a route without its line, or a line without its route, fails (ASVS 8.1.1)."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, resolve, reverse
from django.utils import timezone

from clauses_portal.core.exports import answers
from clauses_portal.core.jobs import JobState
from facilitators.enums import Role
from facilitators.permissions import grant
from markets.importers.decp.report import Outcome
from markets.models import ImportRun
from markets.services.calibration import propose
from reporting.models import ExportJob
from tests.factories.accounts import UserFactory
from tests.factories.companies import CompanyContactFactory
from tests.factories.execution import execution_rows
from tests.factories.facilitators import ConventionFactory, DirectorateFactory, InvitationFactory, three_territories
from tests.factories.markets import THOUSAND_HOURS, AlertFactory, LotFactory
from tests.factories.nominative import NominativeListFactory
from tests.factories.operations import OperationFactory
from tests.factories.participants import (
    EligibilityCertificateFactory,
    EligibilityValidationFactory,
    HoursEntryFactory,
)
from tests.factories.preparation import (
    BidderQuestionFactory,
    DceDocumentFactory,
    LotPhaseFactory,
    ProgrammeImportFactory,
    TradeFactory,
)
from tests.factories.privacy import AccessExportFactory, DataRequestFactory, ParticipantHoldFactory
from tests.factories.reporting import ProductionBatchFactory, StatementFactory
from tests.support.access import MATRIX
from tests.support.access.rules import AE, EVERYONE, FE, FX, A, D, F, L, M, O, P
from tests.support.company_months import company_month_rows
from tests.support.follow_ups import matched_file
from tests.support.gatherings import meeting_rows
from tests.support.instructed import instruction_rows
from tests.support.keys import key_rows
from tests.support.package_rows import package_rows
from tests.support.paperwork import paper_rows
from tests.support.penalties import penalty_rows
from tests.support.references import reference_rows
from tests.support.sent import sent_rows
from tests.support.sequences import count_from
from tests.support.strictness import StrictClient
from tests.support.told import told_rows
from tests.support.work import work_rows

# {route: arguments of its address}
PUBLIC = {
    "help": [],
    "help_tasks": [],
    "help_sheet": ["clause-sociale"],
    "accessibility": [],
    "legal_notice": [],
    "reporting:verify": [],
}
# Opened by the secret in the address: tested with what it gives (tests/markets/programme/test_agenda.py,
# tests/participants/company/).
SECRET_LINKS = {
    "facilitators:invitation",
    "facilitators:invitation_link",
    "markets:agenda_feed",
    "participants:company_link",
    "participants:company_hours",
    "participants:company_posting",
    "participants:company_referrals",
}
ALLAUTH = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_set_password",
    "proconnect_sign_in",
    "proconnect_return",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_change_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}


def route_names(resolver=None, prefix=""):
    """Full name of every route of the project, those of the keys aside (tests/api/test_key_matrix.py)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if getattr(pattern, "namespace", None) == "api":
            continue
        if isinstance(pattern, URLPattern):
            yield prefix + pattern.name
        else:
            yield from route_names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch):
    """Every export of the portal in one minute: more than an account may ask for."""
    monkeypatch.setattr(answers, "MOST_A_MINUTE", 1000)


def test_every_route_has_a_line():
    assert sorted(route_names()) == sorted([*MATRIX, *PUBLIC, *SECRET_LINKS, *ALLAUTH])


# Far from what a test makes beside.
FIRST_SHARED_ROW = 200


@pytest.fixture(scope="module")
def shared_world(django_db_setup, django_db_blocker):
    """Made once for this module, and taken away: each test undoes what it changes there."""
    with django_db_blocker.unblock(), transaction.atomic():
        count_from(FIRST_SHARED_ROW)
        yield fill(*three_territories()[:2])
        transaction.set_rollback(True)


@pytest.fixture
def world(shared_world, db):
    """The shared world, with the rows this test alone adds to it."""
    return shared_world | {"targets": dict(shared_world["targets"])}


def fill(territory, elsewhere):
    """One object of each kind, all in Pays d’Aix and in one directorate."""
    directorate = DirectorateFactory()
    operation = OperationFactory(directorate=directorate, communes=[territory.communes.first()])
    lot = LotFactory(territory=territory, market__operation=operation, running=True)
    contract = lot.contracts.get()
    retained = LotFactory(territory=territory, market__operation=operation, retained=True)
    validation = EligibilityValidationFactory(participant__territory=territory)
    draft = StatementFactory(territory=territory, period_code="2026-T1")
    account = UserFactory()
    targets = {
        "convention": ConventionFactory(expired=True),
        "directorate": directorate,
        "operation": operation,
        "market": lot.market,
        "lot": lot,
        "award": lot.awards.get(),
        "company": lot.awards.get().company,
        "contact": CompanyContactFactory(company=lot.awards.get().company),
        "dce": DceDocumentFactory(market=lot.market),
        "phase": LotPhaseFactory(lot=lot),
        "alert": AlertFactory(lot=lot),
        **meeting_rows(lot),
        **penalty_rows(lot.awards.get()),
        **execution_rows(lot.awards.get()),
        "calibration": _proposal(retained),
        "trade": TradeFactory(),
        "contract": contract,
        "hours_entry": HoursEntryFactory(contract=contract),
        "validation": validation,
        "person": validation.participant,
        "category": validation.category,
        "certificate": EligibilityCertificateFactory(validation__participant=validation.participant),
        "draft": draft,
        **sent_rows(territory),
        "figure": SimpleNamespace(pk="hours_counted"),
        "question": BidderQuestionFactory(market=lot.market),
        "programme": ProgrammeImportFactory(directorate=directorate, done=True),
        **told_rows(territory),
        "account": account,
        "invitation": InvitationFactory(),
        "membership": grant(user=account, role=Role.DIRECTOR, by=None),
        **instruction_rows(lot),
        **paper_rows(lot),
        **reference_rows(),
        **work_rows(lot),
        **company_month_rows(contract),
        **key_rows(territory),
        "data_request": DataRequestFactory(participant=validation.participant),
        "hold": ParticipantHoldFactory(participant=validation.participant),
    }
    return {"territory": territory, "elsewhere": elsewhere, "directorate": directorate, "targets": targets}


def _proposal(lot):
    return propose(lot=lot, by=UserFactory(), **THOUSAND_HOURS)


def sign_in(world, identity):
    """A client signed in as this identity, and the rows only its author may see."""
    user = UserFactory()
    ConventionFactory(territories=[world["territory"], world["elsewhere"]], expired=identity == FX)
    role, place = {
        O: (Role.MISSION_OFFICER, {}),
        L: (Role.LEGAL_OFFICER, {}),
        A: (Role.DIRECTORATE_AGENT, {"directorate": world["directorate"]}),
        AE: (Role.DIRECTORATE_AGENT, {"directorate": DirectorateFactory()}),
        F: (Role.FACILITATOR, {"territory": world["territory"]}),
        FX: (Role.FACILITATOR, {"territory": world["territory"]}),
        FE: (Role.FACILITATOR, {"territory": world["elsewhere"]}),
        D: (Role.DIRECTOR, {}),
        M: (Role.ADMINISTRATOR, {}),
        P: (Role.PRIVACY_OFFICER, {}),
    }[identity]
    grant(user=user, role=role, by=None, **place)
    client = StrictClient(raise_request_exception=True)
    client.user = user
    client.force_login(user)
    # a production is for the facilitator who asked it, an import for the chargée de mission who did
    world["targets"]["job"] = ExportJob.objects.create(
        statement=world["targets"]["draft"], **asked(user if identity == F else UserFactory())
    )
    world["targets"]["nominative"] = NominativeListFactory(
        territory=world["territory"], asked_by=user if identity == F else UserFactory(), done=True
    )
    world["targets"]["access_export"] = AccessExportFactory(
        participant=world["targets"]["person"], asked_by=user if identity == F else UserFactory(), done=True
    )
    world["targets"] |= package_rows(user if identity == F else UserFactory())
    world["targets"]["foreign"] = matched_file(user if identity == F else UserFactory())
    world["targets"]["batch"] = ProductionBatchFactory(asked_by=user if identity == F else UserFactory())
    world["targets"]["run"] = ImportRun.objects.create(
        file_name="a.json",
        content=b"{}",
        sha256="0" * 64,
        report={"lines": [], "summary": "", "notes": [], "counts": dict.fromkeys(Outcome.values, 0)},
        **asked(user if identity == O else UserFactory()),
    )
    return client


def asked(by):
    """What a finished job says of who asked it."""
    return {"asked_by": by, "asked_at": timezone.now(), "state": JobState.DONE}


def statuses(client, url, methods):
    """{method: status}; each request is undone, so that none changes what the next one meets."""
    answers = {}
    for method in methods:
        with transaction.atomic():
            answers[method] = client.generic(
                method, url, b"", content_type="application/x-www-form-urlencoded"
            ).status_code
            transaction.set_rollback(True)
    return answers


@pytest.mark.parametrize("identity", sorted(EVERYONE))
def test_each_identity_gets_what_the_matrix_says(world, identity):
    client = sign_in(world, identity)
    wrong = []
    for route, rule in MATRIX.items():
        url = rule.address(route, world["targets"])
        for method, status in statuses(client, url, ["GET", "POST"]).items():
            if status not in rule.expected(identity, method):
                wrong.append(f"{method} {route}: {status}, expected {sorted(rule.expected(identity, method))}")
    assert wrong == []


OTHERS = ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def test_no_route_answers_another_method(world):
    client = sign_in(world, O)
    for route, rule in MATRIX.items():
        url = rule.address(route, world["targets"])
        for method, status in statuses(client, url, OTHERS).items():
            assert status == 405, f"{method} {route}: {status}"


def test_another_method_is_refused_before_anybody_is_looked_at(world, rf):
    """Views are given a request without account, session nor data: whoever asks, the answer is the same."""
    sign_in(world, O)  # which makes the rows that somebody asked for
    for route, rule in MATRIX.items():
        url = rule.address(route, world["targets"])
        view, args, kwargs = resolve(url)
        for method in OTHERS:
            assert view(rf.generic(method, url), *args, **kwargs).status_code == 405, f"{method} {route}"


def test_an_unknown_id_looks_like_one_out_of_scope(world):
    client = sign_in(world, FE)
    for route, rule in MATRIX.items():
        if rule.get and rule.see is not None and FE not in rule.see:
            hidden = client.get(rule.address(route, world["targets"]))
            unknown = client.get(rule.address(route, pk=2**31 - 1))
            assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content), route


def test_a_visitor_is_sent_to_the_sign_in_page(client, world):
    for route, rule in MATRIX.items():
        url = rule.address(route)
        for method, status in statuses(client, url, ["GET", "POST", "PUT", "DELETE"]).items():
            assert status == 302, f"{method} {route}: {status}"


@pytest.mark.django_db
def test_public_pages_need_no_account(client):
    for route, args in PUBLIC.items():
        assert client.get(reverse(route, args=args)).status_code == 200
    assert client.get(reverse("account_login")).status_code == 200
    assert client.get(reverse("account_reset_password")).status_code == 200
    assert client.get(reverse("account_change_password")).status_code == 302


def test_a_facilitator_without_a_convention_in_force_is_told_so(world):
    client = sign_in(world, FX)
    response = client.post(reverse("participants:hours_save", args=[world["targets"]["lot"].pk]))
    assert response.status_code == 403
    assert "La convention de ce territoire n’est plus en vigueur." in response.content.decode()
