"""The pages of penalties: simulated without trace, proposed by some, decided by the référent juridique alone (C23)."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets.models import PenaltyCase
from tests.factories.markets import LotFactory
from tests.factories.penalties import PenaltyCaseFactory
from tests.factories.preparation import PenaltyRuleFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, tidy, typed, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

LIST = "/penalites/"
PER_HOUR = {"basis": "per_hour", "tariff": "50", "found_on": "2026-09-01", "units": ""}


@pytest.fixture
def jurist(as_role):
    return as_role(Role.LEGAL_OFFICER)


@pytest.fixture
def facilitator(as_role):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def award(territory):
    return LotFactory(territory=territory, awarded=True).awards.get()


@pytest.fixture
def case(award):
    return PenaltyCaseFactory(award=award)


def at(name, row):
    return reverse(f"markets:{name}", args=[row.pk])


def definitions(response, heading):
    """{term: value} of the section under this heading."""
    names = document(response).xpath("//section[h2[.=$heading]]//dt", heading=heading)
    return {tidy(name.text_content()): tidy(name.getnext().text_content()) for name in names}


def test_a_penalty_is_simulated_by_the_address_alone(facilitator, award):
    PenaltyRuleFactory(breach="Heures non réalisées", basis="per_hour", value=Decimal(50))
    page = facilitator.get(at("penalty_simulator", award))
    assert definitions(page, "Heures à ce jour")["Heures non réalisées"] == "1 000 h"
    assert "Résultat" not in words(page)
    assert table(page) == [["Heures non réalisées", "Par heure non réalisée", "50"]]
    page = facilitator.get(at("penalty_simulator", award), PER_HOUR)
    assert definitions(page, "Résultat") == {
        "Heures dues": "1 000 h",
        "Heures comptabilisées": "0 h",
        "Heures neutralisées": "0 h",
        "Heures non réalisées": "1 000 h",
        "Tarif": "50 € par heure",
        "Pénalité encourue": "50 000 €",
    }
    assert not PenaltyCase.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"tariff": "x"}, "Saisissez un nombre."),
        ({"tariff": "0"}, "Tarif ou multiple : la valeur doit être supérieure à zéro."),
        ({"basis": "fixed"}, "Indiquez le nombre de manquements ou de jours."),
        ({"basis": "ceiling_multiple", "tariff": "4"}, None),
        ({"found_on": "hier"}, "Saisissez une date valide."),
        ({"basis": "free"}, "Sélectionnez un choix valide. free n’en fait pas partie."),
    ],
)
def test_a_wrong_simulation_is_refused_with_a_sentence(facilitator, award, wrong, sentence):
    response = facilitator.get(at("penalty_simulator", award), PER_HOUR | wrong)
    if sentence:
        assert_refused(response, sentence)
    assert response.status_code == 422


def test_a_simulation_becomes_a_proposal(facilitator, award):
    page = facilitator.get(at("penalty_simulator", award), PER_HOUR)
    (link,) = document(page).xpath("//a[.='Proposer cette pénalité']/@href")
    assert (typed(facilitator.get(link))["tariff"], typed(facilitator.get(link))["basis"]) == ("50", "per_hour")
    response = submit(facilitator, link, breach="Heures non réalisées", facts="Aucune heure depuis février.")
    assert_done(response, "Le constat est transmis au référent juridique, qui décide.")
    case = PenaltyCase.objects.get()
    assert (case.due_euros, case.proposed_by, case.found_on) == (50_000, facilitator.user, date(2026, 9, 1))


def test_a_wrong_proposal_is_not_kept(facilitator, award):
    whole = PER_HOUR | {"breach": "Heures non réalisées", "facts": "Aucune heure."}
    for wrong, sentence in [
        ({"facts": ""}, "Ce champ est obligatoire."),
        ({"found_on": "2026-09-16"}, "Indiquez une date passée, ou celle du jour."),
        ({"breach": "a\nb"}, "Ce texte tient sur une seule ligne."),
    ]:
        assert_refused(facilitator.post(at("case_create", award), whole | wrong), sentence)
    assert not PenaltyCase.objects.exists()


def test_the_referent_juridique_leads_a_case_to_its_decision(jurist, case):
    response = submit(jurist, at("case_notice", case), sent_on="15/09/2026", working_days="15")
    assert_done(response, "La mise en demeure est produite.")
    assert "Observations attendues le 06/10/2026." in words(response)
    response = submit(jurist, at("case_observations", case), observations="Deux candidats reçus.")
    assert_done(response, "Les observations sont enregistrées.")
    response = submit(jurist, at("case_decide", case), outcome="reduced", euros="12 500,50", reason="Diligences.")
    assert_done(response, "La décision est prise, son courrier est prêt.")
    assert definitions(response, "Calcul")["Pénalité décidée"] == "12 500,50 € (réduite)"
    assert "Deux candidats reçus." in words(response)
    notice, decision = case.letters.order_by("pk")
    for letter in (notice, decision):
        pdf, docx = jurist.get(at("letter_pdf", letter)), jurist.get(at("letter_docx", letter))
        assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
        assert docx.content[:2] == b"PK"
        assert f"{letter.number}.docx" in docx["Content-Disposition"]
    assert_refused(
        submit(jurist, at("case_decide", case), outcome="waived", reason="Encore."),
        "Ce dossier a avancé entre-temps : rechargez-le.",
    )


def test_a_case_is_dropped(jurist, case):
    assert_refused(submit(jurist, at("case_drop", case), reason=" "), "Ce champ est obligatoire.")
    assert_done(submit(jurist, at("case_drop", case), reason="Aucun candidat."), "Le dossier est clos.")
    assert table(jurist.get(LIST))[0][-1] == "Abandonnée"


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.MISSION_OFFICER])
def test_who_proposes_does_not_decide(as_role, role, award):
    client, case = as_role(role), PenaltyCaseFactory(award=award, observed=True)
    page = client.get(at("penalty_case", case))
    assert "Le référent juridique du Département mène ce dossier et décide." in words(page)
    for name in ("case_notice", "case_observations", "case_decide", "case_drop"):
        assert at(name, case) not in page.content.decode()
        response = client.post(at(name, case), {"outcome": "waived", "reason": "Motif."})
        assert response.status_code == 403
        assert "Vous n’avez pas le droit d’effectuer cette action." in words(response)
    case = PenaltyCase.objects.get()
    assert case.state == "observed"


def test_a_direction_reads_its_own_cases_and_their_letters_alone(as_role, award):
    case = PenaltyCaseFactory(award=award, notified=True)
    own = as_role(Role.DIRECTORATE_AGENT, directorate=award.lot.market.operation.directorate)
    another, letter = as_role(Role.DIRECTORATE_AGENT), case.letters.get()
    assert own.get(at("letter_pdf", letter)).status_code == 200
    assert own.get(at("case_create", award)).status_code == 403
    assert (len(table(own.get(LIST))), len(table(another.get(LIST)))) == (1, 0)
    for name, row in (("penalty_case", case), ("letter_pdf", letter), ("letter_docx", letter)):
        assert another.get(at(name, row)).status_code == 404


def test_the_list_is_filtered(jurist, award, elsewhere):
    PenaltyCaseFactory(award=award)
    other = LotFactory(territory=elsewhere, awarded=True).awards.get()
    PenaltyCaseFactory(award=other, dropped=True)
    for query, number in [
        ({"state": "found"}, 1),
        ({"territory": elsewhere.pk}, 1),
        ({"q": other.lot.market.number}, 1),
        ({"q": award.company.name}, 1),
        ({"q": "zzz"}, 0),
        ({"state": "x", "territory": "x", "page": "x"}, 2),
        ({}, 2),
    ]:
        assert len(table(jurist.get(LIST, query))) == number, query


def test_the_page_of_a_lot_shows_penalties_to_those_who_may_see_them(facilitator, as_role, award, case):
    page = facilitator.get(at("lot", award.lot))
    assert at("penalty_case", case) in page.content.decode()
    assert at("penalty_simulator", award) in page.content.decode()
    assert "50 000" not in words(page)
    own = as_role(Role.DIRECTORATE_AGENT, directorate=award.lot.market.operation.directorate)
    page = own.get(at("lot", award.lot)).content.decode()
    assert at("penalty_case", case) in page
    assert at("case_create", award) not in page


def test_an_empty_list_says_so(jurist):
    assert "Aucun dossier ne répond à ces critères dans votre périmètre." in words(jurist.get(LIST))
