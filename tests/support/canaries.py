"""Values that exist once in the world, and every way of writing them: where one is found, something leaked."""

import base64
import io
import re
import zipfile
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from urllib.parse import quote

import pikepdf

from tests.support.papers import parts_of

BLANKS = (" ", "\u00a0", "\u202f", "&nbsp;", "&#160;")


@dataclass(frozen=True)
class Secret:
    """A value, what kind of secret it is (who may read it), and its spellings."""

    kind: str
    name: str
    spellings: frozenset

    def found_in(self, text):
        """The spelling found in this text (lower case), or None."""
        return next((spelling for spelling in self.spellings if spelling.lower() in text), None)


def amount(kind, name, value):
    """Euros: plain, French and English thousands, to the cent, to the euro, in thousands and in millions."""
    value = Decimal(value)
    exact, euros = f"{value:.2f}", f"{value.quantize(Decimal(1), ROUND_HALF_UP)}"
    spellings = {exact, exact.replace(".", ","), euros, str(int(value))}
    for whole in (f"{int(value):,}", f"{int(euros):,}"):
        spellings |= {whole, *(whole.replace(",", blank) for blank in BLANKS), whole.replace(",", ".")}
    thousands, millions = value / 1000, value / 1_000_000
    spellings |= {f"{thousands:.1f} k€".replace(".", ","), f"{millions:.3f} M".replace(".", ",")}
    return Secret(kind, name, frozenset(spellings) | _encoded(exact))


def ratio(kind, name, percent):
    """A share: in percent and as a fraction, exact and to the hundredth."""
    percent = Decimal(percent)
    numbers = {f"{percent}", f"{percent:.2f}", f"{(percent / 100).normalize()}"}
    return Secret(kind, name, frozenset(numbers | {number.replace(".", ",") for number in numbers}))


def number(kind, name, value):
    """A number with decimals, with a point or a comma."""
    return Secret(kind, name, frozenset({str(value), str(value).replace(".", ",")}))


def words(kind, name, *texts):
    return Secret(kind, name, frozenset(texts) | {form for text in texts for form in _encoded(text)})


def _encoded(text):
    """In an address, and in base 64 whatever stands before it."""
    forms = {quote(text)}
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + text.encode()).decode()
        forms.add(encoded[4 : len(encoded) // 4 * 4 - 4])
    return {form for form in forms if len(form) > 6}


class Search:
    """Looks for these secrets in texts. A line met before is not read again: most lines of most pages are the same."""

    def __init__(self, secrets):
        self.spellings = [(one.lower(), secret) for secret in secrets for one in secret.spellings]
        self.known = {}

    def found_in(self, text):
        """{secret: spelling} of what this text (lower case) holds."""
        found = {}
        for line in text.split("\n"):
            if line not in self.known:
                self.known[line] = {secret: one for one, secret in self.spellings if one in line and _whole(one, line)}
            found |= self.known[line]
        return found


def _whole(spelling, line):
    """False for a number that is only the end of a longer one: « 1789459200.2893 » is an instant, not a rate."""
    return not spelling[0].isdigit() or re.search(rf"(?<!\d){re.escape(spelling)}", line) is not None


@lru_cache(maxsize=64)
def readable(body):
    """What one reads in a file: the text, the metadata and the files of a PDF, all that a zip holds, or itself."""
    if body.startswith(b"%PDF"):
        try:
            return "\n".join(f"{name}\n{text}" for name, text in parts_of(body).items()).encode() + body
        except (pikepdf.PdfError, AttributeError, KeyError):  # not one: a test wrote it by hand
            return body
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"\n".join([*(name.encode() for name in archive.namelist()), *_members(archive)])


def _members(archive):
    return (readable(archive.read(name)) for name in archive.namelist())


def everything_sent(response):
    """Body and headers of an answer, as one text in lower case, tags aside too so that none cuts a number."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = readable(body).decode(errors="replace")
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    cookies = response.cookies.output()
    return "\n".join([text, re.sub(r"<[^>]+>", "", text), headers, cookies]).lower()
