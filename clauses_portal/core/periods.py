"""Civil quarters and months, the periods of the statements (domain.md §9.9)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from clauses_portal.core.french import NBSP


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


def month_start(day):
    """First day of the month of `day`."""
    return day.replace(day=1)


def month_end(day):
    """Last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_range(day):
    """(first day, last day) of the month of `day`."""
    return month_start(day), month_end(day)
