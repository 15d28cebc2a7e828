"""Records into contracts (lots), and lots into markets. Pure: the caller says which contracts are known."""

from dataclasses import dataclass, field, fields, replace
from datetime import date
from os.path import commonprefix

from markets.importers.decp.changes import in_order
from markets.importers.decp.identity import Identity, digest, identity_of, skeleton
from markets.importers.decp.numbers import lot_in_number, lot_in_title

_COMPARED = (("amount", "montants différents"), ("notified_on", "dates de notification différentes"))
_LEAST_TITLE = 12  # consonants: « Travaux » alone does not make two lots one market


@dataclass(slots=True)
class DecpLot:
    """One contract: `records` are what the file says of it, `record` what stands once they are put together.

    `stored_key` is the key under which it was already known, if it was; `key` may be richer.
    """

    key: str
    stored_key: str | None
    number: str
    title: str
    record: object
    records: list
    notes: list = field(default_factory=list)


@dataclass(slots=True)
class DecpMarket:
    key: str
    buyer_siret: str
    number: str
    title: str
    lots: list


def group_markets(records, known_keys=()):
    """Group `DecpRecord`s into `DecpMarket`s, in the order of the file.

    `known_keys` are the keys of contracts imported before: a record about one of them keeps it.
    """
    markets = {}
    for contract in _contracts(records, known_keys):
        record = _put_together(contract.records)
        key = market_key(record)
        number = _number_before_lot(record) or record.number
        market = markets.setdefault(key, DecpMarket(key, record.buyer_siret, number, "", []))
        market.lots.append(
            DecpLot(
                key=contract.identity.key,
                stored_key=contract.stored_key,
                number=record.lot_number,
                title=record.lot_title or record.title,
                record=record,
                records=contract.records,
                notes=_disagreements(contract.records),
            )
        )
    _flag_doubles(markets.values())
    for market in markets.values():
        market.title = _market_title(market)
        _number_lots(market)
    return list(markets.values())


@dataclass(slots=True)
class _Contract:
    identity: Identity
    stored_key: str | None = None
    records: list = field(default_factory=list)


def _contracts(records, known_keys):
    by_stem = {}
    for key in sorted(known_keys):
        identity = Identity.parse(key)
        by_stem.setdefault(identity.stem, []).append(_Contract(identity, key))
    found = []
    for record in records:
        identity = identity_of(record)
        candidates = by_stem.setdefault(identity.stem, [])
        contract = _closest(candidates, identity) or _same_but_for_holders(candidates, record)
        if contract is None:
            contract = _Contract(identity)
            candidates.append(contract)
        if not contract.records:
            found.append(contract)
        contract.identity = contract.identity.enriched_by(identity)
        contract.records.append(record)
    return found


def _closest(candidates, identity):
    agreeing = [candidate for candidate in candidates if candidate.identity.agrees_with(identity)]
    return max(agreeing, key=lambda c: len(c.identity.holders & identity.holders), default=None)


def _same_but_for_holders(candidates, record):
    """Consolidated files have one line per holder: all the rest is the same, and tells one contract."""
    bare = _without_holders(record)
    twins = (c for c in candidates if c.records and _without_holders(c.records[-1]) == bare)
    return next(twins, None)


def _without_holders(record):
    return replace(record, holders=(), warnings=(), position=0)


def _put_together(records):
    """Latest publication last; what it does not tell is kept from the earlier ones."""
    ordered = sorted(records, key=lambda record: (record.published_on or date.min, record.position))
    standing = ordered[0]
    for later in ordered[1:]:
        told = {
            item.name: getattr(later, item.name)
            for item in fields(later)
            if getattr(later, item.name) not in (None, "", ())
        }
        told["holders"] = tuple(dict.fromkeys(standing.holders + later.holders))
        told["modifications"] = _union(standing.modifications, later.modifications)
        told["subcontracts"] = _union(standing.subcontracts, later.subcontracts)
        if later.amount is not None:
            told["amount_warning"] = ""
        standing = replace(standing, **told)
    return standing


