"""A provider of identities (OpenID Connect) on this machine: real HTTP, a real key, and every lie a test asks for."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET, KEY_ID = "portail", "secret-du-portail", "cle-1"


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """`subject`, `email`, `amr`: who answers. `lies`: claims of the identity token, or of the information, put in
    place of the true ones. `unsigned`: the information comes as plain JSON. `signs_with`: another key than its own."""

    def __init__(self):
        self.key = new_key()
        self.subject, self.email, self.amr = "sub-1", "ines@example.test", ["pwd", "mfa"]
        self.lies, self.lies_about_her, self.unsigned, self.signs_with = {}, {}, False, None
        self.asked, self.left = {}, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/api/v2"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def signed(self, claims):
        return jwt.encode(claims, self.signs_with or self.key, algorithm="RS256", headers={"kid": KEY_ID})

    def token(self):
        common = {"iss": self.issuer, "aud": CLIENT_ID, "sub": self.subject}
        now = int(time.time())
        true = common | {"exp": now + 60, "iat": now, "nonce": self.asked["nonce"], "amr": self.amr}
        return {"access_token": "acces", "token_type": "Bearer", "id_token": self.signed(true | self.lies)}

    def information(self):
        """(type, text) of what it says of the person."""
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": self.subject, "email": self.email} | self.lies_about_her
        if self.unsigned:
            return "application/json", json.dumps(claims)
        return "application/jwt", self.signed(claims)

    def keys(self):
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": KEY_ID, "alg": "RS256", "use": "sig"}]}


def answer_to(question):
    """What the person's browser brings back: she signed in there. `question`: the address the portal sent her to."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(question).query).items()}
    back = urlencode({"code": "code-1", "state": asked["state"]})
    return asked, f"{urlsplit(asked['redirect_uri']).path}?{back}"


def _handler(provider):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            right = (sent.get("client_id"), sent.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
            self._say(*(("application/json", json.dumps(provider.token())) if right else ("text/plain", "", 401)))

        def do_GET(self):
            if self.path.endswith("/jwks"):
                self._say("application/json", json.dumps(provider.keys()))
            elif self.path.endswith("/userinfo") and self.headers["Authorization"] == "Bearer acces":
                self._say(*provider.information())
            else:
                self._say("text/plain", "", 404)

        def _say(self, kind, text, status=200):
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            """Silent: the tests say what they expect."""

    return Handler
