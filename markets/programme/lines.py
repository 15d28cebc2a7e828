"""The lines of a programme, typed: what is unreadable is refused with its sentence, line by line."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from clauses_portal.core import french
from clauses_portal.core.french import NBSP
from clauses_portal.core.tables import as_amount, as_date, as_integer
from clauses_portal.core.text import tidy
from markets.importers.decp.report import Line, Outcome
from markets.programme.columns import LABELS
from markets.programme.vocabulary import cpv_of, kind_of, lot_number_of, procedure_of, split_places

READERS = {
    "lot_amount": as_amount,
    "market_amount": as_amount,
    "firm_months": as_integer,
    "planned_publication_on": as_date,
    "planned_tenders_on": as_date,
    "planned_notification_on": as_date,
    "starts_on": as_date,
    "ends_on": as_date,
}
# What a word list settles: an unknown word leaves the value blank, and is told.
VOCABULARIES = {"kind": kind_of, "procedure": procedure_of, "cpv": cpv_of}
UNKNOWN = {
    "kind": "nature non reconnue",
    "procedure": "procédure non reconnue, laissée vide",
    "cpv": "code CPV illisible, laissé vide",
}
# Blank on all three, a line goes on with the market above: merged cells read so.
OPENING = ("operation_reference", "market_number", "title")
CARRIED = (*OPENING, "operation_title")
NO_REFERENCE = "Indiquez la référence de l’opération."
NO_TITLE = "Indiquez l’objet du marché."


@dataclass(frozen=True)
class ProgrammeLine:
    """One line: `position` in the file, texts tidied, dates, amounts in euros without tax (confidential)."""

    position: int
    operation_reference: str = ""
    operation_title: str = ""
    communes: tuple[str, ...] = ()
    market_number: str = ""
    title: str = ""
    kind: str = ""
    procedure: str = ""
    cpv: str = ""
    lot_number: str = ""
    lot_title: str = ""
    territory: str = ""
    trade: str = ""
    lot_amount: Decimal | None = field(default=None, repr=False)
    market_amount: Decimal | None = field(default=None, repr=False)
    firm_months: int | None = None
    planned_publication_on: dt.date | None = None
    planned_tenders_on: dt.date | None = None
    planned_notification_on: dt.date | None = None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    notes: tuple[str, ...] = ()

    @property
    def names_a_lot(self):
        """False when the line is the market as a whole."""
        return bool(self.lot_number or self.lot_title)

    @property
    def identifier(self):
        """What a person recognises the line by: « OP-12 · 2027-014 lot 2 »."""
        market = self.market_number or self.title
        market = market if len(market) <= 60 else f"{market[:59]}…"
        lot = f" lot {self.lot_number}" if self.lot_number else ""
        return f"{self.operation_reference} · {market}{lot}"


def read_lines(table, mapping):
    """(lines, refusals) of a `core.tables.Table` under a mapping {column: index}.

    Refusals are `report.Line`s. No sentence quotes a cell: it may hold an amount (C27).
    """
    lines, refusals, above = [], [], {}
    for position, row in zip(table.lines, table.rows, strict=True):
        cells = {name: row[at] for name, at in mapping.items() if row[at] is not None}
        if not cells:
            continue
        texts = {name: _text(value) for name, value in cells.items() if name not in READERS}
        if not any(texts.get(name) for name in OPENING):
            texts = {name: above[name] for name in CARRIED if name in above} | texts
        above = texts
        values, faults = _read(cells, texts)
        line = ProgrammeLine(position, **values)
        if faults:
            refusals.append(Line(position, line.identifier, Outcome.REFUSED, " ".join(faults), line.notes))
        else:
            lines.append(line)
    return lines, refusals


def _text(value):
    if isinstance(value, dt.date):
        return french.date(value)
    return tidy(str(value))


def _read(cells, texts):
    """(values of a `ProgrammeLine`, sentences that refuse it)."""
    values, faults, notes = dict(texts), [], []
    for name, read in READERS.items():
        try:
            values[name] = read(cells.get(name))
        except ValueError as error:
            faults.append(f"{LABELS[name]}{NBSP}: {_lowered(str(error))}")
    for name, find in VOCABULARIES.items():
        values[name] = find(texts.get(name, ""))
        if texts.get(name) and not values[name]:
            notes.append(UNKNOWN[name])
    values["lot_number"] = lot_number_of(texts.get("lot_number", ""))
    values["communes"] = split_places(str(cells.get("communes", "")))
    if not values.get("operation_reference"):
        faults.append(NO_REFERENCE)
    if not values.get("title"):
        faults.append(NO_TITLE)
    return values | {"notes": tuple(notes)}, faults


def _lowered(sentence):
    return sentence[0].lower() + sentence[1:]
