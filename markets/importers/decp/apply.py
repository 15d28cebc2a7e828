"""`import_decp`: a DECP file into markets, lots, companies and awards. Repeatable, all or nothing, reported.

What an import owns and what it leaves: `writing.Overlay`. Amounts go to `LotFinancials` only, and never to
the report (C27).
"""

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from clauses_portal.core.db_errors import explain
from clauses_portal.core.errors import Conflict
from markets.importers.decp.companies import valid_siret
from markets.importers.decp.grouping import group_markets
from markets.importers.decp.reader import read_decp
from markets.importers.decp.records import UnreadableFile
from markets.importers.decp.report import ImportReport, Line, Outcome
from markets.importers.decp.slices import Slice
from markets.importers.decp.state import stored_keys
from markets.importers.decp.territories import Territories

SLICE = 250
BUSY = "Un autre import est en cours : réessayez dans un instant."


def import_decp(*, file, by, dry_run=False, buyer=None):
    """Import a path or a binary file, limited to the SIRET `buyer` if given; return an `ImportReport`.

    A record that cannot be used is refused alone. With `dry_run`, everything is done, reported and undone.
    Raises `UnreadableFile` when the file is not what it says or `buyer` is no SIRET, `Conflict` when another
    import runs.
    """
    if buyer is not None and not valid_siret(buyer):
        raise UnreadableFile("Le SIRET de l’acheteur demandé est faux.")
    reading = read_decp(file)
    records = [record for record in reading.records if buyer in {None, record.buyer_siret}]
    report = ImportReport(reading.layout, dry_run, reading.notes, len(reading.records) - len(records))
    report.lines = [Line(r.position, r.identifier, Outcome.REFUSED, r.reason) for r in reading.refusals]
    with transaction.atomic():
        _be_alone()
        report.lines += _write(records, by)
        if dry_run:
            transaction.set_rollback(True)
    report.lines.sort(key=lambda line: line.position)
    return report


def _be_alone():
    """Hold a lock until the caller's transaction is over, so that the next import sees what this one wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('import_decp'), 0)")
        if not cursor.fetchone()[0]:
            raise Conflict(BUSY)


def _write(records, by):
    known = stored_keys({record.buyer_siret for record in records})
    territories = Territories()
    lines = []
    groups = group_markets(records, known)
    for start in range(0, len(groups), SLICE):
        lines += _write_slice(groups[start : start + SLICE], territories, by)
    return lines


def _write_slice(groups, territories, by):
    """Write the groups in a savepoint; when one is refused, halve until it stands alone."""
    try:
        with transaction.atomic():
            return Slice(groups, territories, by).write()
    except (DatabaseError, ValidationError) as error:
        if len(groups) == 1:
            return _refused(groups[0], error)
    middle = len(groups) // 2
    halves = groups[:middle], groups[middle:]
    return [line for half in halves for line in _write_slice(half, territories, by)]


def _refused(group, error):
    reason = "une valeur n’est pas admise"
    if isinstance(error, ValidationError):
        reason = " ".join(error.messages)
    elif isinstance(error, IntegrityError):
        reason = explain(error, {})
    return [
        Line(record.position, record.market_id, Outcome.REFUSED, reason)
        for contract in group.lots
        for record in contract.records
    ]
