"""The stored files of a backup: any storage in one tar, with the size and the SHA-256 of each file."""

import shutil
import tarfile
import tempfile

from clauses_portal.core.backup.parts import CHUNK, Digested
from clauses_portal.core.french import NBSP

# A file being deposited has this suffix until it is whole (core.storage): no row names it yet.
UNFINISHED = ".part"
SPOOLED = 8 << 20


def stored_names(storage, folder=""):
    """Yield the name of every whole file of a storage, in order."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever deposited
        return
    for name in sorted(names):
        if not name.endswith(UNFINISHED):
            yield f"{folder}{name}"
    for inner in sorted(folders):
        yield from stored_names(storage, f"{folder}{inner}/")


def pack(storage, stream):
    """Write every stored file to `stream` as a tar. Returns {name: {"size": bytes, "sha256": hexadecimal}}.

    A file erased between the listing and its turn is left out: the caller compares with what the rows name.
    """
    packed = {}
    with tarfile.open(fileobj=stream, mode="w|") as archive:
        for name in stored_names(storage):
            try:
                with storage.open(name, "rb") as file:
                    packed[name] = _add(archive, name, file)
            except FileNotFoundError:
                continue
    return packed


def _add(archive, name, file):
    """Copied aside first: a tar announces the size of a file before its content."""
    with tempfile.SpooledTemporaryFile(SPOOLED) as copy:
        digested = Digested(copy)
        shutil.copyfileobj(file, digested, CHUNK)
        copy.seek(0)
        member = tarfile.TarInfo(name)
        member.size, member.mode = digested.size, 0o600
        archive.addfile(member, copy)
    return {"size": digested.size, "sha256": digested.sha256}


def unpacked(stream):
    """Yield (name, readable stream) for each file of a tar."""
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            yield member.name, archive.extractfile(member)


def differences(expected, found):
    """Compare two {name: {"size", "sha256"}}. Returns [French sentence]."""
    sentences = [f"Fichier «{NBSP}{name}{NBSP}» : manque." for name in sorted(expected.keys() - found.keys())]
    sentences += [f"Fichier «{NBSP}{name}{NBSP}» : en trop." for name in sorted(found.keys() - expected.keys())]
    return sentences + [
        f"Fichier «{NBSP}{name}{NBSP}» : son contenu a changé."
        for name in sorted(expected.keys() & found.keys())
        if expected[name]["sha256"] != found[name]["sha256"]
    ]
