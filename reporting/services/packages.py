"""Packages asked for: written by a worker, kept privately for a week, taken away by who asked (C22)."""

from datetime import timedelta
from uuid import uuid4

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import publish_on_commit
from clauses_portal.core.services import checked_save
from facilitators.enums import KeyDirection, Permission
from facilitators.models import AccessKey
from facilitators.permissions import structures_for
from reporting.exchange.export import SENT, digest_of, spool, write_package
from reporting.models import PackageExport

LIFETIME = timedelta(days=7)
OTHER_WAY = "Cette clé sert l’autre sens de l’échange."
NOT_YOURS = "Vous ne pouvez pas exporter les données de cette structure."
GONE = "Ce paquet n’est plus disponible : il se télécharge pendant sept jours. Demandez-le de nouveau."


@transaction.atomic
def ask_package(*, by, structure, direction, starts_on=None, ends_on=None, from_console=False):
    """Ask a worker for a package of the territories of a structure; returns the PackageExport.

    `starts_on`, `ends_on`: months of the hours, whole; all of them unless given. Asked twice, made once: the request
    under way is returned. Raises DomainError when the structure or the direction is not the author's.
    """
    refuse_other_way(by, direction)
    if not structures_for(by, Permission.EXCHANGE_DATA).filter(pk=structure.pk).exists():
        raise DomainError(NOT_YOURS)
    same = {"structure": structure, "direction": direction, "asked_by": by}
    waiting = PackageExport.objects.waiting().filter(**same).first()
    if waiting is not None:
        return waiting
    asked = PackageExport(starts_on=starts_on, ends_on=ends_on, from_console=from_console, **same)
    asked.asked_at, asked.total = timezone.now(), len(SENT[direction])
    checked_save(asked)
    if not from_console:
        publish_on_commit(asked)
    return asked


def refuse_other_way(account, direction):
    """A key exchanges in its direction alone. Raises DomainError."""
    key = AccessKey.objects.filter(account=account).first()
    if key is not None and key.direction != direction:
        raise DomainError(OTHER_WAY)


def may_still_ask(asked):
    """May its author still exchange for this structure, now?"""
    return structures_for(asked.asked_by, Permission.EXCHANGE_DATA).filter(pk=asked.structure_id).exists()


def produce_package(asked, progress):
    """Write the archive and keep it; rights are those of this instant."""
    with spool() as file:
        asked.counts = write_package(asked, file, progress)
        asked.sha256 = digest_of(file)
        if asked.file:
            asked.file.delete(save=False)  # of a worker that was killed
        asked.file.save(f"{uuid4().hex}.zip", File(file), save=False)  # a name nobody guesses


def file_name_of(asked):
    """« paquet-departement-2026-09-15.zip »: what the file is saved as, without the name of anybody."""
    who = "facilitateur" if asked.direction == KeyDirection.TO_DEPARTMENT else "departement"
    return f"paquet-{who}-{timezone.localdate(asked.asked_at).isoformat()}.zip"


def expires_on(asked):
    """The moment from which the file is no longer there, None while it is not made."""
    return asked.finished_on + LIFETIME if asked.finished_on else None


def is_available(asked):
    """Can this package be taken away now?"""
    return bool(asked.file) and asked.is_over and not asked.error and expires_on(asked) > timezone.now()


def open_package(asked):
    """The file, open for reading. Raises DomainError when it is not there, or no longer."""
    if not is_available(asked):
        raise DomainError(GONE)
    return asked.file.open("rb")


def erase_old_packages():
    """Delete the files of more than a week; who asked what stays. Returns how many."""
    old = PackageExport.objects.filter(finished_on__lte=timezone.now() - LIFETIME).exclude(file="")
    erased = 0
    for asked in old:
        asked.file.delete(save=False)
        erased += PackageExport.objects.filter(pk=asked.pk).update(file="")
    return erased
