"""The lots and companies of a statement that are too many for its pages: a spreadsheet, never laid out."""

import io
from datetime import date, datetime, time
from decimal import Decimal

import xlsxwriter

from clauses_portal.core.exports import COUNTED, Column, Kind
from clauses_portal.core.files import XLSX
from reporting.enums import FileKind
from reporting.statements.files import ProducedFile

MOST_ROWS = 300  # beyond, a paper becomes unreadable, and its layout takes minutes

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# copied for each workbook: xlsxwriter writes in it, and the second would differ from the first
FONT = {"font_name": "Arial", "font_size": 10, "valign": "top"}
SHAPES = {
    Kind.TEXT: {"text_wrap": True},
    Kind.FLAG: {},
    Kind.HOURS: {"num_format": "#,##0.00"},
    Kind.NUMBER: {},
    Kind.DATE: {"num_format": "dd/mm/yyyy", "align": "left"},
}
WIDTHS = {Kind.TEXT: 32}


def is_long(data):
    """Are there too many rows of lots for the pages of the document?"""
    return len(data["lots"]) > MOST_ROWS


def annex_name(data):
    """Name of the file, cited in the document."""
    return f"{data['number']}-lots.xlsx"


def annexes(statement):
    """The `ProducedFile`s published beside the document: the rows of its lots, when its pages do not have them."""
    data = statement.snapshot
    if not is_long(data):
        return []
    return [ProducedFile(FileKind.ANNEX, annex_name(data), XLSX.mime, workbook(data))]


def workbook(data):
    """The rows of the lots of a snapshot as XLSX (bytes): same data, same bytes; written row after row."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS | {"default_format_properties": dict(FONT)})
    made_at = datetime.combine(date.fromisoformat(data["dated_on"]), time(12))
    book.set_properties({"title": f"Lots et entreprises, {data['number']}", "created": made_at})
    header = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
    shapes = {kind: book.add_format(shape) for kind, shape in SHAPES.items()}
    page = book.add_worksheet("Lots et entreprises")
    for rank, column in enumerate(COLUMNS):
        page.set_column(rank, rank, WIDTHS.get(column.kind, 12))
        page.write_string(0, rank, column.label, header)
    for line, row in enumerate(data["lots"], start=1):
        _write_line(page, line, row, shapes)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(data["lots"]), len(COLUMNS) - 1)
    notes = book.add_worksheet("À savoir")
    notes.set_column(0, 0, 110)
    for line, note in enumerate((f"{data['number']} – {data['subject']}", COUNTED, PARTS)):
        notes.write_string(line, 0, note)
    book.close()
    return file.getvalue()


def _write_line(page, line, row, shapes):
    for rank, column in enumerate(COLUMNS):
        value = column.of(row)
        if value is None:
            continue
        if isinstance(value, str):
            page.write_string(line, rank, value, shapes[column.kind])
        elif isinstance(value, date):
            page.write_datetime(line, rank, value, shapes[column.kind])
        else:
            page.write_number(line, rank, value, shapes[column.kind])


def _text(name):
    return lambda row: row[name]


def _number(name):
    return lambda row: None if row[name] is None else Decimal(row[name])


def _date(name):
    return lambda row: row[name] and date.fromisoformat(row[name])


PARTS = "Les heures d’une entreprise comprennent celles de ses sous-traitants : n’additionnez que les principaux."
COLUMNS = (
    Column("Opération", Kind.TEXT, _text("operation")),
    Column("Marché", Kind.TEXT, _text("market")),
    Column("Lot", Kind.TEXT, _text("lot")),
    Column("Entreprise", Kind.TEXT, _text("company")),
    Column("Rôle", Kind.TEXT, _text("role")),
    Column("Compris dans la ligne du principal", Kind.FLAG, _text("is_part")),
    Column("Heures dues", Kind.HOURS, _number("due")),
    Column("Heures du trimestre", Kind.HOURS, _number("counted_quarter")),
    Column("Heures cumulées", Kind.HOURS, _number("counted_to_date")),
    Column("Dépassement (heures)", Kind.HOURS, _number("over")),
    Column("Réalisé (%)", Kind.NUMBER, _number("done")),
    Column("Réalisé, plafonné (%)", Kind.NUMBER, _number("done_capped")),
    Column("Temps écoulé (%)", Kind.NUMBER, _number("expected")),
    Column("Avancement physique (%)", Kind.NUMBER, _number("physical")),
    Column("Constaté le", Kind.DATE, _date("physical_on")),
    Column("Rythme", Kind.TEXT, _text("light")),
)
