"""A program that receives automatic messages, on a real socket of this machine."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Received:
    """A request: the headers it came with, its body (bytes)."""

    headers: dict
    body: bytes


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(Received(dict(self.headers), body))
        self.server.answer(self)

    def log_message(self, *args):
        """Nothing on the console of the tests."""

    def send(self, status, headers=(), body=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Receiver(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *args):
        """A client that hangs up is what several tests are about."""


@contextmanager
def receiver():
    """A server: `.received` are the requests, `.url` its address; `.answer(handler)` may be set, it answers 200."""
    with Receiver(("127.0.0.1", 0), Handler) as server:
        server.received, server.answer = [], lambda handler: handler.send(200)
        server.url = f"http://127.0.0.1:{server.server_port}/avertissements?de=portail"
        server.over = threading.Event()
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join(5)
