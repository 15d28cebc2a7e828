"""What the market pages show: totals within the reader's territories, abilities, without a query per row."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef

from facilitators.enums import Permission
from facilitators.permissions import scope_of
from markets.models import LotFinancials, MarketTotal


@dataclass
class Totals:
    """Hours of a market that a reader may see: due, declared, counted (h)."""

    required: int = 0
    declared: Decimal = Decimal(0)
    counted: Decimal = Decimal(0)

    @property
    def progress(self):
        """Share done in %, None when nothing is due."""
        return self.counted * 100 / self.required if self.required else None


def totals_of(markets, user):
    """{market id: Totals} in one query, limited to the lots this account may see."""
    rows = MarketTotal.objects.filter(market__in=[market.pk for market in markets])
    totals = defaultdict(Totals)
    for row in visible_totals(rows, markets, user):
        total = totals[row.market_id]
        total.required += row.required
        total.declared += row.declared
        total.counted += row.counted
    return totals


def visible_totals(rows, markets, user):
    """Totals of the reader's territories, and those of the markets of her own directorate."""
    scope = scope_of(user)
    if Permission.VIEW_MARKETS in scope.everywhere:
        return rows
    territories = scope.territories.get(Permission.VIEW_MARKETS, frozenset())
    directorates = scope.directorates.get(Permission.VIEW_MARKETS, frozenset())
    own = {market.pk for market in markets if market.operation and market.operation.directorate_id in directorates}
    return [row for row in rows if row.territory_id in territories or row.market_id in own]


def amounts_of(lots, user):
    """{lot id: LotFinancials} of the lots whose amounts this account may see: the others are absent."""
    rows = LotFinancials.objects.visible_to(user).filter(lot__in=lots)
    return {row.lot_id: row for row in rows}


def abilities(queryset, user, pk, *permissions):
    """{permission value: True or False} for one object, in one query."""
    may = {
        permission.value: Exists(queryset.actionable_by(user, permission).filter(pk=OuterRef("pk")))
        for permission in permissions
    }
    return queryset.filter(pk=pk).values(**may).get()
