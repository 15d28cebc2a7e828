"""The long forms in a browser: searching an occupation with the keyboard, drafts that outlive a session, the gauge."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from clauses_portal.accounts.models import FormDraft
from facilitators.enums import Role
from markets.models import Lot, Market
from tests.factories.markets import LotFactory
from tests.factories.operations import OperationFactory
from tests.factories.preparation import CpvCodeFactory, LotPhaseFactory, RomeCodeFactory
from tests.support.avant_projet import complete_market, new_market
from tests.support.strictness import StrictClient

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def lot(territory):
    lot = LotFactory(territory=territory)
    lot.occupations.add(RomeCodeFactory(code="K2204", label="Nettoyage de locaux"))
    RomeCodeFactory(code="F1703", label="Maçonnerie")
    RomeCodeFactory(code="F1606", label="Peinture en bâtiment")
    return lot


def chips(page):
    return page.locator(".chips > li")


def violations(page):
    options = {"runOnly": {"type": "tag", "values": STANDARDS}}
    return [
        (found["id"], found["nodes"][0]["html"]) for found in Axe().run(page, options=options).response["violations"]
    ]


def save(page):
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(lambda url: "modifier" not in url)


def test_an_occupation_is_chosen_with_the_keyboard_and_another_taken_away(visit, officer, lot):
    page = visit(officer, reverse("markets:lot_edit", args=[lot.pk]))
    expect(chips(page)).to_have_text(["K2204 – Nettoyage de locaux×"])
    field = page.get_by_role("combobox", name="Métiers (ROME)")
    field.press_sequentially("mac")
    expect(page.get_by_role("listbox", name="Suggestions").get_by_role("option")).to_have_text(["F1703 – Maçonnerie"])
    assert violations(page) == []
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "id_occupations_liste_0")
    field.press("Enter")
    expect(field).to_have_value("")
    page.get_by_role("button", name="Retirer K2204 – Nettoyage de locaux").click()
    expect(chips(page)).to_have_text(["F1703 – Maçonnerie×"])
    field.fill("f1606")
    field.press("Escape")
    save(page)
    assert {row.pk for row in Lot.objects.get().occupations.all()} == {"F1703", "F1606"}
    assert page.script_errors == []


def test_a_cpv_code_is_chosen_or_typed_and_survives_a_second_saving(visit, officer, lot):
    CpvCodeFactory(code="45442100", label="Travaux de peinture")
    url = reverse("markets:edit", args=[lot.market_id])
    page = visit(officer, url)
    field = page.get_by_role("combobox", name="Code CPV")
    field.press_sequentially("peinture")
    page.get_by_role("option", name="45442100 – Travaux de peinture").click()
    save(page)
    assert Market.objects.get().cpv == "45442100"
    page = visit(officer, url)
    expect(page.get_by_role("combobox", name="Code CPV")).to_have_value("45442100 – Travaux de peinture")
    save(page)
    assert Market.objects.get().cpv == "45442100"
    page = visit(officer, url)
    page.get_by_role("combobox", name="Code CPV").fill("90911200-8")
    save(page)
    assert Market.objects.get().cpv == "90911200"


def test_communes_are_searched_in_the_place_of_their_list(visit, officer, territory):
    first, second = territory.communes.all()
    operation = OperationFactory(communes=[first])
    page = visit(officer, reverse("operations:edit", args=[operation.pk]))
    field = page.get_by_role("combobox", name="Communes")
    field.press_sequentially(second.name)
    page.get_by_role("option", name=second.name, exact=True).click()
    page.get_by_role("button", name=f"Retirer {first.name}", exact=True).click()
    save(page)
    assert list(operation.communes.all()) == [second]


def test_what_is_typed_outlives_the_session(visit, officer, territory, live_server):
    url = reverse("markets:create")
    page = visit(officer, url)
    page.get_by_label("Objet").fill("Réfection des façades")
    page.get_by_label("Bons de commande").check()
    expect(page.locator(".draft-state")).to_have_text("Brouillon enregistré à 10:00.", timeout=10_000)
    Session.objects.all().delete()
    cache.clear()
    page.get_by_label("Objet").fill("Réfection des façades et de la toiture")
    expect(page.locator("#page-error")).to_contain_text("Votre session a expiré", timeout=10_000)
    client = StrictClient()
    client.force_login(officer.user)
    page = visit(client, url)
    expect(page.get_by_text("Brouillon du 15/09/2026 à 10:00 repris.")).to_be_visible()
    expect(page.get_by_label("Objet")).to_have_value("Réfection des façades")
    expect(page.get_by_label("Bons de commande")).to_be_checked()
    assert violations(page) == []
    page.get_by_role("button", name="Abandonner").click()
    expect(page.get_by_label("Objet")).to_have_value("")
    assert not FormDraft.objects.exists()


def test_a_missing_point_leads_to_its_field(visit, officer, territory):
    market = new_market(territory, cpv="")
    page = visit(officer, reverse("markets:detail", args=[market.pk]))
    assert violations(page) == []
    page.get_by_role("link", name="Code CPV").click()
    expect(page.get_by_role("combobox", name="Code CPV")).to_be_focused()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_an_avant_projet_are_accessible(visit, officer, territory, width):
    phase = LotPhaseFactory(lot=complete_market(territory).lots.get())
    market = phase.lot.market
    for route, row in [
        ("detail", market),
        ("edit", market),
        ("estimates", market),
        ("dce_deposit", market),
        ("lot", phase.lot),
        ("lot_edit", phase.lot),
        ("phase_edit", phase),
    ]:
        page = visit(officer, reverse(f"markets:{route}", args=[row.pk]), viewport={"width": width, "height": 900})
        assert violations(page) == [], route
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), route
        assert page.script_errors == []


def test_everything_can_be_typed_without_javascript(visit, officer, lot):
    page = visit(officer, reverse("markets:lot_edit", args=[lot.pk]), java_script_enabled=False)
    field = page.get_by_label("Métiers (ROME)")
    expect(field).to_have_value("K2204")
    field.fill("F1703, F1606")
    save(page)
    assert {row.pk for row in Lot.objects.get().occupations.all()} == {"F1703", "F1606"}
