"""How much data the bench compares on: the proportions of a large département, more or less of it.

One row of hours is one month of one contract. Nothing here is measured.
"""

from dataclasses import dataclass
from datetime import date

SEED = 13
# Five years of markets, from FIRST to the end of the month LAST: the quarter measured is the last one.
FIRST, LAST, MONTHS = date(2021, 10, 1), date(2026, 9, 1), 60
QUARTER = "2026-T3"


@dataclass(frozen=True)
class Size:
    """`hours` rows of hours, and around them what such a département has of everything else."""

    name: str
    hours: int
    territories: int

    @property
    def markets(self):
        return max(self.hours // 40, 4)

    @property
    def companies(self):
        return max(self.markets // 5, 3)

    @property
    def operations(self):
        return max(self.markets // 10, 2)


SIZES = {"S": Size("S", 60_000, 6), "M": Size("M", 600_000, 20)}


def month_at(index):
    """First day of the `index`-th month since FIRST."""
    month = FIRST.year * 12 + FIRST.month - 1 + index
    return date(month // 12, month % 12 + 1, 1)
