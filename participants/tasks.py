"""Background work on persons and hours: ids in, rights checked again, one effect however often it is delivered."""

from datetime import timedelta

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from clauses_portal.core import jobs
from facilitators.enums import Permission
from facilitators.permissions import territories_for
from participants.alert_rules import run_rules
from participants.models import HoursImport
from participants.services import exits, hours_imports, referrals, reminders
from participants.services.hours import recount_moved_lots as recount_moved


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
