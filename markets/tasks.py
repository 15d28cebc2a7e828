"""Background work on markets: ids in, rights checked again."""

from celery import shared_task
from django.db import InterfaceError, OperationalError

from clauses_portal.core import jobs
from facilitators.enums import Permission
from facilitators.permissions import directorates_for, scope_of
from markets.directory import DirectoryAway
from markets.models import DocumentJob, ImportRun, Lot, ProgrammeImport
from markets.services import company_directory, decp_watch, documents, imports, opinion, programme


@jobs.job_task()
def import_file(run_pk):
    """Import, or try, a file of procurement data."""
    jobs.run(ImportRun, run_pk, allowed=still_allowed, work=imports.do_import)


def still_allowed(run):
    """May its author still import, now?"""
    return scope_of(run.asked_by).allows(Permission.IMPORT_MARKETS)


@jobs.job_task(most=600)
def import_programme(run_pk):
    """Import, or try, the yearly programme of a direction: some thousand lines, each checked as if typed by hand."""
    jobs.run(ProgrammeImport, run_pk, allowed=may_manage_direction, work=programme.do_programme_import)


def may_manage_direction(run):
    """May its author still write in the programme of this direction, amounts included?"""
    return all(
        directorates_for(run.asked_by, permission).filter(pk=run.directorate_id).exists()
        for permission in (Permission.MANAGE_MARKETS, Permission.MANAGE_AMOUNTS)
    )


@jobs.job_task()
def produce_documents(job_pk):
    """Produce the four documents of a lot."""
    jobs.run(DocumentJob, job_pk, allowed=may_produce, work=documents.do_documents)


def may_produce(job):
    """May its author still produce the documents of this lot, now?"""
    allowed = Lot.objects.actionable_by(job.asked_by, Permission.PRODUCE_DOCUMENTS)
    return allowed.filter(pk=job.lot_id).exists()


@shared_task
def republish_forgotten_jobs():
    """Every 30 s: send again what the broker lost or a killed worker left."""
    jobs.resend_forgotten(ImportRun)
    jobs.resend_forgotten(ProgrammeImport)
    jobs.resend_forgotten(DocumentJob)


@shared_task
def remind_awaited_opinions():
    """Every morning, before the mails: opinions whose term comes in a week, or passed the day before."""
    opinion.remind_awaited()


@shared_task(autoretry_for=(DirectoryAway, OperationalError, InterfaceError), retry_backoff=30, max_retries=3)
def check_company(company_pk):
    """Ask the public directory about a company that has just been recorded."""
    company_directory.check_new(company_pk)


@shared_task
def check_companies():
    """Every night: ask the public directory about the companies nobody has checked."""
    company_directory.check_waiting()


@shared_task
def watch_published_data():
    """Every night: have the published data of the watched buyers read again."""
    decp_watch.ask_all()


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=30, max_retries=3)
def import_watched(watch_pk):
    """Read the published data of a buyer, import them if they changed."""
    decp_watch.read_again(watch_pk)
