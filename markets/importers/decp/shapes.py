"""One shape for every layout: nested objects, wrapped lists, numbered columns become the same thing."""

import re

from markets.importers.decp.files import BrokenRow, RepeatedKeys
from markets.importers.decp.values import clean_text, fold, known

MAX_DEPTH = 12
_FLATTENED = {"acheteur", "autoriteconcedante", "lieuexecution", "soustraitant"}
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


def structural_fault(raw):
    """French reason why this raw row cannot be trusted as a record, or `""`."""
    if isinstance(raw, BrokenRow):
        return raw.reason
    if not isinstance(raw, dict):
        return "l’enregistrement n’est pas un objet"
    pending = [(raw, 0)]
    while pending:
        value, depth = pending.pop()
        if depth > MAX_DEPTH:
            return "l’enregistrement est imbriqué trop profondément"
        if isinstance(value, RepeatedKeys):
            return "la même clé y figure deux fois avec deux valeurs"
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        pending.extend((child, depth + 1) for child in children)
    return ""


def flatten(raw):
    """`{"acheteur": {"id": …}}`, `{"acheteur.id": …}` and `{"acheteur_id": …}` all give `{"acheteurid": …}`.

    When two spellings are there, the first that says something wins.
    """
    flat = {}
    for name, value in raw.items():
        stem = fold(name)
        inner = value if isinstance(value, dict) and stem in _FLATTENED else {"": value}
        for suffix, cell in inner.items():
            key = stem + fold(suffix)
            if key not in flat or not says_something(flat[key]):
                flat[key] = cell
    return flat


def says_something(cell):
    """False for `None`, an empty list or object, an empty text, a sentinel."""
    return bool(known(cell)) if isinstance(cell, str) else cell not in (None, [], {})


def pick(flat, *names):
    """The first of these cells that says something, else `None`."""
    return next((flat[name] for name in names if says_something(flat.get(name))), None)


def unwrap(cell, *names):
    """The objects of a list, whatever wraps them: `[{name: {…}}]`, `{name: [{…}]}`, `[[[{…}]]]`, `{…}`.

    What is not an object (a column name left by a faulty export) is dropped.
    """
    wrappers = {fold(name) for name in names}
    found, pending = [], [cell]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(reversed(value))
        elif isinstance(value, dict) and {fold(key) for key in value} <= wrappers:
            pending.extend(reversed(value.values()))
        elif isinstance(value, dict):
            found.append(flatten(value))
    return found


def words(cell, name):
    """The texts of a cell: list, `{name: [...]}`, `"['a', 'b']"`, `"a, b"`, `"a"`."""
    if isinstance(cell, dict):
        cell = next((value for key, value in cell.items() if fold(key) == fold(name)), None)
    if isinstance(cell, list):
        return [clean_text(item) for item in cell if known(item)]
    text = known(cell)
    if text.startswith("[") and text.endswith("]"):
        return [clean_text(single or double) for single, double in _QUOTED.findall(text)]
    return [part.strip() for part in re.split(r"[,;|]", text) if part.strip()]
