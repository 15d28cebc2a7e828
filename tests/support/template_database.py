"""One migrated database per set of migrations, of which each test database is a copy: migrating costs half a minute.

Django migrates the copy again, which finds nothing to do: a template that lacked a migration would only be slower.
"""

import hashlib
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

PREFIX = "template_tests_"
UNFINISHED = "unfinished_"
# Several branches are tested in turn on one server; those nobody used for long are dropped.
KEPT = 4
# One builder at a time on a server, whatever the process (a number of ours, no other meaning).
LOCK = 20_260_915


def use_template():
    """Have Django copy the template of these migrations when it creates the test database."""
    connection.settings_dict["TEST"]["TEMPLATE"] = built_once(template_name(), _migrate)


def template_name():
    """The name of the template: what decides the content of a migrated database is in it."""
    digest = hashlib.sha256(repr((django.VERSION, settings.INSTALLED_APPS, settings.AUTH_USER_MODEL)).encode())
    digest.update(Path(__file__).read_bytes())
    for path in sorted(Path(settings.BASE_DIR, "clauses_portal").glob("**/second_lock/*.py")):
        digest.update(path.read_bytes())
    digest.update(Path(import_module(settings.PROTECTED_TABLES).__file__).read_bytes())
    for config in apps.get_app_configs():
        for path in sorted((Path(config.path) / "migrations").glob("*.py")):
            digest.update(f"{config.label}/{path.name}\0".encode() + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def built_once(name, build):
    """Return `name`, a database that exists from now on: `build(name)` fills it when nobody has yet.

    Two processes that start together build it once. It takes its name when it is whole: one that was interrupted
    is begun again.
    """
    with _alone() as cursor:
        if name not in _templates(cursor):
            unfinished = UNFINISHED + name
            cursor.execute(f'DROP DATABASE IF EXISTS "{unfinished}"')
            cursor.execute(f'CREATE DATABASE "{unfinished}"')
            build(unfinished)
            cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
            _drop_old(cursor)
    return name


@contextmanager
def _alone():
    """A cursor outside every test database, in a session that holds the lock of the builders."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield cursor


def _templates(cursor, prefix=PREFIX):
    """Names of the templates, the oldest first."""
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [prefix])
    return [name for (name,) in cursor.fetchall()]


def _drop_old(cursor):
    """Drop the templates nobody used for long, and those that an interruption left (nobody else is building)."""
    for name in [*_templates(cursor)[:-KEPT], *_templates(cursor, UNFINISHED + PREFIX)]:
        with suppress(DatabaseError):  # somebody is copying it
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _migrate(name):
    """Migrate this database; the connection comes back to its own."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
        _spread_keys()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def _spread_keys():
    """Have the keys of each table begin far from one, and from those of the other tables.

    A key printed as a figure (« 4 596 ») or taken for the key of another table is then wrong in any test.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT setval(seqrelid::regclass, 1000 * row_number() OVER (ORDER BY seqrelid::regclass::text))
            FROM pg_sequence JOIN pg_class ON pg_class.oid = seqrelid
            WHERE relkind = 'S' AND seqtypid = 'bigint'::regtype
            """
        )
