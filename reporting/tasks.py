"""Background work: ids in, rights checked again, one effect however often it is delivered."""

from celery import shared_task
from django.db import InterfaceError, OperationalError

from clauses_portal.core import jobs
from facilitators.enums import Permission
from reporting.models import ExportJob, Statement
from reporting.services import statements


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=2, max_retries=5)
def produce_statement(job_pk):
    """Produce the document of a job."""
    jobs.run(ExportJob, job_pk, allowed=still_allowed, work=statements.produce)


def still_allowed(job):
    """May its author still publish this statement, now?"""
    allowed = Statement.objects.actionable_by(job.asked_by, Permission.PUBLISH_STATEMENTS)
    return allowed.filter(pk=job.statement_id).exists()


@shared_task
def republish_forgotten_jobs():
    """Every 30 s: send again what the broker lost or a killed worker left."""
    jobs.resend_forgotten(ExportJob)
