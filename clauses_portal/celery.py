"""The Celery application: settings are Django's CELERY_*, tasks live in each app's tasks.py."""

from celery import Celery

app = Celery("clauses_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
