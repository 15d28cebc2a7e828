"""« À instruire »: the lots to decide, and the decision taken without leaving the list."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from facilitators.enums import Role
from markets.enums import LotState
from markets.models import ClauseDecision, FacilitatorOpinion, Lot
from markets.services.clause import ALREADY_DECIDED, decide_clause
from markets.services.duty import NO_AMOUNT
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.preparation import ClauseReviewFactory, FacilitatorOpinionFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, tidy, told, typed, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

QUEUE = "/a-instruire/"
CLAUSE = {"outcome": "clause", "legal_basis": "execution"}
NO_CLAUSE = {"outcome": "no_clause", "reason": "Marché de fourniture pure."}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def lot(territory):
    return LotFactory(territory=territory)


@pytest.fixture
def obliged(lot):
    """Its market is at the threshold of services: a social consideration is mandatory."""
    type(lot.market).objects.filter(pk=lot.market_id).update(kind="services", consultation_on=date(2026, 9, 1))
    MarketFinancialsFactory(market=lot.market, estimated_amount=Decimal("216000"))
    return lot


def url_of(route, lot):
    return reverse(f"markets:{route}", args=[lot.pk])


def state_of(lot):
    return Lot.objects.get(pk=lot.pk).state


def shown(client, **filters):
    """Numbers of the markets listed under these filters."""
    return [row[1].split(" ")[0] for row in table(client.get(QUEUE, filters))]


def test_the_nearest_publication_comes_first(officer, territory):
    for number, planned, launched in (
        ("B", date(2026, 12, 1), None),
        ("A", None, date(2026, 10, 1)),
        ("C", None, None),
        ("D", date(2026, 11, 1), date(2027, 1, 1)),
    ):
        dates = {"market__planned_publication_on": planned, "market__consultation_on": launched}
        LotFactory(territory=territory, market__number=number, **dates)
    assert shown(officer) == ["A", "D", "B", "C"]


def test_the_list_shows_what_helps_to_decide(officer, obliged):
    LotFinancialsFactory(lot=obliged, estimated_amount=Decimal("412500.50"))
    ClauseReviewFactory(lot=obliged, score=Decimal("72.50"), recommendation="execution")
    FacilitatorOpinionFactory(lot=obliged, due_on=date(2026, 9, 27), consulted=[{"name": "A", "email": "a@b.fr"}])
    row = table(officer.get(QUEUE))[0]
    assert obliged.title in row[1]
    assert str(obliged.market.operation.directorate) in row[1]
    assert row[3] == "Obligatoire L. 2112-2-1, I"
    assert row[4] == "Attendu le 27/09/2026, encore 12 jours"
    assert "Clause d’exécution" in row[5]
    assert "score 73 sur 100" in row[5]
    assert row[6] == "412 500,50 €"


def test_an_unknown_amount_is_a_warning(officer, lot):
    type(lot.market).objects.filter(pk=lot.market_id).update(consultation_on=None)
    assert table(officer.get(QUEUE))[0][3] == f"Non vérifiée {NO_AMOUNT}"


def test_a_decided_lot_leaves_the_list(officer, lot, territory):
    LotFactory(territory=territory, retained=True)
    assert len(table(officer.get(QUEUE))) == 1
    submit(officer, url_of("decide", lot), **NO_CLAUSE)
    assert "Rien à instruire" in words(officer.get(QUEUE))


def test_the_list_is_filtered_in_its_address(officer, territory, elsewhere):
    one = LotFactory(territory=territory, market__number="UN", market__kind="services")
    two = LotFactory(territory=elsewhere, market__number="DEUX", market__kind="services")
    for lot, amount in ((one, "216000"), (two, "1000")):
        MarketFinancialsFactory(market=lot.market, estimated_amount=Decimal(amount))
    FacilitatorOpinionFactory(lot=two, due_on=date(2026, 9, 1), consulted=[{"name": "A", "email": "a@b.fr"}])
    for filters, expected in [
        ({"territory": territory.pk}, ["UN"]),
        ({"directorate": two.market.operation.directorate_id}, ["DEUX"]),
        ({"duty": "mandatory"}, ["UN"]),
        ({"duty": "optional"}, ["DEUX"]),
        ({"duty": "unknown"}, []),
        ({"opinion": "late"}, ["DEUX"]),
        ({"opinion": "not_asked"}, ["UN"]),
        ({"duty": "absurd", "territory": "x"}, ["UN", "DEUX"]),
    ]:
        assert shown(officer, **filters) == expected, filters
    assert "Aucun lot ne répond à ces filtres" in words(officer.get(QUEUE, {"duty": "unknown"}))


def test_a_clause_is_retained_on_its_page(officer, lot):
    response = submit(officer, url_of("decide", lot), **CLAUSE)
    assert_done(response, f"{lot} : clause retenue : Condition d’exécution (L. 2112-2).")
    decision = ClauseDecision.objects.get()
    assert (decision.legal_basis, decision.decided_by) == ("execution", officer.user)
    assert state_of(lot) == LotState.RETAINED


def test_the_recommendation_is_offered_first(officer, lot):
    ClauseReviewFactory(lot=lot, recommendation="reserved")
    page = officer.get(url_of("decide", lot))
    assert typed(page)["legal_basis"] == "reserved_insertion"
    assert typed(page)["outcome"] == "clause"


def test_a_decision_without_its_why_is_refused(officer, lot):
    for values, sentences in [
        (NO_CLAUSE | {"reason": "  "}, ["Indiquez pourquoi ce lot n’a pas de clause."]),
        ({"outcome": "clause", "reason": "Oui"}, ["Indiquez le fondement juridique de la clause."]),
        ({"reason": "Oui"}, ["Ce champ est obligatoire."]),
        ({"outcome": "maybe"}, ["Sélectionnez un choix valide. maybe n’en fait pas partie."]),
        (NO_CLAUSE | {"reason": "\x07"}, ["Ce texte contient un caractère invisible ou interdit."]),
    ]:
        response = officer.post(url_of("decide", lot), values)
        assert_refused(response, *sentences)
        assert state_of(lot) == LotState.TO_REVIEW
        assert not ClauseDecision.objects.exists()


def test_a_refused_form_keeps_what_was_typed(officer, obliged):
    refused = submit(officer, url_of("decide", obliged), **NO_CLAUSE)
    assert refused.status_code == 422
    assert "Considération sociale obligatoire" in words(refused)
    assert typed(refused)["reason"] == NO_CLAUSE["reason"]
    response = submit(
        officer, url_of("decide", obliged), **NO_CLAUSE, exemption="2", exemption_reason="Aucune exécution sur place."
    )
    assert_done(response, f"{obliged} : sans clause, visa juridique demandé.")
    assert state_of(obliged) == LotState.AWAITING_VISA


def test_the_exemptions_offered_are_those_the_law_allows(officer, obliged, territory):
    options = document(officer.get(url_of("decide", obliged))).xpath("//select[@name='exemption']/option/@value")
    assert options == ["", "1", "2", "3"]
    free = LotFactory(territory=territory)
    assert not document(officer.get(url_of("decide", free))).xpath("//select[@name='exemption']")


def test_a_stale_page_does_not_decide_twice(officer, lot):
    submit(officer, url_of("decide", lot), **CLAUSE)
    response = officer.post(url_of("decide", lot), NO_CLAUSE | {"reason": "Trop tard"})
    assert_refused(response, ALREADY_DECIDED)
    assert typed(response)["reason"] == "Trop tard"
    assert state_of(lot) == LotState.RETAINED


class TestWithoutLeavingTheList:
    """The lines that htmx puts in the place of one another."""

    def line(self, response):
        bodies = document(response).xpath("//tbody")
        assert len(bodies) == 1
        return bodies[0]

    def test_the_form_opens_under_its_line(self, officer, lot):
        line = self.line(officer.get(url_of("decide", lot), {"outcome": "no_clause"}, headers=HTMX))
        assert line.get("id") == f"lot-{lot.pk}"
        assert line.xpath(".//input[@name='outcome'][@checked]/@value") == ["no_clause"]
        assert line.xpath(".//form[@class='decide-form']//input[@name='next_queue']/@value") == ["True"]

    def test_it_closes(self, officer, lot):
        assert not self.line(officer.get(url_of("queue_row", lot), headers=HTMX)).xpath(".//textarea")

    def test_a_refusal_comes_back_in_the_line(self, officer, lot):
        response = officer.post(url_of("decide", lot), {"outcome": "clause"}, headers=HTMX)
        assert response.status_code == 422
        assert "Indiquez le fondement juridique" in self.line(response).text_content()

    def test_a_decision_closes_the_line_and_can_be_cancelled(self, officer, lot):
        response = officer.post(url_of("decide", lot), CLAUSE, headers=HTMX)
        line = self.line(response)
        assert "Clause retenue : Condition d’exécution (L. 2112-2)." in tidy(line.text_content())
        assert line.xpath(".//form/@action") == [url_of("undo", lot)]
        back = self.line(officer.post(url_of("undo", lot), headers=HTMX))
        assert back.xpath(".//a[@data-key='c s']")
        assert state_of(lot) == LotState.TO_REVIEW

    def test_what_cannot_be_cancelled_says_so(self, officer, territory):
        lot = LotFactory(territory=territory, calibrated=True)
        response = officer.post(url_of("undo", lot), headers=HTMX)
        assert "ne peut plus être annulée" in self.line(response).text_content()

    def test_the_opinion_is_asked_from_the_line(self, officer, as_role, convention, lot):
        as_role(Role.FACILITATOR)
        line = self.line(officer.post(url_of("opinion_ask", lot), headers=HTMX))
        assert "le 13/10/2026, encore 28 jours" in " ".join(line.text_content().split())
        refused = self.line(officer.post(url_of("opinion_ask", lot), headers=HTMX))
        assert "L’avis est déjà demandé" in refused.text_content()


def test_what_one_has_just_decided_can_be_cancelled_above_the_list(officer, lot, as_role):
    submit(officer, url_of("decide", lot), **CLAUSE)
    assert "annulables pendant dix minutes" in words(officer.get(QUEUE))
    assert "annulables" not in words(as_role(Role.MISSION_OFFICER).get(QUEUE))
    response = submit(officer, QUEUE, action=url_of("undo", lot))
    assert_done(response, f"Décision annulée : {lot} revient à instruire.")
    ClauseDecision.objects.update(decided_at=timezone.now() - timedelta(minutes=11))
    assert "annulables" not in words(officer.get(QUEUE))


def test_a_decision_is_cancelled_by_its_author_alone(officer, lot, as_role):
    submit(officer, url_of("decide", lot), **CLAUSE)
    response = as_role(Role.MISSION_OFFICER).post(url_of("undo", lot), follow=True)
    assert told(response) == ["Seule la personne qui a décidé peut annuler sa décision."]
    assert state_of(lot) == LotState.RETAINED


class TestSeveralLots:
    BULK = "/a-instruire/groupe/"

    @pytest.fixture
    def lots(self, territory):
        return LotFactory.create_batch(3, territory=territory)

    def chosen(self, lots, **values):
        return {"lot": [lot.pk for lot in lots]} | values

    def test_the_summary_says_what_will_be_done_and_writes_nothing(self, officer, lots, obliged):
        response = officer.post(self.BULK, self.chosen([*lots, obliged], act="decide", **NO_CLAUSE))
        lines = {" ".join(row[0].split(" ")[:3]): row[1:] for row in table(response, "Ce qui sera fait")}
        assert lines[f"{lots[0].market.number} lot {lots[0].number}"] == ["Oui", "Sans clause."]
        assert lines[f"{obliged.market.number} lot {obliged.number}"][0] == "Non"
        assert "Résumé : 3 lots sur 4" in words(response)
        assert not ClauseDecision.objects.exists()

    def test_the_confirmation_does_it_and_one_click_undoes_it(self, officer, lots, obliged):
        summary = officer.post(self.BULK, self.chosen([*lots, obliged], act="decide", **NO_CLAUSE))
        form = document(summary).xpath("//form[.//button[@name='confirm']]")[0]
        sent = {}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value)
        response = officer.post(self.BULK, sent | {"confirm": "1"}, follow=True)
        assert told(response)[0] == "3 lots sur 4 : c’est fait."
        assert told(response)[1].startswith(f"{obliged} : Considération sociale obligatoire")
        assert {state_of(lot) for lot in lots} == {LotState.SET_ASIDE}
        assert "3 lots décidés ensemble : sans clause" in words(response)
        undo_url = document(response).xpath("//form[input[@name='whole']]/@action")[0]
        undone = officer.post(undo_url, {"whole": "1"}, follow=True)
        assert told(undone) == ["Décisions annulées : 3 sur 3."]
        assert {state_of(lot) for lot in lots} == {LotState.TO_REVIEW}

    def test_the_opinion_is_asked_on_all_of_them(self, officer, as_role, convention, lots):
        facilitator = as_role(Role.FACILITATOR).user
        summary = officer.post(self.BULK, self.chosen(lots, act="opinion"))
        assert f"Avis demandé à {facilitator}." in words(summary)
        assert not FacilitatorOpinion.objects.exists()
        officer.post(self.BULK, self.chosen(lots, act="opinion", confirm="1"))
        assert FacilitatorOpinion.objects.count() == 3

    def test_a_decision_without_its_why_is_refused_for_all(self, officer, lots):
        response = officer.post(self.BULK, self.chosen(lots, act="decide", outcome="clause", confirm="1"))
        assert response.status_code == 422
        assert not ClauseDecision.objects.exists()

    def test_nothing_chosen_is_said(self, officer):
        for sent in ({}, {"lot": ["x", "", "99999999999999999999", "-1"]}):
            assert "Aucun lot choisi" in words(officer.get(self.BULK, sent))
            assert "Aucun lot choisi" in words(officer.post(self.BULK, sent))

    def test_a_hundred_lots_at_most(self, officer, territory, monkeypatch):
        monkeypatch.setattr("markets.services.batch.MOST_LOTS", 2)
        lots = LotFactory.create_batch(3, territory=territory)
        response = officer.post(self.BULK, self.chosen(lots, act="decide", **NO_CLAUSE))
        assert response.status_code == 422
        assert not ClauseDecision.objects.exists()


def test_the_page_of_the_lot_tells_the_decision(officer, lot):
    submit(officer, url_of("decide", lot), outcome="clause", legal_basis="criterion")
    page = words(officer.get(url_of("lot", lot)))
    assert "Critère d’attribution (R. 2152-7)" in page
    assert f"15/09/2026 par {officer.user}" in page
    assert "À déclarer (DECP) Critère social" in page


def test_the_page_of_the_lot_warns_of_a_declaration_that_disagrees(officer, lot):
    type(lot.market).objects.filter(pk=lot.market_id).update(social_considerations=["none"])
    submit(officer, url_of("decide", lot), **CLAUSE)
    assert "Données essentielles à corriger" in words(officer.get(url_of("lot", lot)))


def test_a_decision_is_taken_up_again(officer, lot, as_role):
    decide_clause(lot=lot, by=as_role(Role.MISSION_OFFICER).user, **NO_CLAUSE)
    response = submit(officer, url_of("lot", lot), action=url_of("reopen", lot))
    assert_done(response, "Le lot revient dans la file à instruire.")
    assert "Décision précédente" in words(response)
    assert state_of(lot) == LotState.TO_REVIEW


def test_a_calibrated_lot_keeps_its_decision(officer, territory):
    lot = LotFactory(territory=territory, calibrated=True)
    assert url_of("reopen", lot) not in officer.get(url_of("lot", lot)).content.decode()
    response = officer.post(url_of("reopen", lot), follow=True)
    assert told(response) == ["Ce lot est déjà calibré : sa décision ne peut plus être reprise."]
    assert state_of(lot) == LotState.CALIBRATED


def test_those_who_do_not_decide_have_no_button(as_role, lot, convention):
    for role in (Role.FACILITATOR, Role.LEGAL_OFFICER):
        assert not document(as_role(role).get(url_of("lot", lot))).xpath(f"//main//a[@href='{url_of('decide', lot)}']")
