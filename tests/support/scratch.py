"""A migrated database for one purpose, beside the one of the tests: what is committed there disturbs nobody."""

import secrets
from contextlib import contextmanager

from django.db import connection

from clauses_portal.core.backup.server import Database
from tests.support import template_database
from tests.support.quick_migrations import quick_migrations


@contextmanager
def scratch_database():
    """Yield the `Database` of a copy of the migrated database; Django's own connection leads there meanwhile."""
    with quick_migrations():
        template = template_database.built_once(template_database.template_name(), template_database._migrate)
    name = f"scratch_{secrets.token_hex(6)}"
    _server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        with led_to(name):
            yield Database.of(connection)
    finally:
        _server(f'DROP DATABASE "{name}"')


@contextmanager
def led_to(name):
    """Within the block, Django's connection leads to this database."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def _server(statement):
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
