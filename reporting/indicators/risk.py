"""Markets that fall behind, today: their totals against the time elapsed. No hours are added here (performance.md)."""

from decimal import Decimal

from django.db.models import (
    Case,
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils import timezone

from markets.enums import LotState
from markets.models import MarketTotal
from reporting.indicators.definition import Family, Indicator, Unit
from reporting.indicators.progress import LATE

TODAY = "Aujourd’hui, quelle que soit la période"
SHARE = DecimalField(max_digits=12, decimal_places=2)


def under_way(scope):
    """Totals of the markets that have a lot under way within the scope, with `starts_on` and `ends_on` of these lots.

    One row per market and territory. A lot without a date has no expected pace.
    """
    lots = scope.lots().filter(
        state__in=[LotState.AWARDED, LotState.RUNNING], market=OuterRef("market_id"), territory=OuterRef("territory_id")
    )
    dates = lots.order_by().values("market")
    return MarketTotal.objects.filter(Exists(lots), required__gt=0).annotate(
        starts_on=Subquery(dates.annotate(first=Min("starts_on")).values("first")),
        ends_on=Subquery(dates.annotate(last=Max("ends_on")).values("last")),
    )


def _days(last, first):
    """Number of days from `first` to `last`, both included."""
    difference = Func(last, first, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())
    return Cast(difference + 1, SHARE)


def late(scope, period):
    """Rows: those whose done share is more than twenty points below the elapsed share of their time."""
    today = timezone.localdate()
    elapsed, length = _days(Cast(Value(today), DateField()), F("starts_on")), _days(F("ends_on"), F("starts_on"))
    expected = Case(
        When(ends_on__lte=today, then=Value(Decimal(100))),
        When(ends_on__gte=F("starts_on"), then=Cast(elapsed * Decimal(100) / length, SHARE)),
        output_field=SHARE,
    )
    rows = under_way(scope).filter(starts_on__lte=today).annotate(expected=expected)
    return rows.filter(~Q(progress__gte=100), progress__lt=Cast(F("expected") - LATE, SHARE))


MARKETS_LATE = Indicator(
    "markets_late",
    "Marchés en retard",
    Unit.MARKETS,
    Family.MARKETS,
    "Marchés en cours dont la part réalisée de l’objectif est de plus de vingt points sous la part écoulée du temps "
    "d’exécution de leurs lots.",
    TODAY,
    "Convention (C19) ; progression comparée au temps écoulé",
    late,
    Count("market", distinct=True),
)
