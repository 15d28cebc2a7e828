"""Migrations go back as well as forward, and those to come do not stop the portal."""

import subprocess

import pytest
from django.db import connection
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from clauses_portal.core.second_lock.apply import apply
from tests.support.migrations_linter import baseline, ours, refused
from tests.support.scratch import scratch_database


@pytest.fixture(scope="module")
def migrations():
    return ours(MigrationLoader(None))


def test_the_baseline_names_migrations_that_exist(migrations):
    assert baseline() - migrations.keys() == set()


@pytest.mark.django_db
def test_migrations_after_the_baseline_pass_the_linter():
    assert refused(quiet=True) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        'ALTER TABLE "accounts_user" DROP COLUMN "phone" CASCADE;',
        'ALTER TABLE "accounts_user" RENAME COLUMN "phone" TO "telephone";',
        'ALTER TABLE "accounts_user" ADD COLUMN "grade" varchar(10) NOT NULL;',
        'DROP TABLE "accounts_formdraft" CASCADE;',
        'CREATE INDEX "slow" ON "accounts_user" ("phone");',
    ],
)
def test_the_linter_refuses_what_stops_a_portal_in_service(statement, monkeypatch):
    monkeypatch.setattr(MigrationLinter, "get_sql", lambda *of: ["BEGIN;", statement, "COMMIT;"])
    assert refused(["accounts.0003_software_accounts"], quiet=True) == ["accounts.0003_software_accounts"]


def test_raw_sql_and_python_know_the_way_back(migrations):
    for name, migration in migrations.items():
        for operation in migration.operations:
            if isinstance(operation, RunSQL | RunPython):
                assert operation.reversible, name


@pytest.fixture(scope="module")
def scratch(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), scratch_database() as database:
        yield database


def test_raw_sql_goes_back_and_comes_again(scratch):
    """All of it undone from the last to the first, then done again: the database is what it was."""
    before, raw = schema(scratch), _raw_sql()
    with connection.schema_editor() as editor:
        for app, operation in reversed(raw):
            operation.database_backwards(app, editor, None, None)
    undone = schema(scratch)
    with connection.schema_editor() as editor:
        for app, operation in raw:
            operation.database_forwards(app, editor, None, None)
    apply()
    assert schema(scratch) == before != undone


def test_migrations_go_back_and_come_again(scratch):
    before, executor = schema(scratch), MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    for migration in reversed(_last_ones(executor)):
        MigrationExecutor(connection).migrate(None, plan=[(migration, True)])
    assert schema(scratch) != before
    MigrationExecutor(connection).migrate(leaves)
    apply()
    assert schema(scratch) == before


def _raw_sql():
    """[(app, operation)] of every RunSQL of ours, in the order in which migrations are applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    known = ours(executor.loader).values()
    return [
        (one.app_label, step) for one, _ in plan if one in known for step in one.operations if isinstance(step, RunSQL)
    ]


def _last_ones(executor):
    """The migrations after the baseline on which no other rests, and the last of the kernel, in their order.

    Not the others: to undo one, Django builds every model twice at each of its operations.
    """
    graph, known = executor.loader.graph, ours(executor.loader)
    wanted = {name for name in known if name not in baseline() or name.startswith("core.")}
    last = {node for node in graph.leaf_nodes() if len(graph.backwards_plan(node)) == 1 and ".".join(node) in wanted}
    everything = executor.migration_plan(graph.leaf_nodes(), clean_start=True)
    return [one for one, _ in everything if (one.app_label, one.name) in last]


def schema(database):
    """The structure of a database as pg_dump writes it: tables, constraints, triggers, functions, policies, rights."""
    command = [database.program("pg_dump"), "--schema-only", "--no-comments", "--restrict-key=same"]
    done = subprocess.run(command, env=database.environment(), capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
