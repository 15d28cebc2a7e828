"""Zip containers (ZIP, DOCX, XLSX, ODT, ODS) opened without believing what they declare (ASVS 5.2.3)."""

import io
import zipfile
from copy import copy

from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import file_size, typographic

BROKEN = typographic(
    "Ce fichier est abîmé ou incomplet : ouvrez-le pour le vérifier, enregistrez-le, puis déposez-le de nouveau."
)
PROTECTED = typographic(
    "Ce fichier est protégé par un mot de passe : enlevez cette protection, puis déposez-le de nouveau."
)
MOST_ENTRIES = 2000
# The two methods that offices and Windows write; zipfile decompresses the others without bound.
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ENCRYPTED = 0x1
BLOCK = 1024 * 1024


def open_archive(content, *, expanded_max):
    """Return the `ZipFile` of these bytes, every member of it read once: whole, as long as it says, right key.

    `expanded_max` is the most its members may weigh together once decompressed, in bytes.
    Raises DomainError when it is broken, protected by a password, or a bomb.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:  # a broken directory raises almost anything
        raise DomainError(BROKEN) from error
    members = archive.infolist()
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise DomainError(PROTECTED)
    if any(member.compress_type not in METHODS for member in members):
        raise DomainError(BROKEN)
    if len(members) > MOST_ENTRIES or sum(member.file_size for member in members) > expanded_max:
        raise DomainError(
            typographic(
                f"Ce fichier contient trop de données : {MOST_ENTRIES} éléments et {file_size(expanded_max)} "
                "décompressés au plus. Déposez-le en plusieurs parties."
            )
        )
    for member in members:
        _check_honest(archive, member)
    return archive


def _check_honest(archive, member):
    """Refuse a member that is not as long as declared: a bomb says « 10 octets »."""
    longer = copy(member)
    longer.file_size += 1  # zipfile stops at the declared length: leave it room to go past
    length = 0
    try:
        with archive.open(longer) as stream:
            while block := stream.read(BLOCK):
                length += len(block)
    except Exception as error:  # zlib.error, BadZipFile, struct.error, ValueError…
        raise DomainError(BROKEN) from error
    if length != member.file_size:
        raise DomainError(BROKEN)
