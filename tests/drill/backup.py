"""The backup of the drill's portal, verified, then damaged: whole it is restored the same, each damage is seen."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection

from clauses_portal.core.backup.checking import restore_dump, verify_backup
from clauses_portal.core.backup.folder import DUMP, FILES
from clauses_portal.core.backup.making import make_backup
from clauses_portal.core.backup.server import Database
from tests.drill.outcome import Outcome, timed
from tests.drill.works import Papers, wait_for
from tests.support.backups import alter_dump, manifest_of, seal_again, truncate_dump


def drill(site):
    """An Outcome: a turn is a verification, inconsistent when it does not say what it should."""
    outcome = Outcome("sauvegarde entière, puis abîmée de quatre façons")
    with tempfile.TemporaryDirectory(prefix="clauses-drill-backup-") as folder:
        yield timed(outcome, lambda: _all(outcome, Path(folder)))


def _all(outcome, folder):
    wait_for(Papers().ask(), "done")  # at least a file to keep, whatever parts ran before
    database = Database.of(connection)
    make_backup(database, default_storage, folder / "whole")
    _verify(outcome, folder / "whole", database, "sauvegarde entière", is_sound=True)
    for label, damage in DAMAGES.items():
        copy = shutil.copytree(folder / "whole", folder / "copy")
        damage(copy, database)
        _verify(outcome, copy, database, label, is_sound=False)
        shutil.rmtree(copy)


def _verify(outcome, folder, database, label, *, is_sound):
    differences = verify_backup(folder, database).differences
    outcome.turns += 1
    outcome.inconsistent += (differences == []) != is_sound
    outcome.notes.append(f"{label} : {differences[0] if differences else 'restaurée à l’identique'}")


def _alter_row(folder, database):
    """One word of one row, as a dump made with due care would hold it."""
    with database.beside() as aside:
        restore_dump(folder, manifest_of(folder), aside)
        with aside.session() as session, session.cursor() as cursor:
            cursor.execute(
                "UPDATE facilitators_territory SET name = name || '.' "
                "WHERE id = (SELECT min(id) FROM facilitators_territory)"
            )
        command = [database.program("pg_dump"), "--format=custom", f"--file={folder / DUMP}"]
        subprocess.run(command, env=aside.environment(), check=True)
    seal_again(folder)


def _alter_file(folder, database):
    """64 bytes of the first paper, the digests of the archive made to agree."""
    with (folder / FILES).open("r+b") as archive:
        archive.seek(1024)  # after the header of its first member
        before = archive.read(64)
        archive.seek(-64, os.SEEK_CUR)
        archive.write(bytes(255 - byte for byte in before))
    seal_again(folder)


DAMAGES = {
    "64 octets de la base inversés": lambda folder, database: alter_dump(folder),
    "base tronquée, empreintes refaites": lambda folder, database: truncate_dump(folder),
    "une ligne modifiée, empreintes refaites": _alter_row,
    "un fichier modifié, empreintes refaites": _alter_file,
}