def _union(earlier, later):
    merged = {change.number: change for change in earlier} | {change.number: change for change in later}
    return in_order(merged.values())


def _disagreements(records):
    """Records of one contract, published the same day, that do not tell the same: which is right?"""
    notes = []
    for name, label in _COMPARED:
        told = {}
        for record in records:
            value = getattr(record, name)
            if value is not None:
                told.setdefault(record.published_on, {}).setdefault(value, record.position)
        for values in told.values():
            if len(values) > 1:
                rows = ", ".join(str(position) for position in sorted(values.values()))
                notes.append(f"{label} pour le même contrat (enregistrements {rows}) : à vérifier")
    return notes


def _flag_doubles(markets):
    """Same buyer, number, holders and day under another title: perhaps the same contract told twice."""
    seen = {}
    for market in markets:
        for lot in market.lots:
            identity = Identity.parse(lot.key)
            if not (identity.number and identity.holders and lot.record.notified_on):
                continue
            clue = (identity.buyer, identity.number, identity.holders, lot.record.notified_on)
            if clue in seen:
                lot.notes.append(f"peut-être le même contrat que l’enregistrement {seen[clue]}, autre objet")
            seen.setdefault(clue, lot.record.position)


def _number_lots(market):
    """Lot numbers unique inside the market: as told, else the next free whole number."""
    taken = set()
    for lot in market.lots:
        if lot.number:
            lot.number = free_number(lot.number, taken)
    for lot in market.lots:
        if not lot.number:
            lot.number = free_number("", taken)


def free_number(number, taken):
    """`number` if it is free, else « 3-2 », « 3-3 »…; for a contract without lot, the next whole number."""
    pattern = "{number}-{rank}" if number else "{rank}"
    number = number or "1"
    rank, candidate = 1, number
    while candidate in taken:
        rank += 1
        candidate = pattern.format(number=number, rank=rank)
    taken.add(candidate)
    return candidate


def market_key(record):
    """Text key of the market a contract belongs to: of the record alone, so that the order does not matter.

    1. numbers `…L1`, `…LOT02` of one buyer: what is before the lot;
    2. titles « … – Lot 3 : … » of one buyer and one year: what is before the lot;
    3. else one number, one CPV code, one day of notification.
    """
    base = _number_before_lot(record)
    mention = lot_in_title(record.title)
    if base:
        return f"{record.buyer_siret}/lots/{base}"
    if mention.number and len(skeleton(mention.whole)) >= _LEAST_TITLE:
        return f"{record.buyer_siret}/titre/{digest(skeleton(mention.whole))}/{_year(record)}"
    identity = identity_of(record)
    day = f"{record.notified_on or ''}"
    own = identity.title if not (identity.number and record.cpv and day) else digest(record.cpv, day)
    return f"{record.buyer_siret}/numero/{identity.number}/{own}"


def _number_before_lot(record):
    lot, base = lot_in_number(record.number)
    return base if base and lot == record.lot_number else ""


def _year(record):
    if record.notified_on:
        return str(record.notified_on.year)
    return record.number[:4] if record.number[:2] in {"19", "20"} and record.number[:4].isdigit() else "0000"


def _market_title(market):
    """What all the lots have in common at the start of their titles; else « Marché » and its number."""
    titles = [_title_before_lot(lot.record).split() for lot in market.lots]
    common = " ".join(commonprefix(titles)).rstrip(" -–:,/(")
    if len(skeleton(common)) >= _LEAST_TITLE:
        return common
    whole = {lot.record.title for lot in market.lots}
    return whole.pop() if len(whole) == 1 else f"Marché {market.number}"


def _title_before_lot(record):
    mention = lot_in_title(record.title)
    return mention.whole if mention.number else record.title
