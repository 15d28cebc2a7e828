"""What a page costs the database: as many queries with seven rows as with two, and never more than written here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.jobs import JobState
from facilitators.enums import Role
from facilitators.permissions import grant
from markets.models import Calibration, HourlyRate, ImportRun, LegalThreshold, PenaltyRule
from markets.services.alerts import raise_elsewhere
from markets.services.clause import decide_clause, reopen
from markets.services.markets import add_lot
from markets.services.opinion import give_opinion
from participants.models import EligibilityCategory
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
from tests.factories.reporting import StatementFactory
from tests.support import company_months
from tests.support.avant_projet import complete_lot, new_market
from tests.support.instructed import EXEMPT, grid_in_force, weighted

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

OFFICER, FACILITATOR, ADMINISTRATOR = Role.MISSION_OFFICER, Role.FACILITATOR, Role.ADMINISTRATOR


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


def a_statement(world):
    quarter = f"{2019 + world.number}-T2"
    StatementFactory(territory=world.territory, published=True, quarter=quarter)
    StatementFactory(territory=None, market=LotFactory(territory=world.territory).market, quarter=quarter)


def an_account(world):
    user = UserFactory()
    grant(user=user, role=FACILITATOR, territory=world.territory, by=author())
    grant(user=user, role=Role.DIRECTORATE_AGENT, directorate=DirectorateFactory(), by=author())


def a_convention(world):
    ConventionFactory(territories=[world.territory, world.elsewhere])
    DirectorateFactory()


def a_row_of_the_grid(world):
    award = world.row or AwardFactory(lot=LotFactory(territory=world.territory, calibrated=True))
    world.row = award
    contract = EmploymentContractFactory(award=award, employer=CompanyFactory(kind="etti"), modality="2", validated=True)
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
    model.history.filter(history_user=None).update(history_user=by)


def a_trade(world):
    TradeFactory().occupations.add(RomeCodeFactory(), RomeCodeFactory())


# (page, who reads it, what makes a row, most queries: what was measured)
LISTS = [
    ("operations:list", OFFICER, an_operation, 8),
    ("operations:list", FACILITATOR, an_operation, 7),
    ("markets:list", OFFICER, a_market, 9),
    ("markets:list", FACILITATOR, a_market, 9),
    ("markets:companies", OFFICER, a_company, 6),
    ("markets:companies", FACILITATOR, a_company, 6),
    ("markets:hourly_rates", ADMINISTRATOR, an_hourly_rate, 7),
    ("markets:queue", OFFICER, a_lot_to_decide, 14),
    ("markets:opinions", FACILITATOR, an_opinion_to_give, 6),
    ("markets:visas", Role.LEGAL_OFFICER, a_lot_to_endorse, 6),
    ("markets:alerts", OFFICER, an_alert, 7),
    ("markets:alerts", FACILITATOR, an_alert, 7),
    ("markets:penalty_cases", Role.LEGAL_OFFICER, a_penalty_of_a_lot, 7),
    ("markets:penalty_cases", FACILITATOR, a_penalty_of_a_lot, 7),
    ("markets:imports", OFFICER, an_import, 6),
    ("markets:programme", OFFICER, a_programme_line, 10),
    ("markets:programme", FACILITATOR, a_programme_line, 10),
    ("markets:programme_export", FACILITATOR, a_programme_line, 5),
    ("markets:programme_dates", FACILITATOR, a_programme_line, 7),
    ("markets:programme_import", OFFICER, a_programme_import, 8),
    ("markets:forecast", OFFICER, a_programme_line, 10),
    ("markets:forecast", FACILITATOR, a_programme_line, 10),
    ("participants:list", FACILITATOR, a_person, 8),
    ("participants:validations", FACILITATOR, a_request, 6),
    ("participants:validations_ending", FACILITATOR, a_validation_that_ends, 6),
    ("participants:categories", ADMINISTRATOR, a_category, 7),
    ("participants:hours_lots", OFFICER, a_lot_with_hours, 6),
    ("participants:hours_lots", FACILITATOR, a_lot_with_hours, 6),
    ("participants:hours_pending", FACILITATOR, a_month_that_waits, 7),
    ("participants:declarations", FACILITATOR, company_months.a_company_month, 12),
    ("participants:hours_imports", FACILITATOR, company_months.a_statement, 9),
    ("reporting:list", OFFICER, a_statement, 7),
    ("reporting:list", FACILITATOR, a_statement, 8),
    ("facilitators:accounts", ADMINISTRATOR, an_account, 9),
    ("facilitators:office", ADMINISTRATOR, a_convention, 7),
    ("markets:templates", OFFICER, a_template, 6),
    ("markets:grids", ADMINISTRATOR, a_grid, 7),
    ("markets:thresholds", ADMINISTRATOR, a_threshold, 7),
    ("markets:penalties", ADMINISTRATOR, a_penalty, 7),
    ("markets:trades", ADMINISTRATOR, a_trade, 7),
]
PAGES = [
    ("markets:alert", OFFICER, a_recipient_of_an_alert, 8),
    ("markets:lot", Role.LEGAL_OFFICER, a_penalty_of_the_same_lot, 30),
    ("participants:hours", FACILITATOR, a_row_of_the_grid, 15),
    ("participants:hours", OFFICER, a_row_of_the_grid, 15),
    ("participants:company_grid", FACILITATOR, a_row_of_a_company, 14),
    ("participants:company_grid", OFFICER, a_row_of_a_company, 14),
    ("participants:declaration", FACILITATOR, company_months.a_declared_line, 14),
    ("participants:hours_import", FACILITATOR, company_months.an_imported_line, 8),
    ("operations:detail", OFFICER, a_market_of_an_operation, 10),
    ("markets:detail", FACILITATOR, a_lot_of_a_market, 14),
    ("markets:detail", OFFICER, a_lot_in_preparation, 22),
    ("markets:estimates", OFFICER, a_lot_in_preparation, 15),
    ("markets:lot", OFFICER, a_company_of_a_lot, 23),
    ("markets:company", OFFICER, a_lot_of_a_company, 12),
    ("markets:company", FACILITATOR, a_lot_of_a_company, 12),
    ("markets:ledger", OFFICER, a_line_of_a_ledger, 14),
    ("markets:lot", OFFICER, a_decision_taken_again, 24),
    ("markets:review", OFFICER, a_criterion_of_a_lot, 14),
    ("markets:lot", OFFICER, a_document_of_a_lot, 28),
    ("participants:person", FACILITATOR, a_contract_of_a_person, 20),
    ("participants:validation_grant", FACILITATOR, a_double, 20),
    ("markets:grid", ADMINISTRATOR, a_line_of_a_draft, 7),
]


def cost(client, url):
    """Number of queries of a page."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return counted(captured)


