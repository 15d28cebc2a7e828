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
from tests.factories.facilitators import TerritoryFactory
from tests.factories.participants import ParticipantFactory
from tests.factories.reporting import StatementFactory, StatementFileFactory

PAPERS = {f"statements/2026/{name}.pdf": f"%PDF-1.7 {name}".encode() for name in ("whole", "spoilt", "hidden", "lost")}
WHOLE, SPOILT, HIDDEN, LOST = PAPERS
RULES = """
    GRANT SELECT ON operations_operation TO PUBLIC;
    ALTER TABLE operations_milestone ENABLE ROW LEVEL SECURITY;
    CREATE POLICY only_here ON operations_milestone USING (id > 0);
"""


def furnish():
    """Fill the database of Django's connection; returns the storage with the papers that its rows name."""
    storage, territory = InMemoryStorage(), TerritoryFactory()
    for quarter, (name, content) in enumerate(PAPERS.items(), 1):
        storage.save(name, ContentFile(content))
        code, digest = f"2026-T{quarter}", hashlib.sha256(content).hexdigest()
        StatementFactory(published=True, territory=territory, period_code=code, pdf=name, sha256=digest)
    for first_name in ("Inès", "Karim", "Lou"):
        ParticipantFactory(territory=territory, first_name=first_name)
    draft = StatementFactory(territory=territory, period_code="2027-T1")
    StatementFileFactory(statement=draft, content=b"lots", sha256=hashlib.sha256(b"lots").hexdigest())
    with connection.cursor() as cursor:
        cursor.execute(RULES)
    return storage


# {what somebody did to the database before it was dumped: words of the sentence that says so}
ALTERATIONS = {
    "UPDATE participants_participant SET last_name = 'AUTRE' WHERE first_name = 'Inès'": "participants_participant",
    "DELETE FROM reporting_statementfile": "reporting_statementfile\xa0» : 1 ligne(s) sauvegardée(s), 0 restaurée(s)",
    "DROP TRIGGER published_is_frozen ON reporting_statement": "published_is_frozen\xa0» : manque",
    "REVOKE SELECT ON operations_operation FROM PUBLIC": "operations_operation à PUBLIC\xa0» : manque",
    "ALTER TABLE reporting_statementfile DROP CONSTRAINT statement_file_once": "statement_file_once\xa0» : manque",
    "DROP INDEX one_job_at_a_time": "one_job_at_a_time\xa0» : manque",
    "DROP POLICY only_here ON operations_milestone": "only_here\xa0» : manque",
    "ALTER TABLE operations_milestone DISABLE ROW LEVEL SECURITY": "operations_milestone\xa0» : n’est plus le même",
    "ALTER SEQUENCE participants_participant_id_seq RESTART WITH 1": "participant_id_seq\xa0» : en retard",
    "GRANT UPDATE ON operations_milestone TO PUBLIC": "operations_milestone à PUBLIC\xa0» : en trop",
}


def redump_altered(folder, database):
    """Replace the dump by that of a database in which all the alterations were made."""
    with database.beside() as aside:
        restore_dump(folder, manifest_of(folder), aside)
        with aside.session() as session, session.cursor() as cursor:
            for statement in ALTERATIONS:
                cursor.execute(statement)
        command = [database.program("pg_dump"), "--format=custom", f"--file={folder / DUMP}"]
        subprocess.run(command, env=aside.environment(), check=True)
    seal_again(folder)


def truncate_dump(folder):
    """Half of the dump, and digests that agree with it: only restoring says that it is not whole."""
    os.truncate(folder / DUMP, (folder / DUMP).stat().st_size // 2)
    seal_again(folder)


def alter_dump(folder):
    """64 bytes in the middle, and the digests left as they were."""
    with (folder / DUMP).open("r+b") as file:
        file.seek((folder / DUMP).stat().st_size // 2)
        before = file.read(64)
        file.seek(-64, os.SEEK_CUR)
        file.write(bytes(255 - byte for byte in before))


def spoil_files(folder):
    """Alter two files and take one away; the manifest is changed too for two of them, so that only a row knows."""
    kept, manifest = io.BytesIO(), manifest_of(folder)
    with tarfile.open(fileobj=kept, mode="w") as archive:
        for name in (WHOLE, SPOILT, HIDDEN):
            content = PAPERS[name] if name == WHOLE else PAPERS[name].upper()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    (folder / FILES).write_bytes(kept.getvalue())
    manifest["files"][HIDDEN]["sha256"] = hashlib.sha256(PAPERS[HIDDEN].upper()).hexdigest()
    del manifest["files"][LOST]
    seal_again(folder, manifest)


SPOILT_FILES = {
    SPOILT: "son contenu a changé",
    HIDDEN: "n’a pas l’empreinte que sa ligne lui donne",
    LOST: "nommé par une ligne, absent",
}


def manifest_of(folder):
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def seal_again(folder, manifest=None):
    """Give the parts the digests of what they have become, as one who knows how backups are made would."""
    manifest = manifest or manifest_of(folder)
    for key, part in (("dump", DUMP), ("archive", FILES)):
        manifest[key]["sha256"] = hashlib.sha256((folder / part).read_bytes()).hexdigest()
    for name in (MANIFEST, SUMS):
        (folder / name).unlink()
    seal(folder, manifest)
