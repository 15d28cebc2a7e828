"""Background work on people: mails."""

from celery import shared_task

from facilitators.notifications import mail_waiting


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=3)
def mail_notifications():
    """Every morning: one mail per person with what she was not told yet."""
    mail_waiting()
