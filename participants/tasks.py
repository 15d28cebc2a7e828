"""Background work on persons and hours: ids in, rights checked again, one effect however often it is delivered."""

from celery import shared_task

from participants.alert_rules import run_rules
from participants.services import exits, referrals


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
