"""« À faire »: what waits for each role, one click away."""

from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets.services.calibration import propose, return_to_facilitator
from tests.factories.accounts import author
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import THOUSAND_HOURS, AlertFactory, LotFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
)
from tests.factories.privacy import DataRequestFactory
from tests.factories.reporting import StatementFactory
from tests.support.application_role import erase
from tests.support.instructed import instruction_rows
from tests.support.pages import document, tidy, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]


def todo(client):
    """{what: (how many, where)} of the home page."""
    figures = document(client.get("/")).xpath("//dl[@class='key-figures']/div")
    return {
        tidy(figure.xpath("./dt")[0].text_content()): (
            tidy(figure.xpath("./dd")[0].text_content()),
            figure.xpath("./dt/a/@href")[0],
        )
        for figure in figures
    }


@pytest.fixture
def everything_waits(territory):
    directorate = DirectorateFactory()
    place = {"territory": territory, "market__operation__directorate": directorate}
    LotFactory.create_batch(2, **place)
    propose(lot=LotFactory(**place, retained=True), by=author(), **THOUSAND_HOURS)
    LotFactory(**place, retained=True)
    LotFactory(**place, calibrated=True)
    AlertFactory(lot=LotFactory(**place, awarded=True))
    EligibilityValidationFactory(participant__territory=territory)
    contract = EmploymentContractFactory(award__lot=LotFactory(**place, calibrated=True))
    EligibilityValidationFactory(participant=contract.participant, starts_on=date(2026, 3, 16), granted=True)
    HoursEntryFactory(contract=contract)
    return directorate


def test_the_chargee_de_mission(as_role, everything_waits):
    assert todo(as_role(Role.MISSION_OFFICER)) == {
        "lots à instruire": ("2", "/a-instruire/"),
        "calibrages à retenir": ("1", "/calibrages/"),
        "lots calibrés sans entreprise": ("1", "/marches/?state=calibrated"),
        "lots calibrés sans pièces": ("1", "/marches/?state=calibrated"),
        "alertes ouvertes": ("1", "/alertes/?opened=open"),
    }


def test_the_papers_of_the_departement_wait_for_the_chargee_de_mission(as_role, territory):
    StatementFactory(territory=None, directorate=DirectorateFactory())
    StatementFactory(territory=None, directorate=DirectorateFactory(), published=True)
    StatementFactory(territory=None, kind="annual", period_code="2026")
    StatementFactory(territory=territory)
    waiting = todo(as_role(Role.MISSION_OFFICER))
    assert waiting == {"documents du Département à publier": ("1", "/etats/?state=draft")}


def test_the_facilitator(as_role, everything_waits):
    assert todo(as_role(Role.FACILITATOR)) == {
        "lots à calibrer": ("1", "/marches/?state=retained"),
        "lots calibrés sans pièces": ("1", "/marches/?state=calibrated"),
        "personnes à valider": ("1", "/validations/"),
        "mois d’heures en attente": ("1", "/heures/a-controler/"),
        "état du 2e trimestre 2026 à publier": ("1", "/etats/"),
        "alertes ouvertes": ("1", "/alertes/?opened=open"),
    }


def test_the_agent_of_the_directorate(as_role, everything_waits):
    agent = as_role(Role.DIRECTORATE_AGENT, directorate=everything_waits)
    assert set(todo(agent)) == {"lots calibrés sans entreprise", "alertes ouvertes"}


def test_a_proposal_that_was_replaced_or_went_back_waits_for_nobody(as_role, territory):
    replaced, sent_back = LotFactory.create_batch(2, territory=territory, retained=True)
    for _ in range(2):
        propose(lot=replaced, by=author(), **THOUSAND_HOURS)
    what_went_back = propose(lot=sent_back, by=author(), **THOUSAND_HOURS)
    return_to_facilitator(version=what_went_back, reason="À revoir.", by=author())
    assert todo(as_role(Role.MISSION_OFFICER))["calibrages à retenir"] == ("1", "/calibrages/")
    assert todo(as_role(Role.FACILITATOR))["lots à calibrer"] == ("1", "/marches/?state=retained")


