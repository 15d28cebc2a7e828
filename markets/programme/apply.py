"""Import of a programme: tried or written, line by line, and the same file twice changes nothing."""

from django.db import connection, transaction

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.french import NBSP
from markets.importers.decp.report import ImportReport, Line, Outcome
from markets.programme.grouping import group_lines
from markets.programme.lines import read_lines
from markets.programme.places import Places
from markets.programme.writing import write_group

BUSY = "Un autre import du programme de cette direction est en cours. Réessayez dans un instant."


def import_programme(table, mapping, *, directorate, by, dry_run):
    """Write the lines of a `core.tables.Table` in the programme of a direction; returns an `ImportReport`.

    `mapping` is {column: index}. `dry_run` does the same work and takes it back. Raises Conflict when another import
    of this direction runs. No amount is in the report (C27).
    """
    lines, refusals = read_lines(table, mapping)
    where = f"feuille «{NBSP}{table.sheet}{NBSP}»" if table.sheet else "CSV"
    report = ImportReport(where, dry_run, tuple(table.notes), lines=refusals)
    with transaction.atomic():
        _be_alone(directorate)
        places = Places()
        lines, lost = _placed(lines, places)
        report.lines += lost
        for group in group_lines(lines):
            report.lines += write_group(group, directorate=directorate, places=places, by=by)
        if dry_run:
            transaction.set_rollback(True)
    report.lines.sort(key=lambda line: line.position)
    return report


def _placed(lines, places):
    """(lines whose places are known, refusals of the others), before any of them speaks for its market."""
    kept, lost = [], []
    for line in lines:
        try:
            places.check(line)
            kept.append(line)
        except DomainError as error:
            lost.append(Line(line.position, line.identifier, Outcome.REFUSED, error.message, line.notes))
    return kept, lost


def _be_alone(directorate):
    """Hold a lock until the transaction is over: two imports would give the same provisional numbers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('import_programme'), %s)", [directorate.pk])
        if not cursor.fetchone()[0]:
            raise Conflict(BUSY)
