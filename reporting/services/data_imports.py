"""Packages and foreign files received: tried first, then recorded, once (C22, A16)."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.files import clean_name
from clauses_portal.core.jobs import JobState, publish_on_commit
from clauses_portal.core.scanning import ask_scan
from clauses_portal.core.services import checked_save, lock
from facilitators.enums import Permission
from facilitators.permissions import structures_for
from reporting.enums import ExchangeOutcome as O
from reporting.exchange.archive import Package
from reporting.exchange.foreign.trying import try_foreign
from reporting.exchange.recording import WRITTEN, record_lines, refuse_replay
from reporting.exchange.trial import try_tables
from reporting.models import DataImport, ExchangeLine
from reporting.services.packages import LIFETIME, refuse_other_way

NOT_YOURS = "Vous ne pouvez pas importer de données pour cette structure."
OTHER_STRUCTURE = "Ce paquet est celui d’une autre structure."
NOT_TRIED = "Cet import n’est pas prêt : attendez la fin de l’essai."
NOTHING_READY = "Aucune ligne n’est prête à enregistrer."
ABANDONED = "Ce fichier n’a pas été enregistré dans les sept jours : ce qui en avait été lu est effacé."
KEPT_OF_MANIFEST = ("schema_version", "system", "direction", "exporter", "structure", "period", "created_on")
CHOICES = (O.REPLACE, O.KEEP)


@transaction.atomic
def ask_package_import(*, by, structure, file_name, content, from_console=False):
    """Verify a package (bytes of the archive) and ask a worker to try it: nothing is written in the portal yet.

    Returns the DataImport; the same file tried already by the same account gives that trial. Raises Conflict (M12)
    when it was recorded, DomainError when the archive is refused or is another structure's.
    """
    package = Package(content)
    manifest = package.manifest
    refuse_other_way(by, manifest.direction)
    if manifest.structure_siret and structure.siret and manifest.structure_siret != structure.siret:
        raise DomainError(OTHER_STRUCTURE)
    if not structures_for(by, Permission.EXCHANGE_DATA).filter(pk=structure.pk).exists():
        raise DomainError(NOT_YOURS)
    digest = hashlib.sha256(content).hexdigest()
    refuse_replay(structure.pk, digest)
    known = _known(structure, digest, by)
    if known is not None:
        return known if known.state != JobState.DONE else try_again(known, by=by)
    run = DataImport(structure=structure, system=manifest.system, file_name=clean_name(file_name) or "paquet.zip")
    run.content, run.sha256, run.manifest = content, digest, _kept(package)
    run.asked_at, run.asked_by, run.from_console = timezone.now(), by, from_console
    checked_save(run)
    ask_scan(run)
    _publish(run)
    return run


def _known(structure, digest, by):
    """The trial of this very file that this account asked for, not recorded yet; or None."""
    same = DataImport.objects.filter(structure=structure, sha256=digest, asked_by=by, mapping=None, dry_run=True)
    return same.filter(state__in=[JobState.ASKED, JobState.RUNNING, JobState.DONE]).exclude(content=b"").first()


def _kept(package):
    """What is kept of the manifest: nothing a program may have added."""
    kept = {name: package.manifest.told.get(name) for name in KEPT_OF_MANIFEST} | {"lines": package.counts()}
    return json.loads(json.dumps(kept, default=str))


def _publish(run):
    if not run.from_console:
        publish_on_commit(run)


def try_again(run, *, by):
    """Ask for the trial of a run, once more when it was tried: the portal may have changed since."""
    return _ask(run, dry_run=True, by=by)


def _ask(run, *, dry_run, by):
    run.dry_run, run.state, run.attempts, run.done, run.error = dry_run, JobState.ASKED, 0, 0, ""
    run.asked_at, run.asked_by = timezone.now(), by
    run.sent_on = run.finished_on = None
    names = ("dry_run", "state", "attempts", "done", "error", "asked_at", "asked_by", "sent_on", "finished_on")
    run.save(update_fields=names)
    _publish(run)
    return run


def may_still_import(run):
    """May its author still exchange for this structure, now? What each line may do is asked line by line."""
    return structures_for(run.asked_by, Permission.EXCHANGE_DATA).filter(pk=run.structure_id).exists()


def do_import(run, progress):
    """The work of a run: try it, or record it once asked to."""
    if run.dry_run:
        run.report = {"tried": _try(run, progress)}
    else:
        run.total = max(run.lines.filter(outcome__in=WRITTEN).count(), 1)
        run.report = {**(run.report or {}), "recorded": record_lines(run, progress)}


def _try(run, progress):
    """Try what a run brings: a package, or a foreign file read through its mapping. Returns {outcome: lines}."""
    if run.mapping_id:
        return try_foreign(run, progress)
    run.total = max(sum((run.manifest or {}).get("lines", {}).values()), 1)
    return try_tables(run, Package(bytes(run.content)), progress)


def tried(run):
    """The run, locked, when its trial is over and nothing was recorded. Raises Conflict otherwise."""
    run = lock(DataImport.objects.defer("content"), run.pk)
    if run.state != JobState.DONE or not run.dry_run:
        raise Conflict(NOT_TRIED)
    return run


@transaction.atomic
def choose(*, run, choice, by, lines=None):
    """Settle conflicts: REPLACE what the portal has by these lines (ids; all of them unless given), or KEEP it.

    Returns how many. The history of each row keeps what is replaced, and who chose. Raises Conflict once recorded,
    ValidationError on another choice.
    """
    if choice not in CHOICES:
        raise ValidationError("Choisissez de remplacer ou de garder.")
    run = tried(run)
    rows = run.lines.filter(outcome__in=[O.CONFLICT, *CHOICES])
    return (rows if lines is None else rows.filter(pk__in=lines)).update(outcome=choice)


@transaction.atomic
def ask_recording(*, run, by):
    """Ask a worker to record what is ready. Raises Conflict (M12, or not tried yet), DomainError (nothing ready).

    Lines still to settle are left as they are in the portal.
    """
    run = tried(run)
    refuse_replay(run.structure_id, run.sha256)
    if not run.lines.filter(outcome__in=(*WRITTEN, O.SAME, O.KEEP)).exists():
        raise DomainError(NOTHING_READY)
    return _ask(run, dry_run=False, by=by)


def counts_of(run):
    """{table: {outcome: lines}} of a run, in one query."""
    counts = {}
    rows = run.lines.order_by().values_list("table", "outcome").annotate(Count("pk"))
    for table, outcome, number in rows:
        counts.setdefault(table, {})[outcome] = number
    return counts


@transaction.atomic
def erase_abandoned():
    """Erase what was read of the files that nobody recorded within a week: they name persons. Returns how many."""
    old = DataImport.objects.filter(recorded_on=None, asked_at__lte=timezone.now() - LIFETIME).exclude(content=b"")
    old = list(old.exclude(state__in=[JobState.ASKED, JobState.RUNNING]).values_list("pk", flat=True))
    ExchangeLine.objects.filter(source__in=old).delete()
    return DataImport.objects.filter(pk__in=old).update(content=b"", state=JobState.FAILED, error=ABANDONED)
