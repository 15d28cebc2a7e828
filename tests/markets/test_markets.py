"""Markets and lots by hand, their amounts, their alerts."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from markets.enums import AlertCategory
from markets.models import Alert, Lot, LotFinancials, Market, MarketFinancials
from markets.services.alerts import close_alert, raise_alert
from markets.services.markets import add_lot, change_lot, change_market, create_market, set_lot_amounts
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import AlertFactory, LotFactory, MarketFactory
from tests.factories.operations import OperationFactory
from tests.factories.participants import EmploymentContractFactory

pytestmark = pytest.mark.django_db


def test_a_market_is_born_with_its_lot(territory):
    market = create_market(market=MarketFactory.build(operation=OperationFactory()), territory=territory, by=author())
    lot = market.lots.get()
    assert (lot.number, lot.territory, lot.title) == ("1", territory, market.title)
    assert (lot.starts_on, lot.ends_on) == (market.starts_on, market.ends_on)
    assert not MarketFinancials.objects.exists()


def test_an_estimate_is_kept_apart(territory):
    market = create_market(
        market=MarketFactory.build(operation=None),
        territory=territory,
        estimated_amount=Decimal("918273.64"),
        by=author(),
    )
    assert market.financials.estimated_amount == market.lots.get().financials.estimated_amount == Decimal("918273.64")


@pytest.mark.parametrize(
    "wrong",
    [
        {"buyer_siret": "22130001500248"},
        {"title": ""},
        {"number": "1\n2"},
        {"duration_months": 0},
        {"cpv": "12"},
        {"kind": "gift"},
    ],
)
def test_a_wrong_market_leaves_nothing(territory, wrong):
    with pytest.raises(ValidationError):
        create_market(market=MarketFactory.build(operation=None, **wrong), territory=territory, by=author())
    assert not Market.objects.exists()
    assert not Lot.objects.exists()


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-5), Decimal("1E17")])
def test_an_absurd_amount_takes_the_market_with_it(territory, amount):
    with pytest.raises(ValidationError):
        create_market(
            market=MarketFactory.build(operation=None), territory=territory, estimated_amount=amount, by=author()
        )
    assert not Market.objects.exists()


def test_a_lot_is_added_once(territory):
    lot = LotFactory()
    added = add_lot(
        market=lot.market,
        number="A2",
        title="Peinture",
        territory=territory,
        estimated_amount=Decimal(5000),
        by=author(),
    )
    assert added.financials.estimated_amount == 5000
    with pytest.raises(ValidationError, match="existe déjà dans ce marché"):
        add_lot(market=lot.market, number="A2", title="Peinture", territory=territory, by=author())


def test_the_amounts_of_a_lot_are_set_then_changed_then_emptied():
    lot = LotFactory()
    set_lot_amounts(lot=lot, by=author(), estimated_amount=None)
    assert not LotFinancials.objects.exists()
    set_lot_amounts(lot=lot, by=author(), estimated_amount=Decimal(10))
    set_lot_amounts(lot=lot, by=author(), awarded_amount=Decimal(12))
    figures = LotFinancials.objects.get(lot=lot)
    assert (figures.estimated_amount, figures.awarded_amount) == (10, 12)
    set_lot_amounts(lot=Lot.objects.get(pk=lot.pk), by=author(), estimated_amount=None, awarded_amount=None)
    figures.refresh_from_db()
    assert (figures.estimated_amount, figures.awarded_amount) == (None, None)
    assert figures.history.count() == 3


def test_a_market_is_corrected():
    market = LotFactory().market
    market.title = "Voirie du collège"
    change_market(market=market, by=author())
    assert Market.objects.get().title == "Voirie du collège"
    market.ends_on = market.starts_on.replace(year=2020)
    with pytest.raises(ValidationError, match="La fin d’exécution précède son début"):
        change_market(market=market, by=author())


def test_a_lot_moves_while_nothing_hangs_on_it(territories):
    lot = LotFactory(calibrated=True, territory=territories[0])
    lot.territory = territories[1]
    change_lot(lot=lot, by=author())
    assert Lot.objects.get().territory == territories[1]


def test_a_lot_with_hours_due_or_people_stays_where_it_is(territories):
    awarded = LotFactory(awarded=True, territory=territories[0])
    running = EmploymentContractFactory(award__hours_minimum=None, award__lot__territory=territories[0]).lot
    for lot in (awarded, Lot.objects.get(pk=running.pk)):
        lot.territory = territories[1]
        with pytest.raises(DomainError, match="son territoire ne change plus"):
            change_lot(lot=lot, by=author())
    assert set(Lot.objects.values_list("territory", flat=True)) == {territories[0].pk}


def test_a_lot_at_work_is_still_corrected(territory):
    lot = LotFactory(running=True, territory=territory)
    lot.title = "Gros œuvre et étanchéité"
    change_lot(lot=lot, by=author())
    assert Lot.objects.get(pk=lot.pk).title == "Gros œuvre et étanchéité"


def test_an_alert_is_raised_then_closed():
    facilitator, officer = UserFactory(), UserFactory()
    alert = raise_alert(
        lot=LotFactory(),
        category=AlertCategory.LATE,
        severity="critical",
        description="Arrêt du chantier.",
        by=facilitator,
    )
    assert (alert.author, list(Alert.objects.open())) == (facilitator, [alert])
    closed = close_alert(alert=alert, answer="Reprise le 12.", by=officer)
    assert (closed.closer, closed.answer) == (officer, "Reprise le 12.")
    assert not Alert.objects.open().exists()


def test_an_alert_is_closed_once_and_with_an_answer():
    alert = AlertFactory()
    with pytest.raises(ValidationError, match="Indiquez la suite donnée"):
        close_alert(alert=alert, answer="", by=author())
    close_alert(alert=alert, answer="Reprise.", by=author())
    with pytest.raises(Conflict, match="déjà close"):
        close_alert(alert=alert, answer="Autre.", by=author())
    alert.refresh_from_db()
    assert alert.answer == "Reprise."


@pytest.mark.parametrize("text", ["", "caché\u200b", "code\x07"])
def test_an_alert_says_facts_in_plain_text(text):
    with pytest.raises(ValidationError):
        raise_alert(lot=LotFactory(), category=AlertCategory.OTHER, severity="info", description=text, by=author())
