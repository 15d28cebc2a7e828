"""Routes × identities × methods: a route without its line, or a line without its route, fails (ASVS 8.1.1)."""

from dataclasses import dataclass

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from clauses_portal.core.jobs import JobState
from facilitators.enums import Role
from facilitators.permissions import grant
from markets.importers.decp.report import Outcome
from markets.models import ImportRun
from markets.services.calibration import propose
from reporting.models import ExportJob
from tests.factories.accounts import UserFactory
from tests.factories.companies import CompanyContactFactory
from tests.factories.facilitators import ConventionFactory, DirectorateFactory
from tests.factories.markets import THOUSAND_HOURS, AlertFactory, LotFactory
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
from tests.factories.reporting import StatementFactory
from tests.support.company_months import company_month_rows
from tests.support.gatherings import meeting_rows
from tests.support.instructed import instruction_rows
from tests.support.paperwork import paper_rows
from tests.support.penalties import penalty_rows
from tests.support.references import reference_rows
from tests.support.strictness import StrictClient
from tests.support.work import work_rows

# Officer, legal officer, agent of the directorate, of another, facilitator here, elsewhere, here without a convention
# in force, director, administrator.
O, L, A, AE = "officer", "legal", "agent", "agent_elsewhere"  # noqa: E741
F, FE, FX = "here", "elsewhere", "expired"
D, M = "director", "administrator"
EVERYONE = {O, L, A, AE, F, FE, FX, D, M}
READERS = {O, L, A, F, FX}
MARKET_PAGES = {O, L, A, AE, F, FE, FX}


@dataclass(frozen=True)
class Rule:
    """`see`: who may know the object exists (None: no object). `get`, `post`: who may; None: method refused."""

    get: set | None = None
    post: set | None = None
    see: set | None = None
    target: str = ""

    def expected(self, identity, method):
        """Status codes this identity must get; 405 for a method the route does not know."""
        allowed = self.post if method == "POST" else self.get
        if allowed is None:
            return {405}
        if self.see is not None and identity not in self.see:
            return {404}
        if identity not in allowed:
            return {403}
        return {200, 302, 400, 422} if method == "POST" else {200}


