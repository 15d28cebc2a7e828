"""Natures, procedures and places, in the words of those who fill in spreadsheets."""

import re

from clauses_portal.core.text import search_key
from markets.enums import MarketKind, Procedure

KINDS = {
    "travaux": MarketKind.WORKS,
    "tx": MarketKind.WORKS,
    "service": MarketKind.SERVICES,
    "prestations de services": MarketKind.SERVICES,
    "fourniture": MarketKind.SUPPLIES,
    "pi": MarketKind.INTELLECTUAL,
    "prestation intellectuelle": MarketKind.INTELLECTUAL,
    "maitrise d oeuvre": MarketKind.INTELLECTUAL,
    "moe": MarketKind.INTELLECTUAL,
    "delegation de service public": MarketKind.CONCESSION,
    "dsp": MarketKind.CONCESSION,
}
PROCEDURES = {
    "mapa": Procedure.ADAPTED,
    "adaptee": Procedure.ADAPTED,
    "marche a procedure adaptee": Procedure.ADAPTED,
    "ao": Procedure.OPEN,
    "aoo": Procedure.OPEN,
    "appel d offres": Procedure.OPEN,
    "aor": Procedure.RESTRICTED,
    "negociee": Procedure.NEGOTIATED,
    "procedure negociee": Procedure.NEGOTIATED,
    "gre a gre": Procedure.DIRECT,
    "sans publicite ni mise en concurrence": Procedure.DIRECT,
    "dialogue": Procedure.DIALOGUE,
}


def _spoken(choices, others):
    """{words: value} of a list of choices: its labels, and other ways of saying them."""
    return {search_key(label): value for value, label in choices.choices} | others


_KINDS = _spoken(MarketKind, KINDS)
_PROCEDURES = _spoken(Procedure, PROCEDURES)


def kind_of(text):
    """The nature these words name, or ""."""
    return _KINDS.get(search_key(text), "")


def procedure_of(text):
    """The procedure these words name, or ""."""
    return _PROCEDURES.get(search_key(text), "")


def cpv_of(text):
    """The eight digits of « 45000000-7 » or of a number that lost its first zero; "" when it is no CPV code."""
    match = re.fullmatch(r"([0-9]{7,8})(?:-?[0-9])?", re.sub(r"\s", "", text))
    return match[1].zfill(8) if match else ""


def split_places(text):
    """« Aix-en-Provence, Venelles et St-Cannat (13) » in its places, as written."""
    parts = re.split(r"[,;/\n+]|\s+et\s+", re.sub(r"\([^)]*\)", "", text))
    return tuple(part.strip() for part in parts if part.strip())


def commune_key(text):
    """What two ways of writing a commune have in common: « ST CANNAT » and « Saint-Cannat »."""
    words = search_key(text).split()
    if words[:1] == ["marseille"]:
        return "marseille"  # its arrondissements are one commune here
    words = [{"st": "saint", "ste": "sainte"}.get(word, word) for word in words if word != "cedex"]
    named = [word for word in words if not word.isdigit()]
    return " ".join(named or words)


def lot_number_of(text):
    """« Lot n° 02 » is lot 2."""
    number = re.sub(r"^lot\s*(?:n[°o]\s*)?", "", text.strip(), flags=re.IGNORECASE)
    return number.lstrip("0") or number
