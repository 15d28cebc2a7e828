"""Two full territories, every table: each account sees its own rows and not one more."""

from datetime import date

import pytest
from django.utils import timezone

from facilitators.enums import Role
from facilitators.permissions import ScopedQuerySet, grant
from facilitators.role_permissions import ROLE_PERMISSIONS
from markets.models import (
    CalibrationMethod,
    LotFinancials,
    Market,
    MarketFinancials,
    MarketTotal,
    ObjectiveEntry,
    PhysicalProgress,
)
from markets.services.openings import record_opening_balance
from operations.models import Operation
from participants.models import ClosedPeriod, EuropeanAnswers
from reporting.models import ExportJob, Statement, StatementRatios
from tests.factories.accounts import UserFactory, author
from tests.factories.companies import CountingRuleFactory, HoursTransferFactory
from tests.factories.execution import execution_rows
from tests.factories.facilitators import CommuneFactory, DirectorateFactory
from tests.factories.links import CompanyReminderFactory, PayrollContactFactory, StatementMappingFactory
from tests.factories.markets import (
    THOUSAND_HOURS,
    AlertFactory,
    LotFactory,
    LotFinancialsFactory,
    MarketFinancialsFactory,
)
from tests.factories.nominative import ListDownloadFactory
from tests.factories.operations import MilestoneFactory, OperationFactory
from tests.factories.participants import (
    EligibilityCertificateFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
)
from tests.factories.preparation import (
    BidderQuestionFactory,
    ContractDocumentFactory,
    DceDocumentFactory,
    DocumentJobFactory,
    FacilitatorOpinionFactory,
    PhaseFinancialsFactory,
    ReferentAssignmentFactory,
    ReviewAnswerFactory,
)
from tests.factories.privacy import DataRequestFactory, ParticipantHoldFactory
from tests.factories.reporting import StatementCommentFactory, StatementFactory, StatementFileFactory
from tests.support.company_months import company_month_rows
from tests.support.gatherings import meeting_rows
from tests.support.penalties import penalty_rows
from tests.support.source import models
from tests.support.work import work_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

# Seen by whoever asked them, by a direction or by the office: tested with the works they are.
OWN = {
    "participants.AccessExport",
    "markets.ColumnMapping",
    "markets.DecpWatch",
    "markets.DocumentTemplate",
    "markets.ImportRun",
    "markets.ProgrammeImport",
    "markets.TradeParameters",
    "reporting.DataImport",
    "reporting.NominativeList",
    "reporting.PackageExport",
    "reporting.ProductionBatch",
    "reporting.PublicationAgreement",
    "reporting.ExportJob",
}
SCOPED = [
    model
    for model in models()
    if isinstance(model._default_manager.all(), ScopedQuerySet) and model._meta.label not in OWN
]


def fill(territory, directorate):
    """One row of every scoped table in this territory, for this directorate."""
    operation = OperationFactory(directorate=directorate, communes=[CommuneFactory(territory=territory)])
    MilestoneFactory(operation=operation)
    lot = LotFactory(awarded=True, territory=territory, market__operation=operation)
    contract = EmploymentContractFactory(award=lot.awards.get(), validated=True)
    HoursEntryFactory(contract=contract)
    AlertFactory(lot=lot)
    LotFinancialsFactory(lot=lot)
    MarketFinancialsFactory(market=lot.market)
    ClosedPeriod.objects.create(territory=territory, quarter_start=date(2025, 1, 1))
    prepare(lot)
    execute(contract, operation)
    report(contract, operation)


def prepare(lot):
    """One row of every table that comes before the award."""
    PhaseFinancialsFactory(phase__lot=lot)
    DceDocumentFactory(market=lot.market)
    ReviewAnswerFactory(review__lot=lot)
    FacilitatorOpinionFactory(lot=lot)
    ContractDocumentFactory(lot=lot)
    DocumentJobFactory(lot=lot)
    BidderQuestionFactory(market=lot.market)
    ReferentAssignmentFactory(lot=lot)


def execute(contract, operation):
    """One row of every table that comes after the award."""
    lot = contract.lot
    meeting_rows(lot)
    penalty_rows(contract.award)
    work_rows(lot)
    company_month_rows(contract)
    CompanyReminderFactory(company=contract.employer, contact=PayrollContactFactory(company=contract.employer))
    StatementMappingFactory(company=contract.employer)
    CountingRuleFactory(market=lot.market)
    other = LotFactory(awarded=True, territory=lot.territory, market__operation=operation)
    HoursTransferFactory(source=contract.award, target=other.awards.get())
    EligibilityCertificateFactory(validation=contract.participant.validations.get())
    DataRequestFactory(participant=contract.participant)
    ParticipantHoldFactory(participant=contract.participant)


def report(contract, operation):
    """One row of every table of the papers."""
    lot = contract.lot
    record_opening_balance(
        award=LotFactory(awarded=True, territory=lot.territory, market=lot.market).awards.get(),
        hours=100,
        persons=2,
        until=date(2026, 1, 31),
        source="Tableur",
        by=author(),
    )
    statement = StatementFactory(territory=None, market=lot.market)
    StatementFileFactory(statement=statement)
    StatementCommentFactory(statement=statement)
    StatementRatios.objects.create(statement=statement, data={})
    execution_rows(contract.award)
    ListDownloadFactory(asked_list__territory=lot.territory)
    moment = {"recorded_at": timezone.now(), "recorded_by": author()}
    PhysicalProgress.objects.create(lot=lot, observed_on=date(2026, 9, 1), percent=40, **moment)
    EuropeanAnswers.objects.create(
        participant=contract.participant, operation=operation, answered_at=timezone.now(), answered_by=author()
    )


