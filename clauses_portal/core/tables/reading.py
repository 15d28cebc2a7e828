"""A table as people make them: a title, a line of headers somewhere below, blanks, two columns of the same name."""

import datetime as dt
import math
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from statistics import median_high

from clauses_portal.core import french
from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import CSV, SPREADSHEETS, check_upload
from clauses_portal.core.french import typographic
from clauses_portal.core.tables.sources import UNREADABLE, csv_rows, visible_sheets
from clauses_portal.core.text import search_key, tidy

MOST_COLUMNS = 60
SEARCHED = 100  # filled rows among which the headers are looked for
NO_TABLE = typographic(
    "Ce fichier ne contient pas de tableau : il faut une ligne de titres de colonnes, "
    "puis au moins une ligne remplie, sur une feuille visible."
)


@dataclass(frozen=True)
class Table:
    """What was read: each row has one value per header; `lines` gives its line in the file, from 1.

    A value is a trimmed str, a Decimal, a date or None. `sheet` is empty for a CSV. `notes` are French sentences
    about what was understood or set aside; they quote headers and sheet names only.
    """

    headers: list[str]
    rows: list[list[str | Decimal | dt.date | None]]
    lines: list[int]
    sheet: str
    notes: list[str]


def read_table(name, content, *, max_rows=5000):
    """Read the first visible sheet that holds a table, from the bytes of an XLSX, an ODS or a CSV.

    Raises DomainError with a French sentence: refused by `check_upload`, unreadable, empty, more than `max_rows`
    filled rows or 60 columns.
    """
    mime = check_upload(name, content, allowed=SPREADSHEETS).mime
    most = max_rows + SEARCHED + 1
    sheets = [("", csv_rows(content, most))] if mime == CSV.mime else visible_sheets(content, most)
    for sheet, rows in sheets:
        if rows is None:
            raise DomainError(UNREADABLE)
        table = _table(sheet, _filled(rows), max_rows)
        if table:
            table.notes.extend(_others(sheet, [name for name, _ in sheets if name != sheet]))
            return table
    raise DomainError(NO_TABLE)


def _filled(rows):
    """The same (line, values), each value as the portal keeps it, without the rows that hold but spaces."""
    valued = ((line, [_value(cell) for cell in cells]) for line, cells in rows)
    return [(line, values) for line, values in valued if any(value is not None for value in values)]


def _value(cell):
    """A cell as the portal keeps it."""
    if isinstance(cell, str):
        return unicodedata.normalize("NFC", cell).replace("\r\n", "\n").strip("\ufeff \t\r\n\u00a0\u202f") or None
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, dict):
        return dt.date.fromisoformat(cell["day"])
    return _number(cell)


def _number(cell):
    """« 3.0 » is 3, and 0.30000000000000004 is 0.3: a spreadsheet has fifteen digits."""
    if not math.isfinite(cell):
        return str(cell)
    number = Decimal(f"{cell:.15g}")
    return Decimal(int(number)) if number == number.to_integral_value() else number


def _table(sheet, filled, max_rows):
    """The `Table` of these rows, or None when they hold none."""
    start = _header_index(filled)
    if start is None or start + 1 == len(filled):
        return None
    body = filled[start + 1 :]
    if len(body) > max_rows:
        raise DomainError(
            typographic(
                f"Ce tableau compte plus de {french.number(max_rows)} lignes : découpez-le en plusieurs fichiers."
            )
        )
    columns = _columns(filled[start][1], [values for _, values in body])
    headers, notes = _headers(filled[start][1], columns)
    rows = [[_at(values, column) for column in columns] for _, values in body]
    return Table(headers, rows, [line for line, _ in body], sheet, notes)


def _header_index(filled):
    """Index of the first row that has two titles, and titles for more than half of an ordinary row."""
    searched = [values for _, values in filled[:SEARCHED]]
    titles = [sum(isinstance(value, str) and any(map(str.isalpha, value)) for value in values) for values in searched]
    candidates = [index for index, count in enumerate(titles) if count >= 2]
    if not candidates:
        return None
    ordinary = median_high(sum(value is not None for value in values) for values in searched)
    wide = [index for index in candidates if 2 * titles[index] > ordinary]
    return (wide or candidates)[0]


def _at(values, column):
    return values[column] if column < len(values) else None


def _columns(header, body):
    """Indexes of the columns that have a title or a value."""
    used = {column for values in (header, *body) for column, value in enumerate(values) if value is not None}
    if len(used) > MOST_COLUMNS:
        raise DomainError(typographic(f"Ce tableau compte {len(used)} colonnes : gardez-en {MOST_COLUMNS} au plus."))
    return sorted(used)


def _headers(header, columns):
    """(headers, notes): every column named, no two alike."""
    headers, notes, taken = [], [], set()
    for column in columns:
        title = tidy(_text(_at(header, column)))
        if not title:
            title = f"Colonne {column + 1}"
            notes.append(typographic(f"La colonne {column + 1} n’a pas de titre : elle est appelée « {title} »."))
        unique = _unique(title, taken)
        if unique != title:
            notes.append(typographic(f"Plusieurs colonnes s’appellent « {title} » : l’une devient « {unique} »."))
        taken.add(search_key(unique))
        headers.append(unique)
    return headers, notes


def _text(value):
    return french.date(value) if isinstance(value, dt.date) else str(value or "")


def _unique(title, taken):
    candidate, count = title, 1
    while search_key(candidate) in taken:
        count += 1
        candidate = f"{title} ({count})"
    return candidate


def _others(sheet, names):
    """The note about the sheets that were not read."""
    if not names:
        return []
    others = ", ".join(f"« {name} »" for name in names)
    return [typographic(f"Seule la feuille « {sheet} » est lue ; non lues : {others}.")]
