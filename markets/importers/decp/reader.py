"""`read_decp`: a file of public procurement records into clean `DecpRecord`, one `Refusal` per broken record.

A record is refused only when nobody could use it: not an object, no title, no buyer we can trust. Everything
else is kept with what can be read of it, and a warning says what was left out.
"""

import re

from markets.importers.decp.changes import read_modifications, read_subcontracts
from markets.importers.decp.companies import holder_warnings, read_holders, valid_siret
from markets.importers.decp.files import load
from markets.importers.decp.numbers import lot_in_number, lot_in_title, without_counter
from markets.importers.decp.places import read_place
from markets.importers.decp.records import Concession, DecpRecord, Reading, Refusal
from markets.importers.decp.shapes import flatten, pick, structural_fault, words
from markets.importers.decp.values import (
    fold,
    known,
    parse_amount,
    parse_boolean,
    parse_cpv,
    parse_date,
    parse_duration,
)
from markets.importers.decp.vocabulary import (
    GROUPS,
    NATURES,
    PROCEDURES,
    SOCIAL,
    TECHNIQUES,
    kind_of,
    translate,
)


def read_decp(source):
    """Read a path or a binary file object and return a `Reading`.

    Raises `UnreadableFile`, whose text is one French sentence, when the whole file is not what it says.
    """
    sheet = load(source)
    items = tuple(_read_row(raw, position, sheet) for position, raw in enumerate(sheet.rows, start=1))
    return Reading(sheet.layout, items, sheet.notes)


class _RefusedError(Exception):
    """Reason why a record cannot be used, for the person who imports."""


def _read_row(raw, position, sheet):
    identifier = ""
    try:
        if fault := structural_fault(raw):
            raise _RefusedError(fault)
        flat = flatten(raw)
        identifier = known(pick(flat, "id", "idmarche"), 60)
        return _record(flat, position, identifier, sheet)
    except _RefusedError as refused:
        return Refusal(position, identifier, str(refused))


def _record(flat, position, market_id, sheet):
    warnings = []
    title = _title(flat)
    number = without_counter(market_id) if sheet.counted else market_id
    if not market_id:
        warnings.append("numéro de marché absent")
    values = _scalars(flat, warnings)
    concession = _concession(flat)
    amount, amount_warning = parse_amount(pick(flat, "montant", "montantmarche", "valeurglobale"))
    holders = read_holders(flat)
    warnings += holder_warnings(holders)
    return DecpRecord(
        position=position,
        buyer_siret=_buyer(flat),
        buyer_name=known(pick(flat, "acheteurnom", "autoriteconcedantenom"), 250),
        buyer_postal_code=_postal_code(flat),
        market_id=market_id,
        number=number,
        title=title,
        kind=kind_of(values["cpv"], flat.get("ccag"), concession),
        amount=amount,
        amount_warning=amount_warning,
        holders=holders,
        modifications=read_modifications(flat),
        subcontracts=read_subcontracts(flat),
        concession=concession,
        source=known(pick(flat, "source"), 100) or known(sheet.source, 100),
        warnings=tuple(warnings),
        **values,
        **_lot(title, number),
        **_coded(flat),
    )


def _title(flat):
    title = known(pick(flat, "objet", "objetmarche"))
    if not title:
        raise _RefusedError("objet du marché absent")
    return title


def _buyer(flat):
    """The key of a contract and the scope of the import both rest on the buyer: it must be right."""
    declared = known(pick(flat, "acheteurid", "idacheteur", "autoriteconcedanteid"), 40)
    if not declared:
        raise _RefusedError("acheteur absent")
    siret = valid_siret(declared)
    if not siret:
        raise _RefusedError(f"le SIRET de l’acheteur « {declared} » est faux")
    return siret


def _postal_code(flat):
    """Where the buyer is: the PES extract tells it and does not tell where the contract is carried out."""
    code = known(pick(flat, "codepostalacheteur"), 10)
    return code if re.fullmatch(r"[0-9]{5}", code) else ""


def _scalars(flat, warnings):
    """Dates, duration, CPV and place, each with its warning."""

    def keep(parsed):
        value, warning = parsed
        if warning:
            warnings.append(warning)
        return value

    place_code, place_type, warning = read_place(flat)
    if warning:
        warnings.append(warning)
    notified = pick(flat, "datenotification", "datesignature")
    return {
        "cpv": keep(parse_cpv(pick(flat, "codecpv"))),
        "duration_months": keep(parse_duration(pick(flat, "dureemois"))),
        "notified_on": keep(parse_date(notified, "date de notification")),
        "published_on": keep(parse_date(pick(flat, "datepublicationdonnees"), "date de publication")),
        "place_code": place_code,
        "place_type": place_type,
    }


def _coded(flat):
    nature = translate(flat.get("nature"), NATURES)
    declared = words(pick(flat, "techniques", "technique"), "technique")
    techniques = _codes(declared, TECHNIQUES)
    if nature == "framework":
        techniques.append("framework")
    social = words(flat.get("considerationssociales"), "considerationSociale")
    return {
        "nature": nature,
        "procedure": translate(flat.get("procedure"), PROCEDURES),
        "technique": next((code for code in techniques if code != "none"), ""),
        "group_type": translate(flat.get("typegroupementoperateurs"), GROUPS),
        "social_considerations": tuple(dict.fromkeys(_codes(social, SOCIAL))),
        "framework_id": known(flat.get("idaccordcadre"), 60),
        "subcontracting_declared": parse_boolean(flat.get("soustraitancedeclaree")),
    }


def _codes(declared, vocabulary):
    return [vocabulary[fold(word)] for word in declared if fold(word) in vocabulary]


def _concession(flat):
    """Concessions say so by their type or their nature; a market may carry the same fields, empty."""
    declared = fold(known(pick(flat, "type"), 60)) + fold(known(pick(flat, "nature"), 60))
    if "concession" not in declared and "delegationdeservicepublic" not in declared:
        return None
    return Concession(
        global_value=parse_amount(pick(flat, "valeurglobale"))[0],
        public_subsidy=parse_amount(pick(flat, "montantsubventionpublique"))[0],
        started_on=parse_date(pick(flat, "datedebutexecution"))[0],
    )


def _lot(title, number):
    mention = lot_in_title(title)
    lot_number = mention.number or lot_in_number(number)[0]
    return {"lot_number": lot_number, "lot_title": mention.title if mention.number else ""}
