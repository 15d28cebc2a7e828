"""Speaking to the database behind the application's back, as a tired colleague would."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from tests.support.application_role import as_owner


def execute(sql, *parameters):
    """Run raw SQL; returns the rows of a query, None otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else None


@contextmanager
def refused(sqlstate, constraint=None):
    """The block must be refused by the database with this SQLSTATE, by this constraint when it is given."""
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        yield
    cause = raised.value.__cause__
    assert cause.pgcode == sqlstate, cause
    if constraint:
        assert cause.diag.constraint_name == constraint


def holders_of(text):
    """Names of the tables of which a row, whatever the column, holds this text."""
    tables = [name for name in connection.introspection.table_names() if not name.startswith("pg_")]
    held = 'SELECT EXISTS (SELECT 1 FROM "{}" AS kept WHERE strpos(kept::text, %s) > 0)'
    with as_owner():
        return [name for name in sorted(tables) if execute(held.format(name), text)[0][0]]
