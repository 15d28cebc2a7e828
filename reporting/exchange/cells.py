"""The texts of a package and what they mean: read strictly, written so that they come back the same (docs/paquet.md).

A text that a spreadsheet would take for a formula is written behind an apostrophe (A9), taken off when it is read. One
that already begins by apostrophes then such a sign gets one more: every text comes back as it was.
"""

import datetime as dt
import re
from decimal import Decimal
from functools import partial

from clauses_portal.core.exports.delimited import FORMULA
from clauses_portal.core.french import parse_hours
from clauses_portal.core.tables import as_date, as_flag, as_integer
from clauses_portal.core.text import is_writable
from reporting.exchange import tables
from reporting.exchange.choices import CHOICES

LONGEST, LONGEST_TEXT = 1000, 4000
BEHIND = re.compile(rf"'*(?:[\t\r\n]|\s*[{re.escape(''.join(FORMULA))}])")
NOT_A_CHOICE = "cette valeur n’est pas de celles du glossaire."
NOT_A_MONTH = "un mois s’écrit 2026-09."
NOT_WRITABLE = "ce texte contient un caractère interdit."
TOO_LONG = "ce texte est trop long."
NEEDED = "cette colonne est obligatoire."


def guarded(text):
    """A text as it is written in a file."""
    return f"'{text}" if BEHIND.match(text) else text


def unguarded(text):
    """A text as it was before `guarded`."""
    return text[1:] if text.startswith("'") and BEHIND.match(text[1:]) else text


def read_cell(table, column, text):
    """The value of a cell: str, Decimal, int, bool, date, list of str; None when it is blank.

    Raises ValueError with a French sentence, that never quotes the cell: a column may have been taken for another.
    """
    text = (text or "").strip()
    if len(text) > (LONGEST_TEXT if column.kind == tables.LONG_TEXT else LONGEST):
        raise ValueError(TOO_LONG)
    if not is_writable(text):
        raise ValueError(NOT_WRITABLE)
    if not text:
        return None
    if column.kind == tables.CHOICE:
        return _choice(CHOICES[table.kind, column.name], text)
    return READ[column.kind](text)


def _choice(choices, text):
    if text not in choices.values:
        raise ValueError(NOT_A_CHOICE)
    return text


def _month(text):
    if not re.fullmatch(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])", text):
        raise ValueError(NOT_A_MONTH)
    return dt.date.fromisoformat(f"{text}-01")


def _hours(text):
    """Hours, a régularisation being negative."""
    sign = -1 if text[0] in "-\u2212" else 1
    return sign * parse_hours(text.lstrip("-\u2212"))


READ = {
    tables.TEXT: str,
    tables.LONG_TEXT: str,
    tables.DAY: partial(as_date, since=1900),  # births too
    tables.MONTH: _month,
    tables.HOURS: _hours,
    tables.NUMBER: as_integer,
    tables.YES_NO: as_flag,
    tables.CODES: lambda text: sorted(set(text.split())),
}


def write_cell(column, value):
    """The text of a value, as `read_cell` reads it again."""
    return "" if value is None or value == "" else WRITTEN[column.kind](value)


def _decimal(value):
    text = f"{Decimal(value):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


WRITTEN = {
    tables.TEXT: lambda value: guarded(str(value)),
    tables.LONG_TEXT: lambda value: guarded(str(value)),
    tables.DAY: lambda value: value.isoformat(),
    tables.MONTH: lambda value: value.isoformat()[:7],
    tables.HOURS: _decimal,
    tables.NUMBER: str,
    tables.YES_NO: lambda value: "oui" if value else "non",
    tables.CHOICE: str,
    tables.CODES: " ".join,
}
