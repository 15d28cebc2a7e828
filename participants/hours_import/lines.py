"""The lines of a statement, typed: who, when, how many hours. What is unreadable is refused with its sentence. Pure."""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from clauses_portal.core import french
from clauses_portal.core.nir import holds_nir
from clauses_portal.core.tables import as_date
from clauses_portal.core.text import search_key, tidy

LONGEST = 200
NO_NAME = "Cette ligne ne nomme personne."
NO_HOURS = "Cette ligne n’a pas d’heures."
NO_MONTH = "Cette ligne n’a pas de mois."
NEGATIVE = "Un nombre d’heures ne peut pas être négatif."
NOT_HOURS = "Ces heures ne sont pas lisibles : écrivez par exemple 151,67 ou 7h30."
NIR = "Cette ligne porte un numéro de sécurité sociale : il n’est pas gardé, retirez-le de vos relevés."
TOTALS = ("total", "sous total", "totaux")


@dataclass(frozen=True)
class StatementLine:
    """One line: its row in the file, the names as written, birth date when told, month (first day), hours (h)."""

    row: int
    last_name: str
    first_name: str
    month: dt.date | None = None
    hours: Decimal | None = None
    birth_date: dt.date | None = None
    reference: str = ""
    fault: str = ""

    @property
    def person(self):
        """Who is read, as a report shows it."""
        return tidy(f"{self.last_name} {self.first_name}")[:LONGEST]

    @property
    def key(self):
        """Two lines of the same key name the same person."""
        return search_key(self.last_name, self.first_name), self.birth_date


def read_lines(table, columns, default_month):
    """[StatementLine] of a `core.tables.Table` under {column: index}; totals and blank lines are passed over.

    `default_month` (first day, or None) is that of the lines that tell none. A line that cannot be read has a `fault`.
    """
    lines = []
    for row, values in zip(table.lines, table.rows, strict=True):
        cells = {name: values[at] for name, at in columns.items() if values[at] is not None}
        if cells and not _is_total(cells):
            lines.append(_read(row, cells, default_month))
    return lines


def _is_total(cells):
    written = search_key(*(str(cells.get(name, "")) for name in ("name", "last_name", "first_name")))
    return written.startswith(TOTALS) or (not written and "hours" in cells)


def _read(row, cells, default_month):
    last_name, first_name = _text(cells.get("name") or cells.get("last_name")), ""
    if "name" not in cells:
        first_name = _text(cells.get("first_name"))
    reference = _text(cells.get("reference"))[:LONGEST]
    if holds_nir(f"{last_name} {first_name} {reference}"):
        return StatementLine(row, "", "", fault=NIR)
    line = StatementLine(row, last_name, first_name, reference=reference)
    try:
        if not last_name:
            raise ValueError(NO_NAME)
        read = {
            "birth_date": as_date_of_birth(cells.get("birth_date")),
            "month": _month(cells.get("month"), default_month),
            "hours": as_hours(cells.get("hours")),
        }
    except ValueError as error:
        return StatementLine(row, last_name, first_name, reference=reference, fault=str(error))
    return StatementLine(**{**vars(line), **read})


def _text(value):
    return tidy(french.date(value) if isinstance(value, dt.date) else str(value or ""))


def as_date_of_birth(value):
    """A birth date, None when it is blank or unreadable: the names then decide alone."""
    if isinstance(value, dt.date):
        return value
    try:
        return dt.datetime.strptime(str(value).strip(), "%d/%m/%Y").date()  # noqa: DTZ007 - a day, no hour
    except ValueError:
        return None


def _month(value, default_month):
    day = as_date(value) or default_month
    if day is None:
        raise ValueError(NO_MONTH)
    return day.replace(day=1)


def as_hours(value):
    """Hours as a Decimal of two decimals (h): a number, « 151,67 », « 7h30 ». Raises ValueError with its sentence."""
    if value is None:
        raise ValueError(NO_HOURS)
    if isinstance(value, dt.date):
        raise ValueError(NOT_HOURS)
    if not isinstance(value, Decimal):
        return french.parse_hours(value)
    if value < 0:
        raise ValueError(NEGATIVE)
    if value > french.HOURS_IN_THE_LONGEST_MONTH:
        raise ValueError(NOT_HOURS)
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
