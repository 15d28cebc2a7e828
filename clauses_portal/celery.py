"""The Celery application: settings are Django's CELERY_*, tasks live in each app's tasks.py."""

from logging.config import dictConfig

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

app = Celery("clauses_portal", task_cls="clauses_portal.core.second_lock.tasks:PortalTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_the_portal(**_):
    """The worker would else set handlers of its own, which tell what a task was given and what it answered."""
    dictConfig(settings.LOGGING)
