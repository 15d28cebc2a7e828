"""Background work on people and programs: mails, automatic messages, keys."""

from celery import shared_task

from clauses_portal.accounts.sessions import forget_ended
from clauses_portal.core import scan_rounds
from facilitators import file_watch, webhook_sending
from facilitators.api.idempotency import forget_old_answers
from facilitators.journal_keeping import purge
from facilitators.key_watch import warn_of_expiry
from facilitators.mail import send_waiting
from facilitators.notifications import mail_waiting


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=3)
def mail_notifications():
    """Every morning: one mail per person with what she was not told yet."""
    mail_waiting()


@shared_task
def send_mails():
    """As soon as a mail is written, and every minute: hand the outbox to the mail server."""
    send_waiting()


@shared_task
def send_webhooks():
    """As soon as an event is told, and every minute: send the messages programs wait for."""
    webhook_sending.send_waiting()


@shared_task
def forget_messages():
    """Every night: forget the messages to programs that were settled long ago."""
    webhook_sending.forget_old()


@shared_task
def warn_of_key_expiry():
    """Every morning: tell who follows a key that it ends soon."""
    warn_of_expiry()


@shared_task
def forget_repeated_requests():
    """Every night: erase the answers kept for requests that programs repeat."""
    forget_old_answers()


@shared_task
def forget_sessions():
    """Every night: erase the sessions that are over."""
    forget_ended()


@shared_task
def scan_files():
    """As soon as a file is deposited, and every minute: have the antivirus read what waits for it."""
    file_watch.scan_files()


@shared_task(soft_time_limit=1800, time_limit=1860)
def ask_forgotten_scans():
    """Every month: have the antivirus read the files that nobody asked it to read."""
    scan_rounds.ask_forgotten()


@shared_task
def purge_journal():
    """Every night: erase what the journal has kept a year."""
    purge()
