"""What the person who makes, verifies and restores backups reads, and what the portal remembers of it."""

import re
import shutil
import subprocess

import pytest
from django.core.management import CommandError, call_command

from clauses_portal.core.backup.parts import new_part, open_part
from clauses_portal.core.models import Heartbeat
from clauses_portal.core.pulse import BACKUP, DRILL
from tests.support.backups import alter_dump
from tests.support.scratch import scratch_database

AWAY = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture(scope="module")
def scratch(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), scratch_database() as database:
        yield database


@pytest.fixture(scope="module")
def made(scratch, tmp_path_factory):
    """The folder of a backup made by the command."""
    folder = tmp_path_factory.mktemp("commands") / "backup"
    call_command("backup", str(folder))
    return folder


@pytest.fixture
def spoilt(made, tmp_path):
    folder = shutil.copytree(made, tmp_path / "spoilt")
    alter_dump(folder)
    return folder


def beats():
    return dict(Heartbeat.objects.values_list("name", "note"))


def test_a_backup_and_its_drill_are_remembered(made, scratch, capsys):
    call_command("verify_backup", str(made))
    assert "restaurée à l’identique" in capsys.readouterr().out
    assert set(beats()) >= {BACKUP, DRILL}
    assert re.search(r"\d lignes, \d+ fichier\(s\)", beats()[BACKUP])


def test_the_second_backup_says_that_the_folder_is_taken(made):
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("backup", str(made))


def test_a_spoilt_backup_fails_and_is_not_remembered(spoilt, scratch, capsys):
    Heartbeat.objects.filter(name=DRILL).delete()
    with pytest.raises(CommandError, match="cette sauvegarde n’est pas sûre"):
        call_command("verify_backup", str(spoilt))
    assert "altéré" in capsys.readouterr().err
    assert DRILL not in beats()


def test_a_server_that_is_away_is_told_in_a_sentence(made):
    with pytest.raises(CommandError, match="ne répond pas"):
        call_command("verify_backup", str(made), on=AWAY)


def test_a_portal_that_works_is_never_restored_over(made, scratch):
    with pytest.raises(CommandError, match="n’est pas vide"):
        call_command("restore", str(made))


def test_a_folder_that_is_no_backup_is_told(tmp_path, scratch):
    with pytest.raises(CommandError):
        call_command("verify_backup", str(tmp_path))


def test_without_the_program_a_backup_is_never_left_in_clear(scratch, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="n’est pas installé"):
        call_command("backup", str(tmp_path / "b"), recipient="age1qqqq")
    assert not (tmp_path / "b").exists()


@pytest.fixture
def locksmith(tmp_path, monkeypatch):
    """A program named age, whose cipher changes each letter: what we give it and what we ask of it are its own."""
    path = tmp_path / "bin" / "age"
    path.parent.mkdir()
    path.write_text(
        '#!/bin/sh\ncase "$1 $2" in\n'
        '"--encrypt --recipient") test "$3" = age1me || exit 3;;\n'
        '"--decrypt --identity") test "$(cat "$3")" = key || { echo "no identity matched" >&2; exit 1; };;\n'
        "esac\nexec tr A-Za-z N-ZA-Mn-za-m\n"
    )
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}:/usr/bin:/bin")
    (tmp_path / "key").write_text("key")
    return tmp_path


def test_a_part_is_encrypted_for_its_recipient_and_read_with_her_key(locksmith):
    with new_part(locksmith, "part", "age1me") as part:
        part.write(b"secret")
    assert (locksmith / "part.age").read_bytes() == b"frperg"
    with open_part(locksmith, "part", locksmith / "key") as part:
        assert part.read() == b"secret"


@pytest.mark.skipif(not shutil.which("gpg"), reason="GnuPG is not on this machine")
def test_a_part_encrypted_by_gnupg_is_read_by_it(tmp_path, monkeypatch):
    home = tmp_path / "h"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    made = ["gpg", "--batch", "--passphrase", "", "--quick-gen-key", "essai@example.test", "rsa2048", "encr", "never"]
    subprocess.run(made, check=True, capture_output=True)
    with new_part(tmp_path, "part", "essai@example.test") as part:
        part.write(b"secret" * 100_000)
    assert b"secret" not in (tmp_path / "part.gpg").read_bytes()
    with open_part(tmp_path, "part") as part:
        assert part.read() == b"secret" * 100_000
    subprocess.run(["gpgconf", "--kill", "all"], check=False)
