"""What one is typing survives the end of a session, for oneself alone."""

import pytest

from clauses_portal.accounts.drafts import LARGEST, MOST, draft_of, drop_draft, save_draft
from clauses_portal.accounts.models import FormDraft
from clauses_portal.core.errors import DomainError
from facilitators.enums import Role
from markets.models import Market
from tests.factories.accounts import UserFactory
from tests.factories.markets import LotFactory, MarketFinancialsFactory
from tests.factories.operations import OperationFactory
from tests.support.pages import assert_done, form_of, submit, typed, words
from tests.support.strictness import StrictClient

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

CREATE, DRAFT = "/marches/nouveau/", "/brouillons/market-new/"
RESUMED = "Brouillon du 15/09/2026 à 10:00 repris."


def again(user):
    """The same person, signed in anew."""
    client = StrictClient()
    client.force_login(user)
    client.user = user
    return client


def test_a_draft_replaces_the_one_before():
    user = UserFactory()
    save_draft(user=user, key="market-12", data={"title": ["Façades"], "csrfmiddlewaretoken": ["x"]})
    save_draft(user=user, key="market-12", data={"title": ["Toiture"]})
    assert FormDraft.objects.get().data == {"title": ["Toiture"]}


def test_a_draft_is_hers_alone():
    user = UserFactory()
    save_draft(user=user, key="lot-3", data={"title": ["Façades"]})
    assert draft_of(user=UserFactory(), key="lot-3") is None
    drop_draft(user=UserFactory(), key="lot-3")
    assert draft_of(user=user, key="lot-3").data == {"title": ["Façades"]}
    drop_draft(user=user, key="lot-3")
    assert draft_of(user=user, key="lot-3") is None


@pytest.mark.parametrize("key", ["", "market", "market-", "market-abc", "password-1", "market-1\n", "market-new-1-2"])
def test_a_form_that_is_not_known_has_no_draft(key):
    with pytest.raises(DomainError, match="n’a pas de brouillon"):
        save_draft(user=UserFactory(), key=key, data={})


@pytest.mark.parametrize("text", ["x" * LARGEST, "a\x00b"])
def test_a_draft_is_bounded(text):
    with pytest.raises(DomainError):
        save_draft(user=UserFactory(), key="market-new", data={"title": [text]})
    assert not FormDraft.objects.exists()


def test_the_oldest_drafts_give_way():
    user, other = UserFactory(), UserFactory()
    save_draft(user=other, key="market-1", data={})
    for number in range(MOST + 2):
        save_draft(user=user, key=f"market-{number}", data={})
    assert FormDraft.objects.visible_to(user).count() == MOST
    assert draft_of(user=user, key="market-0") is None
    assert draft_of(user=other, key="market-1")


def test_what_was_typed_comes_back_after_the_session_ended(as_role):
    officer = as_role(Role.MISSION_OFFICER)
    operation = OperationFactory()
    half = {"title": "Réfection des façades", "number": "2027-4", "starts_on": "2027-02-30", "defence": "on"}
    half |= {"operation": operation.pk, "execution_terms": ["orders", "tranches"], "volume": "1 200 m²"}
    assert officer.post(DRAFT, half).content.decode() == "Brouillon enregistré à 10:00."
    officer.logout()
    assert officer.post(DRAFT, half).status_code == 302
    client = again(officer.user)
    page = client.get(CREATE)
    assert RESUMED in words(page)
    back = form_of(page, action="").fields
    assert (back["title"].strip(), back["number"], back["starts_on"]) == (
        "Réfection des façades",
        "2027-4",
        "2027-02-30",
    )
    assert (back["operation"], back["volume"].strip(), back["defence"]) == (str(operation.pk), "1 200 m²", "on")
    assert [box.checked for box in form_of(page, action="").inputs["execution_terms"]] == [True, True, False]


def test_a_draft_ends_when_the_form_is_saved(as_role, territory):
    officer = as_role(Role.MISSION_OFFICER)
    officer.post(DRAFT, {"title": "Réfection"})
    values = {"number": "2027-4", "operation": OperationFactory().pk, "kind": "works", "territory": territory.pk}
    assert_done(submit(officer, CREATE, action="", **values), "Le marché 2027-4 est enregistré, avec son premier lot.")
    assert Market.objects.get().title == "Réfection"
    assert not FormDraft.objects.exists()
    assert "Brouillon du" not in words(officer.get(CREATE))


def test_a_refused_form_keeps_its_draft(as_role):
    officer = as_role(Role.MISSION_OFFICER)
    officer.post(DRAFT, {"title": "Réfection"})
    assert submit(officer, CREATE, action="", number="").status_code == 422
    assert FormDraft.objects.get().data == {"title": ["Réfection"]}


def test_a_draft_is_given_up(as_role):
    officer = as_role(Role.MISSION_OFFICER)
    officer.post(DRAFT, {"title": "Réfection"})
    response = submit(officer, CREATE, action=f"{DRAFT}abandonner/")
    assert response.request["PATH_INFO"] == CREATE
    assert "Le brouillon est abandonné." in words(response)
    assert "Réfection" not in words(response)
    assert not FormDraft.objects.exists()


def test_giving_up_leads_nowhere_else(as_role):
    officer = as_role(Role.MISSION_OFFICER)
    response = officer.post(f"{DRAFT}abandonner/", {"next": "https://ailleurs.example/"})
    assert response.url == "/"


def test_a_draft_of_an_existing_row_keeps_the_version_it_was_made_from(as_role, territory):
    lot = LotFactory(territory=territory)
    officer = as_role(Role.MISSION_OFFICER)
    url = f"/lots/{lot.pk}/modifier/"
    mine = typed(officer.get(url), action="") | {"title": "Peinture"}
    officer.post(f"/brouillons/lot-{lot.pk}/", mine)
    submit(as_role(Role.MISSION_OFFICER), url, title="Plâtrerie")
    response = submit(officer, url, action="")
    assert response.status_code == 422
    assert "Cette fiche a été modifiée entre-temps" in words(response)
    assert typed(response, action="")["title"].strip() == "Peinture"


def test_amounts_have_their_draft_on_the_server_only(as_role, territory):
    lot = LotFactory(territory=territory)
    MarketFinancialsFactory(market=lot.market)
    officer, url = as_role(Role.MISSION_OFFICER), f"/marches/{lot.market_id}/montants/"
    officer.post(f"/brouillons/amounts-{lot.market_id}/", {"market": "123 456,78"})
    page = officer.get(url)
    assert typed(page, action="")["market"] == "123 456,78"
    assert "localStorage" not in page.content.decode()
    assert "123 456,78" not in words(as_role(Role.MISSION_OFFICER).get(url))


def test_a_wrong_draft_says_why(as_role):
    officer = as_role(Role.DIRECTOR)
    response = officer.post("/brouillons/inconnu/", {"title": "x"})
    assert (response.status_code, response.content.decode()) == (422, "Ce formulaire n’a pas de brouillon.")
    assert officer.get(DRAFT).status_code == 405
