"""A backup is restored aside and compared: the same, or a sentence that says what is not."""

import os
import shutil
import stat

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.db import connection

from clauses_portal.core.backup import BackupFailed, server
from clauses_portal.core.backup.checking import verify_backup
from clauses_portal.core.backup.folder import FILES
from clauses_portal.core.backup.making import make_backup
from clauses_portal.core.backup.restoring import restore_backup
from tests.support.backups import (
    ALTERATIONS,
    PAPERS,
    SPOILT_FILES,
    WHOLE,
    alter_dump,
    furnish,
    manifest_of,
    redump_altered,
    seal_again,
    spoil_files,
    truncate_dump,
)
from tests.support.scratch import scratch_database

MINE = f"{server.ASIDE}{os.getpid()}_"


@pytest.fixture(scope="module")
def source(django_db_setup, django_db_blocker):
    """(database, storage) of a small portal."""
    with django_db_blocker.unblock(), scratch_database() as database:
        yield database, furnish()


@pytest.fixture(scope="module")
def whole(source, tmp_path_factory):
    """The folder of a whole backup, which no test changes."""
    folder = tmp_path_factory.mktemp("backup") / "whole"
    make_backup(*source, folder)
    return folder


@pytest.fixture
def database(source, whole):
    return source[0]


@pytest.fixture
def copy(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "copy")


@pytest.fixture(autouse=True)
def _told_apart(monkeypatch):
    """Another process of the suite may be verifying a backup on the same server."""
    monkeypatch.setattr(server, "ASIDE", MINE)


def databases_aside():
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [MINE])
        return cursor.fetchall()


def test_a_whole_backup_is_restored_the_same(whole, database):
    verdict = verify_backup(whole, database)
    assert verdict.differences == []
    assert verdict.manifest["tables"]["public.participants_participant"]["rows"] == 3
    assert databases_aside() == []


@pytest.fixture(scope="module")
def of_an_altered_database(whole, source, tmp_path_factory):
    """What the verification says of a backup whose dump is that of an altered database."""
    folder = shutil.copytree(whole, tmp_path_factory.mktemp("altered") / "backup")
    redump_altered(folder, source[0])
    return verify_backup(folder, source[0]).differences


@pytest.fixture(scope="module")
def of_spoilt_files(whole, source, tmp_path_factory):
    """What the verification says of a backup whose files were altered or taken away."""
    folder = shutil.copytree(whole, tmp_path_factory.mktemp("spoilt") / "backup")
    spoil_files(folder)
    return verify_backup(folder, source[0]).differences


@pytest.mark.parametrize("statement", ALTERATIONS)
def test_an_alteration_of_the_database_is_told(statement, of_an_altered_database):
    assert ALTERATIONS[statement] in "\n".join(of_an_altered_database)


def test_nothing_else_is_told_of_an_altered_database(of_an_altered_database):
    expected = ALTERATIONS.values()
    assert [line for line in of_an_altered_database if not any(words in line for words in expected)] == []


@pytest.mark.parametrize("name", SPOILT_FILES)
def test_a_spoilt_file_is_told(name, of_spoilt_files):
    assert f"Fichier «\xa0{name}\xa0» : {SPOILT_FILES[name]}." in of_spoilt_files


def test_an_altered_dump_is_told_before_it_is_restored(copy, database):
    alter_dump(copy)
    assert verify_backup(copy, database).differences == [
        "database.dump a été altéré ou tronqué : son empreinte n’est plus la même."
    ]


def test_a_truncated_dump_is_told_even_when_its_digest_agrees(copy, database):
    truncate_dump(copy)
    (sentence,) = verify_backup(copy, database).differences
    assert sentence.startswith("La base ne se restaure pas")
    assert databases_aside() == []


def test_a_missing_part_is_told(copy, database):
    (copy / FILES).unlink()
    assert verify_backup(copy, database).differences == ["files.tar manque."]


def test_only_its_owner_reads_a_backup(whole):
    assert stat.S_IMODE(whole.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in whole.iterdir()} == {0o600}


def test_a_backup_never_replaces_another(source, whole):
    with pytest.raises(BackupFailed, match="existe déjà"):
        make_backup(*source, whole)


def test_a_backup_that_fails_leaves_no_folder_under_its_name(source, tmp_path):
    with pytest.raises(BackupFailed, match="ne répond pas"):
        make_backup(source[0].named("no_such_database"), source[1], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_rows_committed_while_it_is_made_are_in_neither_part(source, tmp_path):
    """The dump and the description are of the same instant, whatever is written between them."""
    database, storage = source

    class Busy(InMemoryStorage):
        def listdir(self, path):
            with database.session() as session, session.cursor() as cursor:
                cursor.execute("UPDATE participants_participant SET last_name = last_name || 'x'")
            return storage.listdir(path)

        def _open(self, name, mode="rb"):
            return storage.open(name, mode)

    make_backup(database, Busy(), tmp_path / "busy")
    assert verify_backup(tmp_path / "busy", database).differences == []


def test_a_file_that_a_row_names_and_nobody_has_is_told(source, tmp_path):
    assert make_backup(source[0], InMemoryStorage(), tmp_path / "lost")["lost"] == sorted(PAPERS)


def test_it_is_restored_for_good_into_an_empty_database(whole, database, tmp_path):
    storage = FileSystemStorage(tmp_path)
    with database.beside() as empty:
        assert restore_backup(whole, empty, storage).differences == []
        with pytest.raises(BackupFailed, match="n’est pas vide"):
            restore_backup(whole, empty, storage)
    assert (tmp_path / WHOLE).read_bytes() == PAPERS[WHOLE]


def test_a_restoration_replaces_no_file(whole, database, tmp_path):
    storage = FileSystemStorage(tmp_path)
    storage.save(WHOLE, ContentFile(b"another"))
    with database.beside() as empty, pytest.raises(BackupFailed, match="déjà là, différent"):
        restore_backup(whole, empty, storage)
    assert (tmp_path / WHOLE).read_bytes() == b"another"


def test_a_spoilt_backup_is_never_restored(copy, database):
    alter_dump(copy)
    with database.beside() as empty, pytest.raises(BackupFailed, match="altéré"):
        restore_backup(copy, empty, InMemoryStorage())


def test_a_role_that_the_server_lacks_is_named_first(copy, database):
    manifest = manifest_of(copy) | {"roles": ["nobody_here"]}
    seal_again(copy, manifest)
    with pytest.raises(BackupFailed, match="nobody_here"):
        verify_backup(copy, database)


def test_a_program_older_than_the_server_is_not_used(database, monkeypatch, tmp_path):
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.4'\n")
    old.chmod(0o755)
    monkeypatch.setattr("clauses_portal.core.backup.server._candidates", lambda name: [old])
    with pytest.raises(BackupFailed, match="Il manque pg_dump version 18"):
        database.program("pg_dump")
