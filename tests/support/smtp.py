"""A mail server on this machine: it keeps what it accepts, and refuses what a test tells it to."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks enough SMTP (RFC 5321) for smtplib. `refusals`: {address, or « DATA », or « MAIL »: reply}."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.refusals, self.received, self.connections = {}, [], 0

    @property
    def port(self):
        return self.server_address[1]

    def messages_to(self, address):
        """The messages accepted for this address, parsed."""
        return [message for to, message in self.received if to == address]


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self):
        self.server.connections += 1
        self.recipient = ""
        self.say("220 localhost")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "QUIT":
                return self.say("221 bye")
            self.say(self.answer(verb, line))
        return None

    def answer(self, verb, line):
        if verb == "RCPT":
            self.recipient = line.partition("<")[2].partition(">")[0]
            return self.server.refusals.get(self.recipient, "250 ok")
        if verb == "DATA":
            return self.take()
        return self.server.refusals.get(verb, "250 ok")

    def take(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        if "DATA" in self.server.refusals:
            return self.server.refusals["DATA"]
        self.server.received.append((self.recipient, message_from_bytes(b"".join(lines), policy=policy.default)))
        return "250 kept"

    def say(self, reply):
        self.wfile.write(f"{reply}\r\n".encode())


@contextmanager
def mail_server(settings):
    """A server that listens; Django's settings lead to it."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
        server.shutdown()
        thread.join()
