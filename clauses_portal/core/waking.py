"""Waking a worker: a courtesy, never a need. With the broker away the clock finds what was left (docs/adr/0004)."""

import logging

from django.db import connection, transaction
from kombu.exceptions import OperationalError

from clauses_portal.celery import app

logger = logging.getLogger(__name__)


def wake(task, *args, otherwise):
    """Send this task to a worker now. False, and no exception, when the broker is away: the log then says `otherwise`,
    what will happen without it."""
    try:
        app.send_task(task, args=list(args), retry=False)
    except (OperationalError, OSError):
        logger.warning("courtier indisponible : %s", otherwise)
        return False
    return True


def once_on_commit(action):
    """Have `action()` called once the transaction is committed, once however often it is asked within it.

    With the broker away, each call would wait for it.
    """
    if not any(planned[1] is action for planned in connection.run_on_commit):
        transaction.on_commit(action)
