"""The lines of a package that are being made from a foreign file: the same row told twice is one, completed."""

from dataclasses import dataclass, field
from decimal import Decimal

from reporting.exchange.foreign.cells import hours_text
from reporting.models.exchange import RANKS


def row_number(line, rank=0):
    """The number of a line of the trial made from line `line` of the file (`rank`: which of them)."""
    return line * RANKS + rank


@dataclass
class Lines:
    """{table: {reference: (row, {column: text})}} and the faults [(line of the file, sentence)]."""

    tables: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)
    sums: dict = field(default_factory=dict)

    def add(self, kind, row, data):
        """Add a line; told again, what was blank is filled in and nothing else changes."""
        rows = self.tables.setdefault(kind, {})
        _, known = rows.setdefault(data["reference"], (row, {}))
        for name, text in data.items():
            if text and not known.get(name):
                known[name] = text

    def add_hours(self, kind, row, data, hours):
        """Add hours (Decimal, or the text that could not be read); of the same days, they are added up."""
        self.add(kind, row, data)
        known = self.tables[kind][data["reference"]][1]
        if isinstance(hours, Decimal):
            self.sums[data["reference"]] = self.sums.get(data["reference"], Decimal(0)) + hours
            known["declarees"] = hours_text(self.sums[data["reference"]])
        else:
            known["declarees"] = hours

    def finished(self):
        """{table: [(row, {column: text})]}, as the trial wants them."""
        return {kind: list(rows.values()) for kind, rows in self.tables.items()}
