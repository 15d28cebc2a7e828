"""What becomes of a line: read, its references found, its rights asked, compared with what is there. Writes nothing."""

from dataclasses import dataclass, field
from typing import Any

from clauses_portal.core.text import tidy
from reporting.enums import ExchangeOutcome as O
from reporting.exchange import cells, tables
from reporting.exchange.lines import LINES
from reporting.exchange.lines.base import PENDING, Refused

FILLS = "À compléter : {columns}."
CHANGES = "Change : {columns}."
DIFFERS = "Déjà présent, mais différent : {columns}."
NOT_YOURS = "Cet élément est déjà connu, et vous ne pouvez pas le modifier."


@dataclass
class Verdict:
    """The outcome of a line; `row` is the row of the portal it is about, `columns` those that differ."""

    outcome: str
    message: str = ""
    row: Any = None
    values: dict = field(default_factory=dict)
    columns: tuple = ()


def read_line(kind, data, book):
    """{column: value} of a line. Raises Refused, with everything that cannot be read."""
    table = LINES[kind]
    values, wrong = {}, []
    for column in table.table.columns:
        try:
            values[column.name] = cells.read_cell(table.table, column, data.get(column.name))
        except ValueError as error:
            wrong.append(f"{column.label} : {error}")
        else:
            if column.required and values[column.name] is None:
                wrong.append(f"{column.label} : {cells.NEEDED}")
    if wrong:
        raise Refused(" ".join(wrong))
    return values | _references(table, values, book)


def _references(table, values, book):
    by_name = {column.name: column for column in table.table.columns}
    return {
        name: book.resolve(table, by_name[name], values[name]) for name in table.references if values[name] is not None
    }


def judge(kind, data, book, rows=None):
    """The `Verdict` of a line. `rows`: {row id: row} of those read beforehand."""
    try:
        return _judge(LINES[kind], read_line(kind, data, book), book, rows)
    except Refused as refusal:
        return Verdict(O.REFUSED, refusal.message)


def _judge(table, values, book, rows):
    table.check(values, book)
    pk, theirs = book.named(table.kind, values["reference"])
    row = _row(table, pk, rows, book) if pk else None
    if row is None:
        theirs = False
        waits = any(values[name] is PENDING for name in table.references)
        row = None if waits else table.find(values, book)
    if row is None:
        return Verdict(O.NEW, values=values)
    if table.permission and not table.fills_only:
        book.allow(table.kind, table.permission, {row.pk})
        if row.pk not in book.allowed[table.kind, table.permission][1]:
            raise Refused(NOT_YOURS)
    return compare(table, row, values, theirs)


def _row(table, pk, rows, book):
    """The row of this identifier that the author may see: a name may be guessed (A1)."""
    if rows is not None:
        return rows.get(pk)
    return visible_rows(table, book, [pk]).get(pk)


def visible_rows(table, book, ids):
    """{row id: row} of those of these that the author may see."""
    rows = table.read().filter(pk__in=ids)
    if not table.fills_only:
        rows = rows.actionable_by(book.user, table.view_permission)
    return {row.pk: row for row in rows}


def compare(table, row, values, theirs):
    """The `Verdict` of a line about a row that is there. A blank says nothing; `theirs`: the name is its program's."""
    there = table.values(row)
    different = [
        column
        for column in table.table.columns
        if column.name not in table.unchecked
        and column.name != "reference"
        and values.get(column.name) is not None
        and not _same(column, there.get(column.name), values[column.name])
    ]
    blank = [column for column in different if there.get(column.name) in (None, "", [])]
    if table.fills_only:
        different = blank
    names = ", ".join(column.label.lower() for column in different)
    verdict = Verdict(O.SAME, "", row, values, tuple(column.name for column in different))
    if different and len(blank) == len(different):
        verdict.outcome, verdict.message = O.CHANGED, FILLS.format(columns=names)
    elif different:
        verdict.outcome = O.CHANGED if theirs else O.CONFLICT
        verdict.message = (CHANGES if theirs else DIFFERS).format(columns=names)
    return verdict


def _same(column, there, wanted):
    if column.kind in {tables.TEXT, tables.LONG_TEXT} and isinstance(there, str):
        return tidy(there).casefold() == tidy(str(wanted)).casefold()
    return there == wanted