MATRIX = {
    "home": Rule(get=EVERYONE),
    "facilitators:notifications": Rule(get=EVERYONE),
    "facilitators:notifications_read": Rule(post=EVERYONE),
    "facilitators:contact": Rule(get=EVERYONE, post=EVERYONE),
    "draft_save": Rule(post=EVERYONE, target="market"),
    "draft_discard": Rule(post=EVERYONE, target="market"),
    "facilitators:commune_search": Rule(get=EVERYONE),
    "facilitators:accounts": Rule(get={M}),
    "facilitators:account_create": Rule(get={M}, post={M}),
    "facilitators:grant": Rule(get={M}, post={M}, target="account"),
    "facilitators:account_switch": Rule(post={M}, target="account"),
    "facilitators:revoke": Rule(post={M}, target="membership"),
    "facilitators:office": Rule(get={M}),
    "facilitators:convention_create": Rule(get={M}, post={M}),
    "facilitators:convention_edit": Rule(get={M}, post={M}, target="convention"),
    "facilitators:directorate_create": Rule(get={M}, post={M}),
    "facilitators:directorate_edit": Rule(get={M}, post={M}, target="directorate"),
    "operations:list": Rule(get=MARKET_PAGES),
    "operations:create": Rule(get={O, A, AE}, post={O, A, AE}),
    "operations:detail": Rule(get=READERS, see=READERS, target="operation"),
    "operations:edit": Rule(get={O, A}, post={O, A}, see=READERS, target="operation"),
    "operations:plan": Rule(post={O, A}, see=READERS, target="operation"),
    "markets:list": Rule(get=MARKET_PAGES),
    "markets:create": Rule(get={O, A, AE}, post={O, A, AE}),
    "markets:detail": Rule(get=READERS, see=READERS, target="market"),
    "markets:edit": Rule(get={O, A}, post={O, A}, see=READERS, target="market"),
    "markets:estimates": Rule(get={O, A}, post={O, A}, see=READERS, target="market"),
    "markets:submit": Rule(post={O, A}, see=READERS, target="market"),
    "markets:send_back": Rule(get={O}, post={O}, see=READERS, target="market"),
    "markets:dce_deposit": Rule(get={O, A}, post={O, A}, see=READERS, target="market"),
    "markets:dce": Rule(get=READERS, see=READERS, target="dce"),
    "markets:dce_withdraw": Rule(post={O, A}, see=READERS, target="dce"),
    "markets:phase_create": Rule(get={O, A}, post={O, A}, see=READERS, target="lot"),
    "markets:phase_edit": Rule(get={O, A}, post={O, A}, see=READERS, target="phase"),
    "markets:phase_delete": Rule(post={O, A}, see=READERS, target="phase"),
    "markets:rome_search": Rule(get=EVERYONE),
    "markets:cpv_search": Rule(get=EVERYONE),
    "markets:lot_create": Rule(get={O, A}, post={O, A}, see=READERS, target="market"),
    "markets:lot": Rule(get=READERS, see=READERS, target="lot"),
    "markets:lot_edit": Rule(get={O, A}, post={O, A}, see=READERS, target="lot"),
    "markets:lot_close": Rule(post={O, A}, see=READERS, target="lot"),
    "markets:lot_amounts": Rule(get={O, A}, post={O, A}, see=READERS, target="lot"),
    "markets:decide": Rule(get={O}, post={O}, see=READERS, target="instructed"),
    "markets:reopen": Rule(post={O}, see=READERS, target="lot"),
    "markets:calibrate": Rule(get={F}, post={F}, see=READERS, target="lot"),
    "markets:calibration_preview": Rule(post={F}, see=READERS, target="lot"),
    "markets:calibration_compare": Rule(get={O, L, F, FX}, see=READERS, target="lot"),
    "markets:to_retain": Rule(get={O}),
    "markets:calibration": Rule(get={O, L, F, FX}, see=READERS, target="calibration"),
    "markets:calibration_return": Rule(post={O}, see=READERS, target="calibration"),
    "markets:activate": Rule(get={O}, post={O}, see=READERS, target="calibration"),
    "markets:parameters": Rule(get={O, L, F, FE, FX}),
    "markets:parameters_trade": Rule(get={O, L, F, FE, FX}, post={O}, target="trade"),
    "markets:retain": Rule(get={O}, post={O}, see=READERS, target="calibration"),
    "markets:award": Rule(get={O, A}, post={O, A}, see=READERS, target="lot"),
    "markets:ledger": Rule(get=READERS, see=READERS, target="award"),
    "markets:objective": Rule(get={O}, post={O}, see=READERS, target="award"),
    "markets:transfer": Rule(get={O}, post={O}, see=READERS, target="award"),
    "markets:award_edit": Rule(get={O, A}, post={O, A}, see=READERS, target="award"),
    "markets:award_end": Rule(get={O, A}, post={O, A}, see=READERS, target="award"),
    "markets:award_cede": Rule(get={O}, post={O}, see=READERS, target="award"),
    "markets:companies": Rule(get=MARKET_PAGES),
    "markets:company": Rule(get=READERS, see=READERS, target="company"),
    "markets:company_edit": Rule(get={O, A, F}, post={O, A, F}, see=READERS, target="company"),
    "markets:company_liquidate": Rule(get={O, A}, post={O, A}, see=READERS, target="company"),
    "markets:company_check": Rule(post={O, A, F}, see=READERS, target="company"),
    "markets:contact_create": Rule(get={O, A, F}, post={O, A, F}, see=READERS, target="company"),
    "markets:contact_edit": Rule(get={O, A, F}, post={O, A, F}, see=READERS, target="contact"),
    "markets:contact_confirm": Rule(post={O, A, F}, see=READERS, target="contact"),
    "markets:contact_left": Rule(post={O, A, F}, see=READERS, target="contact"),
    "markets:contact_back": Rule(post={O, A, F}, see=READERS, target="contact"),
    "markets:contact_retry": Rule(post={O, A, F}, see=READERS, target="contact"),
    "markets:counting_rule": Rule(get=READERS, post={O}, see=READERS, target="market"),
    "markets:meetings": Rule(get=MARKET_PAGES),
    "markets:partners_meeting": Rule(get={O, F, FE}, post={O, F, FE}),
    "markets:meeting_create": Rule(get={O, F}, post={O, F}, see=READERS, target="lot"),
    "markets:meeting": Rule(get=READERS, see=READERS, target="meeting"),
    "markets:meeting_edit": Rule(get={O, F}, post={O, F}, see=READERS, target="meeting"),
    "markets:meeting_cancel": Rule(post={O, F}, see=READERS, target="meeting"),
    "markets:meeting_invite": Rule(post={O, F}, see=READERS, target="meeting"),
    "markets:guest_add": Rule(get={O, F}, post={O, F}, see=READERS, target="meeting"),
    "markets:guest_remove": Rule(post={O, F}, see=READERS, target="guest"),
    "markets:attendance_sheet": Rule(get=READERS, see=READERS, target="meeting"),
    "markets:meeting_record": Rule(get={O, F}, post={O, F}, see=READERS, target="meeting"),
    "markets:hire_add": Rule(get={O, F}, post={O, F}, see=READERS, target="meeting"),
    "markets:hire_remove": Rule(post={O, F}, see=READERS, target="hire"),
    "markets:minutes_preview": Rule(get={O, F}, see=READERS, target="meeting"),
    "markets:minutes_produce": Rule(post={O, F}, see=READERS, target="meeting"),
    "markets:minutes": Rule(get=READERS, see=READERS, target="minutes"),
    "markets:alert_create": Rule(get={O, F}, post={O, F}, see=READERS, target="lot"),
    "markets:alerts": Rule(get=MARKET_PAGES),
    "markets:alert_close": Rule(get={O, F}, post={O, F}, see=READERS, target="alert"),
    "markets:alert_new": Rule(get={O, F, FE}, post={O, F, FE}),
    "markets:alert": Rule(get=READERS, see=READERS, target="alert"),
    "markets:alert_answer": Rule(get={O, A}, post={O, A}, see=READERS, target="alert"),
    "markets:penalty_cases": Rule(get=MARKET_PAGES),
    "markets:penalty_case": Rule(get=READERS, see=READERS, target="case"),
    "markets:penalty_simulator": Rule(get=READERS, see=READERS, target="award"),
    "markets:case_create": Rule(get={O, F}, post={O, F}, see=READERS, target="award"),
    "markets:case_notice": Rule(get={L}, post={L}, see=READERS, target="case"),
    "markets:case_observations": Rule(get={L}, post={L}, see=READERS, target="case"),
    "markets:case_decide": Rule(get={L}, post={L}, see=READERS, target="case"),
    "markets:case_drop": Rule(get={L}, post={L}, see=READERS, target="case"),
    "markets:letter_pdf": Rule(get=READERS, see=READERS, target="letter"),
    "markets:letter_docx": Rule(get=READERS, see=READERS, target="letter"),
    "markets:queue": Rule(get={O}),
    "markets:queue_row": Rule(get={O}, see=READERS, target="instructed"),
    "markets:bulk": Rule(get={O}, post={O}),
    "markets:undo": Rule(post={O}, see=READERS, target="instructed"),
    "markets:review": Rule(get={O, L, F, FX}, post={O}, see=READERS, target="instructed"),
    "markets:review_open": Rule(post={O}, see=READERS, target="instructed"),
    "markets:opinions": Rule(get={F, FE}),
    "markets:opinion": Rule(get={F}, post={F}, see=READERS, target="opinion"),
    "markets:opinion_ask": Rule(post={O}, see=READERS, target="instructed"),
    "markets:visas": Rule(get={L}),
    "markets:visa": Rule(get={L}, post={L}, see=READERS, target="awaiting"),
    "markets:imports": Rule(get={O}, post={O}),
    "markets:import": Rule(get={O}, see={O}, target="run"),
    "markets:import_progress": Rule(get={O}, see={O}, target="run"),
    "markets:import_apply": Rule(post={O}, see={O}, target="run"),
    "markets:questions": Rule(get=READERS, post={O, A, F}, see=READERS, target="market"),
    "markets:questions_publish": Rule(post={O, A, F}, see=READERS, target="market"),
    "markets:questions_paper": Rule(get=READERS, see=READERS, target="market"),
    "markets:question_answer": Rule(get={O, A, F}, post={O, A, F}, see=READERS, target="question"),
    "markets:referents": Rule(get=MARKET_PAGES),
    "markets:portfolio": Rule(get={O, F, FE}, post={O, F, FE}),
    "markets:referent": Rule(get={O, F}, post={O, F}, see=READERS, target="lot"),
    "markets:documents_produce": Rule(post={O, F}, see=READERS, target="lot"),
    "markets:documents_progress": Rule(get={O, F}, see={O, F}, target="production"),
    "markets:document_docx": Rule(get=READERS, see=READERS, target="document"),
    "markets:document_pdf": Rule(get=READERS, see=READERS, target="document"),
    "markets:templates": Rule(get={O}),
    "markets:template_create": Rule(get={O}, post={O}),
    "markets:template_fields": Rule(get={O}),
    "markets:template": Rule(get={O}, target="template"),
    "markets:template_download": Rule(get={O}, target="template"),
    "markets:template_preview_docx": Rule(get={O}, target="template"),
    "markets:template_preview_pdf": Rule(get={O}, target="template"),
    "markets:template_withdraw": Rule(post={O}, target="template"),
    "markets:references": Rule(get={M}),
    "markets:grids": Rule(get={M}),
    "markets:grid_create": Rule(get={M}, post={M}),
    "markets:grid": Rule(get={M}, post={M}, target="grid"),
    "markets:grid_publish": Rule(post={M}, target="grid"),
    "markets:grid_discard": Rule(post={M}, target="grid"),
    "markets:criterion_create": Rule(get={M}, post={M}, target="grid"),
    "markets:criterion_edit": Rule(get={M}, post={M}, target="criterion"),
    "markets:criterion_remove": Rule(post={M}, target="criterion"),
    "markets:thresholds": Rule(get={M}),
    "markets:threshold_create": Rule(get={M}, post={M}),
    "markets:threshold_edit": Rule(get={M}, post={M}, target="threshold"),
    "markets:penalties": Rule(get={M}),
    "markets:penalty_create": Rule(get={M}, post={M}),
    "markets:penalty_edit": Rule(get={M}, post={M}, target="penalty"),
    "markets:penalty_replace": Rule(get={M}, post={M}, target="penalty"),
    "markets:penalty_end": Rule(get={M}, post={M}, target="penalty"),
    "markets:hourly_rates": Rule(get={M}),
    "markets:hourly_rate_create": Rule(get={M}, post={M}),
    "markets:hourly_rate_edit": Rule(get={M}, post={M}, target="hourly_rate"),
    "markets:trades": Rule(get={M}),
    "markets:programme": Rule(get=MARKET_PAGES),
    "markets:programme_export": Rule(get=MARKET_PAGES),
    "markets:programme_dates": Rule(get=MARKET_PAGES),
    "markets:programme_import": Rule(get={O, A, AE}, post={O, A, AE}),
    "markets:programme_template": Rule(get={O, A, AE}),
    "markets:programme_import_detail": Rule(get={O, A}, see={O, A}, target="programme"),
    "markets:programme_import_progress": Rule(get={O, A}, see={O, A}, target="programme"),
    "markets:programme_import_apply": Rule(post={O, A}, see={O, A}, target="programme"),
    "markets:programme_mapping": Rule(get={O, A}, post={O, A}, see={O, A}, target="programme"),
    "markets:forecast": Rule(get=MARKET_PAGES),
    "markets:forecast_export": Rule(get=MARKET_PAGES),
    "markets:agenda": Rule(get=MARKET_PAGES),
    "markets:agenda_open": Rule(post=MARKET_PAGES),
    "markets:agenda_close": Rule(post=MARKET_PAGES),
    "participants:list": Rule(get={F, FE, FX}),
    "participants:create": Rule(get={F, FE}, post={F, FE}),
    "participants:person": Rule(get={F, FX}, see={F, FX}, target="person"),
    "participants:edit": Rule(get={F}, post={F}, see={F, FX}, target="person"),
    "participants:person_notice": Rule(get={F}, post={F}, see={F, FX}, target="person"),
    "participants:person_merge": Rule(get={F}, post={F}, see={F, FX}, target="person"),
    "participants:validation_request": Rule(get={F}, post={F}, see={F, FX}, target="person"),
    "participants:validations": Rule(get={F, FE}),
    "participants:validations_ending": Rule(get={F, FE}),
    "participants:validation_edit": Rule(get={F}, post={F}, see={F, FX}, target="validation"),
    "participants:validation_grant": Rule(get={F}, post={F}, see={F, FX}, target="validation"),
    "participants:validation_missing": Rule(get={F}, post={F}, see={F, FX}, target="validation"),
    "participants:validation_extend": Rule(get={F}, post={F}, see={F, FX}, target="validation"),
    "participants:validation_certify": Rule(post={F}, see={F, FX}, target="validation"),
    "participants:certificate": Rule(get={F, FX}, see={F, FX}, target="certificate"),
    "participants:categories": Rule(get={M}),
    "participants:category_create": Rule(get={M}, post={M}),
    "participants:category_renew": Rule(get={M}, post={M}, target="category"),
    "participants:category_edit": Rule(get={M}, post={M}, target="category"),
    "participants:category_end": Rule(get={M}, post={M}, target="category"),
    "participants:validation_refuse": Rule(get={F}, post={F}, see={F, FX}, target="validation"),
    "participants:validation_revoke": Rule(get={F}, post={F}, see={F, FX}, target="validation"),
    "participants:contract_create": Rule(get={F}, post={F}, see=READERS, target="lot"),
    "participants:contract_end": Rule(get={F}, post={F}, see={O, F, FX}, target="contract"),
    "participants:contract_edit": Rule(get={F}, post={F}, see={O, F, FX}, target="contract"),
    "participants:contract_convert": Rule(get={F}, post={F}, see={O, F, FX}, target="contract"),
    "participants:postings": Rule(get=MARKET_PAGES),
    "participants:posting": Rule(get=READERS, see=READERS, target="posting"),
    "participants:posting_create": Rule(get={F}, post={F}, see=READERS, target="lot"),
    "participants:posting_ask": Rule(get={F}, post={F}, see=READERS, target="lot"),
    "participants:posting_edit": Rule(get={F}, post={F}, see=READERS, target="posting"),
    "participants:posting_move": Rule(post={F}, see=READERS, target="posting"),
    "participants:posting_persons": Rule(get={F, FX}, post={F}, see=READERS, target="posting"),
    "participants:vacancies": Rule(get={F, FE, FX}),
    "participants:referral_answer": Rule(get={F}, post={F}, see={F, FX}, target="referral"),
    "participants:referral_withdraw": Rule(post={F}, see={F, FX}, target="referral"),
    "participants:contract_of_referral": Rule(get={F}, post={F}, see={F, FX}, target="referral"),
    "participants:calls": Rule(get={F, FE, FX}),
    "participants:exit": Rule(get={F}, post={F}, see={F, FX}, target="exit"),
    "participants:exit_attempt": Rule(post={F}, see={F, FX}, target="exit"),
    "participants:work_certificate_produce": Rule(post={F}, see={F, FX}, target="person"),
    "participants:work_certificate": Rule(get={F, FX}, see={F, FX}, target="work_certificate"),
    "participants:hours_lots": Rule(get={O, F, FE, FX}),
    "participants:hours": Rule(get={O, F, FX}, post={F}, see=READERS, target="lot"),
    "participants:hours_save": Rule(post={F}, see=READERS, target="lot"),
    "participants:hours_renew": Rule(get={F}, post={F}, see=READERS, target="lot"),
    "participants:company_grid": Rule(get={O, F, FX}, post={F}, see=READERS, target="company"),
    "participants:company_hours_save": Rule(post={F}, see=READERS, target="company"),
    "participants:hours_month": Rule(get={O, F, FX}, see={O, F, FX}, target="contract"),
    "participants:hours_split": Rule(get={F}, post={F}, see={O, F, FX}, target="contract"),
    "participants:hours_join": Rule(post={F}, see={O, F, FX}, target="contract"),
    "participants:hours_regularise": Rule(get={F}, post={F}, see={O, F, FX}, target="contract"),
    "participants:hours_pending": Rule(get={F, FE}),
    "participants:hours_withhold": Rule(get={F}, post={F}, see={O, F, FX}, target="hours_entry"),
    "participants:hours_duplicate": Rule(post={F}, see={O, F, FX}, target="hours_entry"),
    "participants:declarations": Rule(get={F, FE}),
    "participants:declaration": Rule(get={F}, post={F}, see=READERS, target="company"),
    "participants:declaration_type": Rule(get={F}, post={F}, see=READERS, target="company"),
    "participants:declaration_file": Rule(get={F}, see={O, F, FX}, target="declaration"),
    "participants:link_send": Rule(post={F}, see=READERS, target="company"),
    "participants:link": Rule(get={F}, see=READERS, target="hours_link"),
    "participants:link_revoke": Rule(post={F}, see=READERS, target="hours_link"),
    "participants:hours_imports": Rule(get={F, FE}, post={F, FE}),
    "participants:hours_import": Rule(get={F}, see={F}, target="statement"),
    "participants:hours_import_progress": Rule(get={F}, see={F}, target="statement"),
    "participants:hours_import_columns": Rule(get={F}, post={F}, see={F}, target="statement"),
    "participants:hours_import_choose": Rule(post={F}, see={F}, target="statement"),
    "participants:hours_import_record": Rule(post={F}, see={F}, target="statement"),
    "participants:hours_import_allot": Rule(get={F}, post={F}, see={F}, target="imported_line"),
    "reporting:logos": Rule(get={M}, post={M}),
    "reporting:list": Rule(get=EVERYONE - {M}, post={F, FE}),
    "reporting:statement": Rule(get={F}, post={F}, see={F}, target="draft"),
    "reporting:preview": Rule(post={F}, see={O, L, F, FX, D}, target="draft"),
    "reporting:publish": Rule(post={F}, see={O, L, F, FX, D}, target="draft"),
    "reporting:download": Rule(get=set(), see=set(), target="draft"),
    "reporting:job": Rule(get={F}, see={F}, target="job"),
}
# {route: arguments of its address}
PUBLIC = {
    "help": [],
    "help_tasks": [],
    "help_sheet": ["clause-sociale"],
    "accessibility": [],
    "legal_notice": [],
}
# Opened by the secret in the address: tested with what it gives (tests/markets/programme/test_agenda.py,
# tests/participants/company/).
SECRET_LINKS = {
    "markets:agenda_feed",
    "participants:company_link",
    "participants:company_hours",
    "participants:company_posting",
    "participants:company_referrals",
}
ALLAUTH = {
    "account_login",
    "account_logout",
    "account_change_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}


def route_names(resolver=None, prefix=""):
    """Full name of every route of the project."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + pattern.name
        else:
            yield from route_names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


def test_every_route_has_a_line():
    assert sorted(route_names()) == sorted([*MATRIX, *PUBLIC, *SECRET_LINKS, *ALLAUTH])


@pytest.fixture
def world(territory, elsewhere):
    """One object of each kind, all in Pays d’Aix and in one directorate."""
    directorate = DirectorateFactory()
    operation = OperationFactory(directorate=directorate, communes=[territory.communes.first()])
    lot = LotFactory(territory=territory, market__operation=operation, running=True)
    contract = lot.contracts.get()
    retained = LotFactory(territory=territory, market__operation=operation, retained=True)
    validation = EligibilityValidationFactory(participant__territory=territory)
    draft = StatementFactory(territory=territory, quarter="2026-T1")
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
        "calibration": _proposal(retained),
        "trade": TradeFactory(),
        "contract": contract,
        "hours_entry": HoursEntryFactory(contract=contract),
        "validation": validation,
        "person": validation.participant,
        "category": validation.category,
        "certificate": EligibilityCertificateFactory(validation__participant=validation.participant),
        "draft": draft,
        "question": BidderQuestionFactory(market=lot.market),
        "programme": ProgrammeImportFactory(directorate=directorate, done=True),
        "account": account,
        "membership": grant(user=account, role=Role.DIRECTOR, by=None),
        **instruction_rows(lot),
        **paper_rows(lot),
        **reference_rows(),
        **work_rows(lot),
        **company_month_rows(contract),
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
    }[identity]
    grant(user=user, role=role, by=None, **place)
    client = StrictClient(raise_request_exception=True)
    client.force_login(user)
    # a production is for the facilitator who asked it, an import for the chargée de mission who did
    world["targets"]["job"] = ExportJob.objects.create(
        statement=world["targets"]["draft"], **asked(user if identity == F else UserFactory())
    )
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
        url = reverse(route, args=[world["targets"][rule.target].pk] if rule.target else [])
        for method, status in statuses(client, url, ["GET", "POST"]).items():
            if status not in rule.expected(identity, method):
                wrong.append(f"{method} {route}: {status}, expected {sorted(rule.expected(identity, method))}")
    assert wrong == []


@pytest.mark.parametrize("identity", sorted(EVERYONE))
def test_no_route_answers_another_method(world, identity):
    client = sign_in(world, identity)
    for route, rule in MATRIX.items():
        url = reverse(route, args=[world["targets"][rule.target].pk] if rule.target else [])
        others = ["PUT", "PATCH", "DELETE"] if identity != O else ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
        for method, status in statuses(client, url, others).items():
            assert status == 405, f"{method} {route}: {status}"


def test_an_unknown_id_looks_like_one_out_of_scope(world):
    client = sign_in(world, FE)
    for route, rule in MATRIX.items():
        if rule.get and rule.see is not None and FE not in rule.see:
            hidden = client.get(reverse(route, args=[world["targets"][rule.target].pk]))
            unknown = client.get(reverse(route, args=[2**31 - 1]))
            assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content), route


def test_a_visitor_is_sent_to_the_sign_in_page(client, world):
    for route, rule in MATRIX.items():
        url = reverse(route, args=[1] if rule.target else [])
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
