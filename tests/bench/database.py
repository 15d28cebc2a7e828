"""The bench's own database, beside the one in force: made anew when its size or its recipe changes, else kept.

Nothing is measured here, but how long it takes is printed.
"""

import hashlib
import time
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from tests.bench.bulk import analyse
from tests.bench.generator import fill
from tests.bench.settings import DATABASE

RECIPE = ("bulk.py", "generator.py", "people.py", "places.py", "sizes.py", "tenders.py")


def make_ready(size):
    """Have a database of this size ready; return a sentence on what was done."""
    if connection.settings_dict["NAME"] != DATABASE:
        raise RuntimeError("The bench runs on its own database, with its own settings.")
    wanted = signature(size)
    if mark() == wanted:
        return f"base {DATABASE} réutilisée"
    begun = time.perf_counter()
    administer(f"DROP DATABASE IF EXISTS {DATABASE}", f"CREATE DATABASE {DATABASE}")
    call_command("migrate", verbosity=0)
    migrated = time.perf_counter()
    fill(size)
    analyse()
    # set last: a filling that was interrupted is done again
    administer(f"COMMENT ON DATABASE {DATABASE} IS '{wanted}'")
    done = time.perf_counter()
    return f"base {DATABASE} refaite : migrations {migrated - begun:.1f} s, données {done - migrated:.1f} s"


def signature(size):
    """What the database should be: the size, the migrations and the text of the generator."""
    nodes = sorted(MigrationLoader(None).graph.leaf_nodes())
    texts = [(Path(__file__).parent / name).read_bytes() for name in RECIPE]
    return f"{size.name} {hashlib.sha256(repr((size, nodes, texts)).encode()).hexdigest()[:16]}"


def mark():
    """The comment on the bench's database, None without a database or a comment."""
    return administer(f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{DATABASE}'")  # noqa: S608


def administer(*statements):
    """Run statements from the maintenance database; return the first value of the last one, if any."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        row = cursor.fetchone() if cursor.description else None
    return row and row[0]
