"""One more row of each list, made in a world: what a page must cost the same with two of them or with seven."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from clauses_portal.core.jobs import JobState
from clauses_portal.core.second_lock.histories import rewritten_histories
from facilitators.enums import KeyScope, Role
from facilitators.permissions import grant
from markets.models import Calibration, HourlyRate, ImportRun, LegalThreshold, PenaltyRule
from markets.services.alerts import raise_elsewhere
from markets.services.clause import decide_clause, reopen
from markets.services.markets import add_lot
from markets.services.opinion import give_opinion
from participants.models import EligibilityCategory
from reporting.models import ExportJob
from tests.factories.accounts import UserFactory, author
from tests.factories.companies import CompanyContactFactory, HourlyRateFactory, HoursTransferFactory
from tests.factories.facilitators import ConventionFactory, DirectorateFactory
from tests.factories.markets import (
    AlertFactory,
    AwardFactory,
    CompanyFactory,
    LotFactory,
    LotFinancialsFactory,
    MarketFinancialsFactory,
)
from tests.factories.nominative import ListDownloadFactory, NominativeListFactory
from tests.factories.operations import MilestoneFactory, OperationFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.factories.penalties import PenaltyCaseFactory
from tests.factories.preparation import (
    ClauseReviewFactory,
    ContractDocumentFactory,
    CriteriaGridFactory,
    CriterionFactory,
    DceDocumentFactory,
    DocumentTemplateFactory,
    FacilitatorOpinionFactory,
    LegalThresholdFactory,
    LotPhaseFactory,
    PenaltyRuleFactory,
    ProgrammeImportFactory,
    ReviewAnswerFactory,
    RomeCodeFactory,
    TradeFactory,
)
from tests.factories.reporting import (
    ProductionBatchFactory,
    StatementCommentFactory,
    StatementFactory,
    StatementFileFactory,
)
from tests.factories.webhooks import WebhookFactory
from tests.support.avant_projet import complete_lot, new_market
from tests.support.follow_ups import matched_file
from tests.support.instructed import EXEMPT, grid_in_force, weighted
from tests.support.keys import program
from tests.support.sent import send


@dataclass
class World:
    """Where the rows of a list are made, one after the other (`number` counts them)."""

    territory: object
    elsewhere: object
    user: object
    number: int = 0
    row: object = None

    def one_more(self, make):
        self.number += 1
        make(self)


def an_operation(world):
    MilestoneFactory(operation=OperationFactory(communes=list(world.territory.communes.all())))


def a_market(world):
    lot = LotFactory(territory=world.territory, awarded=True)
    LotFactory(territory=world.elsewhere, market=lot.market)


def a_lot_to_decide(world):
    lot = LotFinancialsFactory(lot=LotFactory(territory=world.territory)).lot
    FacilitatorOpinionFactory(lot=lot)
    ClauseReviewFactory(lot=lot)
    decided = LotFactory(territory=world.territory)
    decide_clause(lot=decided, outcome="clause", legal_basis="execution", by=world.user)


def an_opinion_to_give(world):
    lot = LotFactory(territory=world.territory, trade=TradeFactory())
    FacilitatorOpinionFactory(lot=lot, consulted=[{"name": "Ada", "email": "ada@example.test"}])


def a_lot_to_endorse(world):
    lot = LotFactory(territory=world.territory, market__kind="services", market__consultation_on=date(2026, 9, 1))
    MarketFinancialsFactory(market=lot.market)
    decide_clause(lot=lot, by=author(), **EXEMPT)


def a_decision_taken_again(world):
    """One more question, one more decision taken up again, in the trail of the same lot."""
    lot = world.row = world.row or LotFactory(territory=world.territory, market__social_considerations=["clause"])
    opinion = FacilitatorOpinionFactory(lot=lot, consulted=[{"name": "Ada", "email": "ada@example.test"}])
    give_opinion(opinion=opinion, outcome="favourable", by=author())
    decide_clause(lot=lot, outcome="clause", legal_basis="execution", by=author())
    reopen(lot=lot, by=author())


def a_criterion_of_a_lot(world):
    review = world.row or ClauseReviewFactory(lot__territory=world.territory)
    world.row = review
    ReviewAnswerFactory(review=review)


def an_alert(world):
    AlertFactory(lot=LotFactory(territory=world.territory), closed=world.number % 2 == 0)
    place = {"territory": world.territory, "company": CompanyFactory(), "description": "Fin proche."}
    raise_elsewhere(category="A24", severity="info", by=author(), **place)


def a_recipient_of_an_alert(world):
    world.row = world.row or AlertFactory(lot=LotFactory(territory=world.territory))
    world.row.recipients.add(UserFactory())


def a_penalty_of_a_lot(world):
    lot = LotFactory(territory=world.territory, calibrated=True)
    PenaltyCaseFactory(award=AwardFactory(lot=lot), dropped=world.number % 2 == 0)


def a_penalty_of_the_same_lot(world):
    lot = world.row = world.row or LotFactory(territory=world.territory, calibrated=True)
    PenaltyCaseFactory(award=AwardFactory(lot=lot, role="member"))


def a_programme_line(world):
    lot = LotFactory(
        territory=world.territory,
        trade=TradeFactory(),
        market__notified_on=None,
        market__planned_publication_on=date(2026, 9, 20),
        starts_on=date(2026, 10, 1),
        ends_on=date(2027, 3, 31),
    )
    LotFactory(territory=world.elsewhere, market=lot.market)
    MilestoneFactory(operation=lot.market.operation, planned_on=date(2026, 9, 21))
    Calibration.objects.create(lot=lot, version=1, proposed_hours=700)


def a_programme_import(world):
    ProgrammeImportFactory(done=True)


def an_import(world):
    ImportRun.objects.create(
        file_name="marches.json", content=b"{}", state=JobState.DONE, asked_by=world.user, asked_at=timezone.now()
    )


def a_person(world):
    EligibilityValidationFactory(participant__territory=world.territory, granted=True)


def a_request(world):
    EligibilityValidationFactory(participant__territory=world.territory)


def a_validation_that_ends(world):
    EligibilityValidationFactory(participant__territory=world.territory, granted=True, ends_on=date(2026, 10, 31))


def a_category(world):
    EligibilityCategoryFactory()
    record_history(EligibilityCategory, author())


def a_double(world):
    """One more file that looks like the first, and one more request of the first person."""
    names = {"last_name": "Garcia", "birth_date": date(1990, 1, 1), "commune": world.territory.communes.first()}
    person = ParticipantFactory(territory=world.territory, first_name="Zoé " + "a" * world.number, **names)
    world.row = world.row or EligibilityValidationFactory(participant=person)
    EligibilityValidationFactory(participant=world.row.participant)


def a_lot_with_hours(world):
    lot = LotFactory(territory=world.territory)
    type(lot).objects.filter(pk=lot.pk).update(state="awarded")


def a_late_market(world):
    """A market behind its time, of a trade of its own, one person hired on it."""
    lot = LotFactory(
        territory=world.territory,
        trade=TradeFactory(),
        running=True,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 9, 30),
    )
    HoursEntryFactory(contract=lot.contracts.get(), month=date(2026, 7, 1), declared=Decimal("7.5"))


def a_statement(world):
    period = {"period_code": f"{2019 + world.number}-T2"}
    file = StatementFileFactory(statement=StatementFactory(territory=world.territory, **period))
    send(file.statement)
    StatementFactory(territory=None, market=LotFactory(territory=world.territory).market, **period)
    StatementFactory(territory=None, directorate=DirectorateFactory(), published=True, **period)


def a_version(world):
    """One more version of a paper, each replaced by the next, with a remark."""
    row, said = world.row, {"version_reason": "Relevé reçu."} if world.row else {}
    draft = StatementFactory(territory=world.territory, version=world.number, replaces=row, **said)
    StatementCommentFactory(statement=draft)
    world.row = send(draft)


def a_paper_of_a_batch(world):
    world.row = world.row or ProductionBatchFactory(asked_by=world.user)
    statement = StatementFactory(territory=world.territory, period_code=f"{2019 + world.number}-T2")
    asked = {"asked_by": world.user, "asked_at": timezone.now(), "state": JobState.DONE}
    ExportJob.objects.create(statement=statement, batch=world.row, **asked)


def an_account(world):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=world.territory, by=author())
    grant(user=user, role=Role.DIRECTORATE_AGENT, directorate=DirectorateFactory(), by=author())


def a_key(world):
    program(KeyScope.READ_MARKETS, structure=ConventionFactory(territories=[world.territory]).structure)


def a_known_source(world):
    matched_file(world.user, structure=ConventionFactory(territories=[world.territory]).structure)


def a_subscription(world):
    WebhookFactory(structure=ConventionFactory(territories=[world.territory]).structure)


def a_convention(world):
    ConventionFactory(territories=[world.territory, world.elsewhere])
    DirectorateFactory()


def a_row_of_the_grid(world):
    award = world.row or AwardFactory(lot=LotFactory(territory=world.territory, calibrated=True))
    world.row = award
    contract = EmploymentContractFactory(
        award=award, employer=CompanyFactory(kind="etti"), modality="2", validated=True
    )
    for month in (6, 7, 8):
        HoursEntryFactory(contract=contract, month=date(2026, month, 1), declared=Decimal("7.5"))


def a_row_of_a_company(world):
    company = world.row = world.row or CompanyFactory()
    lot = LotFactory(territory=world.territory, calibrated=True)
    contract = EmploymentContractFactory(award=AwardFactory(lot=lot, company=company), validated=True)
    HoursEntryFactory(contract=contract, month=date(2026, 7, 1), declared=Decimal("7.5"))


def a_month_that_waits(world):
    contract = EmploymentContractFactory(award__lot__territory=world.territory)
    EligibilityValidationFactory(participant=contract.participant, starts_on=date(2026, 7, 16), granted=True)
    HoursEntryFactory(contract=contract, month=date(2026, 7, 1), declared=Decimal(80))


def a_market_of_an_operation(world):
    world.row = world.row or OperationFactory(communes=[world.territory.communes.first()])
    LotFactory(territory=world.territory, market__operation=world.row)


def a_lot_of_a_market(world):
    lot = LotFactory(territory=world.territory, awarded=True, **({"market": world.row} if world.row else {}))
    LotFinancialsFactory(lot=lot)
    world.row = lot.market


def a_lot_in_preparation(world):
    world.row = world.row or new_market(world.territory)
    number = f"A{world.number}"
    lot = add_lot(market=world.row, number=number, title="Peinture", territory=world.territory, by=author())
    LotPhaseFactory(lot=complete_lot(lot))
    DceDocumentFactory(market=world.row)


def a_template(world):
    DocumentTemplateFactory()


def a_document_of_a_lot(world):
    world.row = world.row or LotFactory(territory=world.territory, calibrated=True)
    ContractDocumentFactory(lot=world.row, version=world.number)


def a_company_of_a_lot(world):
    lot = world.row or LotFactory(territory=world.territory, calibrated=True)
    world.row = lot
    AwardFactory(lot=lot, role="member", hours_minimum=10)
    AlertFactory(lot=lot)


def a_contract_of_a_person(world):
    person = world.row = world.row or ParticipantFactory(territory=world.territory)
    EligibilityValidationFactory(participant=person, refused=True)
    former = person.contracts.first()
    award = former.award if former else AwardFactory(lot=LotFactory(territory=world.territory, calibrated=True))
    EmploymentContractFactory(participant=person, award=award)


def a_company(world):
    award = AwardFactory(lot=LotFactory(territory=world.territory, calibrated=True))
    CompanyContactFactory(company=award.company)


def a_lot_of_a_company(world):
    world.row = world.row or CompanyFactory()
    AwardFactory(lot=LotFactory(territory=world.territory, calibrated=True), company=world.row)
    CompanyContactFactory(company=world.row)


def a_line_of_a_ledger(world):
    lots = (LotFactory(territory=world.territory, calibrated=True) for _ in range(2))
    world.row = world.row or AwardFactory(lot=next(lots))
    HoursTransferFactory(source=AwardFactory(lot=next(lots)), target=world.row)


def an_hourly_rate(world):
    HourlyRateFactory()
    record_history(HourlyRate, author())


def a_grid(world):
    grid_in_force(weighted("adequacy", 60), weighted("calendar", 40), version=world.number)


def a_line_of_a_draft(world):
    world.row = world.row or CriteriaGridFactory()
    CriterionFactory(grid=world.row)


def a_threshold(world):
    LegalThresholdFactory(category="works", valid_from=date(2000 + world.number, 1, 1))
    record_history(LegalThreshold, author())


def a_penalty(world):
    PenaltyRuleFactory()
    record_history(PenaltyRule, author())


def record_history(model, by):
    with rewritten_histories():
        model.history.filter(history_user=None).update(history_user=by)


def a_nominative_list(world):
    by = {"asked_by": world.user, "done": True}
    ListDownloadFactory(asked_list=NominativeListFactory(territory=world.territory, **by), downloaded_by=UserFactory())


def a_trade(world):
    TradeFactory().occupations.add(RomeCodeFactory(), RomeCodeFactory())


# (page, who reads it, what makes a row, most queries: what was measured)
