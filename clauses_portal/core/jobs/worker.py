"""Doing a job once, however often it is delivered, and writing how it ended."""

import logging

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone
from django.utils.module_loading import import_string

from clauses_portal.core.deposits import Deposited
from clauses_portal.core.errors import NO_ROOM, Conflict, DomainError, is_out_of_room
from clauses_portal.core.jobs.models import JobState
from clauses_portal.core.jobs.progress import write_progress
from clauses_portal.core.locks import advisory_lock
from clauses_portal.core.scanning import Infected, check_scanned
from clauses_portal.core.second_lock import EVERYTHING, acting

logger = logging.getLogger(__name__)

# A job that killed its worker this many times is poison: it ends as « échec », not in an endless loop.
POISON = 3
# What a lock of the database can name.
LARGEST_ROW = 2**31 - 1
FAILED = "La production a échoué. Réessayez ; si cela se répète, prévenez l’administrateur."
POISONED = "Production abandonnée après trois essais. Prévenez l’administrateur."
SCANNED_FIRST = "Analyse du fichier par l’antivirus"
REFUSED = "Vous n’avez plus le droit d’effectuer cette production."


def run(model, pk, *, allowed, work):
    """Claim the job `pk` and do it.

    `allowed(job)` says whether its author may still ask it: rights are those of this instant, not of the click.
    `work(job, progress)` does it in its own transaction; a DomainError ends it with its sentence.
    Raises OperationalError or InterfaceError when the database goes away: the message is delivered again. A message
    that holds no number of a row is none of ours: it is dropped (A14).
    """
    if not _is_a_number(pk):
        logger.error("message illisible pour %s : abandonné", model._meta.label_lower)
        return
    if not connection.in_atomic_block:  # never the connection of a transaction under way: the caller's, or a test's
        close_old_connections()
    with advisory_lock(model._meta.db_table, pk) as mine:
        job = model.objects.filter(pk=pk).first() if mine else None
        if job is not None and _start(job):
            _finish(job, *_outcome(job, allowed, work))


def _is_a_number(pk):
    return isinstance(pk, int) and not isinstance(pk, bool) and 0 < pk <= LARGEST_ROW


def _claims(job):
    """What this job may see: what its author may, and everything when the console asks."""
    return EVERYTHING if job.from_console else import_string(settings.CLAIMS)(job.asked_by)


def _start(job):
    if job.is_over or _waits_for_antivirus(job):
        return False
    if job.attempts >= POISON:
        _finish(job, JobState.FAILED, POISONED)
        return False
    job.state, job.attempts, job.done = JobState.RUNNING, job.attempts + 1, 0
    job.save()
    return True


def _waits_for_antivirus(job):
    """True when the file of this job is not to be read: it comes back once scanned, and ends here when infected."""
    if not isinstance(job, Deposited):
        return False
    try:
        check_scanned(job)
    except Infected as refusal:
        _finish(job, JobState.FAILED, refusal.message)
    except Conflict:
        write_progress(job, SCANNED_FIRST, 0)
    else:
        return False
    return True


def _outcome(job, allowed, work):
    """Do the job with the claims of its author; return its state, and the sentence that says why it is not done."""
    try:
        with acting(_claims(job)):
            if not job.from_console and not allowed(job):
                return JobState.REFUSED, REFUSED
            work(job, lambda step, done=None: write_progress(job, step, done))
    except DomainError as error:
        return JobState.FAILED, error.message
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("%s %s", job.task, job.pk)
        return JobState.FAILED, NO_ROOM if is_out_of_room(error) else FAILED
    return JobState.DONE, ""


def _finish(job, state, error):
    job.state, job.error, job.finished_on = state, error, timezone.now()
    if state == JobState.DONE:
        job.done, job.step = job.total, "Terminé"
    with acting(EVERYTHING):  # how it ended is written even when its author sees nothing any more
        job.save()
