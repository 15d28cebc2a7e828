"""Hires to come: the firm hours of the lots, laid out by occupation, month and territory (C10).

Pure arithmetic on what `markets.services.forecast` reads. Nothing is lost on the way: the hours of the months, of the
occupations and of the territories add up to the hours of the lots, to the hundredth.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from clauses_portal.core.periods import month_start

HOURS_IN_A_MONTH = Decimal("151.67")  # 35 h a week over 52 weeks and twelve months
HUNDREDTH = Decimal("0.01")
UNKNOWN = ("", "Non précisé")  # (ROME code, label) of the hours no occupation is known for
ZERO = Decimal(0)


@dataclass(frozen=True)
class Load:
    """The firm hours (h) of one lot. `occupations`: (ROME code, label) pairs, none when they are not known.

    `starts_on` and `ends_on` are the days of execution, both known or both None. `estimated`: proposed only.
    """

    territory: str
    hours: int
    occupations: tuple[tuple[str, str], ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    estimated: bool = False


@dataclass
class Cell:
    """Hours of one month, the estimated ones among them."""

    hours: Decimal = ZERO
    estimated: Decimal = ZERO

    def add(self, hours, *, estimated):
        self.hours += hours
        self.estimated += hours if estimated else ZERO


@dataclass
class Row:
    """An occupation in a territory: its hours month by month, and those no month can be given to."""

    code: str
    occupation: str
    territory: str
    months: dict[date, Cell] = field(default_factory=lambda: defaultdict(Cell))
    undated: Cell = field(default_factory=Cell)

    def within(self, months):
        """Total of these months, as a Cell."""
        cells = [self.months[month] for month in months if month in self.months]
        return Cell(sum((cell.hours for cell in cells), ZERO), sum((cell.estimated for cell in cells), ZERO))


def execution(starts_on, ends_on, months):
    """(first day, last day) of an execution, the last one after `months` when it is not given; (None, None) otherwise.

    An end that precedes the start makes no period either.
    """
    if starts_on and not ends_on and months:
        ends_on = starts_on + relativedelta(months=months, days=-1)
    if not (starts_on and ends_on) or ends_on < starts_on:
        return None, None
    return starts_on, ends_on


def months_between(first, last):
    """First days of the months from that of `first` to that of `last`, both included."""
    month, months = month_start(first), []
    while month <= last:
        months.append(month)
        month += relativedelta(months=1)
    return months


def share(total, parts):
    """Cut `total` in that many equal parts of two decimals; the hundredths left over go to the first ones."""
    total = Decimal(total)
    base = (total / parts).quantize(HUNDREDTH, "ROUND_FLOOR")
    left = int((total - base * parts) / HUNDREDTH)
    return [base + HUNDREDTH * (rank < left) for rank in range(parts)]


def forecast(loads):
    """Return the `Row`s of these loads, by occupation then territory."""
    rows = {}
    for load in loads:
        occupations = load.occupations or (UNKNOWN,)
        for (code, label), hours in zip(occupations, share(load.hours, len(occupations)), strict=True):
            row = rows.setdefault((code, load.territory), Row(code, label, load.territory))
            _lay_out(row, hours, load)
    return sorted(rows.values(), key=lambda row: (row.code == "", row.code, row.territory))


def _lay_out(row, hours, load):
    """Spread the hours evenly over the months of the execution."""
    if load.starts_on is None:
        row.undated.add(hours, estimated=load.estimated)
        return
    months = months_between(load.starts_on, load.ends_on)
    for month, part in zip(months, share(hours, len(months)), strict=True):
        row.months[month].add(part, estimated=load.estimated)


def full_time(hours, months=1):
    """Full-time equivalents of these hours over that many months (151.67 h a month)."""
    return Decimal(hours) / (HOURS_IN_A_MONTH * months)


def people(hours, hours_per_hire):
    """How many persons to plan for, each one working `hours_per_hire` hours on average."""
    return math.ceil(Decimal(hours) / hours_per_hire)
