"""Companies as declared: titulaires, concessionnaires, sous-traitants."""

import re

from stdnum.fr import siren as siren_key
from stdnum.fr import siret as siret_key

from markets.importers.decp.records import Holder
from markets.importers.decp.shapes import pick, unwrap
from markets.importers.decp.values import known
from markets.importers.decp.vocabulary import IDENTIFIER_TYPES, translate

MAX_HOLDERS = 100
# `titulaire_id_1`, `titulaire_id_2`…, or `titulaire_id` where there is one line per holder.
_COLUMNS = ("", *range(1, 21))


def valid_siret(text):
    """The 14 digits when the key is right (Luhn, or La Poste's own sum), else `None`."""
    digits = re.sub(r"[\s.]", "", text)
    return digits if re.fullmatch(r"[0-9]{14}", digits) and siret_key.is_valid(digits) else None


def _siren_of(text, id_type):
    """SIREN inside a SIREN, or inside a French VAT number (FR, two key characters, SIREN)."""
    if id_type == "TVA" and text.startswith("FR"):
        text = text[4:]
    elif id_type not in {"SIRET", "SIREN", ""}:
        return None
    return text if re.fullmatch(r"[0-9]{9}", text) and siren_key.is_valid(text) else None


def make_holder(identifier, declared_type, name=""):
    """A `Holder`, or `None` when neither an identifier nor a name is told.

    A wrong key loses the SIRET, not the holder.
    """
    text = re.sub(r"[\s.]", "", known(identifier, 40)).upper()
    name = known(name, 250)
    if not (text or name):
        return None
    id_type = translate(declared_type, IDENTIFIER_TYPES)
    siret = valid_siret(text)
    siren = siret[:9] if siret else _siren_of(text, id_type)
    if siret:
        id_type = "SIRET"
    elif siren and id_type in {"SIRET", ""}:
        id_type = "SIREN"
    return Holder(identifier=text, id_type=id_type, siret=siret, siren=siren, name=name)


def _distinct(holders):
    seen = {}
    for holder in holders:
        if holder:
            seen.setdefault((holder.identifier, "" if holder.identifier else holder.name), holder)
    return tuple(seen.values())[:MAX_HOLDERS]


def _holder_of(entry):
    return make_holder(entry.get("id"), entry.get("typeidentifiant"), entry.get("denominationsociale"))


def read_holders(flat):
    """Holders of a flattened record, in the order declared, each once."""
    listed = pick(flat, "titulaires", "concessionnaires")
    if isinstance(listed, list | dict):
        return _distinct(map(_holder_of, unwrap(listed, "titulaire", "concessionnaire")))
    return _distinct(
        make_holder(
            flat[f"titulaireid{rank}"],
            flat.get(f"titulairetypeidentifiant{rank}"),
            pick(flat, f"titulairedenominationsociale{rank}", f"titulairenom{rank}"),
        )
        for rank in _COLUMNS
        if f"titulaireid{rank}" in flat
    )


def holder_warnings(holders):
    """One French sentence per holder that cannot become a company of the portal."""
    warnings = []
    for holder in holders:
        if holder.siret:
            continue
        what = holder.name or holder.identifier
        if holder.id_type == "SIREN":
            warnings.append(f"titulaire « {what} » : SIREN sans établissement")
        elif holder.id_type in {"SIRET", ""}:
            warnings.append(f"titulaire « {what} » : SIRET absent ou faux")
        else:
            warnings.append(f"titulaire « {what} » : identifiant {holder.id_type}, sans SIRET")
    return warnings
