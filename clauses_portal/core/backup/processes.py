"""Programs that read or write a stream while we do the other end."""

import contextlib
import subprocess

from clauses_portal.core.backup import BackupFailed


@contextlib.contextmanager
def piped(command, **options):
    """Run a program around the block, which uses its `stdin` or its `stdout`.

    Raises BackupFailed with the program's own words when it does not end well.
    """
    with subprocess.Popen([str(part) for part in command], stderr=subprocess.PIPE, **options) as process:
        # A program that stops reading has already said why.
        with contextlib.suppress(BrokenPipeError):
            yield process
        for stream in (process.stdin, process.stdout):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        said = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise BackupFailed(f"{process.args[0]} s’est arrêté : {said}")
