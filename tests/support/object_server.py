"""A small object storage on this machine: enough of S3 (path style, signature V4) for the portal."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET, BUCKET = "portail", "un secret / avec + signes", "pieces"
LISTING = '<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>'
FILE = "<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>2026-09-15T08:00:00.000Z</LastModified></Contents>"


class Objects(BaseHTTPRequestHandler):
    """PUT, GET, HEAD, DELETE of an object; the listing of a bucket."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        """Says nothing."""

    def do_PUT(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.refused():
            return
        self.server.objects[self.key] = content
        self.server.put_headers.append(dict(self.headers))
        self.answer(200)

    def do_GET(self):
        if self.refused():
            return
        query = parse_qs(urlsplit(self.path).query)
        if not self.key:
            self.answer(200, self.listing(query.get("prefix", [""])[0], query.get("delimiter", [""])[0]).encode())
        elif self.key in self.server.objects:
            self.answer(200, self.server.objects[self.key])
        else:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    do_HEAD = do_GET

    def do_DELETE(self):
        if not self.refused():
            self.server.objects.pop(self.key, None)
            self.answer(204)

    @property
    def key(self):
        return unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}").lstrip("/")

    def refused(self):
        """True, once answered, when the request is not signed by the key, or when the service is broken."""
        self.server.seen.append((self.command, self.path))
        signed = f"AWS4-HMAC-SHA256 Credential={KEY}/" in self.headers.get("Authorization", "")
        if signed and not self.server.broken:
            return False
        self.answer(503 if self.server.broken else 403, b"<Error><Code>AccessDenied</Code></Error>")
        return True

    def listing(self, prefix, delimiter):
        names = [name for name in sorted(self.server.objects) if name.startswith(prefix)]
        here = [name for name in names if not (delimiter and delimiter in name[len(prefix) :])]
        below = {prefix + name[len(prefix) :].split(delimiter)[0] + delimiter for name in names if name not in here}
        files = (FILE.format(key=escape(name), size=len(self.server.objects[name])) for name in here)
        folders = (f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>" for name in sorted(below))
        return LISTING.format("".join([*files, *folders]))

    def answer(self, status, content=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{md5(content, usedforsecurity=False).hexdigest()}"')
        self.send_header("Last-Modified", datetime(2026, 9, 15, 8, tzinfo=UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@contextmanager
def object_server():
    """The server: `objects` {name: bytes}, `put_headers`, `seen`, `broken`, and the `address` of its bucket."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Objects) as server:
        server.objects, server.put_headers, server.seen, server.broken = {}, [], [], False
        server.daemon_threads = True
        secret = SECRET.replace(" ", "%20").replace("/", "%2F").replace("+", "%2B")
        server.address = f"s3+http://{KEY}:{secret}@127.0.0.1:{server.server_address[1]}/{BUCKET}?region=eu-west-3"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
