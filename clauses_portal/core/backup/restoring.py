"""Restore a backup for good: into an empty database and a storage that holds nothing else under the same names."""

from pathlib import Path

from django.core.files import File

from clauses_portal.core.backup import BackupFailed, checking, files
from clauses_portal.core.backup.folder import FILES, damages, read_manifest
from clauses_portal.core.backup.parts import Digested, open_part
from clauses_portal.core.french import NBSP


def restore_backup(folder, database, storage, *, identity=None):
    """Restore a backup into a Database and a storage, then compare. Returns its Verdict.

    Nothing is ever replaced: raises BackupFailed, before any change, when the database has a table, when a file of
    another content is already there, or when the backup is damaged.
    """
    folder = Path(folder)
    if damaged := damages(folder):
        raise BackupFailed(" ".join(damaged))
    manifest = read_manifest(folder, identity)
    checking.check_roles(manifest, database)
    _check_empty(database)
    found, kept = checking.check_files(folder, manifest, identity)
    missing = _missing(storage, kept)
    if found:
        raise BackupFailed(" ".join(found))
    checking.restore_dump(folder, manifest, database, identity)
    with open_part(folder, FILES, identity) as part:
        for name, content in files.unpacked(part):
            if name in missing:
                storage.save(name, File(content, name))
        part.drain()
    return checking.Verdict(checking.compare(manifest, database, kept), manifest)


def _check_empty(database):
    with database.session() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname !~ '^pg_' AND schemaname <> 'information_schema'"
        )
        if cursor.fetchone()[0]:
            raise BackupFailed(f"La base {database.name} n’est pas vide : créez-en une autre, rien n’est remplacé.")


def _missing(storage, kept):
    """Names of the files to write; those already there with the same content are left."""
    missing = {name for name in kept if not storage.exists(name)}
    for name in sorted(kept.keys() - missing):
        with storage.open(name, "rb") as file:
            if Digested(file).drain().sha256 != kept[name]["sha256"]:
                raise BackupFailed(f"Le fichier «{NBSP}{name}{NBSP}» est déjà là, différent : rien n’est remplacé.")
    return missing
