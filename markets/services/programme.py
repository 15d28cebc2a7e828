"""Asking for the import of a programme, and doing it: tried first, columns remembered, replayed without harm (C5)."""

from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import SPREADSHEETS, check_upload
from clauses_portal.core.jobs import publish_on_commit
from clauses_portal.core.scanning import ask_scan
from clauses_portal.core.tables import read_table, signature
from markets.importers.decp.report import Outcome
from markets.models import ColumnMapping, ProgrammeImport
from markets.programme import columns
from markets.programme.apply import import_programme
from markets.services.imports import as_dict

ALREADY_RUNNING = "Une demande identique est en cours."
MOST_LINES = 1000


@transaction.atomic
def ask_programme_import(*, by, directorate, file_name, content, mapping=None, dry_run=True):
    """Ask a worker to read the programme of a direction (bytes of an XLSX, an ODS or a CSV); `dry_run` writes nothing.

    `mapping` is {column: index}; without it, the columns remembered for these headers, or else guessed, are used.
    Raises DomainError: file refused, or the same demand is under way.
    """
    checked = check_upload(file_name, content, allowed=SPREADSHEETS)
    same = ProgrammeImport.objects.waiting().filter(sha256=checked.sha256, dry_run=dry_run, asked_by=by)
    if same.filter(directorate=directorate).exists():
        raise DomainError(ALREADY_RUNNING)
    run = ProgrammeImport(
        directorate=directorate,
        file_name=checked.name,
        content=content,
        sha256=checked.sha256,
        mapping=mapping or {},
        dry_run=dry_run,
    )
    run.asked_at, run.asked_by = timezone.now(), by
    run.full_clean(exclude=["mapping"])  # without one, the worker finds the columns
    run.save()
    ask_scan(run)
    publish_on_commit(run)
    return run


@transaction.atomic
def do_programme_import(run, progress):
    """Read the file of a run and keep its report. Raises DomainError when the file is no table."""
    progress("Lecture du fichier")
    table = read_table(run.file_name, bytes(run.content), max_rows=MOST_LINES)
    run.mapping = _mapping_for(run, table.headers)
    missing = columns.missing(run.mapping)
    if missing:
        run.report = _unfinished(table, missing)
        return
    progress("Lignes du programme")
    report = import_programme(table, run.mapping, directorate=run.directorate, by=run.asked_by, dry_run=run.dry_run)
    progress("Compte rendu")
    _remember(run, table.headers)
    run.report = as_dict(report) | {"headers": table.headers, "missing": []}


def _mapping_for(run, headers):
    """The columns asked, or those remembered for these headers, or else the first guess."""
    if run.mapping and columns.fits(run.mapping, headers):
        return run.mapping
    known = ColumnMapping.objects.filter(directorate=run.directorate, signature=signature(headers)).first()
    if known is not None and columns.fits(known.mapping, headers):
        return known.mapping
    return columns.guess(headers)


def _remember(run, headers):
    """Keep the columns that worked, for the next file with the same headers."""
    ColumnMapping.objects.update_or_create(
        directorate=run.directorate, signature=signature(headers), defaults={"mapping": run.mapping}
    )


def _unfinished(table, missing):
    """The report of a file whose columns were not recognised: nothing was read beyond its headers."""
    named = ", ".join(f"«\u00a0{label}\u00a0»" for label in missing)
    return {
        "summary": f"Colonnes à préciser : {named}.",
        "notes": list(table.notes),
        "counts": dict.fromkeys(Outcome.values, 0),
        "lines": [],
        "headers": table.headers,
        "missing": missing,
    }
