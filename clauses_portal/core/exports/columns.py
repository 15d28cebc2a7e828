"""What a file says: its columns, each with the kind of its values, and the three formats it is written in."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django.utils import timezone

from clauses_portal.core.tables.writing import clean

HUNDREDTH = Decimal("0.01")


class Kind(StrEnum):
    """What the values of a column are: a spreadsheet sorts, adds and filters each of them as it should."""

    TEXT = "text"
    INTEGER = "integer"
    HOURS = "hours"  # two decimals
    NUMBER = "number"  # two decimals at most
    PERCENT = "percent"  # 52.4 is 52 %
    DATE = "date"
    MOMENT = "moment"  # day, hour and minute, local time
    FLAG = "flag"  # « oui » or « non »


class Format(StrEnum):
    """A format, as it ends the address and the name of the file."""

    XLSX = "xlsx"
    ODS = "ods"
    CSV = "csv"


@dataclass(frozen=True)
class Column:
    """A column: its header, its kind, and where its value is, an attribute path or a function of the row.

    A path stops at the first None, and calls what can be called: « lot.market.number », « get_state_display ».
    """

    label: str
    kind: Kind
    value: str | Callable[[Any], Any]

    def of(self, row):
        """The value of this row as its kind wants it: str, int, Decimal, date, datetime without zone, or None.

        Percentages are rounded to the unit, as screens show them.
        """
        value = self.value(row) if callable(self.value) else _at(row, self.value)
        return None if value is None or value == "" else TYPED[self.kind](value)


@dataclass(frozen=True)
class Listing:
    """A list one may take away: `filename` without date nor extension; `notes` are sentences about what it holds."""

    title: str
    filename: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()


def _at(row, path):
    for name in path.split("."):
        if row is None:
            return None
        row = getattr(row, name)
        row = row() if callable(row) else row
    return row


def _text(value):
    return clean(value) or None


def _rounded(step):
    return lambda value: Decimal(value).quantize(step, ROUND_HALF_UP)


def _number(value):
    number = Decimal(str(value)).quantize(HUNDREDTH, ROUND_HALF_UP)
    return Decimal(int(number)) if number == number.to_integral_value() else number.normalize()


def _date(value):
    return _moment(value).date() if isinstance(value, dt.datetime) else value


def _moment(value):
    """In local time, to the minute: a spreadsheet knows no time zone."""
    return timezone.make_naive(value).replace(second=0, microsecond=0)


TYPED = {
    Kind.TEXT: _text,
    Kind.INTEGER: int,
    Kind.HOURS: _rounded(HUNDREDTH),
    Kind.NUMBER: _number,
    Kind.PERCENT: _rounded(Decimal(1)),
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.FLAG: lambda value: "oui" if value else "non",
}
