"""Ratios in euros of the annual report: hours per million, share by amount. Confidential (C27), never a figure of one
market: hours and amount of the same market give its calculation back (domain.md §12 n° 27).

These are not declared among the indicators: whatever is declared there may be shown to all.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, DecimalField, Exists, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce

from markets.enums import MarketKind
from markets.models import Lot, LotFinancials, MarketFinancials
from reporting.indicators.definition import percentage
from reporting.indicators.hours import objectives_to_date
from reporting.indicators.markets import SOCIAL, notified
from reporting.indicators.scope import Scope

SCHEMA = 1
FEWEST = 3
MILLION = Decimal(1_000_000)
DEFINITIONS = {
    "share": (
        "Part en montant : montant HT attribué des marchés notifiés dans l’année qui déclarent une considération "
        "sociale ÷ montant HT attribué des marchés notifiés dans l’année."
    ),
    "hours": (
        "Heures par million d’euros : heures dues, à la fin de l’année, des marchés notifiés dans l’année qui ont un "
        "objectif ÷ leur montant HT attribué, en millions."
    ),
    "scope": (
        "Marchés dont tous les lots sont dans le périmètre et dont le montant attribué est connu. Une ligne de moins "
        f"de {FEWEST} marchés n’est pas donnée, ni celle qui permettrait de la déduire."
    ),
}


@dataclass(frozen=True)
class Priced:
    """A market with its amount (€ HT) and its hours due."""

    kind: str
    amount: Decimal
    hours: Decimal
    is_social: bool


def annual_ratios(statement):
    """The confidential data of an annual report: {rows, unknown, definitions}; shares in %, hours per million €."""
    scope, period = Scope.of(statement), statement.period
    markets, unknown = priced_markets(scope, period)
    by_kind = defaultdict(list)
    for market in markets:
        by_kind[market.kind].append(market)
    groups = [("Ensemble", markets)]
    groups += [(label, by_kind[kind]) for kind, label in MarketKind.choices if by_kind[kind]]
    shares = _told(groups, lambda group: group, _share)
    densities = _told(groups, lambda group: [market for market in group if market.hours > 0], _hours_per_million)
    return {
        "schema": SCHEMA,
        "unknown": unknown,
        "rows": [
            {"label": label, "markets": len(group), "share": share, "hours": density}
            for (label, group), share, density in zip(groups, shares, densities, strict=True)
        ],
        "definitions": list(DEFINITIONS.values()),
    }


def priced_markets(scope, period):
    """([Priced] of the markets notified in the period whose lots are all in the scope, how many have no amount)."""
    rows = notified(scope, period).filter(~Exists(_lots_outside(scope)))
    due = dict(
        objectives_to_date(scope, period)
        .order_by()
        .values_list("award__lot__market")
        .annotate(total=Sum("hours"))
        .values_list("award__lot__market", "total")
    )
    rows = rows.annotate(amount=awarded_amount()).order_by("pk").values_list("pk", "kind", "amount", _SOCIAL)
    markets = [
        Priced(kind, amount, Decimal(due.get(pk, 0)), bool(social)) for pk, kind, amount, social in rows if amount
    ]
    return markets, len(rows) - len(markets)


_SOCIAL = Case(When(Q(social_considerations__overlap=SOCIAL), then=True), default=False)


def _lots_outside(scope):
    """Lots of the market that another territory follows: its amount is not to be told here."""
    outside = Lot.objects.filter(market=OuterRef("pk"))
    if scope.territory_id is None:
        return outside.none()
    return outside.exclude(territory=scope.territory_id)


def awarded_amount():
    """The amount of a market (€ HT): the one written for it or, failing that, the sum of its lots, if all are known."""
    money = DecimalField(max_digits=16, decimal_places=2)
    whole = MarketFinancials.objects.filter(market=OuterRef("pk")).values("awarded_amount")[:1]
    lots = LotFinancials.objects.filter(lot__market=OuterRef("pk")).order_by().values("lot__market")
    total = lots.annotate(total=Sum("awarded_amount")).values("total")
    unknown = Lot.objects.filter(market=OuterRef("pk"), financials__awarded_amount__isnull=True)
    of_lots = Case(When(Exists(unknown), then=None), default=Subquery(total), output_field=money)
    return Coalesce(Subquery(whole), of_lots, output_field=money)


def _told(groups, members, ratio):
    """The ratio of each group as a text, None where it must not be told; the first group is the sum of the others."""
    concerned = [members(group) for _, group in groups]
    hidden = hidden_ranks([len(group) for group in concerned[1:]])
    told = [None if len(concerned[0]) < FEWEST else ratio(concerned[0])]
    return told + [None if rank in hidden else ratio(group) for rank, group in enumerate(concerned[1:])]


def hidden_ranks(sizes):
    """Ranks of the parts that must not be told: those of 1 or 2 markets and, while they are fewer than three markets
    together, the smallest of the others – the whole is told, and would give them back by subtraction."""
    hidden = {rank for rank, size in enumerate(sizes) if size < FEWEST}
    others = sorted((size, rank) for rank, size in enumerate(sizes) if size >= FEWEST)
    while 0 < sum(sizes[rank] for rank in hidden) < FEWEST and others:
        hidden.add(others.pop(0)[1])
    return hidden


def _share(markets):
    social = sum((market.amount for market in markets if market.is_social), Decimal(0))
    value = percentage(social, sum((market.amount for market in markets), Decimal(0)))
    return None if value is None else str(value)


def _hours_per_million(markets):
    amount = sum((market.amount for market in markets), Decimal(0))
    if not amount:
        return None
    hours = sum((market.hours for market in markets), Decimal(0))
    return str((hours * MILLION / amount).quantize(Decimal("0.1"), ROUND_HALF_UP))
