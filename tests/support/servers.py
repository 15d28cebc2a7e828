"""A Valkey of one's own, to stop, kill and start again: the one everybody uses is left alone."""

import signal
import subprocess
from contextlib import contextmanager
from urllib.parse import urlsplit

import redis

from clauses_portal.embedded import process, valkey


class OwnValkey:
    """A server on a port of its own, its data kept in `folder` (append-only) from one life to the next."""

    def __init__(self, folder):
        self.folder, self.port, self.server = folder, valkey.free_port(), None
        self.configuration = folder / "valkey.conf"
        self.configuration.write_text(valkey.CONFIGURATION.format(port=self.port, password="own", folder=folder))

    def url(self, number=0):
        return f"redis://:own@127.0.0.1:{self.port}/{number}"

    def start(self):
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.server = subprocess.Popen([valkey._program(), self.configuration], **quiet)  # noqa: S603 - the wheel's
        if not process.wait_until(lambda: valkey._answers(self.url()), 20):
            raise RuntimeError(f"no Valkey on port {urlsplit(self.url()).port}")

    def stop(self, sign=signal.SIGKILL):
        """Killed, unless another signal is given."""
        if self.server is not None:
            self.server.send_signal(sign)
            self.server.wait(timeout=20)
            self.server = None

    def client(self, number=0):
        return redis.Redis.from_url(self.url(number))


@contextmanager
def own_valkey(folder):
    """Started, and stopped at the end whatever happened."""
    server = OwnValkey(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
