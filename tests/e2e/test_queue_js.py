"""« À instruire » in a browser: deciding by the keyboard without leaving the list, and the screens around it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from facilitators.enums import Role
from markets.enums import LotState
from markets.models import FacilitatorOpinion, Lot
from tests.factories.markets import LotFactory
from tests.support.instructed import instruction_rows

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today", "convention")]

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"viewport": {"width": 390, "height": 800}}


@pytest.fixture
def lots(territory, as_role):
    as_role(Role.FACILITATOR)
    return [LotFactory(territory=territory, market__number=f"M-{number}") for number in (1, 2, 3)]


@pytest.fixture
def queue(visit, as_role, lots):
    return visit(as_role(Role.MISSION_OFFICER), reverse("markets:queue"))


def line(page, lot):
    return page.locator(f"#lot-{lot.pk}")


def focused(page):
    return page.evaluate("document.activeElement.closest('tbody')?.id")


def state_of(lot):
    return Lot.objects.get(pk=lot.pk).state


def problems_of(page):
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}}).response["violations"]
    problems = [f"{violation['id']}: {violation['nodes'][0]['html'][:120]}" for violation in found]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        problems.append("wider than the screen")
    return problems + page.script_errors


def test_lots_are_decided_by_the_keyboard_and_a_decision_is_cancelled(queue, lots):
    ordered = list(Lot.objects.filter(pk__in=[lot.pk for lot in lots]).order_by("pk"))
    queue.locator("[data-row]").first.focus()
    queue.keyboard.press("j")
    second = next(lot for lot in ordered if f"lot-{lot.pk}" == focused(queue))
    queue.keyboard.press("s")
    expect(line(queue, second).locator("textarea[name=reason]")).to_be_focused()
    queue.keyboard.type("Des jours de pose, sans main-d’œuvre.")
    assert problems_of(queue) == []
    queue.keyboard.press("Tab")
    queue.keyboard.press("Enter")
    expect(line(queue, second)).to_contain_text("Sans clause.")
    expect(line(queue, second).locator("[data-row]")).to_be_focused()
    assert state_of(second) == LotState.SET_ASIDE
    line(queue, second).get_by_role("button", name="Annuler").click()
    expect(line(queue, second).get_by_role("link", name="Décider")).to_be_visible()
    assert state_of(second) == LotState.TO_REVIEW
    assert problems_of(queue) == []


def test_the_keys_act_only_where_they_are_expected(queue, lots):
    queue.keyboard.press("s")
    queue.locator("[data-row]").first.focus()
    queue.keyboard.press("Control+c")
    assert queue.locator(".decide-form").count() == 0
    queue.keyboard.press("c")
    select = queue.locator("select[name=legal_basis]")
    expect(select).to_be_focused()
    queue.locator("textarea[name=reason]").fill("")
    queue.locator("textarea[name=reason]").press_sequentially("xos")
    assert queue.locator("textarea[name=reason]").input_value() == "xos"
    assert not FacilitatorOpinion.objects.exists()
    queue.get_by_role("link", name="Fermer").press("Escape")
    expect(queue.locator(".decide-form")).to_have_count(0)


def test_a_refusal_is_told_in_the_line_and_what_was_typed_stays(queue):
    queue.locator("[data-row]").first.focus()
    queue.keyboard.press("c")
    queue.locator("textarea[name=reason]").fill("Métiers accessibles.")
    queue.get_by_role("button", name="Enregistrer la décision").click()
    expect(queue.locator(".error-summary")).to_be_focused()
    assert queue.locator("textarea[name=reason]").input_value() == "Métiers accessibles."
    assert problems_of(queue) == []


def test_lots_are_ticked_and_their_opinions_asked_together(queue, lots):
    queue.locator("[data-row]").first.focus()
    for key in ("x", "j", "x"):
        queue.keyboard.press(key)
    expect(queue.locator("[data-queue-count]")).to_have_text("2 lots choisis")
    queue.get_by_role("button", name="Demander l’avis sur les lots choisis").click()
    queue.get_by_role("button", name="Voir le résumé").click()
    assert problems_of(queue) == []
    queue.get_by_role("button", name="Confirmer pour 2 lots").click()
    expect(queue.locator("#messages")).to_contain_text("2 lots sur 2")
    assert FacilitatorOpinion.objects.count() == 2


def test_the_screens_of_the_instruction_are_accessible(visit, as_role, territory):
    rows = instruction_rows(LotFactory(territory=territory))
    visits = [
        (Role.MISSION_OFFICER, reverse("markets:queue")),
        (Role.MISSION_OFFICER, reverse("markets:review", args=[rows["instructed"].pk])),
        (Role.MISSION_OFFICER, reverse("markets:lot", args=[rows["awaiting"].pk])),
        (Role.MISSION_OFFICER, reverse("markets:decide", args=[rows["instructed"].pk])),
        (Role.FACILITATOR, reverse("markets:opinions")),
        (Role.FACILITATOR, reverse("markets:opinion", args=[rows["opinion"].pk])),
        (Role.LEGAL_OFFICER, reverse("markets:visas")),
        (Role.LEGAL_OFFICER, reverse("markets:visa", args=[rows["awaiting"].pk])),
    ]
    wrong = {}
    for role, path in visits:
        client = as_role(role)
        for options in ({}, PHONE):
            problems = problems_of(visit(client, path, **options))
            if problems:
                wrong[path] = problems
    assert wrong == {}
