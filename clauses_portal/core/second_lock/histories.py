"""Histories only grow, but for who owns the tables and says so: the demonstration dates its acts in the past."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def rewritten_histories():
    """Within it, in one transaction, lines of history may be changed. The role of the application still may not."""
    with transaction.atomic():
        _say("on")
        yield
        _say("")


def _say(word):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.forgetting', %s, true)", [word])