def test_opinions_and_visas_wait_for_those_who_give_them(as_role, territory):
    instruction_rows(LotFactory(territory=territory))
    assert todo(as_role(Role.FACILITATOR))["avis à donner"] == ("1", "/avis/")
    assert todo(as_role(Role.LEGAL_OFFICER)) == {"visas juridiques à donner": ("1", "/visas/")}


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER])
def test_those_for_whom_nothing_waits(as_role, everything_waits, role):
    client = as_role(role)
    assert todo(client) == {}
    assert "Rien ne vous attend" in words(client.get("/"))


def test_requests_of_persons_wait_for_the_privacy_officer(as_role):
    DataRequestFactory()
    asked = {"demandes sur des données à traiter": ("1", "/donnees-personnelles/demandes/")}
    assert todo(as_role(Role.PRIVACY_OFFICER)) == asked


def test_nothing_of_a_neighbour_waits(as_role, elsewhere, everything_waits):
    assert set(todo(as_role(Role.FACILITATOR, territory=elsewhere))) == {"état du 2e trimestre 2026 à publier"}


def test_without_a_convention_only_reading_is_left(as_role, everything_waits, convention):
    erase(convention)
    assert set(todo(as_role(Role.FACILITATOR))) == {"alertes ouvertes"}


def test_the_last_papers_are_at_hand(as_role, territory):
    replaced = StatementFactory(territory=territory, published=True)
    again = {"version": 2, "version_reason": "Relevé reçu.", "replaces": replaced}
    published = StatementFactory(territory=territory, published=True, **again)
    StatementFactory(territory=territory, period_code="2026-T1")
    links = document(as_role(Role.DIRECTOR).get("/")).xpath("//main//ul[@class='plain-list']//a/@href")
    assert links == [reverse("reporting:statement", args=[published.pk])]


@pytest.mark.parametrize(
    ("role", "screens"),
    [
        (
            Role.MISSION_OFFICER,
            "À faire, Tableau de bord, Programme, Opérations, Marchés, À instruire, Référents, Fiches de poste, "
            "Entreprises, Réunions, Heures, Alertes, Pénalités, États et bilans, Attestations, Listes "
            "nominatives, Paramètres de calcul, Modèles de pièces, Imports, Échanges, Données personnelles, Clés "
            "d’accès, Avertissements automatiques, Interface d’échange",
        ),
        (
            Role.LEGAL_OFFICER,
            "À faire, Tableau de bord, Programme, Opérations, Marchés, Visas juridiques, Fiches de poste, "
            "Entreprises, Réunions, Alertes, Pénalités, États et bilans, Attestations, Paramètres de calcul, "
            "Données personnelles",
        ),
        (
            Role.DIRECTORATE_AGENT,
            "À faire, Tableau de bord, Programme, Opérations, Marchés, Fiches de poste, Entreprises, Réunions, "
            "Alertes, Pénalités, États et bilans, Attestations, Données personnelles",
        ),
        (
            Role.FACILITATOR,
            "À faire, Tableau de bord, Programme, Opérations, Marchés, Avis à donner, Référents, Personnes, "
            "Validations, Fiches de poste, Postes et personnes, Appels à passer, Entreprises, Réunions, Heures, "
            "Relevés à vérifier, Alertes, Pénalités, États et bilans, Attestations, Listes nominatives, "
            "Paramètres de calcul, Échanges, Données personnelles, Demandes des personnes, Clés d’accès, "
            "Avertissements automatiques, Interface d’échange",
        ),
        (Role.DIRECTOR, "À faire, Tableau de bord, États et bilans, Attestations, Données personnelles"),
        (
            Role.ADMINISTRATOR,
            "À faire, Données personnelles, Comptes, Journal, Conventions et directions, État du portail, "
            "Référentiels, Logos, Clés d’accès, Avertissements automatiques, Interface d’échange",
        ),
        (
            Role.PRIVACY_OFFICER,
            "À faire, Données personnelles, Demandes des personnes, Conservation, Journal",
        ),
    ],
)
def test_the_menu_only_leads_where_one_may_go(as_role, role, screens):
    client = as_role(role)
    entries = document(client.get("/")).xpath("//nav[@id='menu']//a")
    assert ", ".join(tidy(entry.text_content()) for entry in entries) == screens
    assert {client.get(entry.get("href")).status_code for entry in entries} == {200}
    assert [entry.get("href") for entry in entries if entry.get("aria-current")] == ["/"]


def test_the_header_says_who_and_where(as_role, territory):
    client = as_role(Role.FACILITATOR)
    assert f"{client.user} Facilitateur · Pays d’Aix" in words(client.get("/"))
