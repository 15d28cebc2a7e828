"""Asking for an import and doing it: the worker reads the file, the report says what came of each line."""

import hashlib
import io

from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import publish_on_commit
from clauses_portal.core.scanning import ask_scan
from markets.importers.decp import UnreadableFile
from markets.importers.decp.apply import import_decp
from markets.models import ImportRun

ALREADY_RUNNING = "Une demande identique est en cours."


@transaction.atomic
def ask_import(*, by, file_name, content, buyer_siret="", dry_run=True):
    """Ask a worker to read a file (bytes); `dry_run` writes nothing. Raises DomainError while the same one runs."""
    sha256 = hashlib.sha256(content).hexdigest()
    same = ImportRun.objects.waiting().filter(sha256=sha256, dry_run=dry_run, asked_by=by)
    if same.exists():
        raise DomainError(ALREADY_RUNNING)
    run = ImportRun(file_name=file_name, content=content, sha256=sha256, dry_run=dry_run, buyer_siret=buyer_siret)
    run.asked_at, run.asked_by = timezone.now(), by
    run.full_clean()
    run.save()
    ask_scan(run)
    publish_on_commit(run)
    return run


@transaction.atomic
def do_import(run, progress):
    """Read the file of a run and keep the report. Raises DomainError when the file is not what it says."""
    progress("Lecture du fichier")
    try:
        report = import_decp(
            file=io.BytesIO(bytes(run.content)),
            by=run.asked_by,
            dry_run=run.dry_run,
            buyer=run.buyer_siret or None,
        )
    except UnreadableFile as error:
        raise DomainError(str(error)) from error
    progress("Compte rendu")
    run.report = as_dict(report)


def as_dict(report):
    """The report as JSON data: what the page shows, and nothing confidential."""
    return {
        "summary": report.summary,
        "notes": list(report.notes),
        "counts": {outcome.value: number for outcome, number in report.counts.items()},
        "lines": [
            {
                "position": line.position,
                "identifier": line.identifier,
                "outcome": line.outcome.value,
                "label": line.outcome.label,
                "details": " ; ".join(filter(None, (line.reason, *line.notes))),
            }
            for line in report.lines
        ],
    }
