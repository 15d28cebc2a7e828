"""Files on the disk, whole or absent: a machine that stops half-way leaves no half of a paper."""

import os

from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    """Written beside its place, flushed to the disk, then put there at once."""

    def _save(self, name, content):
        part = super()._save(f"{name}.part", content)
        path, source = self.path(name), self.path(part)
        _flush(source)
        os.replace(source, path)
        _flush(os.path.dirname(path))
        return name


def _flush(path):
    """Ask the disk to keep this file, or the names of this folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
