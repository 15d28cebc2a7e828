"""The main job, from a file of procurement data to the quarterly statement as PDF: real browser, real worker."""

import io
import json
import re
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
import time_machine
from playwright.sync_api import expect

from clauses_portal.core.pdf import checks
from facilitators import reference as places
from facilitators.enums import Role
from facilitators.models import Territory
from facilitators.permissions import grant
from facilitators.reference import DEPARTMENT_SIRET
from participants import reference as publics
from participants.models import HoursEntry
from reporting.models import Statement
from tests.e2e.person import Person
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import ConventionFactory, siret

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SEPTEMBER, OCTOBER = "2026-09-01T09:00:00+02:00", "2026-10-12T09:00:00+02:00"
RECORD = {
    "id": "2026F00099",
    "acheteur": {"id": DEPARTMENT_SIRET},
    "nature": "Marché",
    "objet": "Réfection des peintures du collège Campra",
    "codeCPV": "45442100-8",
    "procedure": "Procédure adaptée",
    "lieuExecution": {"code": "13001", "typeCode": "Code commune"},
    "dureeMois": 12,
    "dateNotification": "2026-08-20",
    "datePublicationDonnees": "2026-08-30",
    "montant": 1000000.0,
    "formePrix": "Forfaitaire",
    "titulaires": [{"titulaire": {"id": siret(7), "typeIdentifiant": "SIRET"}}],
    "considerationsSociales": {"considerationSociale": ["Clause sociale"]},
}


@pytest.fixture
def people():
    """The Département's chargée de mission and the facilitator of Pays d’Aix, who sign in with a password."""
    places.load()
    publics.load()
    aix = Territory.objects.get(code="AIX")
    signed_on = date(2025, 1, 15)
    ConventionFactory(territories=[aix], signed_on=signed_on)
    mission = UserFactory(email="mission@example.test")
    facilitator = UserFactory(email="aix@example.test")
    grant(user=mission, role=Role.MISSION_OFFICER, by=None, valid_from=signed_on)
    grant(user=facilitator, role=Role.FACILITATOR, territory=aix, by=None, valid_from=signed_on)


def test_from_procurement_data_to_the_statement(browser, live_server, people, worker, tmp_path):
    with time_machine.travel(SEPTEMBER):
        import_market(Person(browser, live_server, "mission@example.test"), tmp_path)
        decide(Person(browser, live_server, "mission@example.test"))
        calibrate(Person(browser, live_server, "aix@example.test"))
        retain_and_award(Person(browser, live_server, "mission@example.test"))
        validate_and_log_hours(Person(browser, live_server, "aix@example.test"))
    with time_machine.travel(OCTOBER):
        content = publish(Person(browser, live_server, "aix@example.test"))
    assert_statement(content)


def import_market(person, folder):
    file = folder / "donnees.json"
    file.write_text(json.dumps({"marches": {"marche": [RECORD, {"id": "cassé"}]}}))
    person.open("Imports")
    person.page.locator("[name=file]").set_input_files(file)
    person.press("Essayer ce fichier")
    person.read_report()
    person.reads("Essai à blanc : rien n’est enregistré.")
    person.press("Importer pour de bon")
    expect(person.page.get_by_role("button", name="Importer pour de bon")).to_have_count(0)
    person.read_report()
    person.reads("1 créé")
    person.reads("1 refusé")
    assert "1 000 000" not in person.page.content()
    person.leave()


def decide(person):
    person.open("À instruire")
    person.decide_in_the_list()
    person.leave()


def calibrate(person):
    person.open("Marchés")
    person.follow("2026F00099")
    person.follow("Lot 1")
    person.follow("Proposer des heures")
    person.fill(labour_share="50", insertion_rate="5 %", hourly_cost="30")
    person.press("Calculer et proposer")
    person.reads("833 h")
    person.leave()


def retain_and_award(person):
    person.open("Marchés")
    person.follow("2026F00099")
    person.follow("Lot 1")
    person.follow("Retenir")
    person.fill(hours="800")
    person.press("Retenir ces heures")
    person.reads("Expliquez l’écart")
    person.fill(gap_reason="Arrondi de prudence.")
    person.press("Retenir ces heures")
    person.reads("800 h")
    person.follow("Ajouter une entreprise")
    person.fill(siret=siret(8), company_name="Pinceaux solidaires", role="Sous-traitant")
    person.page.locator("[name=parent]").select_option(index=1)
    person.press("Enregistrer")
    person.reads("Pinceaux solidaires")
    person.leave()


def validate_and_log_hours(person):
    person.open("Personnes")
    person.follow("Nouvelle personne")
    person.fill(
        last_name="Ndiaye", first_name="Éloïse", birth_date="1990-04-02", sex="Femme", commune="Aix-en-Provence"
    )
    person.press("Enregistrer")
    person.follow("Demander une validation")
    person.fill(category="Bénéficiaire du RSA", evidence_dated_on="2026-08-25")
    person.press("Enregistrer")
    person.open("Validations")
    person.follow("Instruire")
    person.press("Accorder la validation")
    person.reads("accordée")
    person.open("Heures")
    person.follow("2026F00099 lot 1")
    person.follow("Ajouter une personne")
    person.fill(participant="Ndiaye Éloïse", modality="Embauche directe", contract_type="CDD", job_title="Peintre")
    person.page.locator("[name=award]").select_option(index=1)
    person.fill(starts_on="2026-09-01", ends_on="2026-11-30")
    person.press("Enregistrer")
    cell = person.page.locator("[name$='-2026-09']").first
    cell.fill("107h30")
    cell.press("Enter")
    expect(person.page.locator("[data-place-counted]")).to_have_text("107,5")
    person.leave()
    assert HoursEntry.objects.get().counted == Decimal("107.5")


def publish(person):
    person.open("États et bilans")
    person.follow("Préparer un document")
    person.fill(territory="Pays d’Aix", period="3e trimestre 2026")
    person.press("Ouvrir le document")
    person.fill(comments="Premier recrutement réussi.")
    person.press("Enregistrer le brouillon")
    person.follow("Publier le document")
    person.page.get_by_role("dialog").get_by_role("button", name="Publier").click()
    person.follow("Voir le document à jour", wait=60_000)
    with person.page.expect_download() as download:
        person.follow(re.compile("Télécharger"))
    content = download.value.path().read_bytes()
    person.leave()
    return content


def assert_statement(content):
    """The PDF is tagged, carries its logos, and its figures are those of the database."""
    statement = Statement.objects.get()
    assert checks.check(content) == []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        data = json.loads(pdf.attachments["donnees.json"].get_file().read_bytes())
    assert data == statement.snapshot
    assert data["synthesis"]["counted_quarter"] == "107.50"
    assert data["synthesis"]["due"] == "800.00"
    assert data["people"]["hired"]["women"] == 1
    assert b"1 000 000" not in content
