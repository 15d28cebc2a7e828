"""Screens of the instruction: the grid, the facilitator's opinion, the legal visa."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from facilitators import permissions
from facilitators.enums import Permission, Role
from markets.enums import LotState, OpinionOutcome
from markets.models import ClauseDecision, ClauseReview, FacilitatorOpinion, Lot
from markets.services.clause import decide_clause
from markets.services.opinion import ask_opinion, give_opinion
from tests.factories.accounts import UserFactory
from tests.factories.markets import LotFactory, LotFinancialsFactory
from tests.factories.preparation import TradeFactory, TradeParametersFactory
from tests.support.application_role import erase
from tests.support.instructed import gate, grid_in_force, weighted
from tests.support.pages import assert_done, assert_refused, document, submit, table, told, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

EXEMPT = {
    "outcome": "no_clause",
    "reason": "Prestation intellectuelle.",
    "exemption": 2,
    "exemption_reason": "Aucune exécution sur place.",
}


def url_of(route, row):
    return reverse(f"markets:{route}", args=[row.pk])


def state_of(lot):
    return Lot.objects.get(pk=lot.pk).state


class TestTheGrid:
    @pytest.fixture(autouse=True)
    def grid(self, db):
        grid_in_force(
            gate("amount", 90_000, label="Montant"),
            weighted("service_nature", 15, label="Nature", help_text="Nettoyage…"),
            weighted("labour_share", 25, label="Part"),
        )

    @pytest.fixture
    def chargee(self, as_role):
        return as_role(Role.MISSION_OFFICER)

    def test_it_opens_filled_in_and_is_corrected(self, chargee, lot):
        page = url_of("review", lot)
        assert "L’instruction n’est pas ouverte" in words(chargee.get(page))
        opened = submit(chargee, page, action=url_of("review_open", lot))
        rows = {row[0].split(" ")[0]: row for row in table(opened)}
        assert "tirée du dossier : corps de métier ou code CPV" in rows["Nature"][2]
        assert "Sans réponse : Montant, Part." in words(opened)
        response = submit(chargee, page, action="", service_nature="4", labour_share="3", amount="yes")
        assert_done(response, "L’instruction est enregistrée.")
        review = ClauseReview.objects.get()
        assert (review.score, review.recommendation) == (Decimal("84.38"), "execution_and_criterion")
        assert "Clause et critère" in words(response)
        assert "tirée du dossier" not in table(response)[1][2]

    def test_an_absurd_answer_is_refused(self, chargee, lot):
        submit(chargee, url_of("review", lot), action=url_of("review_open", lot))
        response = chargee.post(url_of("review", lot), {"service_nature": "9"})
        assert_refused(response, "Sélectionnez un choix valide. 9 n’en fait pas partie.")

    def test_no_figure_is_shown(self, chargee, as_role, lot):
        lot.trade = TradeFactory()
        lot.save()
        TradeParametersFactory(trade=lot.trade)
        LotFinancialsFactory(lot=lot, estimated_amount=Decimal("123456.78"))
        submit(chargee, url_of("review", lot), action=url_of("review_open", lot))
        for role in (Role.FACILITATOR, Role.LEGAL_OFFICER):
            page = words(as_role(role).get(url_of("review", lot)))
            assert not [figure for figure in ("123", "37,19", "41,87", "33,17", "0,37") if figure in page]

    def test_the_legal_officer_and_the_facilitator_read_it(self, chargee, as_role, lot):
        submit(chargee, url_of("review", lot), action=url_of("review_open", lot))
        for role in (Role.FACILITATOR, Role.LEGAL_OFFICER):
            client = as_role(role)
            assert not document(client.get(url_of("review", lot))).xpath("//main//select")
            assert client.post(url_of("review", lot), {"service_nature": "0"}).status_code == 403

    def test_the_switch_closes_it_to_the_facilitators(self, as_role, lot, settings):
        settings.FACILITATORS_SEE_METHOD = False
        assert as_role(Role.FACILITATOR).get(url_of("review", lot)).status_code == 403

    def test_the_direction_never_reads_it(self, chargee, as_role, lot, directorate):
        submit(chargee, url_of("review", lot), action=url_of("review_open", lot))
        submit(chargee, url_of("review", lot), action="", service_nature="4", labour_share="3", amount="yes")
        agent = as_role(Role.DIRECTORATE_AGENT, directorate=directorate)
        assert agent.get(url_of("review", lot)).status_code == 403
        page = words(agent.get(url_of("lot", lot)))
        assert "Recommandation" not in page
        assert "score" not in page

    def test_once_decided_it_is_only_read(self, chargee, lot):
        submit(chargee, url_of("review", lot), action=url_of("review_open", lot))
        decide_clause(lot=lot, outcome="clause", legal_basis="execution", reason="Oui.", by=chargee.user)
        assert not document(chargee.get(url_of("review", lot))).xpath("//main//select")
        assert chargee.post(url_of("review", lot), {"service_nature": "1"}).status_code == 422


def test_without_a_grid_in_force_the_instruction_does_not_open(as_role, lot):
    chargee = as_role(Role.MISSION_OFFICER)
    response = submit(chargee, url_of("review", lot), action=url_of("review_open", lot))
    assert told(response) == ["Aucune grille de critères n’est en vigueur : l’administrateur doit en publier une."]


class TestTheOpinion:
    @pytest.fixture
    def here(self, as_role):
        return as_role(Role.FACILITATOR)

    @pytest.fixture
    def asked(self, here, lot, officer):
        return ask_opinion(lot=lot, by=officer)

    def test_it_is_given_from_its_list(self, here, asked, lot):
        rows = table(here.get("/avis/"))
        assert "Attendu le 13/10/2026, encore 28 jours" in rows[0][3]
        response = submit(
            here,
            url_of("opinion", asked),
            outcome="reserved",
            adequacy="3",
            candidates="12",
            suppliers="4",
            text="Oui.",
        )
        assert_done(response, "Votre avis est transmis à la chargée de mission.")
        given = FacilitatorOpinion.objects.get()
        assert (given.outcome, given.adequacy, given.candidates, given.given_by) == ("reserved", 3, 12, here.user)
        assert "Aucun avis à donner" in words(response)

    def test_reserves_are_explained(self, here, asked):
        response = here.post(url_of("opinion", asked), {"outcome": "unfavourable", "text": " "})
        assert_refused(response, "Expliquez vos réserves ou votre avis défavorable.")

    def test_impossible_figures_are_refused(self, here, asked):
        for sent in ({"candidates": "-1"}, {"suppliers": "beaucoup"}, {"adequacy": "9"}, {"candidates": "9" * 12}):
            assert here.post(url_of("opinion", asked), {"outcome": "favourable"} | sent).status_code == 422
        assert FacilitatorOpinion.objects.get().given_at is None

    def test_it_is_given_once(self, here, asked):
        give_opinion(opinion=asked, outcome=OpinionOutcome.FAVOURABLE, by=here.user)
        assert "déjà donné" in words(here.get(url_of("opinion", asked)))
        assert here.post(url_of("opinion", asked), {"outcome": "favourable"}).status_code == 422

    def test_the_page_of_the_lot_shows_the_clock_and_who_was_asked(self, here, as_role, asked, lot):
        page = words(as_role(Role.MISSION_OFFICER).get(url_of("lot", lot)))
        assert "Attendu le 13/10/2026, encore 28 jours" in page
        assert f"{here.user} ({here.user.email})" in page
        assert f"Avis demandé à {here.user}, attendu le 13/10/2026." in page

    def test_it_is_asked_from_the_page_of_the_lot(self, as_role, here, lot):
        chargee = as_role(Role.MISSION_OFFICER)
        response = submit(chargee, url_of("lot", lot), action=url_of("opinion_ask", lot))
        assert_done(response, f"Avis demandé à {here.user}.")

    def test_outside_the_convention_it_is_said(self, as_role, lot, convention):
        erase(convention)
        chargee = as_role(Role.MISSION_OFFICER)
        response = submit(chargee, url_of("lot", lot), action=url_of("opinion_ask", lot))
        assert_done(response, "Aucun facilitateur sous convention dans ce territoire : personne n’a pu être consulté.")
        assert "Consultés Personne" in words(response)

    def test_elsewhere_and_without_a_convention_nobody_answers(self, as_role, asked, elsewhere, convention):
        assert as_role(Role.FACILITATOR, territory=elsewhere).get(url_of("opinion", asked)).status_code == 404
        erase(convention)
        assert as_role(Role.FACILITATOR).get(url_of("opinion", asked)).status_code == 403


class TestTheVisa:
    @pytest.fixture
    def legal(self, as_role):
        return as_role(Role.LEGAL_OFFICER)

    @pytest.fixture
    def awaited(self, obliged, officer):
        decide_clause(lot=obliged, by=officer, **EXEMPT)
        return obliged

    def test_it_is_granted_from_its_list(self, legal, awaited):
        row = table(legal.get("/visas/"))[0]
        assert row[2] == "Lien insuffisant avec l’objet du marché L. 2112-2-1, II, 2°"
        assert row[3] == EXEMPT["exemption_reason"]
        response = submit(legal, url_of("visa", awaited), granted="yes", note="")
        assert_done(response, f"{awaited} : visa accordé.")
        assert state_of(awaited) == LotState.SET_ASIDE
        assert "Aucun visa à donner" in words(response)

    def test_a_refusal_is_explained_and_brings_the_lot_back(self, legal, awaited, as_role):
        assert_refused(
            legal.post(url_of("visa", awaited), {"granted": "no", "note": ""}),
            "Indiquez pourquoi la dérogation ne tient pas.",
        )
        response = submit(legal, url_of("visa", awaited), granted="no", note="Le lien est établi.")
        assert_done(response, f"{awaited} : visa refusé, le lot revient à instruire.")
        page = words(as_role(Role.MISSION_OFFICER).get(url_of("lot", awaited)))
        assert "Visa juridique Refusé le 15/09/2026" in page
        assert "Le lien est établi." in page

    def test_it_is_given_once(self, legal, awaited):
        submit(legal, url_of("visa", awaited), granted="yes")
        assert "n’attend pas de visa" in words(legal.get(url_of("visa", awaited)))
        assert legal.post(url_of("visa", awaited), {"granted": "yes"}).status_code == 422

    def test_the_page_of_the_lot_leads_to_it(self, legal, awaited):
        assert document(legal.get(url_of("lot", awaited))).xpath(f"//main//a[@href='{url_of('visa', awaited)}']")

    def test_the_chargee_de_mission_does_not_give_it(self, as_role, awaited):
        assert as_role(Role.MISSION_OFFICER).get(url_of("visa", awaited)).status_code == 403


def test_without_the_amounts_the_law_is_told_without_its_threshold(as_role, obliged, monkeypatch):
    """Nobody sees a lot without its amounts today; whoever will must not read a side of the threshold."""
    monkeypatch.setitem(
        permissions.ROLE_PERMISSIONS, Role.LEGAL_OFFICER, {Permission.VIEW_MARKETS, Permission.VIEW_METHOD}
    )
    page = words(as_role(Role.LEGAL_OFFICER).get(url_of("lot", obliged)))
    assert "Une condition d’exécution sociale est obligatoire pour ce marché." in page
    assert "216" not in page


def test_the_lists_are_those_of_the_reader(as_role, elsewhere, lot, officer):
    there = LotFactory(territory=elsewhere)
    here, neighbour = as_role(Role.FACILITATOR), as_role(Role.FACILITATOR, territory=elsewhere)
    for one in (lot, there):
        ask_opinion(lot=one, by=officer)
    for client, expected in ((here, lot), (neighbour, there)):
        assert [row[0].split(" ")[0] for row in table(client.get("/avis/"))] == [expected.market.number]


def test_what_is_decided_is_the_law_of_its_day(as_role, lot, officer):
    lot.market.consultation_on = date(2026, 8, 20)
    lot.market.save()
    decide_clause(lot=lot, by=UserFactory(), outcome="no_clause", reason="Fourniture.")
    page = words(as_role(Role.MISSION_OFFICER).get(url_of("lot", lot)))
    assert "Obligation ce jour-là Facultative, article L. 2112-2-1, I" in page
    assert ClauseDecision.objects.get().duty_threshold is None
