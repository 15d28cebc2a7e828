"""How the task of a job is declared: tried again when the database goes away, stopped when it lasts too long."""

from celery import shared_task
from django.db import InterfaceError, OperationalError

# What a task that is stopped has to put things in order (s).
GRACE = 60


def job_task(*, most=None):
    """Decorate the task of a job. `most`: seconds it may last, those of the settings unless given."""
    limits = {"soft_time_limit": most, "time_limit": most + GRACE} if most else {}
    return shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=2, max_retries=5, **limits)
