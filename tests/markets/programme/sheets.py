"""Programmes as directions write them: one spreadsheet, in each of its three formats."""

from clauses_portal.core.exports import csv_text
from markets.programme.columns import LABELS
from tests.core.made_files import calc, excel

LINE = {
    "operation_reference": "OP-2027-12",
    "operation_title": "Collège Mignet",
    "communes": "Aix-en-Provence",
    "market_number": "2027-014",
    "title": "Réfection des façades",
    "kind": "Travaux",
    "procedure": "MAPA",
    "lot_amount": 125_000,
    "firm_months": 8,
    "planned_publication_on": "15/01/2027",
    "planned_tenders_on": "15/03/2027",
    "planned_notification_on": "01/06/2027",
    "starts_on": "01/07/2027",
    "ends_on": "28/02/2028",
}
HEADERS = list(LABELS.values())


def a_line(**changes):
    """Cells of one line, in the order of all the columns; None leaves a cell blank."""
    values = LINE | changes
    return [values.get(name) for name in LABELS]


def as_xlsx(*lines, headers=HEADERS):
    return "programme 2027.xlsx", excel({"Programme": [headers, *lines]})


def as_ods(*lines, headers=HEADERS):
    return "programme 2027.ods", calc([headers, *lines])


def as_csv(*lines, headers=HEADERS):
    return "programme 2027.csv", csv_text(headers, lines).encode()
