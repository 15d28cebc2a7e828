"""What a page costs the database: as many queries with seven rows as with two, and never more than written here."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilitators.enums import Role
from tests.factories.execution import an_attestation
from tests.support import company_months
from tests.support.one_more import (
    World,
    a_category,
    a_company,
    a_company_of_a_lot,
    a_contract_of_a_person,
    a_convention,
    a_criterion_of_a_lot,
    a_decision_taken_again,
    a_document_of_a_lot,
    a_double,
    a_grid,
    a_key,
    a_known_source,
    a_late_market,
    a_line_of_a_draft,
    a_line_of_a_ledger,
    a_lot_in_preparation,
    a_lot_of_a_company,
    a_lot_of_a_market,
    a_lot_to_decide,
    a_lot_to_endorse,
    a_lot_with_hours,
    a_market,
    a_market_of_an_operation,
    a_month_that_waits,
    a_nominative_list,
    a_paper_of_a_batch,
    a_penalty,
    a_penalty_of_a_lot,
    a_penalty_of_the_same_lot,
    a_person,
    a_programme_import,
    a_programme_line,
    a_recipient_of_an_alert,
    a_request,
    a_row_of_a_company,
    a_row_of_the_grid,
    a_statement,
    a_subscription,
    a_template,
    a_threshold,
    a_trade,
    a_validation_that_ends,
    a_version,
    an_account,
    an_alert,
    an_hourly_rate,
    an_import,
    an_operation,
    an_opinion_to_give,
)
from tests.support.privacy_rows import a_data_request, a_request_of_a_person, a_silent_person

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

OFFICER, FACILITATOR, ADMINISTRATOR = Role.MISSION_OFFICER, Role.FACILITATOR, Role.ADMINISTRATOR


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
    ("markets:imports", OFFICER, an_import, 7),
    ("markets:programme", OFFICER, a_programme_line, 10),
    ("markets:programme", FACILITATOR, a_programme_line, 10),
    ("markets:programme_dates", FACILITATOR, a_programme_line, 7),
    ("markets:programme_import", OFFICER, a_programme_import, 8),
    ("markets:forecast", OFFICER, a_programme_line, 10),
    ("markets:forecast", FACILITATOR, a_programme_line, 10),
    ("participants:list", FACILITATOR, a_person, 8),
    ("participants:validations", FACILITATOR, a_request, 6),
    ("participants:validations_ending", FACILITATOR, a_validation_that_ends, 6),
    ("participants:categories", ADMINISTRATOR, a_category, 7),
    ("participants:data_requests", Role.PRIVACY_OFFICER, a_data_request, 8),
    ("participants:data_requests", FACILITATOR, a_data_request, 8),
    ("participants:retention", Role.PRIVACY_OFFICER, a_silent_person, 18),
    ("participants:hours_lots", OFFICER, a_lot_with_hours, 6),
    ("participants:hours_lots", FACILITATOR, a_lot_with_hours, 6),
    ("participants:hours_pending", FACILITATOR, a_month_that_waits, 7),
    ("participants:declarations", FACILITATOR, company_months.a_company_month, 12),
    ("participants:hours_imports", FACILITATOR, company_months.a_statement, 9),
    ("reporting:list", OFFICER, a_statement, 9),
    ("reporting:list", FACILITATOR, a_statement, 8),
    ("reporting:executions", OFFICER, an_attestation, 6),
    ("reporting:nominative_lists", OFFICER, a_nominative_list, 7),
    ("reporting:nominative_lists", FACILITATOR, a_nominative_list, 7),
    ("reporting:nominative_journal", OFFICER, a_nominative_list, 8),
    ("reporting:dashboard", OFFICER, a_late_market, 30),
    ("reporting:dashboard", FACILITATOR, a_late_market, 30),
    ("reporting:dashboard", Role.DIRECTOR, a_late_market, 30),
    ("facilitators:accounts", ADMINISTRATOR, an_account, 10),
    ("facilitators:office", ADMINISTRATOR, a_convention, 7),
    ("facilitators:keys", OFFICER, a_key, 7),
    ("reporting:foreign_file", FACILITATOR, a_known_source, 10),
    ("facilitators:webhooks", ADMINISTRATOR, a_subscription, 7),
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
    ("markets:detail", FACILITATOR, a_lot_of_a_market, 15),
    ("markets:detail", OFFICER, a_lot_in_preparation, 23),
    ("markets:estimates", OFFICER, a_lot_in_preparation, 15),
    ("markets:lot", OFFICER, a_company_of_a_lot, 26),
    ("markets:company", OFFICER, a_lot_of_a_company, 12),
    ("markets:company", FACILITATOR, a_lot_of_a_company, 12),
    ("markets:ledger", OFFICER, a_line_of_a_ledger, 14),
    ("markets:lot", OFFICER, a_decision_taken_again, 27),
    ("markets:review", OFFICER, a_criterion_of_a_lot, 14),
    ("markets:lot", OFFICER, a_document_of_a_lot, 31),
    ("participants:person", FACILITATOR, a_contract_of_a_person, 21),
    ("participants:person_privacy", Role.PRIVACY_OFFICER, a_request_of_a_person, 15),
    ("participants:validation_grant", FACILITATOR, a_double, 20),
    ("markets:grid", ADMINISTRATOR, a_line_of_a_draft, 7),
    ("reporting:statement", FACILITATOR, a_version, 20),
    ("reporting:compare", FACILITATOR, a_version, 12),
    ("reporting:batch", FACILITATOR, a_paper_of_a_batch, 12),
]


def cost(client, url):
    """Number of queries of a page."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return counted(captured)


# A savepoint reads nothing; the line of the journal is written once the page is answered.
NO_READING = ("SAVEPOINT", "RELEASE", 'INSERT INTO "accounts_journalentry"')


def counted(captured):
    """Number of queries of the page itself."""
    return sum(not query["sql"].startswith(NO_READING) for query in captured)


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
    Role.MISSION_OFFICER: 16,
    Role.LEGAL_OFFICER: 9,
    Role.DIRECTORATE_AGENT: 10,
    Role.FACILITATOR: 21,
    Role.DIRECTOR: 6,
    Role.ADMINISTRATOR: 6,
    Role.PRIVACY_OFFICER: 6,  # the requests that wait for an answer
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
