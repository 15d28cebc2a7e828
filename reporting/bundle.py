"""The published papers of a quarter in one ZIP: same papers, same bytes; a manifest says the hash of each."""

import hashlib
import zipfile

from clauses_portal.core import french
from clauses_portal.core.exports import csv_text
from clauses_portal.core.files import clean_name

MANIFEST = "manifeste.csv"
HEADERS = ("Fichier", "Document", "Numéro", "Publié le", "Taille (octets)", "SHA-256", "Code de vérification")
# The first day a ZIP knows: the bytes do not depend on the day it is asked.
ALWAYS = (1980, 1, 1, 0, 0, 0)
CHUNK = 1 << 16


def write_bundle(file, papers, files):
    """Write to `file` (binary) the documents of these published Statements and these StatementFiles, then the manifest.

    The caller has left out what its reader may not see. Nothing is held in memory but one file at a time.
    Raises FileNotFoundError when a published document is missing from the disk.
    """
    lines = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bundle:
        for paper in papers:
            with paper.pdf.open("rb") as content:
                lines.append(_add(bundle, f"{paper.number}.pdf", content.chunks(CHUNK), paper))
        for one in files:
            name = f"{one.statement.number}/{clean_name(one.name)}"
            lines.append(_add(bundle, name, [bytes(one.content)], one.statement))
        _add(bundle, MANIFEST, [csv_text(HEADERS, lines).encode("utf-8-sig")])


def _add(bundle, name, chunks, paper=None):
    """Put one file in the bundle; returns its line of the manifest."""
    digest, size = hashlib.sha256(), 0
    with bundle.open(zipfile.ZipInfo(name, ALWAYS), "w", force_zip64=True) as member:
        for chunk in chunks:
            member.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    if paper is None:
        return []
    published = french.date(paper.published_at)
    return [name, str(paper), paper.number, published, str(size), digest.hexdigest(), paper.verification_code]
