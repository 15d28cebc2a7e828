"""Which column is which: the first guess, that a person then corrects, and that is remembered."""

import hashlib

from clauses_portal.core.text import search_key


def guess_mapping(headers, fields):
    """Return {field: index of its header} from `fields`, {name: (label, other wordings…)}; each header serves once.

    Words are compared without accents, case nor punctuation. A header that is exactly a wording wins, then the one
    that contains the longest wording (« Montant estimé HT (€) » holds « montant estimé »).
    """
    titles = [search_key(header) for header in headers]
    found, used = {}, set()
    for _, name, index in sorted(_candidates(titles, fields), key=lambda candidate: candidate[0]):
        if name not in found and index not in used:
            found[name] = index
            used.add(index)
    return {name: found[name] for name in fields if name in found}


def fits_headers(mapping, headers, fields):
    """Does a remembered or typed mapping, {field: index}, name known `fields` that these headers have?"""
    return all(name in fields and isinstance(at, int) and 0 <= at < len(headers) for name, at in mapping.items())


def signature(headers):
    """Digest of the headers: the same columns in the same order are the same file, time after time."""
    return hashlib.sha256("\n".join(map(search_key, headers)).encode()).hexdigest()


def _candidates(titles, fields):
    """(rank, field, index of header) of each possible pairing; the lowest rank is the best."""
    for order, (name, wordings) in enumerate(fields.items()):
        for wording in filter(None, map(search_key, wordings)):
            for index, title in enumerate(titles):
                if f" {wording} " in f" {title} ":
                    yield (title != wording, -len(wording), order, index), name, index
