"""Background work on persons and hours: ids in, rights checked again, one effect however often it is delivered."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from clauses_portal.core import jobs
from facilitators.enums import Permission
from facilitators.permissions import territories_for
from participants.alert_rules import run_rules
from participants.models import AccessExport, HoursImport
from participants.services import exits, hours_imports, reading_watch, referrals, reminders
from participants.services.hours import recount_moved_lots as recount_moved
from participants.services.privacy import copies, requests, retention


@shared_task(soft_time_limit=1800, time_limit=1860)
def raise_alerts():
    """Every night: report what the rules find, close what is gone. Run twice, it does nothing more."""
    run_rules()


@shared_task(soft_time_limit=600, time_limit=660)
def open_exits():
    """Every night: the situations to ask of the contracts whose term has come. Run twice, it does nothing more."""
    exits.open_exits_of_the_day()


@shared_task
def report_silences():
    """Every morning, before the mails: tell the buyer of the proposals no company answered. Once each."""
    referrals.report_silences()


@jobs.job_task(most=600)
def import_hours(run_pk):
    """Try a statement of hours, or record it: five thousand lines, each under every rule of the grid."""
    jobs.run(HoursImport, run_pk, allowed=may_import_hours, work=hours_imports.do_hours_import)


def may_import_hours(run):
    """May its author still type hours in this territory, now?"""
    return territories_for(run.asked_by, Permission.ENTER_HOURS).filter(pk=run.territory_id).exists()


@shared_task
def republish_forgotten_jobs():
    """Every 30 s: send again what the broker lost or a killed worker left."""
    jobs.resend_forgotten(HoursImport)
    jobs.resend_forgotten(AccessExport)


@shared_task(soft_time_limit=600, time_limit=660)
def remind_companies():
    """Every morning: one reminder to each company that owes its hours of a month. Once a step."""
    reminders.remind_silent()


@shared_task(autoretry_for=(OperationalError, InterfaceError), max_retries=2, soft_time_limit=600, time_limit=660)
def recount_moved_lots():
    """Every five minutes: the hours of the lots whose dates, rule or objective moved within the hour."""
    recount_moved(timezone.now() - timedelta(hours=1))


@shared_task(autoretry_for=(OperationalError, InterfaceError), max_retries=2, soft_time_limit=1800, time_limit=1860)
def recount_lots_of_the_week():
    """Every night: the same over a week, for what a stopped worker missed."""
    recount_moved(timezone.now() - timedelta(days=7))


@jobs.job_task()
def gather_access_export(asked_pk):
    """Gather everything the portal holds on a person, for her."""
    jobs.run(AccessExport, asked_pk, allowed=copies.may_still_ask, work=copies.produce_copy)


@shared_task
def erase_expired_copies():
    """Every ten minutes: erase the copies of data that expired."""
    copies.erase_expired_copies()


@shared_task
def remind_of_data_requests():
    """Every working morning: tell of the requests on data that nobody answered in time."""
    requests.remind_of_requests()


@shared_task(soft_time_limit=1800, time_limit=1860)
def apply_retention():
    """Every night, when the office has switched it on: archive, anonymise, purge. Run twice, it does nothing more."""
    if settings.RETENTION_SCHEDULED:
        retention.apply_retention(apply=True)


@shared_task
def watch_readings():
    """Every quarter of an hour: tell of the nominative readings that look like no other."""
    reading_watch.watch()
