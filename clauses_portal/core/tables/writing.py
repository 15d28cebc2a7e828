"""Workbooks handed out: same data, same bytes, and no cell that runs."""

import datetime as dt
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from clauses_portal.core.text import tidy

CREATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # the same for ever: the bytes depend on the data only
LONGEST_TITLE = 31
LONGEST_CELL = 32767
FORBIDDEN_IN_TITLE = r"[\[\]:*?/\\]"
NARROWEST, WIDEST = 8, 60
FONT = {"font_name": "Arial", "font_size": 10, "valign": "top"}


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title (the tab), its headers, its rows of str, numbers, dates, booleans or None."""

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]


def write_xlsx(sheets):
    """Return the bytes of a workbook of these `Sheet`s: headers frozen and filtered, columns wide enough.

    Text is always written as text, never as a formula nor a link (A9); signs that XML refuses are left out.
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_format_properties": dict(FONT)})
    workbook.set_properties({"created": CREATED})
    formats = {
        "header": workbook.add_format(FONT | {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E8EDF3"}),
        "text": workbook.add_format(FONT | {"text_wrap": True}),
        "date": workbook.add_format(FONT | {"num_format": "dd/mm/yyyy", "align": "left"}),
    }
    taken = set()
    for sheet in sheets:
        _write_sheet(workbook.add_worksheet(tab_title(sheet.title, taken)), sheet, formats)
    workbook.close()
    return buffer.getvalue()


def _write_sheet(page, sheet, formats):
    rows = [list(row) for row in sheet.rows]
    for column, header in enumerate(sheet.headers):
        page.write_string(0, column, clean(header), formats["header"])
        page.set_column(column, column, _width(header, rows, column))
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write_cell(page, line, column, value, formats)
    page.freeze_panes(1, 0)
    if sheet.headers:
        page.autofilter(0, 0, len(rows), len(sheet.headers) - 1)


def _write_cell(page, line, column, value, formats):
    if value is None:
        return
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        page.write_datetime(line, column, value, formats["date"])
    elif _is_number(value):
        page.write_number(line, column, value)
    else:
        page.write_string(line, column, clean(_written(value)), formats["text"])


def _is_number(value):
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool) and math.isfinite(value)


def _written(value):
    """The text of a value that is neither a number nor a date."""
    return {True: "oui", False: "non"}[value] if isinstance(value, bool) else str(value)


def clean(text):
    """Without the characters that break the file: controls, lone surrogates, non-characters."""
    text = str(text)
    if text.isprintable():
        return text[:LONGEST_CELL]
    kept = (sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs", "Cn"})
    return "".join(kept)[:LONGEST_CELL]


def _width(header, rows, column):
    """Characters wide enough for the longest line of the column."""
    texts = [str(header), *("" if column >= len(row) or row[column] is None else str(row[column]) for row in rows)]
    longest = max(len(line) for text in texts for line in (text.splitlines() or [""]))
    return min(max(longest + 2, NARROWEST), WIDEST)


def tab_title(title, taken):
    """A title that Excel accepts: 31 characters, none of « [ ] : * ? / \\ », no quote at the ends, no two alike."""
    base = tidy(re.sub(FORBIDDEN_IN_TITLE, " ", clean(title)))[:LONGEST_TITLE].strip(" '") or "Feuille"
    candidate, count = base, 1
    while candidate.lower() in taken:
        count += 1
        suffix = f" ({count})"
        candidate = base[: LONGEST_TITLE - len(suffix)] + suffix
    taken.add(candidate.lower())
    return candidate
