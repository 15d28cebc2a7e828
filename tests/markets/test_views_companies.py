"""The pages of a company: its identity, its contacts, what is asked of whoever follows it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from facilitators.enums import Role
from markets.models import Award, Company, CompanyContact
from markets.services import company_directory
from tests.factories.companies import CompanyContactFactory
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import AwardFactory, CompanyFactory, LotFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, told, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

LIST = "/entreprises/"


@pytest.fixture
def facilitator(as_role):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def company(territory):
    return AwardFactory(lot__territory=territory, lot__calibrated=True, company__name="Alpha").company


def url(name, row):
    return reverse(f"markets:{name}", args=[row.pk])


def test_the_list_is_of_ones_own_lots_and_is_searched(facilitator, company, elsewhere):
    AwardFactory(lot__territory=elsewhere, lot__calibrated=True, company__name="Bêta")
    rows = table(facilitator.get(LIST), "Entreprises")
    assert [(row[0], row[1], row[4], row[5]) for row in rows] == [
        ("Alpha", company.siret, "Non vérifié", "0 – à compléter")
    ]
    assert "Aucune entreprise" in words(facilitator.get(LIST, {"q": "Bêta"}))
    assert table(facilitator.get(LIST, {"q": company.siret, "contacts": "few"}), "Entreprises")
    assert not table(facilitator.get(LIST, {"contacts": "bounced"}), "Entreprises")
    assert not table(facilitator.get(LIST, {"kind": "etti"}), "Entreprises")


def test_a_company_is_read_whole(officer, company):
    Company.objects.filter(pk=company.pk).update(kind="ei", is_siae=True, naf="43.21A", directory_state="closed")
    page = officer.get(url("company", company))
    shown = words(page)
    for told_there in (
        "Établissement fermé",
        "Entreprise d’insertion (EI) – structure d’insertion (SIAE)",
        "43.21A",
        "Fiche vérifiée non vérifiée",
        "Il faut deux contacts",
    ):
        assert told_there in shown
    award = company.awards.get()
    rows = table(page, "Lots de l’entreprise")
    assert [row[2:] for row in rows] == [
        ["Titulaire", "Attribué", f"1 000 h : heures dues sur {award.lot.market.number} lot {award.lot.number}"]
    ]


def test_the_lots_of_others_are_not_told(facilitator, company, elsewhere):
    AwardFactory(lot__territory=elsewhere, lot__calibrated=True, company=company)
    assert len(table(facilitator.get(url("company", company)), "Lots de l’entreprise")) == 1


def test_a_company_is_corrected_hence_verified(facilitator, company):
    response = submit(facilitator, url("company_edit", company), name="Alpha Insertion", kind="etti", naf="78.20Z")
    assert_done(response, "La fiche de Alpha Insertion est enregistrée et vérifiée.")
    company.refresh_from_db()
    assert (company.is_siae, company.verified_by) == (True, facilitator.user)
    assert company.history.first().history_user == facilitator.user
    assert_refused(
        submit(facilitator, url("company_edit", company), naf="BTP"),
        "Un code NAF s’écrit quatre chiffres et une lettre.",
    )
    assert_refused(
        submit(facilitator, url("company_edit", company), insolvency="receivership"),
        "Une procédure collective porte la date de son jugement.",
    )


def test_two_people_do_not_overwrite_one_another(facilitator, company):
    form = {"name": "Alpha", "kind": "company", "size": "small", "seen": "1"}
    response = facilitator.post(url("company_edit", company), form)
    assert response.status_code == 422
    assert "modifiée entre-temps" in words(response)


def test_contacts_are_added_and_the_ask_goes_away(facilitator, company):
    lot = company.awards.get().lot
    for rank, asked in [(1, "un seul contact est connu"), (2, None)]:
        values = {"role": "hr", "name": f"Ada {rank}", "email": f"ada{rank}@entreprise.example"}
        response = submit(facilitator, url("contact_create", company), **values)
        assert_done(response, f"Le contact Ada {rank} est enregistré.")
        page = words(facilitator.get(url("lot", lot)))
        assert (asked in page) if asked else ("il en faut deux" not in page)
        assert ("Il faut deux contacts" in words(response)) is bool(asked)
    rows = table(facilitator.get(url("company", company)), "Contacts")
    assert rows[0][1:5] == [
        "Ressources humaines",
        "ada1@entreprise.example",
        "Non",
        f"15/09/2026 par {facilitator.user}",
    ]


def test_a_contact_that_cannot_be_reached_is_refused(facilitator, company):
    response = submit(facilitator, url("contact_create", company), role="hr", name="Ada")
    assert_refused(response, "Indiquez une adresse électronique ou un téléphone.")
    response = submit(facilitator, url("contact_create", company), role="hr", name="Ada", email="ada")
    assert_refused(response, "Saisissez une adresse e-mail valide.")


def test_a_contact_is_confirmed_in_one_click(facilitator, company):
    contact = CompanyContactFactory(company=company, name="Ada")
    CompanyContact.objects.update(confirmed_at=None, confirmed_by=None)
    page = facilitator.get(url("company", company))
    assert table(page, "Contacts")[0][4] == "Jamais"
    response = facilitator.post(url("contact_confirm", contact), follow=True)
    assert told(response) == ["Ada est confirmé ce jour."]
    contact.refresh_from_db()
    assert contact.confirmed_by == facilitator.user


def test_an_address_in_failure_is_red_and_has_a_way_out(facilitator, company):
    contact = CompanyContactFactory(company=company, name="Ada", email="ada@entreprise.example")
    CompanyContact.objects.update(bounced_on=timezone.now())
    page = facilitator.get(url("company", company))
    assert document(page).xpath("//span[@class='state is-danger']/text()") == ["ada@entreprise.example"]
    assert "En échec depuis le 15/09/2026" in words(page)
    response = facilitator.post(url("contact_retry", contact), follow=True)
    assert told(response) == ["Le prochain courriel sera envoyé à l’adresse de Ada."]
    CompanyContact.objects.update(bounced_on=timezone.now())
    response = submit(facilitator, url("contact_edit", contact), email="ada.martin@entreprise.example")
    assert_done(response, "Le contact Ada est enregistré.")
    contact.refresh_from_db()
    assert contact.bounced_on is None


def test_somebody_leaves_then_comes_back(facilitator, company):
    contact = CompanyContactFactory(company=company, name="Ada")
    response = facilitator.post(url("contact_left", contact), follow=True)
    assert "N’est plus là depuis le 15/09/2026" in words(response)
    response = facilitator.post(url("contact_confirm", contact), follow=True)
    assert told(response) == [
        "Cette personne n’est plus dans l’entreprise : indiquez d’abord qu’elle est de nouveau là."
    ]
    response = facilitator.post(url("contact_back", contact), follow=True)
    assert told(response) == ["Ada est de nouveau là."]


def test_a_liquidation_ends_the_awards_one_may_end(as_role, territory):
    directorate = DirectorateFactory()
    lot = LotFactory(territory=territory, calibrated=True, market__operation__directorate=directorate)
    mine = AwardFactory(lot=lot, company__name="Alpha")
    theirs = AwardFactory(company=mine.company)
    agent = as_role(Role.DIRECTORATE_AGENT, directorate=directorate)
    response = submit(agent, url("company_liquidate", mine.company), judged_on="2026-10-01")
    assert_refused(response, "Indiquez une date passée, ou celle du jour : un départ s’enregistre quand il a eu lieu.")
    response = submit(agent, url("company_liquidate", mine.company), judged_on="2026-09-10")
    assert_done(response, "La liquidation est enregistrée, la chargée de mission en est prévenue.")
    assert "Liquidation judiciaire, jugement du 10/09/2026" in words(response)
    assert list(Award.objects.live()) == [theirs]
    assert {lot.alerts.get().category, theirs.lot.alerts.get().category} == {"A14"}
    mine.refresh_from_db()
    assert (mine.ended_on, mine.end_reason) == (date(2026, 9, 10), "liquidation")


def test_a_liquidation_typed_by_mistake_is_taken_back(officer, company):
    submit(officer, url("company_liquidate", company), judged_on="2026-09-10")
    response = submit(officer, url("company_edit", company), insolvency=None, insolvency_on="")
    assert_done(response, "La fiche de Alpha est enregistrée et vérifiée.")
    company.refresh_from_db()
    assert company.insolvency == ""


def test_a_facilitator_does_not_end_awards(facilitator, company):
    assert facilitator.get(url("company_liquidate", company)).status_code == 403
    assert facilitator.get(url("award_end", company.awards.get())).status_code == 403


@pytest.mark.parametrize("on", [True, False])
def test_the_directory_is_asked_from_the_page_only_when_it_is_on(facilitator, company, settings, monkeypatch, on):
    settings.COMPANY_DIRECTORY_URL = "http://127.0.0.1:9/" if on else ""
    page = facilitator.get(url("company", company))
    assert ("Vérifier maintenant" in words(page)) is on
    response = facilitator.post(url("company_check", company), follow=True)
    assert told(response) == [
        "L’annuaire des entreprises ne répond pas. L’entreprise reste à vérifier." if on else company_directory.IS_OFF
    ]


def test_a_company_out_of_sight_does_not_exist(as_role, company, elsewhere):
    neighbour = as_role(Role.FACILITATOR, territory=elsewhere)
    contact = CompanyContactFactory(company=company)
    assert neighbour.get(url("company", company)).status_code == 404
    assert neighbour.get(url("contact_edit", contact)).status_code == 404
    assert CompanyFactory().pk not in {row.pk for row in Company.objects.visible_to(neighbour.user)}
