"""The clock of the tasks, which also watches: were the workers dead, nobody else would say so."""

import logging
import time

from celery.beat import PersistentScheduler
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils.module_loading import import_string

from clauses_portal.core.second_lock import EVERYTHING, acting

logger = logging.getLogger(__name__)

# Seconds between two rounds.
ROUND = 60


class WatchfulClock(PersistentScheduler):
    """Celery's own, which signs that it lives and has the other parts watched (settings.PULSE_WATCH)."""

    _next_round = 0.0

    def tick(self, *args, **kwargs):
        if time.monotonic() >= self._next_round:
            self._next_round = time.monotonic() + ROUND
            make_round()
        return super().tick(*args, **kwargs)


def make_round():
    """Sign, and watch. A database that is away stops neither the clock nor its next round."""
    if not connection.in_atomic_block:  # never the connection of a test under way
        close_old_connections()
    try:
        with acting(EVERYTHING, standing=True):
            import_string(settings.PULSE_WATCH)()
    except (DatabaseError, InterfaceError):
        logger.warning("horloge : base de données indisponible, ronde remise")
