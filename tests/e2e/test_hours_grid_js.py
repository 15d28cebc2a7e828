"""The hours grid in a browser: keyboard, paste, undo, saving as one types, two people on one cell, no network."""

import re
from datetime import date
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from clauses_portal.core.errors import CHANGED_MEANWHILE
from facilitators.enums import Role
from participants.counting import NOT_VALIDATED
from participants.models import HoursEntry
from participants.services.hours import record_month
from tests.factories.accounts import UserFactory
from tests.factories.markets import AwardFactory
from tests.factories.participants import EmploymentContractFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
SAVED = re.compile(r"^Enregistré à \d\d:\d\d\.$")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def contracts(convention, territory):
    """Three contracts of one lot: two persons validated, the third not."""
    award = AwardFactory(lot__territory=territory)
    validated = EmploymentContractFactory.create_batch(2, award=award, validated=True)
    return sorted([*validated, EmploymentContractFactory(award=award)], key=lambda one: str(one.participant))


@pytest.fixture
def grid(visit, as_role, contracts):
    """The grid of their lot, from March to August 2026, opened by the facilitator of the territory."""
    return visit(as_role(Role.FACILITATOR), grid_path(contracts))


def grid_path(contracts, until="2026-08"):
    return reverse("participants:hours", args=[contracts[0].lot_id]) + f"?jusqu={until}"


def cell(page, contract, month=JULY):
    return page.locator(f'[name="cell-{contract.pk}-{month:%Y-%m}"]')


def note(page, contract, month=JULY):
    return cell(page, contract, month).locator("xpath=..").locator(".cell-note")


def status(page):
    return page.locator("[data-hours-status]")


def declared():
    """{(contract id, month): declared hours} of everything stored."""
    return {(entry.contract_id, entry.month): entry.declared for entry in HoursEntry.objects.all()}


def validated(contracts):
    return [one for one in contracts if one.participant.validations.exists()]


