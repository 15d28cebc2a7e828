"""What the market pages show: totals within the reader's territories, abilities, without a query per row."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef

from clauses_portal.core.scanning import with_scans
from facilitators.enums import Permission
from facilitators.permissions import scope_of
from markets.completeness import Completeness
from markets.enums import ExecutionTerm, LotState, Source
from markets.models import DceDocument, LotFinancials, MarketTotal
from markets.services.preparation import SENT_BACK, review


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


@dataclass
class Preparation:
    """The avant-projet of a market: what it lacks (None once nothing is in preparation), its documents, its returns."""

    documents: list
    terms: str = ""
    completeness: Completeness | None = None
    sent_back: object = None
    to_decide: bool = False


def preparation_of(market, lots, user):
    """The `Preparation` of a market whose visible `lots` are given; imported markets have documents only."""
    documents = with_scans(DceDocument.objects.visible_to(user)).filter(market=market).defer("content")
    documents = list(documents.select_related("deposited_by", "withdrawn_by").order_by("kind", "-pk"))
    states = {lot.state for lot in lots}
    terms = ", ".join(ExecutionTerm(term).label for term in market.execution_terms)
    preparation = Preparation(documents, terms)
    if market.source != Source.MANUAL:
        return preparation
    preparation.to_decide = LotState.TO_REVIEW in states
    if LotState.PROGRAMMED in states:
        programmed = market.lots.filter(state=LotState.PROGRAMMED).prefetch_related("phases", "occupations")
        preparation.completeness = review(market, list(programmed.order_by("pk")))
        returns = market.history.filter(history_change_reason__startswith=SENT_BACK).select_related("history_user")
        preparation.sent_back = returns.order_by("-history_id").first() if not market.submitted_at else None
    return preparation
