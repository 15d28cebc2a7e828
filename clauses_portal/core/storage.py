"""Files on the disk, whole or absent: a machine that stops half-way leaves no half of a paper."""

import os
from contextlib import suppress

from django.core.files.storage import FileSystemStorage

from clauses_portal.core.errors import NO_ROOM, DomainError, is_out_of_room


class NoAddress:
    """Mixin: a file has no address of its own; it goes out through a view that asks who wants it (A24)."""

    def url(self, name, **kwargs):
        raise NotImplementedError("A file goes out through a view, never by an address of its own.")


class DurableStorage(NoAddress, FileSystemStorage):
    """Written beside its place, flushed to the disk, then put there at once. Raises DomainError on a full disk."""

    def _save(self, name, content):
        part = f"{name}.part"
        try:
            part = super()._save(part, content)
            _flush(self.path(part))
        except OSError as error:
            with suppress(FileNotFoundError):
                os.remove(self.path(part))
            if is_out_of_room(error):
                raise DomainError(NO_ROOM) from error
            raise
        os.replace(self.path(part), self.path(name))
        _flush(os.path.dirname(self.path(name)))
        return name


def _flush(path):
    """Ask the disk to keep this file, or the names of this folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
