"""The migrated database that each test database copies."""

import pytest
from django.apps import apps
from django.db import connection

from tests.support import template_database
from tests.support.template_database import PREFIX, built_once, template_name
from tests.support.threads import race

NAME = f"{PREFIX}of_one_test"


@pytest.fixture
def nothing_left(transactional_db):
    yield
    with connection._nodb_cursor() as cursor:
        for name in (NAME, f"unfinished_{NAME}"):
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


@pytest.mark.usefixtures("nothing_left")
def test_two_processes_that_start_together_build_it_once(monkeypatch):
    monkeypatch.setattr(template_database, "KEPT", 100)  # those of the run under way stay
    built = []
    assert race(*[lambda: built_once(NAME, built.append)] * 2) == [NAME, NAME]
    assert built == [f"unfinished_{NAME}"]


@pytest.mark.usefixtures("nothing_left")
def test_one_that_was_interrupted_is_begun_again(monkeypatch):
    monkeypatch.setattr(template_database, "KEPT", 100)

    def break_down(name):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        built_once(NAME, break_down)
    built = []
    built_once(NAME, built.append)
    assert len(built) == 1


def test_another_migration_is_another_template(tmp_path, monkeypatch):
    (tmp_path / "migrations").mkdir()
    migration = tmp_path / "migrations" / "0001_initial.py"
    monkeypatch.setattr(apps.get_app_config("markets"), "path", str(tmp_path))
    names = []
    for text in ("", "operations = []", "operations = [1]"):
        migration.write_text(text)
        names.append(template_name())
    assert len(set(names)) == 3
