"""A lot of the demonstration, and what the tables say of it."""

from dataclasses import dataclass, field
from functools import cached_property

from markets.enums import LotState
from markets.models import Award, Lot
from reporting.demo.tables import table


@dataclass
class Site:
    """A lot with its line of the table, its trade, and what the steps learn about it."""

    key: tuple[str, str]
    lot: Lot
    line: dict[str, str]
    trade: dict[str, str]
    start: int
    months: int
    awards: list[Award] = field(default_factory=list)
    due: int = 0

    @property
    def state(self):
        return LotState(self.line["state"])

    @property
    def team(self):
        """Who answers for the lot: holder, group, sub (a structure subcontracts), insertion (a reserved lot)."""
        return self.line["team"]

    @property
    def is_worked(self):
        """True when people worked on it."""
        return self.state in {LotState.RUNNING, LotState.CLOSED}

    @property
    def is_going_on(self):
        return self.state == LotState.RUNNING

    @property
    def target(self):
        """Hours to reach: a share (%) of what is due."""
        return self.due * int(self.line["share"]) // 100

    @cached_property
    def estimate(self):
        """Amount (€ without tax, a round one) from which the standard formula gives about the wanted hours."""
        wanted = int(self.line["hours"])
        ratio = float(self.trade["labour_share"]) * float(self.trade["rate"])
        exact = wanted * float(self.trade["hourly_cost"]) / ratio
        step = 25_000 if exact > 500_000 else 5_000
        return max(round(exact / step), 1) * step


def lines_of_lots():
    """{market: [line of a lot]} as the table orders them."""
    lots = {}
    for line in table("lots"):
        lots.setdefault(line["market"], []).append(line)
    return lots


def trades():
    return {line["trade"]: line for line in table("trades")}
