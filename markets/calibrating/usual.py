"""The usual values of the trades as they are read. Confidential (C27)."""

from dataclasses import dataclass

from django.db.models import Prefetch

from markets.calibrating.plausibility import usual_text
from markets.models import Trade, TradeParameters


@dataclass(frozen=True)
class UsualValues:
    """TradeParameters, None when a trade has none in force, and its three ranges in words."""

    row: TradeParameters | None

    @property
    def labour_share(self):
        return usual_text(self.row, "labour_share")

    @property
    def hourly_cost(self):
        return usual_text(self.row, "hourly_cost")

    @property
    def insertion_rate(self):
        return usual_text(self.row, "insertion_rate")


def by_trade(user, day):
    """[(trade, UsualValues in force on `day`)] of every trade."""
    in_force = TradeParameters.objects.visible_to(user).valid_on(day)
    trades = Trade.objects.prefetch_related(Prefetch("usual_values", in_force, to_attr="in_force"))
    return [(trade, UsualValues(next(iter(trade.in_force), None))) for trade in trades]
