"""The trial of an import: every line gets its outcome and its sentence; nothing else is written (C22)."""

from itertools import islice

from django.db import transaction

from reporting.enums import ExchangeOutcome as O
from reporting.exchange.book import TWICE, Book
from reporting.exchange.judging import judge, visible_rows
from reporting.exchange.lines import ORDER
from reporting.models import ExchangeLine

CHUNK = 500
READING = "Lecture : {table}"


@transaction.atomic
def try_tables(run, tables, progress):
    """Give each line of these tables its outcome; a run tried again starts afresh. Returns {outcome: lines}.

    `tables`: {ExchangeTable: [(row number, {column: text})]}, or anything that gives such a list by `get`.
    `progress(step, lines done)`.
    """
    run.lines.all().delete()
    book, done, counts = Book(run), 0, {}
    for table in ORDER:
        lines = tables.get(table.kind) or ()
        _announce(book, table, lines)
        for chunk in _chunks(lines):
            progress(READING.format(table=table.kind.label.lower()), done)
            for line in _try_chunk(book, table, chunk):
                counts[line.outcome] = counts.get(line.outcome, 0) + 1
            done += len(chunk)
    return counts


def _chunks(lines):
    iterator = iter(lines)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _announce(book, table, lines):
    """Within a table a line may refer to one that follows it."""
    if table.kind in table.references.values():
        pending = {_reference(data): (O.NEW, None) for _, data in lines}
        book.lines[table.kind] = pending


def _try_chunk(book, table, chunk):
    """The ExchangeLine rows of these lines, written."""
    rows = read_ahead(book, table, [data for _, data in chunk])
    written = []
    for number, data in chunk:
        verdict = judge(table.kind, data, book, rows)
        line = ExchangeLine(source=book.run, table=table.kind, row=number, reference=_reference(data)[:100])
        line.data, line.outcome, line.message = data, verdict.outcome, verdict.message[:400]
        line.object_id = verdict.row.pk if verdict.row is not None else None
        _refuse_double(book, table, line)
        book.lines[table.kind][line.reference] = (line.outcome, line.object_id)
        written.append(line)
    return ExchangeLine.objects.bulk_create(written)


def _refuse_double(book, table, line):
    """Two lines of one name: the second is refused."""
    seen = book.remembered(("rows", table.kind), dict)
    if line.outcome == O.REFUSED:
        return
    if line.reference in seen:
        line.outcome, line.message = O.REFUSED, TWICE.format(row=seen[line.reference])
    seen.setdefault(line.reference, line.row)


def read_ahead(book, table, lines):
    """Ask at once all that these lines name; returns {row id: row} of those of the table the author may see."""
    book.learn(table.kind, map(_reference, lines))
    for column, kind in table.references.items():
        book.learn(kind, [(data.get(column) or "").strip() for data in lines])
        known = {pk for data in lines if (pk := _known(book, kind, data.get(column)))}
        if table.permission and known:
            book.allow(kind, table.permission, known)
    named = {pk for data in lines if (pk := book.named(table.kind, _reference(data))[0])}
    rows = visible_rows(table, book, named)
    if table.permission and rows:
        book.allow(table.kind, table.permission, rows)
    return rows


def _known(book, kind, text):
    reference = (text or "").strip()
    _, pk = book.lines[kind].get(reference, (None, None))
    return pk or book.named(kind, reference)[0]


def _reference(data):
    return (data.get("reference") or "").strip()
