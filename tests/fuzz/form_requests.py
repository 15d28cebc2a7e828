"""Forms filled in as no page lets anybody do, the same ones at each run."""

from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

from tests.fuzz.values import HEADERS, TEXTS, TYPES

BOUNDARY = "frontiere"
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", f"multipart/form-data; boundary={BOUNDARY}"
FORMSET = ["form-TOTAL_FORMS", "form-INITIAL_FORMS", "form-0-id"]
FILES = [
    ("a.xlsx", b"PK\x03\x04" + b"\0" * 200),
    ("a.csv", "Nom;Prénom\r\n=1+1;\0\r\n".encode()),
    ("a.csv", b"\xff\xfe\x00"),
    ("a.pdf", b"%PDF-1.7\n1 0 obj\n<<>>"),
    ("../../a.pdf", b"%PDF"),
    ("a\0.pdf", b"%PDF"),
    ("\u202efdp.exe", b"MZ"),
    ("x" * 300 + ".json", b'{"marches": [{"id": 1e400}]}'),
    ("a.json", b'{"marches": {"marche": [null, [], {"montant": NaN, "dateNotification": "0001-01-01"}]}}'),
    ("a.json", b"[" * 5000),
    ("a.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    ("a.docx", b"PK\x05\x06" + b"\0" * 18),
    ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40),
    ("a.svg", b"<svg onload='alert(1)'/>"),
    ("a.ics", b"BEGIN:VCALENDAR"),
    ("", b""),
    ("vide.csv", b""),
]


@dataclass
class Sent:
    """A form before it leaves: [name, value] pairs, names of its files, and what is done to its bytes."""

    path: str
    pairs: list
    files: list = field(default_factory=list)
    kind: str = ""
    headers: dict = field(default_factory=dict)
    spoil: object = None

    def request(self):
        """(bytes of the body, its content type)"""
        body, kind = (_multipart(self.pairs, self.files), MULTIPART) if self.files else (_urlencoded(self.pairs), "")
        body = self.spoil(body) if self.spoil else body
        return body, self.kind or kind or URLENCODED


def spoilt(rng, path, pairs, file_names):
    """The form of this page, one to five of its parts changed."""
    sent = Sent(path, [list(pair) for pair in pairs])
    if file_names or rng.random() < 0.1:
        sent.files = [(name, *rng.choice(FILES)) for name in file_names or ["file"] if rng.random() < 0.9]
    rare = [_drop, _double, _stranger, _file_for_text, _bytes, _kind, _header, _many]
    for change in rng.choices([_value] * 3 + rare, weights=[8] * 3 + [2] * 3 + [1] * 5, k=rng.randint(1, 5)):
        change(rng, sent)
    return sent


def _value(rng, sent):
    if sent.pairs:
        rng.choice(sent.pairs)[1] = rng.choice(TEXTS)


def _drop(rng, sent):
    if sent.pairs:
        del sent.pairs[rng.randrange(len(sent.pairs))]


def _double(rng, sent):
    if sent.pairs:
        name = rng.choice(sent.pairs)[0]
        sent.pairs.insert(rng.randrange(len(sent.pairs) + 1), [name, rng.choice(TEXTS)])


def _stranger(rng, sent):
    names = [*FORMSET, "id", "pk", "state", "territory", "version", "line", "next", "act", "q", "\0", "x" * 300, ""]
    sent.pairs.append([rng.choice(names), rng.choice(TEXTS)])


def _file_for_text(rng, sent):
    if sent.pairs:
        sent.files.append((rng.choice(sent.pairs)[0], *rng.choice(FILES)))


def _bytes(rng, sent):
    spot = rng.random()
    sent.spoil = rng.choice(
        [
            lambda body: body[: int(len(body) * spot)],
            lambda body: body[: int(len(body) * spot)] + b"\xff\xfe\0%ZZ%" + body[int(len(body) * spot) :],
            lambda body: body + b"&" * 100,
            lambda body: body.decode("utf-8", "replace").encode("utf-16"),
            lambda body: b"",
        ]
    )


def _kind(rng, sent):
    sent.kind = rng.choice(TYPES)


def _header(rng, sent):
    name = rng.choice([name for name in HEADERS if name != "cookie"])
    sent.headers[name] = rng.choice(HEADERS[name])


def _many(rng, sent):
    """More fields than anybody has (10 000 at most are read), or one of them a hundred times."""
    name = rng.choice(sent.pairs)[0] if sent.pairs else "line"
    sent.pairs += [[name, rng.choice(TEXTS[:40])] for _ in range(rng.choice([100, 100, 100, 10_001]))]


def _encoded(text):
    return text.encode("utf-8", "surrogatepass")


def _urlencoded(pairs):
    both = ((quote_from_bytes(_encoded(name)), quote_from_bytes(_encoded(value))) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in both).encode()


def _multipart(pairs, files):
    parts = [b'name="%s"\r\n\r\n%s' % (_encoded(name), _encoded(value)) for name, value in pairs]
    for name, file_name, content in files:
        head = b'name="%s"; filename="%s"\r\n' % (_encoded(name), _encoded(file_name))
        parts.append(head + b"Content-Type: application/octet-stream\r\n\r\n" + content)
    opening = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(opening + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()
