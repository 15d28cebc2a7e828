"""Each type of page, in a browser: no accessibility violation, nothing wider than the screen, no script error."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from clauses_portal.accounts.models import User
from markets.models import Calibration, DocumentTemplate, Lot, Trade
from markets.services.grids import prepare
from participants.enums import ValidationState
from participants.models import EligibilityValidation, HoursEntry
from reporting.demo.calendar import DemoCalendar
from reporting.demo.seed import SCALES, build
from reporting.services.statements import open_statement
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.strictness import StrictClient

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"viewport": {"width": 390, "height": 800}}


@pytest.fixture
def demonstration():
    """The demonstration at its small size, without its papers."""
    build(DemoCalendar(timezone.localdate()), SCALES["small"])


def signed_in(email):
    client = StrictClient()
    client.force_login(User.objects.get(email=email))
    return client


def template_pages():
    """Addresses of the pages on the templates of the documents."""
    names = ("markets:templates", "markets:template_create", "markets:template_fields")
    return [*map(reverse, names), reverse("markets:template", args=[DocumentTemplate.objects.first().pk])]


def pages():
    """[(who, path)]: every type of page, each read by someone who works on it."""
    entry = HoursEntry.objects.filter(territory__code="AIX").select_related("lot").first()
    waiting = EligibilityValidation.objects.filter(
        state=ValidationState.PROPOSED, participant__territory__code="AIX"
    ).first()
    aix = User.objects.get(email="facilitateur.aix@demo.invalid")
    draft = open_statement(kind="quarterly", period="2026-T1", territory=entry.territory, by=aix)
    lot, calibrated = entry.lot, Lot.objects.filter(state="calibrated", territory__code="AIX").first()
    mission, facilitator = "mission@demo.invalid", aix.email
    return [
        (mission, reverse("home")),
        (mission, reverse("operations:list")),
        (mission, reverse("operations:detail", args=[lot.market.operation_id])),
        (mission, reverse("operations:create")),
        (mission, reverse("markets:programme")),
        (mission, reverse("markets:programme") + "?vue=frise"),
        (mission, reverse("markets:programme_dates")),
        (mission, reverse("markets:programme_import")),
        (mission, reverse("markets:forecast")),
        (mission, reverse("markets:agenda")),
        (mission, reverse("markets:list")),
        (mission, reverse("markets:detail", args=[lot.market_id])),
        (mission, reverse("markets:lot", args=[lot.pk])),
        (mission, reverse("markets:queue")),
        (mission, reverse("markets:decide", args=[Lot.objects.to_review().first().pk])),
        (mission, reverse("markets:lot", args=[calibrated.pk])),
        *[(mission, path) for path in template_pages()],
        (mission, reverse("markets:imports")),
        (mission, reverse("markets:alerts")),
        *calibration_pages(mission, facilitator, calibrated),
        (facilitator, reverse("participants:list")),
        (facilitator, reverse("participants:create")),
        (facilitator, reverse("participants:person", args=[entry.participant_id])),
        *([(facilitator, reverse("participants:validation_refuse", args=[waiting.pk]))] if waiting else []),
        (facilitator, reverse("participants:validations")),
        (facilitator, reverse("participants:hours_lots")),
        (facilitator, reverse("participants:hours", args=[lot.pk])),
        (facilitator, reverse("reporting:list")),
        *figure_pages(mission, facilitator),
        (facilitator, reverse("reporting:statement", args=[draft.pk])),
        ("administrateur@demo.invalid", reverse("facilitators:accounts")),
        ("administrateur@demo.invalid", reverse("facilitators:invite")),
        ("administrateur@demo.invalid", reverse("facilitators:office")),
        ("dpo@demo.invalid", reverse("sessions")),
        ("administrateur@demo.invalid", reverse("reporting:logos")),
        ("administrateur@demo.invalid", reverse("markets:references")),
        ("administrateur@demo.invalid", reverse("markets:grids")),
        ("administrateur@demo.invalid", reverse("markets:grid", args=[prepare(note="Essai", by=aix).pk])),
        ("administrateur@demo.invalid", reverse("markets:thresholds")),
        ("administrateur@demo.invalid", reverse("markets:threshold_create")),
        ("administrateur@demo.invalid", reverse("markets:penalties")),
        ("administrateur@demo.invalid", reverse("markets:trades")),
        ("directeur@demo.invalid", reverse("reporting:list")),
        (mission, reverse("help")),
        (mission, reverse("help_sheet", args=["types-de-clause"])),
        (mission, reverse("help_tasks")),
        (mission, reverse("accessibility")),
        (mission, "/inconnue/"),
    ]


def figure_pages(mission, facilitator):
    """Where figures are read, explained, and told line by line."""
    return [
        (mission, reverse("reporting:dashboard")),
        ("directeur@demo.invalid", reverse("reporting:dashboard")),
        (facilitator, reverse("reporting:figure", args=["hours_counted"])),
        (mission, reverse("reporting:definitions")),
    ]


def calibration_pages(mission, facilitator, calibrated):
    """Those of the computation, where everything is confidential."""
    waiting = Calibration.objects.filter(retained_at=None).first()
    return [
        (mission, reverse("markets:retain", args=[waiting.pk])),
        (mission, reverse("markets:calibration", args=[waiting.pk])),
        (mission, reverse("markets:to_retain")),
        (mission, reverse("markets:parameters")),
        (mission, reverse("markets:parameters_trade", args=[Trade.objects.first().pk])),
        (facilitator, reverse("markets:calibrate", args=[calibrated.pk])),
        (facilitator, reverse("markets:calibration_compare", args=[calibrated.pk])),
    ]


def problems_of(page):
    """What axe, the width of the page and its scripts have to say, as sentences."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}}).response["violations"]
    problems = [f"{violation['id']}: {violation['nodes'][0]['html'][:120]}" for violation in found]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        problems.append("wider than the screen")
    return problems + page.script_errors


def test_every_type_of_page_is_accessible(demonstration, visit):
    """All of them on a wide screen, the first ones on a telephone too."""
    visits = [(who, path, {}) for who, path in pages()]
    visits += [(who, path, PHONE) for who, path, _ in visits[:8]]
    wrong = {}
    for who, path, options in visits:
        problems = problems_of(visit(signed_in(who), path, **options))
        if problems:
            wrong[path] = problems
    assert wrong == {}


def test_one_signs_in_with_the_keyboard_alone(browser, live_server):
    user = UserFactory()
    page = browser.new_context(locale="fr-FR").new_page()
    page.goto(live_server.url)
    page.locator("input[name=login]").focus()
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Charte')")  # the first page of who signs in for the first time
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Aller au contenu"
    page.context.close()
