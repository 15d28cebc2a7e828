"""From the yearly programme of a direction to the four documents of a market: real browser, real worker (C1–C13)."""

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from docx import Document
from playwright.sync_api import expect

from clauses_portal.core.pdf import checks
from clauses_portal.core.tables import Sheet, write_xlsx
from facilitators import reference as places
from facilitators.enums import Role
from facilitators.models import Territory
from facilitators.permissions import grant
from markets import reference as trades
from markets.models import ContractDocument, LotFinancials
from tests.e2e.person import Person
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import ConventionFactory, DirectorateFactory
from tests.support.papers import parts_of
from tests.support.word import text_of

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SEPTEMBER = "2026-09-15T09:00:00+02:00"
HEADERS = [
    *("Réf opération", "Intitulé de l’opération", "Commune", "N° du marché", "Objet", "Nature", "Procédure", "CPV"),
    *("N° lot", "Intitulé du lot", "Corps d’état", "Montant estimé", "Durée (mois)"),
    *("Publication", "Remise des offres", "Notification", "Début", "Fin"),
]
LINE = [
    *("2027-014", "Rénovation du collège Campra", "Aix-en-Provence", "2027F00014", "Peintures du collège Campra"),
    *("Travaux", "Procédure adaptée", "45442100", "1", "Peinture intérieure", "Peinture", Decimal("913274.56"), 12),
    *(date(2027, 1, 11), date(2027, 2, 15), date(2027, 4, 5), date(2027, 5, 3), date(2028, 5, 2)),
]


@pytest.fixture
def people():
    places.load()
    trades.load()
    aix, since = Territory.objects.get(code="AIX"), date(2025, 1, 15)
    ConventionFactory(territories=[aix], signed_on=since)
    direction = DirectorateFactory(name="Direction de l’architecture")
    for email, role, place in (
        ("direction@example.test", Role.DIRECTORATE_AGENT, {"directorate": direction}),
        ("mission@example.test", Role.MISSION_OFFICER, {}),
        ("aix@example.test", Role.FACILITATOR, {"territory": aix}),
    ):
        user = UserFactory(
            email=email, first_name=email.split("@")[0].title(), last_name="Durance", phone="04 65 71 00 01"
        )
        grant(user=user, role=role, by=None, valid_from=since, **place)


def test_from_the_programme_to_the_four_documents(browser, live_server, people, worker, tmp_path):
    def sit_down(name):
        return Person(browser, live_server, f"{name}@example.test")

    with time_machine.travel(SEPTEMBER):
        bring_the_programme(sit_down("direction"), tmp_path)
        complete_the_avant_projet(sit_down("direction"), tmp_path)
        ask_for_the_opinion(sit_down("mission"))
        give_the_opinion(sit_down("aix"))
        decide_in_the_list(sit_down("mission"))
        calibrate(sit_down("aix"))
        retain_and_name_the_referent(sit_down("mission"))
        read_the_documents_back(produce_the_documents(sit_down("mission")))


def bring_the_programme(person, folder):
    file = folder / "programme 2027.xlsx"
    file.write_bytes(write_xlsx([Sheet("Programme", HEADERS, [LINE])]))
    person.open("Programme")
    person.follow("Importer un programme")
    person.page.locator("[name=file]").set_input_files(file)
    person.press("Essayer ce fichier")
    person.read_report()
    person.reads("rien n’est enregistré")
    person.press("Importer pour de bon")
    expect(person.page.get_by_role("button", name="Importer pour de bon")).to_have_count(0)
    person.read_report()
    assert "913" not in person.page.locator("main").inner_text()
    person.open("Programme")
    person.reads("2027F00014")
    person.leave()


