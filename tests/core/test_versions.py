"""Two people on the same page: the second is told, and loses nothing."""

import pytest

from clauses_portal.core.versions import Stale, refuse_stale, version_of
from facilitators.enums import Role
from markets.models import Lot, Market
from markets.services.markets import change_market
from operations.models import Operation
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import LotFactory, MarketFactory
from tests.support.pages import assert_done, errors, submit, typed, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]


def test_a_row_changes_version_at_each_save():
    assert version_of(Market()) == ""
    market = MarketFactory()
    first = version_of(market)
    market.title = "Façades"
    change_market(market=market, by=author())
    assert version_of(market) != first


def test_the_same_version_is_accepted_and_no_version_asks_nothing():
    market = MarketFactory()
    refuse_stale(market, version_of(market))
    refuse_stale(market, None)


def test_a_stale_version_is_refused_by_the_names_of_what_changed():
    market, first = MarketFactory(), UserFactory(first_name="Zoé", last_name="Garcia")
    seen = version_of(market)
    market.title, market.cpv = "Façades", "45000000"
    change_market(market=market, by=first)
    with pytest.raises(Stale) as refused:
        change_market(market=market, seen=seen, by=author())
    assert refused.value.message.startswith(
        "Cette fiche a été modifiée entre-temps par Zoé Garcia, le 15/09/2026 à 10:00 (objet, code CPV)."
    )
    assert refused.value.version == version_of(market)


@pytest.mark.parametrize("seen", ["", "0", "999999", "abc", "1-2"])
def test_a_forged_version_is_refused(seen):
    with pytest.raises(Stale):
        refuse_stale(MarketFactory(), seen)


@pytest.mark.parametrize(
    ("page", "model", "field"),
    [
        ("/marches/{lot.market_id}/modifier/", Market, "title"),
        ("/lots/{lot.pk}/modifier/", Lot, "title"),
        ("/operations/{lot.market.operation_id}/modifier/", Operation, "title"),
    ],
)
def test_the_second_of_two_people_keeps_what_she_typed_then_decides(as_role, territory, page, model, field):
    lot = LotFactory(territory=territory, market__operation__communes=[territory.communes.first()])
    url = page.format(lot=lot)
    first, second = as_role(Role.MISSION_OFFICER), as_role(Role.MISSION_OFFICER)
    mine = typed(second.get(url)) | {field: "Le mien"}
    assert submit(first, url, **{field: "Le sien"}).redirect_chain
    refused = second.post(url, mine)
    assert refused.status_code == 422
    assert errors(refused)[0].startswith(f"Cette fiche a été modifiée entre-temps par {first.user}")
    assert model.objects.get().title == "Le sien"
    assert typed(refused)[field].strip() == "Le mien"
    second.post(url, typed(refused), follow=True)
    assert model.objects.get().title == "Le mien"


def test_another_error_does_not_hide_that_the_page_is_stale(as_role, territory):
    lot = LotFactory(territory=territory)
    url = f"/lots/{lot.pk}/modifier/"
    first, second = as_role(Role.MISSION_OFFICER), as_role(Role.MISSION_OFFICER)
    mine = typed(second.get(url)) | {"title": ""}
    submit(first, url, title="Le sien")
    refused = second.post(url, mine)
    assert errors(refused) == ["Ce champ est obligatoire."]
    refused = second.post(url, typed(refused) | {"title": "Le mien"})
    assert "modifiée entre-temps" in words(refused)


def test_a_page_saved_twice_in_a_row_by_the_same_person_is_read_again_in_between(as_role, territory):
    lot = LotFactory(territory=territory)
    officer, url = as_role(Role.MISSION_OFFICER), f"/lots/{lot.pk}/modifier/"
    assert_done(submit(officer, url, title="Une fois"), "Le lot est enregistré.")
    assert_done(submit(officer, url, title="Deux fois"), "Le lot est enregistré.")
