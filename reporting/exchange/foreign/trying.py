"""The trial of a foreign file: its lines made under what a person matched, then tried as those of a package (C22)."""

from django.db import transaction

from reporting.enums import ExchangeOutcome, ExchangeTable
from reporting.exchange.foreign.fields import months_of
from reporting.exchange.foreign.lines import row_number
from reporting.exchange.foreign.reading import Source, read_tables
from reporting.exchange.foreign.stored import unpack
from reporting.exchange.trial import try_tables
from reporting.models import ExchangeLine


def months_in(run, table, columns=None):
    """{index: first day} of the columns of hours of a follow-up, those already taken left aside."""
    if run.manifest["foreign"] != ExchangeTable.FOLLOW_UP:
        return {}
    taken = set((run.mapping.columns if run.mapping else {}).values() if columns is None else columns.values())
    found = months_of(table.headers, run.manifest.get("year"))
    return {at: month for at, month in found.items() if at not in taken}


def source_of(run, table):
    """The `Source` a file is read with."""
    mapping = run.mapping
    return Source(
        kind=mapping.table,
        columns=mapping.columns,
        months=months_in(run, table),
        values=mapping.values,
        user=run.asked_by,
        territory=run.manifest.get("territory", ""),
    )


def try_foreign(run, progress):
    """The work of a run: its lines made and tried; those that could not be made are told too. Returns {outcome: lines}.

    `progress(step, lines done)`.
    """
    progress("Lecture du fichier", 0)
    table = unpack(run.content)
    lines = read_tables(table, source_of(run, table))
    tables = lines.finished()
    run.total = max(sum(map(len, tables.values())), 1)
    with transaction.atomic():
        counts = try_tables(run, tables, progress)
        refused = [_fault(run, line, sentence) for line, sentence in lines.faults]
        ExchangeLine.objects.bulk_create(refused, batch_size=1000)
    refused_before = counts.get(ExchangeOutcome.REFUSED, 0)
    return counts | ({ExchangeOutcome.REFUSED: refused_before + len(refused)} if refused else {})


def _fault(run, line, sentence):
    return ExchangeLine(
        source=run,
        table=ExchangeTable.FOLLOW_UP,
        row=row_number(line),
        outcome=ExchangeOutcome.REFUSED,
        message=sentence,
    )
