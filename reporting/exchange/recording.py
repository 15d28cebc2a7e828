"""The recording of an import: the lines tried, written by the services, batch after batch (C22, A16).

A worker killed in the middle leaves whole batches: the next one goes on with what is left. What another import of the
structure writes meanwhile waits, and a line found written already changes nothing.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.locks import advisory_lock
from facilitators.models import ExternalReference
from reporting.enums import ExchangeOutcome as O
from reporting.exchange import names
from reporting.exchange.book import Book
from reporting.exchange.judging import judge
from reporting.exchange.lines import ORDER
from reporting.exchange.lines.base import PENDING, Refused
from reporting.exchange.trial import read_ahead
from reporting.models import DataImport, ExchangeLine

ALREADY_IMPORTED = "Ce fichier a déjà été importé le {day} ; rien n’a été modifié."
BUSY = "Un autre import de cette structure s’enregistre. Réessayez dans un instant."
CHANGED = "Modifié dans le portail depuis l’essai : relancez l’import pour décider."
NOT_YET = "La ligne dont elle dépend n’est pas enregistrée."
WRITING = "Enregistrement : {table}"
BATCH = 100
WRITTEN = (O.NEW, O.CHANGED, O.REPLACE)
NAMED = (O.SAME, O.KEEP)


class AlreadyImported(Conflict):
    """This very file was recorded for this structure (M12)."""

    code = "already_imported"


def refuse_replay(structure_id, sha256):
    """Raise AlreadyImported (M12) when this very file was recorded for the structure."""
    rows = DataImport.objects.filter(structure=structure_id, sha256=sha256, recorded_on__isnull=False)
    done = rows.values_list("recorded_on", flat=True).first()
    if done is not None:
        raise AlreadyImported(ALREADY_IMPORTED.format(day=french.date(done)))


def record_lines(run, progress):
    """Record the lines of a run that are ready; what was read of them is then erased. Returns {outcome: lines}.

    `progress(step, lines done)`. Raises Conflict (M12) when this file was recorded meanwhile, or another one is being.
    """
    with advisory_lock("data_import", run.structure_id) as alone:
        if not alone:
            raise Conflict(BUSY)
        refuse_replay(run.structure_id, run.sha256)
        done = 0
        for table in ORDER:
            done = _record_table(run, table, progress, done)
        for table in ORDER:
            if table.finishes:
                progress("Vérifications", done)
                _finish_table(run, table)
        return _close(run)


def _record_table(run, table, progress, done):
    """Lines done, once those of a table are."""
    book = _book_of(run, table)
    _name_known(run, table)
    waiting = run.lines.filter(table=table.kind, outcome__in=WRITTEN)
    ids = [(table.rank(data), row, pk) for pk, row, data in waiting.values_list("pk", "row", "data").iterator()]
    ids = [pk for _, _, pk in sorted(ids)]
    for start in range(0, len(ids), BATCH):
        progress(WRITING.format(table=table.kind.label.lower()), done)
        batch = ids[start : start + BATCH]
        _record_batch(book, table, batch)
        done += len(batch)
    return done


def _book_of(run, table):
    """What the lines of a table may refer to, as it stands now."""
    book = Book(run)
    wanted = {table.kind, *table.references.values()}
    for kind, reference, outcome, pk in run.lines.filter(table__in=wanted).values_list(
        "table", "reference", "outcome", "object_id"
    ):
        book.lines[kind][reference] = (outcome, pk)
    return book


def _name_known(run, table):
    """Rows that were there already get the names of this program: next time they are known by them."""
    rows = run.lines.filter(table=table.kind, outcome__in=NAMED, object_id__isnull=False)
    _write_names(run, table.kind, rows.values_list("reference", "object_id"))


def _name_all(book, table, lines):
    _write_names(book.run, table.kind, [(line.reference, line.object_id) for line in lines if line.object_id])


def _write_names(run, kind, pairs):
    """Keep these (reference, row id). A row keeps its first name; our own, written back to us, is no name of theirs."""
    same = {"structure": run.structure, "system": run.system, "resource": names.RESOURCES[kind]}
    given = [
        ExternalReference(reference=reference, object_id=pk, **same)
        for reference, pk in pairs
        if reference != names.own_reference(kind, pk)
    ]
    ExternalReference.objects.bulk_create(given, ignore_conflicts=True, batch_size=1000)


@transaction.atomic
def _record_batch(book, table, ids):
    """Record some lines, each in its savepoint: a refused one says why and leaves the others recorded."""
    lines = list(ExchangeLine.objects.filter(pk__in=ids, outcome__in=WRITTEN).select_for_update(of=("self",)))
    lines.sort(key=lambda line: ids.index(line.pk))
    rows = read_ahead(book, table, [line.data for line in lines])
    verdicts = {line.pk: judge(table.kind, line.data, book, rows) for line in lines}
    ready = [one.values for one in verdicts.values() if one.values and PENDING not in one.values.values()]
    table.begin(ready, book)
    for line in lines:
        _record_line(book, table, line, verdicts[line.pk])
        book.lines[table.kind][line.reference] = (line.outcome, line.object_id)
    table.end(book)
    _name_all(book, table, [line for line in lines if line.outcome in (O.RECORDED, O.SAME)])
    ExchangeLine.objects.bulk_update(lines, ["outcome", "message", "object_id"])


def _record_line(book, table, line, verdict):
    try:
        if verdict.outcome == O.REFUSED:
            raise Refused(verdict.message)
        verdict = _again(book, table, line, verdict)
        with refusals(table.sentences):
            row = _write(book, table, line, verdict)
        if row is not None:
            line.object_id = row.pk
            book.name(table.kind, line.reference, row.pk)
        line.message = table.remark(row, verdict.values)[:400]
        line.outcome = O.SAME if verdict.outcome == O.SAME else O.RECORDED
    except (Refused, DomainError) as error:
        line.outcome, line.message = O.REFUSED, error.message[:400]
    except ValidationError as error:
        line.outcome, line.message = O.REFUSED, " ".join(error.messages)[:400]
    except (PermissionDenied, ValueError) as error:
        line.outcome, line.message = O.REFUSED, str(error)[:400]


def _again(book, table, line, verdict):
    """The verdict, when what it refers to in its own table has been written since. Raises Refused."""
    if PENDING in verdict.values.values():
        verdict = judge(table.kind, line.data, book)
    if verdict.outcome == O.REFUSED:
        raise Refused(verdict.message)
    if PENDING in verdict.values.values():
        raise Refused(NOT_YET)
    return verdict


def _write(book, table, line, verdict):
    """The row, created, changed or left as it is. Raises Refused when it moved since the trial."""
    if verdict.outcome == O.NEW:
        return table.create(verdict.values, book)
    if verdict.outcome == O.SAME:
        return verdict.row
    if verdict.outcome == O.CONFLICT and line.outcome != O.REPLACE:
        raise Refused(CHANGED)
    return table.change(verdict.row, verdict.values, verdict.columns, book)


def _finish_table(run, table):
    """Write what waited for every other line: departures, closings."""
    book = _book_of(run, table)
    rows = run.lines.filter(table=table.kind, outcome__in=(O.RECORDED, O.SAME), object_id__isnull=False)
    for line in rows.order_by("row").iterator():
        verdict = judge(table.kind, line.data, book)
        if verdict.row is None:
            continue
        try:
            with refusals():
                table.finish(verdict.row, verdict.values, book)
        except DomainError as error:
            _remark(line, error.message)
        except ValidationError as error:
            _remark(line, " ".join(error.messages))


def _remark(line, sentence):
    line.message = f"{line.message} {sentence}".strip()[:400]
    line.save(update_fields=["message"])


@transaction.atomic
def _close(run):
    """The file is recorded: neither it nor what was read of it is kept, its digest is enough to know it again."""
    run.lines.update(data={})
    run.recorded_on, run.content = timezone.now(), b""
    run.save(update_fields=["recorded_on", "content"])
    counts = {}
    for outcome in run.lines.values_list("outcome", flat=True).iterator():
        counts[outcome] = counts.get(outcome, 0) + 1
    return counts
