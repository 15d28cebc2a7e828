"""The project: settings, addresses, worker; the shared kernel is in `core`, the accounts in `accounts`."""

from clauses_portal.celery import app as celery_app

__all__ = ["celery_app"]
