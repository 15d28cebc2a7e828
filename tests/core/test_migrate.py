"""Two deployments at once: one migrates, the other waits and finds nothing left to do."""

import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from clauses_portal.core.backup.server import Database
from clauses_portal.core.locks import waited_lock
from tests.support.scratch import scratch_database

WAITS = "Une autre migration est en cours"


@pytest.fixture
def scratch(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), scratch_database() as database:
        yield database


def migrating(database, *arguments):
    """`manage.py migrate` on this database, in a process of its own."""
    known = database.parameters
    host, password = quote(known["host"], safe="/"), quote(known.get("password", ""))
    address = f"postgresql://{known['user']}:{password}@/{host}/{database.name}"
    if not known["host"].startswith("/"):
        address = f"postgresql://{known['user']}:{password}@{host}:{known.get('port', 5432)}/{database.name}"
    return subprocess.Popen(
        [sys.executable, settings.BASE_DIR / "manage.py", "migrate", *arguments],
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "clauses_portal.settings.dev"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_second_migration_waits_for_the_first(scratch):
    with waited_lock("migrate", 1, waiting=pytest.fail):
        second = migrating(scratch)
        assert WAITS in second.stderr.readline()
        assert second.poll() is None
    said, _ = second.communicate(timeout=120)
    assert second.returncode == 0, said


def test_asking_what_is_left_to_migrate_waits_for_nobody(scratch):
    with waited_lock("migrate", 1, waiting=pytest.fail):
        asked = migrating(scratch, "--check")
        asked.communicate(timeout=120)
    assert asked.returncode == 0


def test_two_migrations_started_together_apply_each_change_once(scratch):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE core_auditedchange")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core' AND name >= '0003' RETURNING name")
        undone = [name for (name,) in cursor.fetchall()]
    both = [migrating(scratch) for _ in range(2)]
    said = [one.communicate(timeout=240) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    for name in undone:
        assert sum(f"Applying core.{name}" in out for out, _ in said) == 1
    assert Database.of(connection).name == scratch.name
