"""A whole avant-projet (C6), entered by the services as a direction does, to take something away from."""

from datetime import date
from decimal import Decimal

from markets.enums import MarketKind
from markets.models import Lot, Market
from markets.services.amounts import set_estimates
from markets.services.markets import change_lot, create_market
from tests.factories.accounts import author
from tests.factories.markets import MarketFactory
from tests.factories.operations import OperationFactory
from tests.factories.preparation import DceDocumentFactory, RomeCodeFactory, TradeFactory

ESTIMATE = Decimal(480_000)


def new_market(territory, **changes):
    """A market of one programmed lot, of which only the market itself is filled in; its day is 15 September 2026."""
    operation = changes.pop("operation", None) or OperationFactory(
        officer="Camille Roux", address="3 rue des Écoles, Gardanne", communes=[territory.communes.first()]
    )
    fields = {
        "kind": MarketKind.WORKS,
        "cpv": "45442100",
        "procedure": "open",
        "volume": "1 200 m² de façades",
        "planned_publication_on": date(2026, 11, 2),
        "planned_tenders_on": date(2026, 12, 7),
        "planned_notification_on": date(2027, 2, 1),
        "starts_on": date(2027, 3, 1),
        "ends_on": date(2028, 2, 29),
        "duration_months": 12,
        "notified_on": None,
    }
    market = MarketFactory.build(operation=operation, **fields | changes)
    return create_market(market=market, territory=territory, by=author())


def complete_market(territory, **changes):
    """A market that lacks nothing to be submitted."""
    market = new_market(territory, **changes)
    complete_lot(market.lots.get())
    set_estimates(market=market, total=ESTIMATE, lots={}, by=author())
    DceDocumentFactory(market=market)
    return Market.objects.get(pk=market.pk)


def complete_lot(lot):
    """Fill in what a lot must say."""
    lot = Lot.objects.get(pk=lot.pk)
    lot.trade, lot.qualification, lot.crew_size, lot.firm_months = TradeFactory(), "low", 6, 12
    return change_lot(lot=lot, occupations=[RomeCodeFactory()], by=author())