def paste(page, target, text):
    target.focus()
    target.evaluate(
        """(input, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", text);
            input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_typed_hours_are_saved_and_enter_goes_down(grid, contracts):
    first, second = contracts[:2]
    cell(grid, first).fill("7h30")
    cell(grid, first).press("Enter")
    expect(cell(grid, second)).to_be_focused()
    expect(cell(grid, first)).to_have_value("7,5")
    expect(grid.locator(f'[data-row-declared="{first.pk}"]')).to_have_text("7,5")
    expect(grid.locator("[data-place-declared]")).to_have_text("7,5")
    assert declared() == {(first.pk, JULY): Decimal("7.5")}
    assert grid.script_errors == []


def test_hours_of_a_person_not_validated_are_kept_and_said_rejected(grid, contracts):
    contract = next(one for one in contracts if one not in validated(contracts))
    cell(grid, contract).fill("10")
    cell(grid, contract).press("Tab")
    expect(note(grid, contract)).to_have_text("rejetées")
    expect(status(grid)).to_contain_text(NOT_VALIDATED)
    described_by = cell(grid, contract).get_attribute("aria-describedby")
    expect(grid.locator(f"#{described_by}")).to_contain_text(NOT_VALIDATED)
    expect(grid.locator("[data-place-counted]")).to_have_text("0")


def test_a_block_is_pasted_undone_and_done_again(grid, contracts):
    first, second = contracts[:2]
    paste(grid, cell(grid, first), "10,5\t20\n1\t2\n")
    expect(cell(grid, second, AUGUST)).to_have_value("2")
    expect(note(grid, second, AUGUST)).not_to_have_text("à enregistrer")
    assert declared()[first.pk, AUGUST] == 20
    cell(grid, second).press("Control+z")
    expect(cell(grid, first)).to_have_value("")
    expect(status(grid)).to_have_text(SAVED)
    assert declared() == {}
    cell(grid, first).press("Control+y")
    expect(cell(grid, first)).to_have_value("10,5")
    expect(note(grid, first)).not_to_have_text("à enregistrer")
    assert len(declared()) == 4


def test_text_that_is_not_hours_is_said_and_escape_takes_it_back(grid, contracts):
    target = cell(grid, contracts[0])
    for text in ("abc", "301", "-1", "7h75"):
        target.fill(text)
        target.press("Enter")
        expect(target).to_have_attribute("aria-invalid", "true")
        expect(note(grid, contracts[0])).to_have_text("à corriger")
    target.press("Escape")
    expect(target).to_have_value("")
    expect(target).not_to_have_attribute("aria-invalid", "true")
    assert declared() == {}


def test_arrows_go_from_cell_to_cell(grid, contracts):
    cell(grid, contracts[0]).focus()
    grid.keyboard.press("ArrowRight")
    expect(cell(grid, contracts[0], AUGUST)).to_be_focused()
    grid.keyboard.press("ArrowDown")
    expect(cell(grid, contracts[1], AUGUST)).to_be_focused()
    grid.keyboard.press("ArrowLeft")
    grid.keyboard.press("Shift+Enter")
    expect(cell(grid, contracts[0])).to_be_focused()


@pytest.fixture
def conflict(grid, contracts):
    """Somebody else wrote 5 h in July after the page was opened, where the person now types 9 h."""
    contract = validated(contracts)[0]
    record_month(contract=contract, month=JULY, declared=Decimal(5), by=UserFactory())
    cell(grid, contract).fill("9")
    cell(grid, contract).press("Enter")
    expect(grid.locator("[data-hours-issues]")).to_contain_text(CHANGED_MEANWHILE)
    expect(grid.locator("[data-hours-issues]")).to_contain_text("Valeur enregistrée : 5. Votre saisie : 9.")
    expect(cell(grid, contract)).to_have_value("9")
    assert declared() == {(contract.pk, JULY): 5}
    return contract


def test_the_second_person_may_keep_what_the_first_wrote(grid, conflict):
    grid.get_by_role("button", name="Garder la valeur enregistrée").click()
    expect(cell(grid, conflict)).to_have_value("5")
    expect(grid.locator("[data-hours-issues] li")).to_have_count(0)
    assert declared() == {(conflict.pk, JULY): 5}


def test_the_second_person_may_impose_her_own(grid, conflict):
    grid.get_by_role("button", name="Reprendre ma saisie").click()
    expect(status(grid)).to_have_text(SAVED)
    assert declared() == {(conflict.pk, JULY): 9}


def test_what_the_network_lost_is_kept_and_sent_at_the_next_change(grid, contracts):
    first, second = contracts[:2]
    grid.route("**/enregistrer/", lambda route: route.abort())
    cell(grid, first).fill("3")
    cell(grid, first).press("Enter")
    expect(note(grid, first)).to_have_text("à enregistrer")
    expect(status(grid)).to_contain_text("Non enregistré")
    grid.unroute("**/enregistrer/")
    cell(grid, second).fill("4")
    cell(grid, second).press("Enter")
    expect(note(grid, first)).not_to_have_text("à enregistrer")
    expect(note(grid, second)).not_to_have_text("à enregistrer")
    assert declared() == {(first.pk, JULY): 3, (second.pk, JULY): 4}


def test_leaving_with_unsaved_hours_asks_first(grid, contracts):
    asked = []
    grid.route("**/enregistrer/", lambda route: route.abort())
    cell(grid, contracts[0]).fill("3")
    cell(grid, contracts[0]).press("Enter")
    expect(status(grid)).to_contain_text("Non enregistré")
    grid.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    grid.goto("about:blank")
    assert asked == ["beforeunload"]


def test_a_person_signed_out_meanwhile_keeps_her_typing(grid, contracts):
    grid.context.clear_cookies(name="sessionid")
    cell(grid, contracts[0]).fill("3")
    cell(grid, contracts[0]).press("Enter")
    expect(status(grid)).to_contain_text("Votre session a expiré")
    expect(cell(grid, contracts[0])).to_have_value("3")


def test_months_before_the_contract_are_locked(visit, as_role, contracts):
    page = visit(as_role(Role.FACILITATOR), grid_path(contracts, until="2026-03"))
    january = cell(page, contracts[0], date(2026, 1, 1))
    expect(january).to_be_disabled()
    assert january.get_attribute("title")


def test_rows_are_filtered_by_a_name_without_accents(grid, contracts):
    person = str(contracts[0].participant)
    grid.get_by_label("Chercher une personne ou une entreprise").fill(person.lower())
    expect(grid.locator("#hours-table tbody tr:visible")).to_have_count(1)


def test_without_javascript_the_form_does_the_same(visit, as_role, contracts):
    page = visit(as_role(Role.FACILITATOR), grid_path(contracts), java_script_enabled=False)
    cell(page, contracts[0]).fill("7h30")
    page.get_by_role("button", name="Enregistrer").click()
    assert declared() == {(contracts[0].pk, JULY): Decimal("7.5")}


def test_the_grid_has_no_accessibility_fault_even_with_refusals(grid, contracts):
    paste(grid, cell(grid, contracts[0]), "10\tabc\n20\t400\n30\t1")
    expect(grid.locator("[data-hours-issues] li").first).to_be_visible()
    report = Axe().run(grid, options={"runOnly": {"type": "tag", "values": STANDARDS}})
    assert [fault["id"] for fault in report.response["violations"]] == []
