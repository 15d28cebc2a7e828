"""Stable names for lines that have none: built from what they say, the same month after month (C22, replay-proof)."""

import hashlib

from clauses_portal.core.text import search_key


def digest(prefix, *parts):
    """« p-3f1c… » of these texts, the same whatever their accents, case, blanks and punctuation."""
    words = "\n".join(search_key(str(part)) for part in parts)
    return f"{prefix}-{hashlib.sha256(words.encode()).hexdigest()[:32]}"


def name_key(last_name, first_name):
    """What two ways to write a name share: its words, in whatever order."""
    return " ".join(sorted(search_key(last_name, first_name).split()))


def split_name(text):
    """(last name, first name) of « DUPONT Marie », « Marie DUPONT », « Dupont Marie »: capitals tell the last name."""
    words = text.split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words):
        return " ".join(capitals), " ".join(word for word in words if word not in capitals)
    return words[0], " ".join(words[1:])
