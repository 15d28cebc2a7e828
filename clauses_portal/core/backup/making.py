"""Make a backup of the database and of the stored files, described as they stood at one instant."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from clauses_portal.core.backup import BackupFailed, description, files, references
from clauses_portal.core.backup.folder import DUMP, FILES, seal
from clauses_portal.core.backup.parts import CHUNK, new_part
from clauses_portal.core.backup.processes import piped


def make_backup(database, storage, folder, *, recipient=None):
    """Write the backup of a Database and of a storage to `folder`, which must not exist. Returns its manifest.

    The database first, the files next: a file is never rewritten, so none that a saved row names can be newer than it.
    The folder takes its name when it is whole. Files that a row names and that the storage lost are listed in the
    manifest (`lost`): what is left is worth keeping. Raises BackupFailed.
    """
    folder = Path(folder)
    if folder.exists():
        raise BackupFailed(f"{folder} existe déjà : une sauvegarde n’en remplace jamais une autre.")
    unfinished = folder.with_name(f"{folder.name}.incomplete")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    try:
        manifest = _written(database, storage, unfinished, recipient)
    except OSError as error:
        raise BackupFailed(f"L’écriture de la sauvegarde a échoué : {error}") from error
    os.replace(unfinished, folder)
    return manifest


def _written(database, storage, folder, recipient):
    manifest = {"made_on": datetime.now(UTC).isoformat(timespec="seconds"), "database": database.name}
    with database.session() as connection:
        cursor = description.reading(connection)
        manifest["server"] = connection.server_version
        manifest |= description.describe(cursor)
        named = references.named_files(cursor)
        manifest["dump"] = _dump(database, cursor, folder, recipient)
    with new_part(folder, FILES, recipient) as part:
        manifest["files"] = files.pack(storage, part)
    manifest["archive"] = {"size": part.size, "sha256": part.sha256}
    manifest["erased_meanwhile"], manifest["lost"] = _absent(database, named.keys() - manifest["files"].keys())
    seal(folder, manifest, recipient)
    return manifest


def _dump(database, cursor, folder, recipient):
    """Dump what the transaction of `cursor` sees, and nothing else. Returns the part's size and SHA-256."""
    cursor.execute("SELECT pg_export_snapshot()")
    command = [database.program("pg_dump"), "--format=custom", f"--snapshot={cursor.fetchone()[0]}"]
    options = {"stdout": subprocess.PIPE, "env": database.environment()}
    with new_part(folder, DUMP, recipient) as part, piped(command, **options) as process:
        shutil.copyfileobj(process.stdout, part, CHUNK)
    return {"size": part.size, "sha256": part.sha256}


def _absent(database, missing):
    """Tell apart the missing files whose row was erased while the backup was made, and those a row still names."""
    if not missing:
        return [], []
    with database.session() as connection, connection.cursor() as cursor:
        lost = missing & references.named_files(cursor).keys()
    return sorted(missing - lost), sorted(lost)
