"""Background work on markets: ids in, rights checked again."""

from celery import shared_task
from django.db import InterfaceError, OperationalError

from clauses_portal.core import jobs
from facilitators.enums import Permission
from facilitators.permissions import scope_of
from markets.models import ImportRun
from markets.services import imports


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=2, max_retries=5)
def import_file(run_pk):
    """Import, or try, a file of procurement data."""
    jobs.run(ImportRun, run_pk, allowed=still_allowed, work=imports.do_import)


def still_allowed(run):
    """May its author still import, now?"""
    return scope_of(run.asked_by).allows(Permission.IMPORT_MARKETS)


@shared_task
def republish_forgotten_jobs():
    """Every 30 s: send again what the broker lost or a killed worker left."""
    jobs.resend_forgotten(ImportRun)
