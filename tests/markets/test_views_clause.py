"""« À instruire »: the lots to decide, and the decision taken without leaving the list."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets.enums import LotState
from markets.models import ClauseDecision, Lot
from markets.services.clause import ALREADY_DECIDED
from tests.factories.markets import LotFactory, LotFinancialsFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, told, typed, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

QUEUE = "/a-instruire/"
CLAUSE, NO_CLAUSE = {"outcome": "clause"}, {"outcome": "no_clause"}


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def lot(territory):
    return LotFactory(territory=territory)


def decide_url(lot):
    return reverse("markets:decide", args=[lot.pk])


def decide_from_the_list(client, lot, button, **values):
    return submit(client, QUEUE, action=decide_url(lot), button=button, **values)


def state_of(lot):
    return Lot.objects.get(pk=lot.pk).state


def test_the_nearest_consultation_comes_first(officer, territory):
    for number, day in (("B", date(2026, 12, 1)), ("A", date(2026, 10, 1)), ("C", None)):
        LotFactory(territory=territory, market__number=number, market__consultation_on=day)
    assert [row[0][0] for row in table(officer.get(QUEUE))] == ["A", "B", "C"]


def test_the_list_shows_what_helps_to_decide(officer, lot):
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal("412500.50"))
    row = table(officer.get(QUEUE))[0]
    assert lot.title in row[0]
    assert str(lot.market.operation.directorate) in row[0]
    assert row[4] == "412 500,50 €"


def test_a_decided_lot_leaves_the_list(officer, lot, territory):
    LotFactory(territory=territory, retained=True)
    assert len(table(officer.get(QUEUE))) == 1
    decide_from_the_list(officer, lot, NO_CLAUSE, reason="Fourniture pure.")
    assert "Rien à instruire" in words(officer.get(QUEUE))


def test_a_clause_is_retained_from_the_list(officer, lot):
    response = decide_from_the_list(officer, lot, CLAUSE, legal_basis="execution")
    assert_done(response, f"{lot} : clause retenue.")
    assert response.request["PATH_INFO"] == QUEUE
    decision = ClauseDecision.objects.get()
    assert (decision.legal_basis, decision.decided_by) == ("execution", officer.user)
    assert state_of(lot) == LotState.RETAINED


def test_a_lot_is_set_aside_from_the_list(officer, lot):
    response = decide_from_the_list(officer, lot, NO_CLAUSE, reason="Marché de fourniture pure.")
    assert_done(response, f"{lot} : sans clause.")
    assert "Marché de fourniture pure." in words(officer.get(reverse("markets:lot", args=[lot.pk])))


def test_a_decision_without_its_why_is_refused(officer, lot):
    for button, values, sentences in [
        (NO_CLAUSE, {"reason": "  "}, ["Indiquez pourquoi ce lot n’a pas de clause."]),
        (CLAUSE, {"reason": "Oui"}, ["Indiquez le fondement juridique de la clause."]),
        ({}, {"reason": "Oui"}, ["Ce champ est obligatoire."]),
        ({"outcome": "maybe"}, {}, ["Sélectionnez un choix valide. maybe n’en fait pas partie."]),
        (NO_CLAUSE, {"reason": "\x07"}, ["Ce texte contient un caractère invisible ou interdit."]),
    ]:
        response = officer.post(decide_url(lot), button | values)
        assert_refused(response, *sentences)
        assert state_of(lot) == LotState.TO_REVIEW
        assert not ClauseDecision.objects.exists()


def test_after_a_correction_one_comes_back_to_the_list(officer, lot):
    refused = decide_from_the_list(officer, lot, NO_CLAUSE)
    assert_refused(refused, "Indiquez pourquoi ce lot n’a pas de clause.")
    corrected = typed(refused) | {"reason": "Fourniture pure."}
    assert corrected["outcome"] == "no_clause"
    response = officer.post(decide_url(lot), corrected, follow=True)
    assert response.request["PATH_INFO"] == QUEUE


def test_a_stale_list_does_not_decide_twice(officer, lot):
    decide_from_the_list(officer, lot, CLAUSE, legal_basis="execution")
    response = officer.post(decide_url(lot), NO_CLAUSE | {"reason": "Trop tard"})
    assert_refused(response, ALREADY_DECIDED)
    assert typed(response)["reason"] == "Trop tard"
    assert state_of(lot) == LotState.RETAINED


def test_the_page_of_the_lot_leads_to_the_decision(officer, lot):
    submit(officer, decide_url(lot), outcome="clause", legal_basis="criterion")
    shown = words(officer.get(reverse("markets:lot", args=[lot.pk])))
    assert "Critère d’attribution (R. 2152-7)" in shown
    assert f"15/09/2026 par {officer.user}" in shown


def test_a_decision_is_taken_up_again(officer, lot):
    decide_from_the_list(officer, lot, NO_CLAUSE, reason="Erreur.")
    page, url = reverse("markets:lot", args=[lot.pk]), reverse("markets:reopen", args=[lot.pk])
    response = submit(officer, page, action=url)
    assert_done(response, "Le lot revient dans la file à instruire.")
    assert "Décision précédente" in words(response)
    assert state_of(lot) == LotState.TO_REVIEW


def test_a_calibrated_lot_keeps_its_decision(officer, territory):
    lot = LotFactory(territory=territory, calibrated=True)
    url = reverse("markets:reopen", args=[lot.pk])
    assert url not in officer.get(reverse("markets:lot", args=[lot.pk])).content.decode()
    response = officer.post(url, follow=True)
    assert told(response) == ["Ce lot est déjà calibré : sa décision ne peut plus être reprise."]
    assert state_of(lot) == LotState.CALIBRATED


def test_those_who_do_not_decide_have_no_button(as_role, lot, convention):
    page = reverse("markets:lot", args=[lot.pk])
    for role in (Role.FACILITATOR, Role.LEGAL_OFFICER):
        assert not document(as_role(role).get(page)).xpath(f"//main//a[@href='{decide_url(lot)}']")
