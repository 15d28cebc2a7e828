from contextlib import contextmanager

from django.db import connection


@contextmanager
def waited_lock(space, number, *, on=connection, waiting):
    """Hold the lock `(space, number)` for the block, once whoever has it lets it go; `waiting()` says that we wait.

    `on` is a database connection, whose session holds the lock.
    """
    if not _call(on, "pg_try_advisory_lock", space, number):
        waiting()
        _call(on, "pg_advisory_lock", space, number)
    try:
        yield
    finally:
        _call(on, "pg_advisory_unlock", space, number)


@contextmanager
def advisory_lock(space, number):
    """Yield True when this session got the lock `(space, number)`, False when another holds it.

    Held by the session, outside any transaction: a killed worker loses its connection, hence its lock.
    """
    obtained = _call(connection, "pg_try_advisory_lock", space, number)
    try:
        yield obtained
    finally:
        if obtained:
            _call(connection, "pg_advisory_unlock", space, number)


def _call(on, function, space, number):
    with on.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext(%s), %s)", [space, number])
        return cursor.fetchone()[0]
