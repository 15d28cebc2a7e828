"""Companies on a lot, and the hours each answers for."""

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets.models import Award, Company, ObjectiveEntry
from tests.factories.facilitators import DirectorateFactory, siret
from tests.factories.markets import AwardFactory, CompanyFactory, LotFactory
from tests.support.pages import assert_done, assert_refused, submit, table, typed, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
NEW, WRONG_KEY = siret(500), siret(500)[:-1] + str((int(siret(500)[-1]) + 1) % 10)


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def lot(territory):
    return LotFactory(territory=territory, calibrated=True)


def award_url(lot):
    return reverse("markets:award", args=[lot.pk])


def objective_url(award):
    return reverse("markets:objective", args=[award.pk])


def test_a_known_company_is_found_by_its_siret(officer, lot):
    company = CompanyFactory(name="Alpha Bâtiment")
    spaced = f"{company.siret[:3]} {company.siret[3:6]} {company.siret[6:9]} {company.siret[9:]}"
    response = submit(officer, award_url(lot), siret=spaced, notified_on="2026-09-01")
    assert_done(response, "L’attribution à Alpha Bâtiment est enregistrée.")
    assert Company.objects.count() == 1
    name, role, notified, minimum, offered, objective, _ = companies(response)[0]
    assert (role, notified, minimum, objective) == ("Titulaire", "01/09/2026", "1 000 h", "1 000 h")


def companies(response):
    """Cells of the table of the companies of a lot."""
    return table(response, "Entreprises du lot")


def test_an_unknown_company_is_recorded(officer, lot):
    response = submit(officer, award_url(lot), siret=NEW, company_name="Bêta Peinture", hours_offered=50)
    assert_done(response, "L’attribution à Bêta Peinture est enregistrée.")
    assert list(ObjectiveEntry.objects.values_list("kind", "hours")) == [("initial", 1000), ("offer", 50)]


def test_a_wrong_award_is_not_recorded(officer, lot):
    for wrong, sentence in [
        ({"siret": ""}, REQUIRED),
        ({"siret": "123"}, "Un SIRET compte 14 chiffres."),
        ({"siret": WRONG_KEY}, "Ce SIRET est inexact : sa clé ne correspond pas."),
        ({"siret": "１" * 14}, "Un SIRET compte 14 chiffres."),
        ({"hours_minimum": -1}, "Assurez-vous que cette valeur est supérieure ou égale à 0."),
        ({"hours_minimum": "mille"}, "Saisissez un nombre entier."),
        ({"hours_minimum": 2_000_000}, "Une ligne d’objectif ajoute ou retire des heures (au plus 1 000 000)."),
        ({"notified_on": "2026-02-30"}, "Saisissez une date valide."),
        ({"role": "subcontractor"}, "Indiquez l’entreprise dont elle est sous-traitante."),
        ({"company_name": "Deux\tcolonnes"}, "Ce texte tient sur une seule ligne."),
    ]:
        response = submit(officer, award_url(lot), **{"siret": NEW, "company_name": "Bêta"} | wrong)
        assert_refused(response, sentence)
        assert typed(response)["siret"] == wrong.get("siret", NEW)
        assert not Award.objects.exists()
        assert not Company.objects.exists()


def test_a_lot_is_calibrated_first(officer, territory):
    lot = LotFactory(territory=territory, retained=True)
    response = submit(officer, award_url(lot), siret=NEW, company_name="Bêta", hours_minimum=10)
    assert_refused(response, "Ce lot n’est pas calibré : retenez d’abord ses heures.")
    assert not Company.objects.exists()


def test_a_company_is_awarded_once(officer, lot):
    award = AwardFactory(lot=lot)
    response = submit(officer, award_url(lot), siret=award.company.siret)
    assert_refused(response, "Cette entreprise a déjà ce rôle sur ce lot.")


def test_a_subcontractor_has_no_objective_of_its_own(officer, lot):
    holder = AwardFactory(lot=lot, company__name="Alpha")
    values = {"siret": NEW, "company_name": "Sous-bois", "role": "subcontractor", "parent": holder.pk}
    response = submit(officer, award_url(lot), **values, hours_minimum=100)
    assert_done(response, "L’attribution à Sous-bois est enregistrée.")
    row = next(row for row in companies(response) if "Sous-bois" in row[0])
    assert row[1] == "Sous-traitant de Alpha"
    assert row[5] == "–"
    assert ObjectiveEntry.objects.count() == 1


def test_the_parent_is_of_the_same_lot(officer, lot):
    other = AwardFactory()
    values = {"siret": NEW, "role": "subcontractor", "parent": other.pk}
    response = officer.post(award_url(lot), values)
    assert "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles." in words(response)
    assert Award.objects.count() == 1


def test_an_agent_awards_the_lots_of_her_directorate(as_role, territory):
    directorate = DirectorateFactory()
    lot = LotFactory(territory=territory, calibrated=True, market__operation__directorate=directorate)
    agent = as_role(Role.DIRECTORATE_AGENT, directorate=directorate)
    assert submit(agent, award_url(lot), siret=NEW).redirect_chain
    assert Award.objects.get().history.get().history_user == agent.user


def test_a_line_is_added_to_the_objective(officer, lot):
    award = AwardFactory(lot=lot)
    values = {"kind": "amendment", "hours": -200, "effective_on": "2026-09-10", "reason": "Avenant n° 2"}
    response = submit(officer, objective_url(award), **values)
    assert_done(response, "La ligne d’objectif est ajoutée.")
    assert table(response, "Heures dues")[-1][:5] == ["10/09/2026", "Avenant", "−200 h", "800 h", "Avenant n° 2"]
    assert ObjectiveEntry.objects.latest("pk").decided_by == officer.user


def test_a_wrong_line_is_not_added(officer, lot):
    award = AwardFactory(lot=lot)
    for wrong, sentence in [
        ({"hours": ""}, REQUIRED),
        ({"hours": 0}, "Une ligne d’objectif ajoute ou retire des heures (au plus 1 000 000)."),
        ({"hours": 10**9}, "Assurez-vous que cette valeur est inférieure ou égale à 1000000."),
        ({"hours": -2000}, "L’objectif de l’entreprise deviendrait négatif."),
        ({"kind": "neutralised", "hours": 10}, "Le signe des heures ne convient pas à cette nature de ligne."),
        ({"reason": ""}, "Indiquez le motif de cette ligne d’objectif."),
        ({"effective_on": "demain"}, "Saisissez une date valide."),
    ]:
        values = {"kind": "amendment", "hours": 10, "reason": "Avenant"} | wrong
        response = submit(officer, objective_url(award), **values)
        assert_refused(response, sentence)
        assert typed(response)["hours"] == str(values["hours"])
        assert ObjectiveEntry.objects.count() == 1


def test_a_subcontractor_gets_no_line(officer, lot):
    award = AwardFactory(lot=lot, subcontractor=True)
    response = submit(officer, objective_url(award), kind="amendment", hours=10, reason="Avenant")
    assert_refused(response, "Un sous-traitant n’a pas d’objectif propre : l’entreprise principale en répond.")
