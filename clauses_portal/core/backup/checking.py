"""Prove a backup: restore it aside, compare everything, forget the copy."""

import contextlib
import shutil
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from clauses_portal.core.backup import BackupFailed, comparison, description, files, references
from clauses_portal.core.backup.folder import DUMP, FILES, damages, read_manifest
from clauses_portal.core.backup.parts import CHUNK, Digested, open_part
from clauses_portal.core.backup.processes import piped


@dataclass
class Verdict:
    """What a verification found: [French sentence] of differences, and how much was compared."""

    differences: list[str]
    manifest: dict = field(default_factory=dict)

    @property
    def rows(self):
        return sum(table["rows"] for table in self.manifest.get("tables", {}).values())


def verify_backup(folder, server, *, identity=None):
    """Restore a backup into a new database of the `server` (a Database) and compare. Returns a Verdict.

    The copy is dropped whatever happened. Raises BackupFailed when the comparison cannot be made.
    """
    folder = Path(folder)
    if damaged := damages(folder):
        return Verdict(damaged)
    manifest = read_manifest(folder, identity)
    check_roles(manifest, server)
    found, kept = check_files(folder, manifest, identity)
    with server.beside() as aside:
        try:
            restore_dump(folder, manifest, aside, identity)
        except BackupFailed as error:
            return Verdict([*found, f"La base ne se restaure pas : {error}"], manifest)
        return Verdict([*found, *compare(manifest, aside, kept)], manifest)


def check_roles(manifest, server):
    """Rights are given to roles, which belong to the server and not to the dump. Raises BackupFailed."""
    with server.session() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        missing = set(manifest["roles"]) - {name for (name,) in cursor.fetchall()}
    if missing:
        raise BackupFailed(f"Rôle(s) absent(s) du serveur, à créer d’abord : {', '.join(sorted(missing))}.")


def check_files(folder, manifest, identity):
    """Compare the saved files with the manifest. Returns ([French sentence], {name: {"size", "sha256"}})."""
    kept = {}
    try:
        with open_part(folder, FILES, identity) as part:
            for name, content in files.unpacked(part):
                digested = Digested(content).drain()
                kept[name] = {"size": digested.size, "sha256": digested.sha256}
            part.drain()
    except (tarfile.TarError, OSError):
        return [f"{FILES} est illisible après {len(kept)} fichier(s)."], kept
    return [*_part_differences(FILES, manifest["archive"], part), *files.differences(manifest["files"], kept)], kept


def restore_dump(folder, manifest, database, identity=None):
    """Restore the dump of a backup into an empty database, in one transaction. Raises BackupFailed."""
    command = [database.program("pg_restore"), "--exit-on-error", "--single-transaction", f"--dbname={database.name}"]
    options = {"stdin": subprocess.PIPE, "env": database.environment(), "stdout": subprocess.DEVNULL}
    with open_part(folder, DUMP, identity) as part:
        with piped(command, **options) as process, contextlib.suppress(BrokenPipeError):
            shutil.copyfileobj(part, process.stdin, CHUNK)
        part.drain()
    if sentences := _part_differences(DUMP, manifest["dump"], part):
        raise BackupFailed(sentences[0])


def compare(manifest, database, kept):
    """Compare a restored database, and the files it names, with the manifest. Returns [French sentence]."""
    with database.session() as connection:
        cursor = description.reading(connection)
        found = comparison.differences(manifest, description.describe(cursor))
        named = references.named_files(cursor)
        for name in manifest["erased_meanwhile"]:
            named.pop(name, None)
        return [*found, *references.altered_contents(cursor), *references.file_differences(named, kept)]


def _part_differences(name, expected, part):
    if part.sha256 == expected["sha256"]:
        return []
    return [f"{name} n’est pas celui que décrit le manifeste."]
