"""JSON from outside: bounded, without anything PostgreSQL or a float could choke on."""

import json
import re
from decimal import Decimal, InvalidOperation

from clauses_portal.core.text import is_writable

# Beyond, what is small on the wire weighs hundreds of megabytes once it is read.
MOST_VALUES = 200_000
DEEPEST = 12
LARGEST_EXPONENT = 20
UNREADABLE = "Le corps de la demande n’est pas un document JSON lisible."
TOO_MANY_VALUES = "Le corps de la demande compte trop de valeurs (200 000 au plus)."
TOO_DEEP = f"Le corps de la demande est trop imbriqué ({DEEPEST} niveaux au plus)."
TWICE = "Un même champ figure deux fois."
BAD_NUMBER = "Un nombre est hors de portée."
BAD_TEXT = "Un texte contient un caractère de contrôle ou incomplet."
BRACKETS = re.compile(r"[\[\]{}]")


class UnreadableJSON(ValueError):
    """What was sent is no JSON document the portal takes: a French sentence says why."""


def read_json(content):
    """The value of these bytes. Raises UnreadableJSON."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableJSON(UNREADABLE) from error
    if sum(text.count(sign) for sign in ",[{") > MOST_VALUES:
        raise UnreadableJSON(TOO_MANY_VALUES)
    if _depth(text) > DEEPEST:
        raise UnreadableJSON(TOO_DEEP)
    try:
        value = json.loads(text, parse_float=_number, parse_constant=_constant, object_pairs_hook=_once)
    except UnreadableJSON:
        raise
    except (ValueError, RecursionError) as error:
        raise UnreadableJSON(UNREADABLE) from error
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
        raise UnreadableJSON(BAD_NUMBER) from error
    if not number.is_finite() or abs(number.adjusted()) > LARGEST_EXPONENT:
        raise UnreadableJSON(BAD_NUMBER)
    return number


def _constant(text):
    raise UnreadableJSON(BAD_NUMBER)


def _once(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise UnreadableJSON(TWICE)
    return dict(pairs)


def _check_texts(value):
    """Refuse what a database or a document cannot hold: control characters, halves of a surrogate pair."""
    if isinstance(value, str):
        if not is_writable(value):
            raise UnreadableJSON(BAD_TEXT)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_texts(name)
            _check_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_texts(inner)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**LARGEST_EXPONENT:
        raise UnreadableJSON(BAD_NUMBER)
