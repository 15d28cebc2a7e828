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
from tests.support.quick_migrations import quick_migrations
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


def test_the_last_migrations_go_back_and_come_again(scratch):
    before, executor = schema(scratch), MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    for migration in reversed(_last_ones(executor)):  # one by one: together, Django builds every model at each step
        MigrationExecutor(connection).migrate(None, plan=[(migration, True)])
    assert schema(scratch) != before
    with quick_migrations():
        MigrationExecutor(connection).migrate(leaves)
    apply()
    assert schema(scratch) == before


def _last_ones(executor):
    """The last migration of each of our apps on which no other rests, in the order in which they are applied."""
    graph, known = executor.loader.graph, ours(executor.loader).values()
    last = {node for node in graph.leaf_nodes() if len(graph.backwards_plan(node)) == 1}
    everything = executor.migration_plan(graph.leaf_nodes(), clean_start=True)
    return [one for one, _ in everything if (one.app_label, one.name) in last and one in known]


def schema(database):
    """The structure of a database as pg_dump writes it: tables, constraints, triggers, functions, policies, rights."""
    command = [database.program("pg_dump"), "--schema-only", "--no-comments", "--restrict-key=same"]
    done = subprocess.run(command, env=database.environment(), capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
