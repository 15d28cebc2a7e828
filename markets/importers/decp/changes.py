"""What happened after the award: modifications of the contract and acts of subcontracting."""

from dataclasses import replace
from datetime import date

from markets.importers.decp.companies import make_holder, read_holders
from markets.importers.decp.records import Modification, Subcontract
from markets.importers.decp.shapes import pick, says_something, unwrap
from markets.importers.decp.values import (
    clean_text,
    parse_amount,
    parse_date,
    parse_duration,
    parse_number,
)

# Columns of the flat layouts, renamed as the fields of the nested ones.
_FLAT_MODIFICATION = {
    "idmodification": "id",
    "objetmodification": "objetmodification",
    "montantmodification": "montant",
    "dureemoismodification": "dureemois",
    "datenotificationmodification": "datenotificationmodification",
    "datenotificationmodificationmodification": "datenotificationmodification",
    "datepublicationdonneesmodification": "datepublicationdonneesmodification",
    "datepublicationdonneesmodificationmodification": "datepublicationdonneesmodification",
    "idtitulairemodification": "titulaireid1",
    "typeidentifianttitulairemodification": "titulairetypeidentifiant1",
}
_FLAT_SUBCONTRACT = {
    "idactesoustraitance": "id",
    "idsoustraitant": "soustraitantid",
    "typeidentifiantsoustraitant": "soustraitanttypeidentifiant",
    "montantactesoustraitance": "montant",
    "dureemoisactesoustraitance": "dureemois",
    "datenotificationactesoustraitance": "datenotification",
}
_FLAT_SUBCONTRACT_CHANGE = {
    "idmodificationactesoustraitance": "id",
    "montantmodificationactesoustraitance": "montant",
    "dureemoismodificationactesoustraitance": "dureemois",
    "datenotificationmodificationsoustraitancemodificationactesoustraitance": (
        "datenotificationmodificationsoustraitance"
    ),
}


def _entries(flat, listed, name, columns):
    """Entries of a nested list or, in a flat layout, the single entry told by the columns."""
    if isinstance(flat.get(listed), list | dict):
        return unwrap(flat[listed], name)
    entry = {target: flat[column] for column, target in columns.items() if says_something(flat.get(column))}
    return [entry] if entry else []


def read_modifications(flat):
    """Modifications in the order of their notification, those without any content left out."""
    entries = _entries(flat, "modifications", "modification", _FLAT_MODIFICATION)
    read = [_modification(entry, rank) for rank, entry in enumerate(entries, start=1)]
    return in_order(filter(None, read))


def in_order(changes):
    """Modifications by day of notification, then number; subcontracts likewise."""
    return tuple(sorted(changes, key=lambda change: (change.notified_on or date.min, change.number)))


def _modification(entry, rank):
    number = parse_number(pick(entry, "id"))
    change = Modification(
        number=rank if number is None else number,
        notified_on=parse_date(pick(entry, "datenotificationmodification", "datesignaturemodification"))[0],
        published_on=parse_date(pick(entry, "datepublicationdonneesmodification"))[0],
        amount=parse_amount(pick(entry, "montant", "valeurglobale"))[0],
        duration_months=parse_duration(pick(entry, "dureemois"))[0],
        holders=read_holders(entry),
        object=clean_text(pick(entry, "objetmodification", "objet")),
    )
    return None if change == Modification(number=change.number) else change


def read_subcontracts(flat):
    """Acts of subcontracting as last modified, by number."""
    entries = _entries(flat, "actessoustraitance", "acteSousTraitance", _FLAT_SUBCONTRACT)
    changes = _entries(
        flat, "modificationsactessoustraitance", "modificationActeSousTraitance", _FLAT_SUBCONTRACT_CHANGE
    )
    acts = [_subcontract(entry, rank) for rank, entry in enumerate(entries, start=1)]
    return tuple(_as_modified(act, changes) for act in acts if act)


def _subcontract(entry, rank):
    holder = make_holder(pick(entry, "soustraitantid"), pick(entry, "soustraitanttypeidentifiant"))
    if not holder:
        return None
    number = parse_number(pick(entry, "id"))
    return Subcontract(
        number=rank if number is None else number,
        holder=holder,
        amount=parse_amount(pick(entry, "montant"))[0],
        duration_months=parse_duration(pick(entry, "dureemois"))[0],
        notified_on=parse_date(pick(entry, "datenotification"))[0],
    )


def _as_modified(act, changes):
    mine = [change for change in changes if parse_number(pick(change, "id")) == act.number]
    mine.sort(key=lambda c: parse_date(pick(c, "datenotificationmodificationsoustraitance"))[0] or date.min)
    for change in mine:
        amount = parse_amount(pick(change, "montant"))[0]
        months = parse_duration(pick(change, "dureemois"))[0]
        act = replace(act, amount=amount or act.amount, duration_months=months or act.duration_months)
    return act
