"""From the rows of a foreign file to the lines of a package, under the columns and the values a person matched."""

from dataclasses import dataclass, field

from clauses_portal.core.nir import holds_nir
from clauses_portal.core.text import search_key
from participants.counting import usual_period
from reporting.enums import ExchangeTable as T
from reporting.exchange import tables
from reporting.exchange.foreign.cells import as_text, as_written, day_of
from reporting.exchange.foreign.fields import EMPLOYER_NAME, FULL_NAME, HOLDER, LOT, MARKET, fields_of
from reporting.exchange.foreign.hours import add_hours
from reporting.exchange.foreign.identity import digest, name_key, split_name
from reporting.exchange.foreign.lines import Lines, row_number
from reporting.exchange.foreign.places import Awards, Communes, Companies, Unplaced, award_reference, digits_of

NIR = "Cette ligne porte un numéro de sécurité sociale : il n’est pas gardé, retirez-le du fichier."
NO_NAME = "Cette ligne ne nomme personne, ou n’en donne pas le prénom."
TOTALS = ("total", "sous total", "totaux")
SIRETS = {"siret", "employeur", "utilisatrice", "acheteur"}


@dataclass
class Source:
    """What a file is read with: its kind, {field: index}, {index: month}, {field: {key: meaning}}, and by whom.

    `territory`: code of the territory of the lines that name none.
    """

    kind: str
    columns: dict
    months: dict
    values: dict
    user: object
    territory: str = ""
    fields: dict = field(init=False)

    def __post_init__(self):
        self.fields = fields_of(self.kind)
        self.communes, self.companies, self.awards = Communes(), Companies(), Awards(self.user)


@dataclass(frozen=True)
class Row:
    """A line of the file: its number, {field: text as a package writes it}, {rank: (month, cell)} of its hours."""

    line: int
    texts: dict
    hours: dict

    def of(self, kind):
        """{column: text} of a table."""
        start = f"{T(kind).value}__"
        return {name.removeprefix(start): text for name, text in self.texts.items() if name.startswith(start) and text}


def read_rows(table, source):
    """[Row] of a `core.tables.Table`; lines of totals and those that hold nothing we read are passed over."""
    rows = []
    for line, values in zip(table.lines, table.rows, strict=True):
        texts = {name: _text(source, name, values[at]) for name, at in source.columns.items() if values[at] is not None}
        hours = {at: (month, values[at]) for at, month in source.months.items() if values[at] is not None}
        if any(texts.values()) and not _is_total(texts):
            rows.append(Row(line, texts, hours))
    return rows


def _is_total(texts):
    return any(search_key(text).startswith(TOTALS) for text in list(texts.values())[:3])


def _text(source, name, value):
    known = source.values.get(name)
    if known is not None and (meaning := known.get(search_key(as_text(value)))) is not None:
        return meaning
    what = source.fields[name]
    text = as_written(what.column.kind, value)
    if what.column.name == "commune":
        return source.communes.find(text)
    if what.column.name in SIRETS and what.column.kind == tables.TEXT:
        return source.companies.find(text)
    return text


def read_tables(table, source):
    """`Lines` of the whole file: what is tried, then recorded, and the lines that cannot be placed."""
    lines = Lines()
    read = _follow_up if source.kind == T.FOLLOW_UP else _plain
    for row in read_rows(table, source):
        if any(holds_nir(text) for text in row.texts.values()):
            lines.faults.append((row.line, NIR))
            continue
        try:
            read(row, source, lines)
        except Unplaced as fault:
            lines.faults.append((row.line, fault.message))
    return lines


def _award(row, source, employer=""):
    texts = [row.texts.get(name, "") for name in (MARKET.name, LOT.name, HOLDER.name)]
    return source.awards.find(*texts, employer)


def _person(row, source):
    """The line of a person, named by her names and her birth when the file gives no identifier."""
    data = {"territoire": source.territory} | row.of(T.PERSONS)
    if full := row.texts.get(FULL_NAME.name):
        last, first = split_name(full)
        data = {"nom": last, "prenom": first} | data
    if not (data.get("nom") and data.get("prenom")):
        raise Unplaced(NO_NAME)
    who = digest("p", name_key(data["nom"], data["prenom"]), data.get("ne_le", ""))
    return {"reference": who} | data


def _plain(row, source, lines):
    """A file of one table: its own columns, and what it calls by other words than a reference."""
    data = row.of(source.kind)
    names = {column.name for column in tables.TABLES[source.kind].columns}
    if "territoire" in names:
        data = {"territoire": source.territory} | data
    if source.kind == T.PERSONS:
        data = _person(row, source) | data
    if "attribution" in names and MARKET.name in source.columns:
        data["attribution"] = award_reference(_award(row, source, data.get("employeur", "")))
    if "personne" in names and "personne" not in data:
        data["personne"] = _person(row, source)["reference"]
    known = [data.get(name, "") for name in tables.TABLES[source.kind].required if name != "reference"]
    lines.add(source.kind, row_number(row.line), {"reference": digest(source.kind[0], *known)} | data)


def _follow_up(row, source, lines):
    """A line of follow-up: a person, why she is eligible, her contract, her hours of one month or of several."""
    number, person = row_number(row.line), _person(row, source)
    contract = row.of(T.CONTRACTS)
    if "employeur" not in contract and (name := row.texts.get(EMPLOYER_NAME.name)):
        contract["employeur"] = source.companies.find(name)
    place = _award(row, source, contract.get("employeur", ""))
    lines.add(T.PERSONS, number, person)
    _validation(row, person, contract, lines)
    contract = _contract(person, contract, place)
    _employer(row, contract, lines)
    lines.add(T.CONTRACTS, number, contract)
    add_hours(row, contract, lines)


def _validation(row, person, contract, lines):
    """Granted when the file says on which day it was decided; proposed otherwise: its hours wait for a decision."""
    data = row.of(T.VALIDATIONS)
    if not data.get("categorie"):
        return
    decided, first = data.get("decidee_le", ""), data.get("du") or data.get("decidee_le") or contract.get("debut", "")
    data["du"], data["au"] = first, data.get("au") or _usual_end(first)
    data |= {"personne": person["reference"], "etat": "granted" if decided else "proposed"}
    told = data.get("decidee_le") or row.texts.get(f"{T.VALIDATIONS.value}__du", "")
    data["reference"] = digest("v", person["reference"], data["categorie"], told)
    lines.add(T.VALIDATIONS, row_number(row.line), data)


def _usual_end(first):
    day = day_of(first)
    return usual_period(day)[1].isoformat() if day else ""


def _contract(person, data, place):
    """The contract, completed with what its market says: whoever hires herself is the company, unless another is named.

    Who lends a person, or works as a subcontractor, must be named: nothing is guessed.
    """
    data = {"employeur": place.siret} | data if data.get("modalite", "1") == "1" else {"employeur": ""} | data
    if "modalite" not in data and data["employeur"] == place.siret:
        data["modalite"] = "1" if place.answers else "3"
    data |= {"personne": person["reference"], "attribution": award_reference(place)}
    data["reference"] = digest("c", person["reference"], place.pk, data["employeur"], data.get("debut", ""))
    return data


def _employer(row, contract, lines):
    name, siret = row.texts.get(EMPLOYER_NAME.name, ""), contract["employeur"]
    if name and digits_of(siret):
        lines.add(T.COMPANIES, row_number(row.line), {"reference": f"e-{siret}", "siret": siret, "nom": name})
