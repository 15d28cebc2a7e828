"""A key of access in a browser: created, copied, revoked, on screens that everybody can use."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from facilitators.enums import Role
from facilitators.models import AccessKey

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today", "convention")]

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def assert_accessible(page):
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}}).response["violations"]
    assert [f"{violation['id']}: {violation['nodes'][0]['html'][:120]}" for violation in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.script_errors == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_key_is_created_copied_and_revoked(visit, as_role, width):
    page = visit(as_role(Role.FACILITATOR), reverse("facilitators:keys"), viewport={"width": width, "height": 900})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert_accessible(page)
    page.get_by_role("link", name="Clé du facilitateur au Département").click()
    page.get_by_label("Logiciel").fill("Logiciel de suivi")
    page.get_by_label("Déposer les heures").check()
    assert_accessible(page)
    page.get_by_role("button", name="Enregistrer").click()
    field = page.locator("#cle-creee")
    expect(field).to_be_focused()
    assert_accessible(page)
    page.get_by_role("button", name="Copier la clé").click()
    expect(page.locator("[data-copies]")).to_have_text("Copié.")
    assert page.evaluate("navigator.clipboard.readText()") == field.input_value()
    page.get_by_role("link", name="J’ai copié la clé").click()
    assert_accessible(page)
    page.get_by_role("link", name="Révoquer").click()
    page.get_by_role("dialog").get_by_role("button", name="Révoquer").click()
    expect(page.locator(".timeline")).to_contain_text("Révoquée")
    assert AccessKey.objects.get().revoked_at is not None
    page.goto(page.url.rsplit("/", 2)[0] + "/")
    assert_accessible(page)
