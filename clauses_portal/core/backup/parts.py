"""The parts of a backup on the disk: readable by their owner alone, encrypted when a recipient is given."""

import contextlib
import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass

from clauses_portal.core.backup import BackupFailed
from clauses_portal.core.backup.processes import piped

CHUNK = 1 << 20


@dataclass(frozen=True)
class Cipher:
    """A program that encrypts for a recipient and decrypts with her key, from its input to its output."""

    program: str
    suffix: str

    def lock(self, recipient):
        """The command that encrypts."""
        if self.program == "age":
            return [self._path(), "--encrypt", "--recipient", recipient]
        options = ["--batch", "--yes", "--trust-model", "always", "--output", "-"]
        return [self._path(), *options, "--encrypt", "--recipient", recipient]

    def unlock(self, identity):
        """The command that decrypts; `identity` is the file of an age key, gpg finds its own."""
        if self.program == "age":
            if not identity:
                raise BackupFailed("Cette sauvegarde est chiffrée : donnez le fichier de la clé avec --identity.")
            return [self._path(), "--decrypt", "--identity", str(identity)]
        return [self._path(), "--batch", "--quiet", "--decrypt"]

    def _path(self):
        path = shutil.which(self.program)
        if not path:
            raise BackupFailed(f"Le programme {self.program} n’est pas installé : la sauvegarde n’est pas chiffrée.")
        return path


AGE = Cipher("age", ".age")
GPG = Cipher("gpg", ".gpg")


def cipher_for(recipient):
    """Return the Cipher a recipient calls for: `age1…` and `ssh-…` are keys of age, the rest are keys of GnuPG."""
    if not recipient:
        return None
    return AGE if recipient.startswith(("age1", "ssh-")) else GPG


class Digested:
    """A stream that counts and digests (SHA-256) what passes through it."""

    def __init__(self, stream):
        self.stream, self.size, self._digest = stream, 0, hashlib.sha256()

    def write(self, data):
        self._seen(data)
        return self.stream.write(data)

    def read(self, size=-1):
        data = self.stream.read(size)
        self._seen(data)
        return data

    def drain(self):
        """Read to the end, for its digest."""
        while self.read(CHUNK):
            pass
        return self

    @property
    def sha256(self):
        return self._digest.hexdigest()

    def _seen(self, data):
        self.size += len(data)
        self._digest.update(data)


@contextlib.contextmanager
def new_part(folder, name, recipient=None):
    """Yield a Digested stream to write the part `name`, flushed to the disk when it ends."""
    cipher = cipher_for(recipient)
    path = folder / (name + (cipher.suffix if cipher else ""))
    with open(path, "xb", opener=_private) as file:
        if cipher:
            with piped(cipher.lock(recipient), stdin=subprocess.PIPE, stdout=file) as process:
                yield Digested(process.stdin)
        else:
            yield Digested(file)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def open_part(folder, name, identity=None):
    """Yield a Digested stream of the clear content of the part `name`."""
    path = _part(folder, name)
    with path.open("rb") as file:
        cipher = next((one for one in (AGE, GPG) if path.suffix == one.suffix), None)
        if cipher:
            with piped(cipher.unlock(identity), stdin=file, stdout=subprocess.PIPE) as process:
                yield Digested(process.stdout)
        else:
            yield Digested(file)


def _part(folder, name):
    for suffix in ("", AGE.suffix, GPG.suffix):
        if (folder / (name + suffix)).exists():
            return folder / (name + suffix)
    raise BackupFailed(f"Il manque {name} dans la sauvegarde.")


def _private(path, flags):
    return os.open(path, flags, 0o600)
