"""A backup is a folder: two parts, their description, and the digest of each file as it lies on the disk."""

import hashlib
import json

from clauses_portal.core.backup import BackupFailed
from clauses_portal.core.backup.parts import CHUNK, new_part, open_part

DUMP = "database.dump"
FILES = "files.tar"
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
FORMAT = 1


def seal(folder, manifest, recipient=None):
    """Write the manifest, then the digest of every file of the folder (checked too by `sha256sum -c`)."""
    with new_part(folder, MANIFEST, recipient) as part:
        part.write(json.dumps({"format": FORMAT} | manifest, ensure_ascii=False, indent=1).encode())
    lines = [f"{_sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    with new_part(folder, SUMS) as part:
        part.write("".join(lines).encode())


def damages(folder):
    """Compare each file of the folder with its digest. Returns [French sentence]."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        expected = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError):
        return [f"{SUMS} manque ou est illisible : ce dossier n’est pas une sauvegarde entière."]
    found = {path.name: _sha256(path) for path in folder.iterdir() if path.name != SUMS}
    return [
        *(f"{name} manque." for name in sorted(expected.keys() - found.keys())),
        *(f"{name} n’est pas de cette sauvegarde." for name in sorted(found.keys() - expected.keys())),
        *(
            f"{name} a été altéré ou tronqué : son empreinte n’est plus la même."
            for name in sorted(expected.keys() & found.keys())
            if expected[name] != found[name]
        ),
    ]


def read_manifest(folder, identity=None):
    """Return the manifest. Raises BackupFailed when it is not one that this version reads."""
    with open_part(folder, MANIFEST, identity) as part:
        content = part.read()
    try:
        manifest = json.loads(content)
    except ValueError as error:
        raise BackupFailed(f"{MANIFEST} est illisible.") from error
    if manifest.get("format") != FORMAT:
        raise BackupFailed(f"{MANIFEST} vient d’une autre version du portail : restaurez avec cette version.")
    return manifest


def _sha256(path):
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
