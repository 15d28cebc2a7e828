"""`MarketTotal`, kept by difference: never recomputed on the way, only by `check_consistency`."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import F, Sum

from markets.models import MarketTotal, ObjectiveEntry

ZERO = Decimal(0)


def shift(*, market_id, territory_id, required=0, declared=ZERO, counted=ZERO):
    """Add these differences (h) to the totals of a market in a territory, in the caller's transaction."""
    if not (required or declared or counted):
        return
    key = {"market_id": market_id, "territory_id": territory_id}
    changed = MarketTotal.objects.filter(**key).update(
        required=F("required") + required,
        declared=F("declared") + declared,
        counted=F("counted") + counted,
    )
    if not changed:
        MarketTotal.objects.get_or_create(**key)
        shift(**key, required=required, declared=declared, counted=counted)


def expected_required():
    """Return {(market id, territory id): hours due} recomputed from the ledger."""
    path = ("award__lot__market_id", "award__lot__territory_id")
    rows = ObjectiveEntry.objects.values_list(*path).annotate(total=Sum("hours"))
    required = defaultdict(int)
    for market, territory, total in rows:
        required[market, territory] += total
    return dict(required)
