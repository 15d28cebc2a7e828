from contextlib import contextmanager

from django.db import connection


@contextmanager
def waited_lock(space, number, *, on=connection, waiting):
    """Hold the lock `(space, number)` for the block, once whoever has it lets it go; `waiting()` says that we wait.

    `on` is a database connection, whose session holds the lock.
    """
    with on.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", [space, number])
        if not cursor.fetchone()[0]:
            waiting()
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s), %s)", [space, number])
    try:
        yield
    finally:
        with on.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", [space, number])


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