def complete_the_avant_projet(person, folder):
    """What the gauge asks for, each point one click from its field."""
    paper = Document()
    paper.add_paragraph("Cahier des clauses techniques particulières")
    paper.save(folder / "CCTP.docx")
    person.open("Programme")
    person.follow("2027F00014")
    missing(person, "Chargé d’opération")
    person.fill(officer="Marianne Estrade", address="Rue du collège, 13100 Aix-en-Provence")
    person.press("Enregistrer")
    back_to_the_market(person)
    missing(person, "Volumétrie")
    person.fill(volume="4 200 m² de murs et plafonds", duration_months="12")
    person.press("Enregistrer")
    missing(person, "Qualification requise")
    person.fill(qualification="Accessible sans qualification", crew_size="6")
    person.press("Enregistrer")
    back_to_the_market(person)
    missing(person, "Montant estimé du marché")
    person.page.get_by_label(re.compile("marché")).first.fill("913 274,56")
    person.press("Enregistrer")
    missing(person, "Une pièce du dossier de consultation")
    person.page.locator("[name=kind]").select_option(label="CCTP")
    person.page.locator("[type=file]").set_input_files(folder / "CCTP.docx")
    person.press("Enregistrer")
    person.reads("Tout y est")
    person.press("Soumettre l’avant-projet")
    person.reads("Soumis le 15/09/2026")
    person.leave()


def missing(person, label):
    person.page.locator("#avant-projet").locator("..").get_by_role("link", name=label).first.click()


def back_to_the_market(person):
    person.open("Programme")
    person.follow("2027F00014")


def ask_for_the_opinion(person):
    person.reads("Avant-projet à instruire")
    person.open("À instruire")
    person.reads("2027F00014 lot 1")
    person.press(re.compile("Demander l’avis sur le lot 1"))
    person.reads("13/10/2026")
    person.leave()


def give_the_opinion(person):
    person.open("Avis à donner")
    person.page.get_by_role("link", name=re.compile("Donner mon avis")).first.click()
    person.fill(candidates="8", suppliers="3")
    person.page.get_by_label("Favorable", exact=True).check()
    person.press("Transmettre mon avis")
    person.leave()


def decide_in_the_list(person):
    person.open("À instruire")
    person.decide_in_the_list()
    person.leave()


def calibrate(person):
    open_the_lot(person)
    person.follow("Proposer des heures")
    person.fill(labour_share="70", insertion_rate="7 %", hourly_cost="33")
    person.press("Calculer et proposer")
    person.reads("1 356 h")
    person.leave()


def open_the_lot(person):
    person.open("Marchés")
    person.follow("2027F00014")
    person.follow("Lot 1")


def retain_and_name_the_referent(person):
    open_the_lot(person)
    person.follow("Retenir")
    person.press("Retenir ces heures")
    open_the_lot(person)
    person.page.get_by_role("link", name="Désigner le référent").last.click()
    person.fill(referent="Aix Durance")
    person.press("Enregistrer")
    person.reads("Aix Durance")
    person.leave()


def produce_the_documents(person):
    """Press, wait for the worker, download the eight files: {file name: bytes}."""
    open_the_lot(person)
    person.press("Produire les pièces")
    person.follow("Voir les pièces", wait=60_000)
    panel = person.page.locator("section", has=person.page.get_by_role("heading", name="Pièces de la clause"))
    links = panel.get_by_role("link", name=re.compile("Word|PDF"))
    expect(links).to_have_count(8)
    files = {}
    for link in links.all():
        with person.page.expect_download() as download:
            link.click()
        files[download.value.suggested_filename] = download.value.path().read_bytes()
    person.leave()
    return files


def read_the_documents_back(files):
    """Hours, contact and reference are there in each; nothing of the calculation is in any."""
    assert len(files) == 8
    for name, content in files.items():
        text = word_text(content) if name.endswith(".docx") else pdf_text(content)
        assert "2027F00014" in text, name
        assert "Aix Durance" in text, name
        for secret in ("913", "33 €", "70 %", "taux d’insertion"):
            assert secret not in text, (name, secret)
    for name in (name for name in files if name.endswith(".pdf")):
        assert checks.check(files[name]) == []
    assert sum("1 356" in word_text(content) for name, content in files.items() if name.endswith(".docx")) >= 3
    assert ContractDocument.objects.count() == 4
    assert LotFinancials.objects.get().estimated_amount == Decimal("913274.56")


def word_text(content):
    return flat(text_of(content))


def pdf_text(content):
    return flat(parts_of(content)["text"])


def flat(text):
    """Spaces of every kind as one."""
    return re.sub(r"\s+", " ", text)
