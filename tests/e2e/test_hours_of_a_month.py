"""Months that are not ordinary, in a browser: begun in the middle, sent already, pasted from Excel, imported twice."""

import re
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clauses_portal.core.exports import csv_text
from facilitators.enums import Role
from participants.models import ClosedPeriod, HoursEntry
from participants.services.hours import record_month
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

SAVED = re.compile("^Enregistré à")


def fates():
    """[(declared, counted, rejected, pending)] of everything stored, by day."""
    rows = HoursEntry.objects.order_by("starts_on", "pk")
    return list(rows.values_list("declared", "counted", "rejected", "pending"))


def grid_of(contract, until="2026-08"):
    return reverse("participants:hours", args=[contract.lot_id]) + f"?jusqu={until}"


def cell(page, contract, month):
    return page.locator(f'[name="cell-{contract.pk}-{month}"]')


def status(page):
    return page.locator("[data-hours-status]")


@pytest.fixture
def contract(convention, territory):
    return EmploymentContractFactory(award=AwardFactory(lot__territory=territory), validated=True)


@pytest.fixture
def late(convention, territory):
    """A contract whose person is validated from 10 August only."""
    person = ParticipantFactory(territory=territory)
    contract = EmploymentContractFactory(participant=person, award=AwardFactory(lot__territory=territory))
    EligibilityValidationFactory(
        participant=person,
        starts_on=date(2026, 8, 10),
        ends_on=date(2027, 8, 9),
        evidence_dated_on=date(2026, 8, 1),
        granted=True,
    )
    return contract


def test_a_validation_that_begins_in_the_middle_of_a_month(visit, as_role, late):
    page = visit(as_role(Role.FACILITATOR), grid_of(late))
    cell(page, late, "2026-08").fill("140")
    cell(page, late, "2026-08").press("Enter")
    expect(status(page)).to_contain_text("ces heures attendent")
    assert fates() == [(140, 0, 0, 140)]
    page.get_by_role("link", name="Répartir par jours").first.click()
    page.get_by_role("link", name="Répartir par jours").first.click()
    expect(page.locator("[name=first_day]")).to_have_value("2026-08-10")
    page.locator("[name=before]").fill("42")
    page.locator("[name=from_then]").fill("98")
    page.get_by_role("button", name=re.compile("Enregistrer|Répartir")).first.click()
    expect(page.locator("main")).to_contain_text("Le mois est réparti.")
    assert fates() == [(42, 0, 42, 0), (98, 98, 0, 0)]


def test_a_month_that_was_sent_is_corrected_by_a_regularisation(visit, as_role, contract, territory):
    record_month(contract=contract, month=date(2026, 6, 1), declared=100, by=author())
    ClosedPeriod.objects.create(
        territory=territory, quarter_start=date(2026, 4, 1), closed_at="2026-07-20T10:00Z", closed_by=author()
    )
    page = visit(as_role(Role.FACILITATOR), grid_of(contract))
    expect(cell(page, contract, "2026-06")).to_be_disabled()
    page.goto(page.url.split("/lots/")[0] + reverse("participants:hours_month", args=[contract.pk]) + "?mois=2026-06")
    page.get_by_role("link", name="Régulariser").first.click()
    page.locator("[name=hours]").fill("92,5")
    page.locator("[name=reason]").fill("Une journée comptée deux fois.")
    page.get_by_role("button", name=re.compile("Enregistrer|Régulariser")).first.click()
    expect(page.locator("main")).to_contain_text("92,5")
    assert [str(declared) for declared, *_ in fates()] == ["100.00", "-7.50"]
    assert HoursEntry.objects.regularisations().get().month == date(2026, 7, 1)


def test_a_block_comes_from_the_clipboard(visit, as_role, contract):
    """The clipboard of the machine, as Excel fills it: tabs between months, commas in the figures."""
    page = visit(as_role(Role.FACILITATOR), grid_of(contract), permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", "10,5\t20\r\n")
    cell(page, contract, "2026-07").focus()
    page.keyboard.press("Control+V")
    expect(cell(page, contract, "2026-08")).to_have_value("20")
    expect(status(page)).to_have_text(SAVED)
    assert [str(declared) for declared, *_ in fates()] == ["10.50", "20.00"]


def test_the_hours_of_a_month_by_keyboard_only(visit, as_role, contract):
    page = visit(as_role(Role.FACILITATOR), "/heures/")
    reach(page, "Heures de" if page.get_by_role("link", name=re.compile("^Heures de")).count() else None)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("heures")
    tab_to(page, f'[name="cell-{contract.pk}-2026-08"]')
    page.keyboard.type("35")
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text(SAVED)
    assert fates() == [(35, 35, 0, 0)]


def reach(page, name):
    """Press Tab until a link of the table of lots has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("() => Boolean(document.activeElement.closest('table a'))"):
            return
    raise AssertionError(f"No Tab reaches {name or 'a lot'}.")


def tab_to(page, selector):
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"No Tab reaches {selector}.")


def test_a_statement_is_imported_once(visit, as_role, contract, worker, tmp_path):
    person = contract.participant
    rows = [["Nom", "Prénom", "Date de naissance", "Mois", "Heures"]]
    rows += [[person.last_name, person.first_name, f"{person.birth_date:%d/%m/%Y}", "08/2026", "77,5"]]
    path = tmp_path / "releve-aout.csv"
    path.write_text(csv_text(rows[0], rows[1:]), encoding="utf-8")
    page = visit(as_role(Role.FACILITATOR), reverse("participants:hours_imports"))
    give(page, contract, path)
    page.get_by_role("button", name=re.compile("Enregistrer 1 ligne")).click()
    read_report(page)
    expect(page.locator("main")).to_contain_text("Enregistré le")
    assert [str(counted) for _, counted, *_ in fates()] == ["77.50"]
    page.goto(page.url.split("/heures/")[0] + reverse("participants:hours_imports"))
    give(page, contract, path, again=True)
    expect(page.locator("main")).to_contain_text("a déjà été importé le 15/09/2026")
    assert [str(counted) for _, counted, *_ in fates()] == ["77.50"]


def give(page, contract, path, *, again=False):
    page.locator("[name=company]").select_option(str(contract.employer_id))
    page.locator("[name=file]").set_input_files(str(path))
    page.get_by_role("button", name=re.compile("Essayer|Envoyer|Importer|Lire")).first.click()
    if not again:
        read_report(page)


def read_report(page):
    """A quick worker may have written the report before the page came."""
    report = page.get_by_role("table", name="Compte rendu, ligne par ligne")
    link = page.get_by_role("link", name=re.compile("Voir"))
    expect(report.or_(link).first).to_be_visible(timeout=20_000)
    if not report.is_visible():
        link.first.click()
    expect(report).to_be_visible()
