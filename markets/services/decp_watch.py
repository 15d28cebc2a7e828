"""The published data of a buyer, read again every night and imported when they changed (domain.md §11).

Through the ordinary import, under the rights of whoever asked: the job checks them again. Off unless
`DECP_SOURCE_URL` is set.
"""

import hashlib

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.jobs import JobState
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.waking import wake
from facilitators.enums import Permission
from facilitators.permissions import scope_of
from markets.decp_source import fetch
from markets.models import DecpWatch, ImportRun
from markets.services.imports import ask_import

TASK = "markets.tasks.import_watched"
ALREADY_STOPPED = "Cette relecture est déjà arrêtée."
NO_RIGHT = "La personne qui a demandé cette relecture n’a plus le droit d’importer : arrêtez-la et reprenez-la."


def is_on():
    """True when the office gave the address of the published data."""
    return bool(settings.DECP_SOURCE_URL)


@transaction.atomic
def start_watch(*, buyer_siret, by):
    """Have the published data of this buyer read every night. Raises ValidationError when they are already."""
    watch = DecpWatch(buyer_siret=buyer_siret, started_at=timezone.now(), started_by=by)
    return validated_save(watch, by=by)


@transaction.atomic
def stop_watch(*, watch, by):
    """Read them no more. Raises Conflict when it is stopped already."""
    watch = lock(DecpWatch.objects, watch.pk)
    if watch.ended_at is not None:
        raise Conflict(ALREADY_STOPPED)
    watch.ended_at, watch.ended_by = timezone.now(), by
    return validated_save(watch, by=by)


def ask_all():
    """Ask a worker to read each watched buyer; returns how many. With the broker away, the next night will."""
    watches = DecpWatch.objects.open().order_by("pk").values_list("pk", flat=True) if is_on() else ()
    return sum(wake(TASK, pk, otherwise=f"la relecture {pk} attendra la nuit prochaine") for pk in watches)


def read_again(pk):
    """Read the data of a watched buyer and ask for their import when they changed; the watch keeps what came of it.

    Returns the ImportRun asked for, None when there is nothing to import.
    """
    watch = DecpWatch.objects.open().select_related("started_by").filter(pk=pk).first()
    if watch is None or not is_on():
        return None
    try:
        sha256, run = _import_if_changed(watch)
    except DomainError as trouble:
        _note(watch, failure=trouble.message)
        return None
    _note(watch, sha256=sha256, failure="")
    return run


def _import_if_changed(watch):
    """(digest of the data, ImportRun asked for or None). Raises DomainError with what went wrong."""
    if not scope_of(watch.started_by).allows(Permission.IMPORT_MARKETS):
        raise DomainError(NO_RIGHT)
    content = fetch(settings.DECP_SOURCE_URL, watch.buyer_siret)
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 == watch.sha256 and _was_imported(watch):
        return sha256, None
    name = f"decp-{watch.buyer_siret}-{timezone.localdate()}"
    return sha256, ask_import(
        by=watch.started_by, file_name=name, content=content, buyer_siret=watch.buyer_siret, dry_run=False
    )


def _was_imported(watch):
    """False when the import of these same data failed: it is asked for again."""
    runs = ImportRun.objects.filter(sha256=watch.sha256, buyer_siret=watch.buyer_siret, dry_run=False)
    return runs.exclude(state__in=[JobState.REFUSED, JobState.FAILED]).exists()


def _note(watch, **result):
    DecpWatch.objects.filter(pk=watch.pk).update(asked_on=timezone.now(), **result)
