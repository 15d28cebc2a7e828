"""The statement of a lender or a company: tried, shared out, then recorded; replayed without harm (C17, A16, A25)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.files import SPREADSHEETS, check_upload
from clauses_portal.core.jobs import JobState, publish_on_commit
from clauses_portal.core.locks import advisory_lock
from clauses_portal.core.scanning import ask_scan
from clauses_portal.core.services import checked_save, lock
from clauses_portal.core.tables import read_table, signature
from participants.enums import HoursSource
from participants.hours_import import columns
from participants.hours_import.lines import read_lines
from participants.hours_import.matching import match_lines
from participants.hours_import.outcomes import CHOICES, WRITTEN, Outcome
from participants.hours_import.people import People
from participants.models import HoursImport, ImportedLine, StatementMapping
from participants.services.hours_batch import HoursBatch

ALREADY_IMPORTED = "Ce fichier a déjà été importé le {day} ; rien n’a été modifié."
ALREADY_RUNNING = "Une demande identique est en cours."
BUSY = "Un autre import d’heures de ce territoire s’enregistre. Réessayez dans un instant."
NOT_TRIED = "Cet import n’est pas prêt : attendez la fin de l’essai."
NOTHING_READY = "Aucune ligne n’est prête à enregistrer."
CHANGED = "La grille a changé depuis l’essai : elle porte {hours}. Rien n’a été remplacé."
MOST_LINES = 5000
BATCH = 100


@transaction.atomic
def ask_hours_import(*, by, territory, company, file_name, content, month="", columns_given=None):
    """Ask a worker to try a statement (bytes of an XLSX, an ODS or a CSV): nothing is written in the grid.

    `month`: « 2026-08 », for the lines that tell none. `columns_given`: {column: index}; without it, those remembered
    for these headers, or else guessed. Raises Conflict (M12) when this file was recorded, DomainError otherwise.
    """
    checked = check_upload(file_name, content, allowed=SPREADSHEETS)
    _refuse_replay(territory, checked.sha256)
    same = HoursImport.objects.waiting().filter(sha256=checked.sha256, asked_by=by, territory=territory)
    if same.filter(company=company).exists():
        raise DomainError(ALREADY_RUNNING)
    run = HoursImport(
        territory=territory,
        company=company,
        file_name=checked.name,
        content=content,
        sha256=checked.sha256,
        mapping={"columns": columns_given or {}, "month": month},
    )
    run.asked_at, run.asked_by = timezone.now(), by
    checked_save(run)
    ask_scan(run)
    publish_on_commit(run)
    return run


def _refuse_replay(territory, sha256):
    done = HoursImport.objects.filter(territory=territory, sha256=sha256, recorded_on__isnull=False).first()
    if done is not None:
        raise Conflict(ALREADY_IMPORTED.format(day=french.date(done.recorded_on)))


def do_hours_import(run, progress):
    """The work of a run: try it the first time, record it once asked to."""
    if run.dry_run:
        try_statement(run, progress)
    else:
        record_statement(run, progress)


@transaction.atomic
def try_statement(run, progress):
    """Read the file and give each line its outcome; a run tried again starts afresh. Raises DomainError: no table."""
    progress("Lecture du fichier")
    table = read_table(run.file_name, bytes(run.content), max_rows=MOST_LINES)
    month = run.mapping.get("month", "")
    found = _columns_for(run, table.headers)
    run.mapping = {"columns": found, "month": month}
    missing = columns.missing(found, month)
    run.report = {"headers": table.headers, "notes": list(table.notes), "missing": missing}
    if missing:
        return
    progress("Personnes et contrats")
    lines = read_lines(table, found, date.fromisoformat(f"{month}-01") if month else None)
    matched = match_lines(lines, People(run.company, run.territory), timezone.localdate())
    progress("Compte rendu")
    run.lines.all().delete()
    ImportedLine.objects.bulk_create([_as_row(run, one) for one in matched], batch_size=1000)
    _remember(run, table.headers)


def _as_row(run, one):
    line = one.line
    return ImportedLine(
        source=run,
        row=line.row,
        person=line.person,
        month=line.month,
        hours=line.hours,
        reference=line.reference,
        contract=one.contract,
        participant=one.participant,
        outcome=one.outcome,
        message=one.message,
    )


def _columns_for(run, headers):
    """The columns asked, or those remembered for these headers, or else the first guess."""
    asked = run.mapping.get("columns")
    if asked and columns.fits(asked, headers):
        return asked
    known = StatementMapping.objects.filter(company=run.company, signature=signature(headers)).first()
    if known is not None and columns.fits(known.mapping, headers):
        return known.mapping
    return columns.guess(headers)


def _remember(run, headers):
    """Keep the columns that worked, for the next statement of this company with the same headers."""
    StatementMapping.objects.update_or_create(
        company=run.company,
        signature=signature(headers),
        defaults={"mapping": run.mapping["columns"]},
    )


def tried(run):
    """The run, locked, when its trial is over and nothing was recorded. Raises Conflict otherwise."""
    run = lock(HoursImport.objects.defer("content"), run.pk)
    if run.state != JobState.DONE or not run.dry_run:
        raise Conflict(NOT_TRIED)
    return run


@transaction.atomic
def choose(*, run, lines, by):
    """Write these lines (ids) though the grid differs or another company declares too. Returns how many.

    The grid's history keeps what is replaced and who chose (`by` is the author of what is recorded).
    """
    run = tried(run)
    return run.lines.filter(pk__in=lines, outcome__in=CHOICES).update(outcome=Outcome.FORCED)


@transaction.atomic
def keep_grid(*, run, by):
    """Take back every choice: the grid keeps what it has. Returns how many lines."""
    run = tried(run)
    return run.lines.filter(outcome=Outcome.FORCED).update(outcome=Outcome.DIFFERS)


@transaction.atomic
def ask_recording(*, run, by):
    """Ask a worker to record what is ready. Raises Conflict (M12, or not tried yet), DomainError (nothing ready)."""
    run = tried(run)
    _refuse_replay(run.territory_id, run.sha256)
    if not run.lines.filter(outcome__in=WRITTEN).exists():
        raise DomainError(NOTHING_READY)
    run.dry_run, run.state, run.attempts, run.done = False, JobState.ASKED, 0, 0
    run.asked_at, run.asked_by = timezone.now(), by
    run.sent_on = run.finished_on = None
    run.save(update_fields=["dry_run", "state", "attempts", "done", "asked_at", "asked_by", "sent_on", "finished_on"])
    publish_on_commit(run)
    return run


def record_statement(run, progress):
    """Record the lines that are ready, by batches that are committed one by one.

    A worker killed in the middle leaves whole batches: the next one goes on with what is left, and writing the same
    hours again changes nothing. Raises Conflict (M12) when this file was recorded meanwhile, or another one is being.
    """
    with advisory_lock("hours_import", run.territory_id) as alone:
        if not alone:
            raise Conflict(BUSY)
        _refuse_replay(run.territory_id, run.sha256)
        waiting = list(run.lines.filter(outcome__in=WRITTEN).order_by("contract__participant", "pk").values_list("pk"))
        run.total = max(len(waiting), 1)
        for start in range(0, len(waiting), BATCH):
            progress("Enregistrement des heures", start)
            _record_batch(run, [pk for (pk,) in waiting[start : start + BATCH]])
        _finish(run)


@transaction.atomic
def _finish(run):
    """The file is recorded: it is not kept, its digest is enough to know it again."""
    run.recorded_on, run.content = timezone.now(), b""
    run.save()


@transaction.atomic
def _record_batch(run, ids):
    """Record some lines, each in its own savepoint: a refused one says why and leaves the others recorded."""
    rows = ImportedLine.objects.filter(pk__in=ids, outcome__in=WRITTEN).order_by("pk")
    lines = list(rows.select_for_update(of=("self",)))
    batch = HoursBatch(
        {line.contract_id for line in lines}, {line.month for line in lines}, HoursSource.IMPORT, run.asked_by
    )
    for line in lines:
        _record_line(line, batch)
    ImportedLine.objects.bulk_update(lines, ["outcome", "message"])
    batch.close()


def _record_line(line, batch):
    try:
        stands, version = batch.stands(line.contract_id, line.month)
        if stands == line.hours:
            line.outcome = Outcome.SAME
            return
        if stands is not None and line.outcome != Outcome.FORCED:
            raise Conflict(CHANGED.format(hours=french.hours(stands)))
        with batch.cell(line.contract_id, line.month) as cell:
            outcome = cell.record(line.hours, version)
        line.outcome, line.message = Outcome.RECORDED, (outcome.message or line.message)[:400]
    except DomainError as error:
        line.outcome, line.message = Outcome.REFUSED, error.message[:400]
    except ValidationError as error:
        line.outcome, line.message = Outcome.REFUSED, " ".join(error.messages)[:400]
