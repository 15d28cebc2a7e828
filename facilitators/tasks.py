"""Background work on people: mails."""

from celery import shared_task

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
