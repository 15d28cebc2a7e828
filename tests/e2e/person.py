"""Somebody at her screen, for the journeys that read and click as people do."""

import re

from playwright.sync_api import expect

from clauses_portal.accounts.charter import accept_charter
from clauses_portal.accounts.models import User
from tests.factories.accounts import PASSWORD


class Person:
    """Somebody at her screen: every step is what she reads and clicks. She accepted the charter already."""

    def __init__(self, browser, server, email):
        self.server = server.url
        accept_charter(by=User.objects.get(email=email))
        self.page = browser.new_context(locale="fr-FR", accept_downloads=True).new_page()
        self.page.set_default_timeout(6_000)
        self.page.goto(self.server)
        self.page.get_by_label("Courriel").fill(email)
        self.page.get_by_label("Mot de passe", exact=False).first.fill(PASSWORD)
        self.press("Se connecter")

    def open(self, screen):
        self.page.get_by_role("navigation", name="Menu principal").get_by_role("link", name=screen, exact=True).click()

    def press(self, name):
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name, wait=None):
        self.page.get_by_role("link", name=name).first.click(timeout=wait)

    def fill(self, **fields):
        for name, value in fields.items():
            field = self.page.locator(f"[name={name}]").first
            if field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)

    def decide_in_the_list(self):
        """Retain a clause for the first lot 1 of the queue, without leaving it."""
        self.page.get_by_role("link", name=re.compile("Décider du lot 1")).first.click()
        self.page.get_by_label("Clause retenue").check()
        self.page.get_by_label("Fondement juridique").select_option(label="Condition d’exécution (L. 2112-2)")
        self.press("Enregistrer la décision")
        self.reads("Clause retenue")
        expect(self.page.get_by_role("button", name=re.compile("^Annuler")).first).to_be_visible()

    def read_report(self):
        """Open the report of an import; a quick worker may have written it before the page came."""
        report = self.page.get_by_role("table", name="Compte rendu, ligne par ligne")
        link = self.page.get_by_role("link", name="Voir le compte rendu")
        expect(report.or_(link)).to_be_visible()
        if link.is_visible():
            link.click()
        expect(report).to_be_visible()

    def reads(self, text):
        expect(self.page.locator("main")).to_contain_text(text)

    def leave(self):
        self.page.context.close()
