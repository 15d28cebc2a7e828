from contextlib import contextmanager

from django.db import connection


@contextmanager
def advisory_lock(space, number):
    """Yield True when this session got the lock `(space, number)`, False when another holds it.

    Held by the session, outside any transaction: a killed worker loses its connection, hence its lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", [space, number])
        obtained = cursor.fetchone()[0]
    try:
        yield obtained
    finally:
        if obtained:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", [space, number])
