"""Markets and lots entered by hand, their pages, and their amounts apart."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from facilitators.enums import Role
from facilitators.reference import DEPARTMENT_SIRET
from markets.models import Lot, LotFinancials, Market
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import LotFactory, LotFinancialsFactory
from tests.factories.operations import OperationFactory
from tests.support.pages import assert_done, assert_refused, submit, table, told, typed, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
NOT_CREDIBLE = "Ce montant n’est pas crédible : entre 0,01 € et 10 milliards d’euros."
LIST, CREATE = "/marches/", "/marches/nouveau/"


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def lot(territory):
    return LotFactory(territory=territory, market__title="Réfection des façades")


def url(name, row):
    return reverse(f"markets:{name}", args=[row.pk])


def a_market(territory, **changes):
    """What one types for a new market."""
    return {
        "operation": OperationFactory().pk,
        "number": "2026-117",
        "title": "Rénovation\nénergétique",
        "kind": "works",
        "procedure": "open",
        "cpv": "45000000",
        "starts_on": "2026-10-01",
        "ends_on": "2027-09-30",
        "duration_months": 12,
        "territory": territory.pk,
    } | changes


def test_a_market_comes_with_its_first_lot(officer, territory):
    response = submit(officer, CREATE, **a_market(territory))
    assert_done(response, "Le marché 2026-117 est enregistré, avec son premier lot.")
    market = Market.objects.get()
    assert (market.title, market.buyer_siret) == ("Rénovation énergétique", DEPARTMENT_SIRET)
    lot = market.lots.get()
    assert (lot.number, lot.territory, lot.starts_on) == ("1", territory, date(2026, 10, 1))
    assert (lot.state, LotFinancials.objects.count()) == ("programmed", 0)


def test_a_wrong_market_is_not_created(officer, territory):
    for wrong, sentence in [
        ({"operation": ""}, REQUIRED),
        ({"number": ""}, REQUIRED),
        ({"territory": ""}, REQUIRED),
        ({"buyer_siret": "221300015"}, "Un SIRET compte 14 chiffres."),
        ({"buyer_siret": "22130001500248"}, "Ce SIRET est inexact : sa clé ne correspond pas."),
        ({"cpv": "4500"}, "Un code CPV compte 8 chiffres."),
        ({"starts_on": "2027-10-01"}, "La fin d’exécution précède son début."),
        ({"starts_on": "hier"}, "Saisissez une date valide."),
        ({"duration_months": 0}, "La durée est comprise entre 1 et 1 200 mois."),
        ({"duration_months": -3}, "Assurez-vous que cette valeur est supérieure ou égale à 0."),
        (
            {"planned_publication_on": "2026-09-14"},
            "La publication est prévue le 14/09/2026, une date passée : corrigez le calendrier.",
        ),
        (
            {"planned_publication_on": "2026-11-02", "planned_tenders_on": "2026-11-01"},
            "Dans l’ordre : publication, remise des offres, notification.",
        ),
    ]:
        response = submit(officer, CREATE, **a_market(territory) | wrong)
        assert response.status_code == 422
        assert sentence in words(response)
        assert typed(response)["title"].split() == ["Rénovation", "énergétique"]
        assert not Market.objects.exists()
        assert not Lot.objects.exists()


def test_a_number_is_taken_once_by_buyer(officer, lot, territory):
    response = submit(officer, CREATE, **a_market(territory, number=lot.market.number))
    assert_refused(response, "Ce numéro de marché existe déjà chez cet acheteur.")
    assert Market.objects.count() == 1


def test_the_form_starts_from_the_operation_one_comes_from(officer):
    operation = OperationFactory()
    assert typed(officer.get(CREATE, {"operation": operation.pk}))["operation"] == str(operation.pk)
    assert officer.get(CREATE, {"operation": "abc"}).status_code == 200


def test_a_market_is_changed(officer, lot):
    response = submit(officer, url("edit", lot.market), title="Façades et toiture", kind="services")
    assert_done(response, f"Le marché {lot.market.number} est enregistré.")
    assert Market.objects.get().title == "Façades et toiture"
    assert "Modifié par" in words(response)


def test_a_lot_is_added(officer, lot, elsewhere):
    response = submit(officer, url("lot_create", lot.market), number="2", title="Serrurerie", territory=elsewhere.pk)
    assert_done(response, "Le lot est ajouté. Répartissez le montant du marché entre ses lots.")
    assert [row[2] for row in table(response, "Lots du marché")] == [lot.territory.name, elsewhere.name]


def test_a_wrong_lot_is_not_added(officer, lot):
    for wrong, sentence in [
        ({"title": ""}, REQUIRED),
        ({"territory": ""}, REQUIRED),
        ({"starts_on": "2026-10-02", "ends_on": "2026-10-01"}, "La fin d’exécution du lot précède son début."),
    ]:
        values = {"number": "2", "title": "Serrurerie", "territory": lot.territory_id} | wrong
        response = submit(officer, url("lot_create", lot.market), **values)
        assert_refused(response, sentence)
        assert typed(response)["number"] == "2"
        assert Lot.objects.count() == 1


def test_a_lot_number_is_taken_once_by_market(officer, lot):
    values = {"number": lot.number, "title": "Serrurerie", "territory": lot.territory_id}
    response = submit(officer, url("lot_create", lot.market), **values)
    assert_refused(response, "Ce numéro de lot existe déjà dans ce marché.")


def test_a_lot_is_changed_whatever_its_state(officer, territory):
    lot = LotFactory(territory=territory, calibrated=True)
    assert_done(submit(officer, url("lot_edit", lot), title="Gros œuvre"), "Le lot est enregistré.")
    assert Lot.objects.get().title == "Gros œuvre"


def test_a_lot_with_hours_due_stays_in_its_territory(officer, territory, elsewhere):
    lot = LotFactory(territory=territory, awarded=True)
    response = submit(officer, url("lot_edit", lot), territory=elsewhere.pk)
    assert_refused(response, "Ce lot a déjà des heures dues ou des contrats : son territoire ne change plus.")
    assert Lot.objects.get().territory == territory


def test_amounts_have_their_own_screen(officer, lot):
    response = submit(officer, url("lot_amounts", lot), estimated_amount="250 000", awarded_amount="243 112,40")
    assert_done(response, "Les montants du lot sont enregistrés.")
    assert "Montant estimé 250 000 € HT" in words(response)
    assert "Montant attribué 243 112,40 € HT" in words(response)


def test_amounts_are_typed_and_shown_the_french_way(officer, lot):
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal("1250000.50"))
    assert typed(officer.get(url("lot_amounts", lot)))["estimated_amount"].split() == ["1", "250", "000,5"]
    submit(officer, url("lot_amounts", lot), awarded_amount="10")
    assert LotFinancials.objects.get().estimated_amount == Decimal("1250000.50")


@pytest.mark.parametrize("amount", ["0", "-5", "10000000001"])
def test_an_absurd_amount_changes_nothing(officer, lot, amount):
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal(250_000))
    response = submit(officer, url("lot_amounts", lot), estimated_amount=amount)
    assert_refused(response, NOT_CREDIBLE)
    assert typed(response)["estimated_amount"] == amount
    assert LotFinancials.objects.get().estimated_amount == 250_000


def test_an_agent_places_her_market_in_any_territory(as_role, elsewhere):
    directorate = DirectorateFactory()
    agent = as_role(Role.DIRECTORATE_AGENT, directorate=directorate)
    values = a_market(elsewhere, operation=OperationFactory(directorate=directorate).pk)
    assert_done(submit(agent, CREATE, **values), "Le marché 2026-117 est enregistré, avec son premier lot.")


def test_an_agent_cannot_attach_a_market_to_another_directorate(as_role, territory):
    agent = as_role(Role.DIRECTORATE_AGENT)
    response = agent.post(CREATE, a_market(territory, buyer_siret=DEPARTMENT_SIRET, technique="none"))
    assert_refused(response, "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles.")


def test_the_list_shows_hours_of_the_territory(as_role, territory, elsewhere):
    lot = LotFactory(territory=territory, awarded=True)
    LotFactory(territory=elsewhere, market=lot.market, awarded=True)
    market, title, places, states, notified, due, counted, done = table(as_role(Role.FACILITATOR).get(LIST))[0]
    assert (places, states, notified) == ("Pays d’Aix", "Attribué", "05/01/2026")
    assert (due, counted, done) == ("1 000 h", "0 h", "0 %")
    assert "2 000 h" in words(as_role(Role.MISSION_OFFICER).get(LIST))


def test_the_list_is_filtered(officer, lot, elsewhere):
    other = LotFactory(territory=elsewhere, retained=True, market__kind="services").market
    asked = [
        ({"q": "facade"}, lot.market),
        ({"q": other.number}, other),
        ({"territory": elsewhere.pk}, other),
        ({"state": "retained"}, other),
        ({"kind": "works"}, lot.market),
    ]
    found = [[row[0] for row in table(officer.get(LIST, query))] for query, _ in asked]
    assert found == [[market.number] for _, market in asked]


def test_an_absurd_query_still_gives_the_list(officer, lot):
    for query in [{"q": "\x00%_'\\"}, {"q": "x" * 10_000}, {"territory": "9" * 30}, {"state": "zzz"}, {"page": "0"}]:
        assert officer.get(LIST, query).status_code == 200


def test_a_market_shared_by_two_territories_shows_each_its_lots(as_role, lot, elsewhere):
    LotFactory(territory=elsewhere, market=lot.market, title="Lot du voisin")
    facilitator = as_role(Role.FACILITATOR)
    assert "Lot du voisin" not in words(facilitator.get(url("detail", lot.market)))
    assert "Lot du voisin" in words(as_role(Role.MISSION_OFFICER).get(url("detail", lot.market)))


def test_a_lot_has_a_page_in_each_state(officer, territory):
    for state in ["set_aside", "retained", "calibrated", "awarded", "running"]:
        lot = LotFactory(territory=territory, **{state: True})
        shown = words(officer.get(url("lot", lot)))
        assert lot.get_state_display() in shown
        assert f"par {lot.decision.decided_by}" in shown


def test_a_title_is_text_never_html(officer, territory):
    lot = LotFactory(territory=territory, title="<script>alert(1)</script>", market__title="<img src=x onerror=1>")
    for page in (url("lot", lot), url("detail", lot.market), LIST, url("decide", lot)):
        body = officer.get(page).content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body


def test_a_running_lot_is_closed(officer, territory):
    lot = LotFactory(territory=territory, running=True)
    response = submit(officer, url("lot", lot), action=url("lot_close", lot))
    assert_done(response, "Le lot est soldé.")
    assert "Soldé" in words(response)
    assert url("lot_close", lot) not in response.content.decode()


def test_only_a_running_lot_is_closed(officer, lot):
    assert url("lot_close", lot) not in officer.get(url("lot", lot)).content.decode()
    response = officer.post(url("lot_close", lot), follow=True)
    assert told(response) == ["Seul un lot en exécution peut être soldé."]
    assert Lot.objects.get().state == "to_review"


def test_fields_the_form_does_not_have_change_nothing(officer, lot):
    """A6: state, origin and author are never taken from a request."""
    before = Market.objects.values().get(), Lot.objects.values("state", "source_key", "market_id").get()
    forged = {"state": "closed", "source": "decp", "source_key": "x", "id": "99", "market": "99", "by": "1"}
    submitted = typed(officer.get(url("edit", lot.market))) | forged
    officer.post(url("edit", lot.market), submitted)
    officer.post(url("lot_edit", lot), typed(officer.get(url("lot_edit", lot))) | forged)
    assert (Market.objects.values().get(), Lot.objects.values("state", "source_key", "market_id").get()) == before
