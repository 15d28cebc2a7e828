"""The dates of a market that move are told, whoever moves them: a form or an import (C5)."""

from datetime import date

import pytest

from clauses_portal.core.french import NBSP
from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.permissions import grant
from markets.models import Market
from markets.services.calendar_changes import tell_calendar_changes
from markets.services.markets import change_market
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.operations import OperationFactory
from tests.markets.programme.sheets import a_line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MOVED = f"Calendrier de 2027-014{NBSP}: publication avancée du 01/03/2027 au 15/02/2027"


@pytest.fixture
def market(territory):
    lot = LotFactory(
        territory=territory,
        market__operation=OperationFactory(communes=[territory.communes.first()]),
        market__number="2027-014",
        market__planned_publication_on=date(2027, 3, 1),
        market__notified_on=None,
    )
    LotFinancialsFactory(lot=lot)
    MarketFinancialsFactory(market=lot.market)
    return Market.objects.get(pk=lot.market.pk)


@pytest.fixture
def facilitator(territory):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


def told(user):
    return list(Notification.objects.visible_to(user).values_list("text", "path"))


def test_a_date_moved_by_hand_is_told_once(market, facilitator):
    market.planned_publication_on = date(2027, 2, 15)
    change_market(market=market, by=author())
    change_market(market=market, by=author())
    assert told(facilitator) == [(MOVED, f"/marches/{market.pk}/")]


def test_whoever_moves_it_is_not_told(market, facilitator):
    market.planned_publication_on = date(2027, 2, 15)
    change_market(market=market, by=facilitator)
    assert told(facilitator) == []


def test_the_facilitators_of_the_other_territories_are_not_told(market, elsewhere):
    stranger = UserFactory()
    grant(user=stranger, role=Role.FACILITATOR, territory=elsewhere, by=None)
    market.planned_publication_on = date(2027, 2, 15)
    change_market(market=market, by=author())
    assert told(stranger) == []


def test_a_lot_of_another_territory_brings_its_facilitator(market, elsewhere):
    neighbour = UserFactory()
    grant(user=neighbour, role=Role.FACILITATOR, territory=elsewhere, by=None)
    LotFactory(market=market, territory=elsewhere)
    market.planned_publication_on = date(2027, 2, 15)
    change_market(market=market, by=author())
    assert [text for text, _ in told(neighbour)] == [MOVED]


def test_what_is_no_date_is_not_told(market, facilitator):
    market.title, market.cpv = "Autre objet", "45000000"
    change_market(market=market, by=author())
    assert told(facilitator) == []


def test_every_step_is_told(market, facilitator):
    before = Market.objects.get(pk=market.pk)
    market.planned_publication_on = None
    market.planned_tenders_on = date(2027, 4, 1)
    market.planned_notification_on = date(2027, 6, 1)
    market.starts_on = date(2027, 7, 1)
    tell_calendar_changes(before, market, author())
    ((text, _),) = told(facilitator)
    assert "publication retirée, prévue le 01/03/2027" in text
    assert "remise des offres fixée au 01/04/2027" in text
    assert "notification fixée au 01/06/2027" in text
    assert "début d’exécution repoussé du 01/02/2026 au 01/07/2027" in text


def test_the_calendar_of_a_market_under_way_is_nobody_s_programme(market, facilitator):
    market.lots.update(state="running")
    market.ends_on = date(2028, 1, 31)
    change_market(market=market, by=author())
    assert told(facilitator) == []


def test_an_import_tells_what_it_moved_and_a_trial_does_not(bring, places):
    facilitator = UserFactory()
    grant(user=facilitator, role=Role.FACILITATOR, territory=places["AIX"], by=None)
    bring(a_line(planned_publication_on="01/03/2027"))
    assert told(facilitator) == []
    earlier = a_line(planned_publication_on="15/02/2027")
    bring(earlier, dry_run=True)
    assert told(facilitator) == []
    bring(earlier)
    assert [text for text, _ in told(facilitator)] == [MOVED]
