"""A small portal to save, and the ways a backup may be spoilt: each damage changes the folder of a whole backup."""

import hashlib
import io
import json
import os
import subprocess
import tarfile

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.db import connection

from clauses_portal.core.backup.checking import restore_dump
from clauses_portal.core.backup.folder import DUMP, FILES, MANIFEST, SUMS, seal
from tests.factories.participants import ParticipantFactory
from tests.factories.reporting import StatementFactory, StatementFileFactory

PAPER = "statements/2026/etat.pdf"
RULES = """
    GRANT SELECT ON operations_operation TO PUBLIC;
    ALTER TABLE operations_milestone ENABLE ROW LEVEL SECURITY;
    CREATE POLICY only_here ON operations_milestone USING (id > 0);
"""


def furnish():
    """Fill the database of Django's connection; returns the storage with the paper that a row names."""
    storage, content = InMemoryStorage(), b"%PDF-1.7 etat"
    storage.save(PAPER, ContentFile(content))
    storage.save("statements/2026/autre.pdf", ContentFile(b"%PDF-1.7 autre"))
    statement = StatementFactory(published=True, pdf=PAPER, sha256=hashlib.sha256(content).hexdigest())
    for first_name in ("Inès", "Karim", "Lou"):
        ParticipantFactory(territory=statement.territory, first_name=first_name)
    draft = StatementFactory(territory=statement.territory, period_code="2026-T3")
    StatementFileFactory(statement=draft, content=b"lots", sha256=hashlib.sha256(b"lots").hexdigest())
    with connection.cursor() as cursor:
        cursor.execute(RULES)
    return storage


def redumped(statement):
    """A damage: the dump is that of a database in which this statement was run."""

    def damage(folder, database):
        with database.beside() as aside:
            restore_dump(folder, manifest_of(folder), aside)
            with aside.session() as session, session.cursor() as cursor:
                cursor.execute(statement)
            program = database.program("pg_dump")
            subprocess.run([program, "--format=custom", f"--file={folder / DUMP}"], env=aside.environment(), check=True)
        sealed_again(folder)

    return damage


def truncated_dump(folder, database):
    os.truncate(folder / DUMP, (folder / DUMP).stat().st_size // 2)
    sealed_again(folder)


def altered_dump(folder, database):
    """64 bytes in the middle, and the digests left as they were."""
    with (folder / DUMP).open("r+b") as file:
        file.seek((folder / DUMP).stat().st_size // 2)
        before = file.read(64)
        file.seek(-64, os.SEEK_CUR)
        file.write(bytes(255 - byte for byte in before))


def altered_file(folder, database):
    archive = (folder / FILES).read_bytes()
    (folder / FILES).write_bytes(archive.replace(b"%PDF-1.7 etat", b"%PDF-1.7 ETAT"))
    sealed_again(folder)


def altered_file_described(folder, database):
    """The file and the manifest: only the row that names it still knows."""
    altered_file(folder, database)
    manifest = manifest_of(folder)
    manifest["files"][PAPER]["sha256"] = hashlib.sha256(b"%PDF-1.7 ETAT").hexdigest()
    sealed_again(folder, manifest)


def missing_file(folder, database):
    """A file left out of the archive and of the manifest: only the row that names it still knows."""
    kept = io.BytesIO()
    with tarfile.open(folder / FILES) as before, tarfile.open(fileobj=kept, mode="w") as after:
        for member in before.getmembers():
            if member.name != PAPER:
                after.addfile(member, before.extractfile(member))
    (folder / FILES).write_bytes(kept.getvalue())
    manifest = manifest_of(folder)
    del manifest["files"][PAPER]
    sealed_again(folder, manifest)


def missing_part(folder, database):
    (folder / FILES).unlink()


# {what happened to the backup: (how, words that the verification must say)}
DAMAGES = {
    "altered row": (
        redumped(
            "UPDATE participants_participant SET last_name = 'AUTRE' WHERE id = (SELECT min(id) FROM participants_participant)"
        ),
        "participants_participant",
    ),
    "missing row": (redumped("DELETE FROM reporting_statementfile"), "reporting_statementfile"),
    "lost trigger": (redumped("DROP TRIGGER published_is_frozen ON reporting_statement"), "Déclencheur"),
    "lost grant": (redumped("REVOKE SELECT ON operations_operation FROM PUBLIC"), "operations_operation à PUBLIC"),
    "lost constraint": (
        redumped("ALTER TABLE reporting_statementfile DROP CONSTRAINT statement_file_once"),
        "statement_file_once",
    ),
    "lost policy": (redumped("DROP POLICY only_here ON operations_milestone"), "only_here"),
    "late sequence": (redumped("ALTER SEQUENCE participants_participant_id_seq RESTART WITH 1"), "Compteur"),
    "altered dump": (altered_dump, "altéré"),
    "truncated dump": (truncated_dump, "ne se restaure pas"),
    "altered file": (altered_file, "son contenu a changé"),
    "altered file, and its description": (altered_file_described, "n’a pas l’empreinte que sa ligne lui donne"),
    "missing file": (missing_file, "nommé par une ligne, absent"),
    "missing part": (missing_part, "manque"),
}


def manifest_of(folder):
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def sealed_again(folder, manifest=None):
    """Give the parts the digests of what they have become, as one who knows how backups are made would."""
    manifest = manifest or manifest_of(folder)
    for key, part in (("dump", DUMP), ("archive", FILES)):
        manifest[key]["sha256"] = hashlib.sha256((folder / part).read_bytes()).hexdigest()
    for name in (MANIFEST, SUMS):
        (folder / name).unlink()
    seal(folder, manifest)
