"""Which column is which: the first guess, that a person then corrects."""

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


def _candidates(titles, fields):
    """(rank, field, index of header) of each possible pairing; the lowest rank is the best."""
    for order, (name, wordings) in enumerate(fields.items()):
        for wording in filter(None, map(search_key, wordings)):
            for index, title in enumerate(titles):
                if f" {wording} " in f" {title} ":
                    yield (title != wording, -len(wording), order, index), name, index
