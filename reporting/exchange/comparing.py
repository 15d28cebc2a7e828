"""A conflict as people read it: what the portal has and what the file brings, column by column."""

from reporting.exchange.book import Book
from reporting.exchange.cells import write_cell
from reporting.exchange.judging import judge
from reporting.exchange.lines import LINES
from reporting.exchange.trial import read_ahead


def conflicts_of(run, user, lines):
    """[(line, [(label, text here, text of the file)])] of these lines, as this account may read them."""
    run.asked_by = user
    book = Book(run)
    found = []
    for line in lines:
        table = LINES[line.table]
        verdict = judge(line.table, line.data, book, read_ahead(book, table, [line.data]))
        found.append((line, _differences(table, verdict, line.data)))
    return found


def _differences(table, verdict, data):
    if verdict.row is None:
        return []
    there = table.values(verdict.row)
    columns = [column for column in table.table.columns if column.name in verdict.columns]
    return [(column.label, _text(table, column, there), data.get(column.name, "")) for column in columns]


def _text(table, column, values):
    """The identifier of another row says nothing to anybody: only that it is another one."""
    if column.name in table.references:
        return "une autre référence" if values[column.name] else ""
    return write_cell(column, values[column.name])