@pytest.fixture
def two_worlds(territories):
    """{model: (ids here, ids elsewhere)} and the directorate of the rows here."""
    directorates = DirectorateFactory.create_batch(2)
    fill(territories[0], directorates[0])
    here = {model: set(model._default_manager.values_list("pk", flat=True)) for model in SCOPED}
    fill(territories[1], directorates[1])
    everywhere = {model: set(model._default_manager.values_list("pk", flat=True)) for model in SCOPED}
    assert [model for model in SCOPED if not here[model] or here[model] == everywhere[model]] == []
    return here, everywhere, directorates[0]


def test_each_role_sees_its_rows_and_no_other(territory, two_worlds):
    here, everywhere, directorate = two_worlds
    places = {Role.FACILITATOR: {"territory": territory}, Role.DIRECTORATE_AGENT: {"directorate": directorate}}
    for role in Role:
        user = UserFactory()
        grant(user=user, role=role, by=None, **places.get(role, {}))
        for model in SCOPED:
            rows = model._default_manager.all()
            expected = set()
            if rows.view_permission in ROLE_PERMISSIONS[role]:
                expected = here[model] if role in places else everywhere[model]
            if role == Role.DIRECTORATE_AGENT and rows.directorate_path is None:
                expected = set()
            assert set(rows.visible_to(user).values_list("pk", flat=True)) == expected, (role, model)


@pytest.fixture
def shared(territories):
    """A market with a lot in each of two territories, and its neighbours' account."""
    lot = LotFactory(awarded=True, territory=territories[0])
    other = LotFactory(awarded=True, territory=territories[1], market=lot.market)
    MarketFinancialsFactory(market=lot.market)
    LotFinancialsFactory(lot=lot)
    LotFinancialsFactory(lot=other)
    return lot


@pytest.fixture
def neighbour(elsewhere):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=elsewhere, by=None)
    return user


def test_a_shared_market_is_seen_from_both_sides_once(shared, neighbour):
    assert list(Market.objects.visible_to(neighbour)) == [shared.market]


def test_the_hours_of_a_neighbour_stay_his(shared, neighbour, elsewhere):
    totals = MarketTotal.objects.visible_to(neighbour)
    assert list(totals.values_list("territory", "required")) == [(elsewhere.pk, 1000)]
    assert ObjectiveEntry.objects.visible_to(neighbour).count() == 1


def test_the_amount_of_a_shared_market_is_for_nobody_s_territory(shared, neighbour, territory):
    """Knowing the whole and one's own lot would give the neighbour's amount."""
    assert not MarketFinancials.objects.visible_to(neighbour).exists()
    assert LotFinancials.objects.visible_to(neighbour).count() == 1
    grant(user=neighbour, role=Role.FACILITATOR, territory=territory, by=None)
    assert MarketFinancials.objects.visible_to(neighbour).count() == 1


def test_the_method_of_a_neighbour_is_not_readable(shared, neighbour):
    seen = CalibrationMethod.objects.visible_to(neighbour)
    assert set(seen.values_list("calibration__lot__territory__code", flat=True)) == {"AUBAGNE"}
    assert seen.get().parameters["hourly_cost"] == str(THOUSAND_HOURS["hourly_cost"])


def test_the_statement_of_a_shared_market_is_for_who_sees_it_all(shared, neighbour, territory):
    StatementFactory(territory=None, market=shared.market)
    assert not Statement.objects.visible_to(neighbour).exists()
    grant(user=neighbour, role=Role.FACILITATOR, territory=territory, by=None)
    assert Statement.objects.visible_to(neighbour).exists()


def test_an_operation_in_two_territories_is_seen_once(territories, neighbour):
    communes = [CommuneFactory(territory=place) for place in territories] + [CommuneFactory(territory=territories[1])]
    operation = OperationFactory(communes=communes)
    assert list(Operation.objects.visible_to(neighbour)) == [operation]


def test_a_market_without_an_operation_is_seen_through_its_lots(territory, elsewhere, neighbour):
    market = LotFactory(territory=elsewhere, market__operation=None).market
    LotFactory(territory=territory, market__operation=None)
    assert list(Market.objects.visible_to(neighbour)) == [market]


@pytest.mark.parametrize("kind", ["territory", "market"])
def test_a_production_is_seen_by_who_asked_it_while_she_may(kind, elsewhere, neighbour):
    lot = LotFactory(territory=elsewhere)
    scope = {"territory": elsewhere} if kind == "territory" else {"territory": None, "market": lot.market}
    job = ExportJob.objects.create(statement=StatementFactory(**scope))
    assert not ExportJob.objects.visible_to(neighbour).exists()
    ExportJob.objects.filter(pk=job.pk).update(asked_by=neighbour, asked_at="2026-09-15T10:00Z")
    assert list(ExportJob.objects.visible_to(neighbour)) == [job]
    neighbour.is_active = False
    assert not ExportJob.objects.visible_to(neighbour).exists()
