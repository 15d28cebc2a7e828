"""JSON as the interface accepts it: bounded, without anything PostgreSQL or a float could choke on."""

import json
import re
from decimal import Decimal, InvalidOperation

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MOST_BYTES = 4 * 1024 * 1024
# Beyond, what is small on the wire weighs hundreds of megabytes once it is read.
MOST_VALUES = 200_000
DEEPEST = 12
LARGEST_EXPONENT = 20
UNREADABLE = "Le corps de la demande n’est pas un document JSON lisible."
TOO_BIG = "Le corps de la demande est trop volumineux (4 Mo au plus)."
TOO_MANY_VALUES = "Le corps de la demande compte trop de valeurs (200 000 au plus)."
TOO_DEEP = f"Le corps de la demande est trop imbriqué ({DEEPEST} niveaux au plus)."
TWICE = "Un même champ figure deux fois."
BAD_NUMBER = "Un nombre est hors de portée."
BAD_TEXT = "Un texte contient un caractère de contrôle ou incomplet."
# Control characters, the end of a line and the tab aside, and halves of a surrogate pair.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
BRACKETS = re.compile(r"[\[\]{}]")


class StrictJSONParser(BaseParser):
    """Read a body in UTF-8 JSON, or raise ParseError (400) with a French sentence. Numbers are int or Decimal."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ParseError(TOO_BIG)
        return read_json(content)


def read_json(content):
    """The value of these bytes. Raises ParseError."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(UNREADABLE) from error
    if sum(text.count(sign) for sign in ",[{") > MOST_VALUES:
        raise ParseError(TOO_MANY_VALUES)
    if _depth(text) > DEEPEST:
        raise ParseError(TOO_DEEP)
    try:
        value = json.loads(text, parse_float=_number, parse_constant=_constant, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise ParseError(UNREADABLE) from error
    _check_texts(value)
    return value


def _depth(text):
    """How deep brackets go, those inside texts included: never less than the truth."""
    depth = deepest = 0
    for sign in BRACKETS.findall(text):
        depth += 1 if sign in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _number(text):
    try:
        number = Decimal(text)
    except InvalidOperation as error:  # an exponent of thirty digits
        raise ParseError(BAD_NUMBER) from error
    if not number.is_finite() or abs(number.adjusted()) > LARGEST_EXPONENT:
        raise ParseError(BAD_NUMBER)
    return number


def _constant(text):
    raise ParseError(BAD_NUMBER)


def _once(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ParseError(TWICE)
    return dict(pairs)


def _check_texts(value):
    """Refuse what a database or a document cannot hold: control characters, halves of a surrogate pair."""
    if isinstance(value, str):
        if not is_writable(value):
            raise ParseError(BAD_TEXT)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_texts(name)
            _check_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_texts(inner)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**LARGEST_EXPONENT:
        raise ParseError(BAD_NUMBER)


def is_writable(text):
    """True when this text holds neither a control character (line ends and tabs aside) nor half a pair."""
    return UNWRITABLE.search(text) is None
