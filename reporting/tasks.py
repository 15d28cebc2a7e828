"""Background work: ids in, rights checked again, one effect however often it is delivered."""

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from clauses_portal.core import jobs
from participants.alert_rules import run_rules
from reporting import alert_rules
from reporting.models import DataImport, ExportJob, NominativeList, PackageExport, ProductionBatch, Statement
from reporting.services import (
    batches,
    closing,
    data_imports,
    drafts,
    nominative,
    packages,
    production,
    stored_papers,
)


@jobs.job_task()
def produce_statement(job_pk):
    """Produce the document of a job."""
    jobs.run(ExportJob, job_pk, allowed=still_allowed, work=production.produce)


def still_allowed(job):
    """May its author still publish this statement, now?"""
    return Statement.objects.publishable_by(job.asked_by).filter(pk=job.statement_id).exists()


@jobs.job_task()
def produce_batch(batch_pk):
    """Open the drafts of a quarter and ask for their documents."""
    jobs.run(ProductionBatch, batch_pk, allowed=batches.may_produce, work=batches.do_batch)


@shared_task
def republish_forgotten_jobs():
    """Every 30 s: send again what the broker lost or a killed worker left."""
    jobs.resend_forgotten(ExportJob)
    jobs.resend_forgotten(ProductionBatch)
    jobs.resend_forgotten(NominativeList)
    jobs.resend_forgotten(PackageExport)
    jobs.resend_forgotten(DataImport)


@jobs.job_task()
def produce_nominative_list(asked_pk):
    """Make the files of a nominative list."""
    jobs.run(NominativeList, asked_pk, allowed=nominative.may_still_ask, work=nominative.produce)


@shared_task
def erase_expired_lists():
    """Every ten minutes: erase the files of the nominative lists that expired."""
    nominative.erase_expired()


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=30, max_retries=3)
def prepare_drafts():
    """Every working morning: the drafts of the last quarter, and the reminders of those not published."""
    drafts.prepare_drafts(timezone.localdate())


@shared_task
def watch_papers():
    """Every night: each published file is as it was sent, and no file is left that nobody names."""
    stored_papers.verify()
    stored_papers.sweep()


@shared_task(soft_time_limit=600, time_limit=660)
def raise_closing_alerts():
    """Every night: markets over without a closing report (A23). Run twice, it does nothing more."""
    run_rules(rules=alert_rules.RULES)


@shared_task(soft_time_limit=600, time_limit=660)
def suggest_closing_versions():
    """Every night: closing reports whose situations at three or six months became known. Once each."""
    closing.suggest_new_versions()


@jobs.job_task(most=1800)
def export_package(asked_pk):
    """Write the package of an export asked for."""
    jobs.run(PackageExport, asked_pk, allowed=packages.may_still_ask, work=packages.produce_package)


@jobs.job_task(most=3600)
def import_package(run_pk):
    """Try a package or a foreign file, or record it."""
    jobs.run(DataImport, run_pk, allowed=data_imports.may_still_import, work=data_imports.do_import)


@shared_task
def erase_old_packages():
    """Every hour: delete the packages nobody takes away any more, and the files nobody recorded."""
    packages.erase_old_packages()
    data_imports.erase_abandoned()
