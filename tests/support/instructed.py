"""Lots at each step of their instruction: its grid filled in and its opinion asked, or its exemption to endorse."""

from datetime import date
from decimal import Decimal

from markets.services.clause import decide_clause
from markets.services.review import open_review
from tests.factories.accounts import author
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.preparation import CriteriaGridFactory, CriterionFactory, FacilitatorOpinionFactory

EXEMPT = {
    "outcome": "no_clause",
    "reason": "Prestation intellectuelle.",
    "exemption": 2,
    "exemption_reason": "Aucune exécution sur place.",
}


def grid_in_force(*lines, version=1):
    """A grid of these criteria (fields of `Criterion`), put in force once they are there: it no longer changes."""
    grid = CriteriaGridFactory(version=version)
    for line in lines:
        CriterionFactory(grid=grid, **line)
    grid.valid_from = date(2026, 1, 1)
    grid.save()
    return grid


def gate(code, floor=None, **fields):
    """A condition of a grid."""
    return {"code": code, "label": code, "kind": "gate", "weight": 0, "floor": floor} | fields


def weighted(code, weight, **fields):
    """A weighted criterion of a grid."""
    return {"code": code, "label": code, "weight": weight} | fields


def instruction_rows(lot, *, market_amount=Decimal("216000"), lot_amount=Decimal("216000")):
    """{"instructed", "awaiting", "opinion"}: beside this lot, in its territory, its operation and its trade."""
    instructed, awaiting = (_beside(lot, market_amount, lot_amount) for _ in range(2))
    grid_in_force(gate("amount", 90_000), gate("computed_hours", 150), weighted("labour_share", 25))
    open_review(lot=instructed, by=author())
    decide_clause(lot=awaiting, by=author(), **EXEMPT)
    consulted = [{"name": "Ada Auteur", "email": "auteur@example.test"}]
    return {
        "instructed": instructed,
        "awaiting": awaiting,
        "opinion": FacilitatorOpinionFactory(lot=instructed, consulted=consulted),
    }


def _beside(lot, market_amount, lot_amount):
    market = {"kind": "services", "consultation_on": date(2026, 9, 1), "operation": lot.market.operation}
    fields = {f"market__{name}": value for name, value in market.items()}
    made = LotFactory(territory=lot.territory, trade=lot.trade, **fields)
    MarketFinancialsFactory(market=made.market, estimated_amount=market_amount)
    LotFinancialsFactory(lot=made, estimated_amount=lot_amount)
    return made
