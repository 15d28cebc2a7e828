"""An antivirus on this machine: the two commands of clamd that the portal uses (PING, INSTREAM), and its bad days."""

import socketserver
import struct
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

# In two halves: an antivirus of the workstation would take the tests themselves away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
THREAT = "Win.Test.EICAR_HDB-1"
GARBAGE = {
    "nothing": b"",
    "noise": b"\xff\xfe\x00\n",
    "a page": b"HTTP/1.1 400 Bad Request\n",
    "an error": b"stream: Can't allocate memory ERROR\n",
    "too big": b"INSTREAM size limit exceeded. ERROR\n",
    "a verdict of another command": b"/tmp/file: OK\n",
    "a find without a name": b"stream: FOUND\n",
}


class Session(socketserver.StreamRequestHandler):
    """One connection: one command, as clamd does without IDSESSION."""

    def handle(self):
        command = self.rfile.readline().strip()
        if command == b"nPING":
            self.wfile.write(b"PONG\n")
        elif command == b"nINSTREAM":
            content = b"".join(self.chunks())
            self.server.received.append(content)
            self.server.released.wait()
            self.wfile.write(self.server.answer(content))

    def chunks(self):
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            yield self.rfile.read(length)


class Antivirus:
    """`received`: contents it was given. `reply`: what it says of any content instead of a verdict (bytes)."""

    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def begin(self):
        self.received, self.reply, self.released = [], None, threading.Event()
        self.released.set()

    def answer(self, content):
        if self.reply is not None:
            return self.reply
        return f"stream: {THREAT} FOUND\n".encode() if EICAR in content else b"stream: OK\n"

    def freeze(self):
        """From now on it takes what it is given and says nothing."""
        self.released.clear()


class ByNetwork(Antivirus, socketserver.ThreadingTCPServer):
    pass


class BySocket(Antivirus, socketserver.ThreadingUnixStreamServer):
    pass


@contextmanager
def clamd(settings, unix=False):
    """An antivirus that listens; the settings lead to it."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "clamd.sock")
        server = BySocket(path, Session) if unix else ByNetwork(("127.0.0.1", 0), Session)
        server.begin()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        settings.ANTIVIRUS_URL = f"unix://{path}" if unix else f"tcp://127.0.0.1:{server.server_address[1]}"
        settings.ANTIVIRUS_TIMEOUT = 5
        yield server
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
