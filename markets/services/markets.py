"""Creating and editing markets and lots by hand. A market always has a lot: the unit of hours."""

from django.db import transaction
from django_fsm import can_proceed

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from markets.models import Lot, LotFinancials, Market, MarketFinancials


@transaction.atomic
def create_market(*, market, territory, by, estimated_amount=None):
    """Save a new market with its first lot, in `territory`; amount in euros without tax, kept apart."""
    validated_save(market, by=by)
    first = Lot(market=market, number="1", title=market.title, territory=territory)
    first.starts_on, first.ends_on = market.starts_on, market.ends_on
    validated_save(first, by=by)
    if estimated_amount is not None:
        validated_save(MarketFinancials(market=market, estimated_amount=estimated_amount), by=by)
        validated_save(LotFinancials(lot=first, estimated_amount=estimated_amount), by=by)
    return market


@transaction.atomic
def add_lot(*, market, by, number, title, territory, starts_on=None, ends_on=None, estimated_amount=None):
    """Add a lot to a market."""
    market = lock(Market.objects, market.pk)
    lot = Lot(market=market, number=number, title=title, territory=territory, starts_on=starts_on, ends_on=ends_on)
    validated_save(lot, by=by)
    set_lot_amounts(lot=lot, by=by, estimated_amount=estimated_amount)
    return lot


def set_lot_amounts(*, lot, by, **amounts):
    """Record the confidential amounts of a lot (€ without tax): estimated_amount, awarded_amount."""
    if all(value is None for value in amounts.values()) and not hasattr(lot, "financials"):
        return
    financials = LotFinancials.objects.filter(lot=lot).first() or LotFinancials(lot=lot)
    for name, value in amounts.items():
        setattr(financials, name, value)
    validated_save(financials, by=by)


@transaction.atomic
def change_market(*, market, by):
    """Save what was typed on an existing market."""
    lock(Market.objects, market.pk)
    return validated_save(market, by=by)


@transaction.atomic
def change_lot(*, lot, by):
    """Save what was typed on an existing lot.

    Raises DomainError when its territory changes though hours are due or people work there.
    """
    before = lock(Lot.objects, lot.pk)
    engaged = lot.contracts.exists() or lot.awards.filter(objective_entries__isnull=False).exists()
    if engaged and before.territory_id != lot.territory_id:
        raise DomainError("Ce lot a déjà des heures dues ou des contrats : son territoire ne change plus.")
    return validated_save(lot, by=by)


@transaction.atomic
def close_lot(*, lot, by):
    """Close a lot whose execution is over. Raises Conflict when it is not running."""
    lot = lock(Lot.objects, lot.pk)
    if not can_proceed(lot.close):
        raise Conflict("Seul un lot en exécution peut être soldé.")
    lot.close()
    return validated_save(lot, by=by)