def counted(captured):
    """Number of queries, savepoints left aside: they cost no reading."""
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in captured)


def address(route, row):
    """The page of the list, or of the row whose lines are counted; of its lot, but for the ledger of an award."""
    subject = (
        row
        if route in {"markets:ledger", "markets:alert", "participants:validation_grant"}
        else getattr(row, "lot", row)
    )
    return reverse(route, args=[subject.pk] if row else [])


@pytest.mark.parametrize(("route", "role", "make", "most"), LISTS + PAGES)
def test_a_page_costs_the_same_with_seven_rows(as_role, territory, elsewhere, route, role, make, most):
    client = as_role(role)
    world = World(territory, elsewhere, client.user)
    costs = []
    for rows in (2, 7):
        while world.number < rows:
            world.one_more(make)
        costs.append(cost(client, address(route, world.row)))
    assert costs[0] == costs[1] <= most


# Most queries of the home page, « À faire » and the last papers, by role: what was measured.
HOME = {
    Role.MISSION_OFFICER: 14,
    Role.LEGAL_OFFICER: 9,
    Role.DIRECTORATE_AGENT: 10,
    Role.FACILITATOR: 21,
    Role.DIRECTOR: 6,
    Role.ADMINISTRATOR: 5,
}


@pytest.mark.parametrize("role", HOME)
def test_the_home_page_is_cheap_for_everyone(as_role, territory, role):
    world = World(territory, territory, None)
    for make in (a_statement, an_alert, a_statement, an_alert):
        world.one_more(make)
    assert cost(as_role(role), "/") <= HOME[role]


def test_saving_a_cell_costs_little(as_role, territory):
    """A new cell, then a change, with three other persons and their hours in the lot."""
    world = World(territory, territory, None)
    for _ in range(4):
        world.one_more(a_row_of_the_grid)
    client, contract = as_role(FACILITATOR), world.row.contracts.first()
    url = reverse("participants:hours_save", args=[contract.lot_id])
    costs = []
    for version in (0, 1):
        cell = {"contract": contract.pk, "month": "2026-09", "value": f"{7 + version}", "version": version}
        with CaptureQueriesContext(connection) as captured:
            response = client.post(url, {"cells": [cell]}, content_type="application/json")
        assert response.json()["cells"][0]["status"] == "counted"
        costs.append(counted(captured))
    assert max(costs) <= 18
