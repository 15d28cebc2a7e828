"""The periods of the papers: civil quarter, civil year, twelve months of a convention (domain.md §9.9, §12 n° 57)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from clauses_portal.core.french import NBSP

MONTH_NAMES = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


@dataclass(frozen=True, order=True)
class Quarter:
    """A civil quarter: `Quarter(2026, 3)` is July to September 2026, written « 2026-T3 »."""

    year: int
    number: int

    def __post_init__(self):
        if not (1 <= self.number <= 4 and 1990 <= self.year <= 2100):
            raise ValueError("Un trimestre va de T1 à T4, entre 1990 et 2100.")

    @classmethod
    def parse(cls, text):
        """Read « 2026-T3 ». Raises ValueError with a French sentence on anything else."""
        match = re.fullmatch(r"([0-9]{4})-T([1-4])", str(text))
        if not match:
            raise ValueError(
                f"«{NBSP}{str(text)[:20]}{NBSP}» n’est pas un trimestre{NBSP}: "
                f"écrivez par exemple «{NBSP}2026-T3{NBSP}»."
            )
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day):
        """The quarter this date belongs to."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def start(self):
        """First day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self):
        """Last day, included."""
        return month_end(self.months[-1])

    @property
    def months(self):
        """First days of its three months."""
        return [date(self.year, 3 * self.number - 2 + i, 1) for i in range(3)]

    @property
    def next(self):
        """The quarter that follows; ValueError after 2100."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self):
        """The quarter before; ValueError before 1990."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    @property
    def label(self):
        """« 3e trimestre 2026 »."""
        return f"{self.number}{'er' if self.number == 1 else 'e'} trimestre {self.year}"

    def __str__(self):
        return f"{self.year}-T{self.number}"


@dataclass(frozen=True, order=True)
class Year:
    """A civil year, written « 2026 »."""

    year: int

    def __post_init__(self):
        if not 1990 <= self.year <= 2100:
            raise ValueError("Une année est comprise entre 1990 et 2100.")

    @property
    def start(self):
        return date(self.year, 1, 1)

    @property
    def end(self):
        return date(self.year, 12, 31)

    @property
    def next(self):
        return Year(self.year + 1)

    @property
    def previous(self):
        return Year(self.year - 1)

    @property
    def label(self):
        """« année 2026 »."""
        return f"année {self.year}"

    def __str__(self):
        return str(self.year)


@dataclass(frozen=True, order=True)
class TwelveMonths:
    """A year of a convention, in whole months because hours are monthly: written « 2026-03_2027-02 ».

    The month in which the convention was signed belongs to the year it opens.
    """

    start: date

    def __post_init__(self):
        if self.start.day != 1 or not 1990 <= self.start.year <= 2099:
            raise ValueError("Une année de convention commence le premier jour d’un mois, entre 1990 et 2099.")

    @classmethod
    def holding(cls, day, *, since):
        """The year that holds `day`, of those that follow one another since the month of `since`."""
        elapsed = 12 * (day.year - since.year) + day.month - since.month
        return cls(date(since.year + elapsed // 12, since.month, 1))

    @property
    def end(self):
        return month_end(date(self.start.year + (self.start.month > 1), (self.start.month - 2) % 12 + 1, 1))

    @property
    def next(self):
        return TwelveMonths(self.start.replace(year=self.start.year + 1))

    @property
    def previous(self):
        return TwelveMonths(self.start.replace(year=self.start.year - 1))

    @property
    def label(self):
        """« de mars 2026 à février 2027 »."""
        return f"de {month_name(self.start)} à {month_name(self.end)}"

    def __str__(self):
        return f"{self.start:%Y-%m}_{self.end:%Y-%m}"


@dataclass(frozen=True)
class Lifetime:
    """From the first day of a market to the day its closing report speaks of; written « solde »."""

    start: date
    end: date

    @property
    def label(self):
        """« du 01/03/2024 au 15/09/2026 »."""
        return f"du {self.start:%d/%m/%Y} au {self.end:%d/%m/%Y}"

    def __str__(self):
        return LIFETIME


LIFETIME = "solde"


def parse_period(text):
    """Read « 2026-T3 », « 2026 » or « 2026-03_2027-02 ». Raises ValueError with a French sentence."""
    text = str(text)
    if re.fullmatch(r"[0-9]{4}", text):
        return Year(int(text))
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})_[0-9]{4}-[0-9]{2}", text):
        twelve = TwelveMonths(date(int(match[1]), int(match[2]), 1)) if 1 <= int(match[2]) <= 12 else None
        if twelve is None or str(twelve) != text:
            raise ValueError("Une année de convention compte douze mois.")
        return twelve
    return Quarter.parse(text)


def months_of(period):
    """First days of the months of a period, in their order."""
    months, month = [], month_start(period.start)
    while month <= period.end:
        months.append(month)
        month = month_end(month) + timedelta(days=1)
    return months


def months_before(month, number):
    """First day of the month that comes this number of months before."""
    rank = 12 * month.year + month.month - 1 - number
    return date(rank // 12, rank % 12 + 1, 1)


def month_name(day):
    """« mars 2026 »."""
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"


def month_start(day):
    """First day of the month of `day`."""
    return day.replace(day=1)


def month_end(day):
    """Last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_range(day):
    """(first day, last day) of the month of `day`."""
    return month_start(day), month_end(day)
