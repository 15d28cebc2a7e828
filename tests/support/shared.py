"""A world that costs a second to make, made once for the tests of a module that only read it."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def for_the_module(django_db_blocker):
    """Within it, rows are written in a transaction that lasts as long as the module's fixture, then is undone.

    The tests of the module run in savepoints of that transaction, and must not use the factories of what it holds.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
