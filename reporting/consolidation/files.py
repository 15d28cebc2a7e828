"""Figures taken away: a workbook of one sheet per heading and one of definitions, or a CSV of one line per figure."""

from decimal import Decimal

from clauses_portal.core.exports import csv_text
from clauses_portal.core.tables import Sheet, write_xlsx
from reporting.statements.parts import french_cell

HEADERS = ("Indicateur", "Critère", "Valeur", "Unité", "Code")
DEFINITIONS = ("Code", "Indicateur", "Ce qui est compté", "Unité", "Moment", "Source")


def lines_of(part):
    """[(indicator, criterion, plain value, unit, code)] of a heading: its figures, then its tables."""
    lines = [(row["label"], "", row["value"], row["unit"], row["code"]) for row in part["rows"]]
    return lines + [
        (table["label"], row["label"], row["value"], table["unit"], table["code"])
        for table in part["tables"]
        for row in table["rows"]
    ]


def workbook(parts, facts):
    """Bytes of the XLSX: a sheet per heading, the definitions, and what it is about (`facts`: pairs of texts)."""
    sheets = [Sheet(part["title"], HEADERS, [_typed(line) for line in lines_of(part)]) for part in parts]
    named = [one for part in parts for one in (*part["rows"], *part["tables"])]
    keys = ("code", "label", "definition", "unit", "moment", "source")
    definitions = Sheet("Définitions", DEFINITIONS, [[one[key] for key in keys] for one in named])
    return write_xlsx([*sheets, definitions, Sheet("Source", ("Élément", "Valeur"), facts)])


def _typed(line):
    label, criterion, value, unit, code = line
    return [label, criterion, Decimal(value) if isinstance(value, str) else value, unit, code]


def as_csv(parts):
    """Bytes of the CSV, as a French spreadsheet opens it."""
    rows = [
        [part["title"], label, criterion, french_cell(value), unit, code]
        for part in parts
        for label, criterion, value, unit, code in lines_of(part)
    ]
    return csv_text(["Rubrique", *HEADERS], rows).encode("utf-8-sig")
