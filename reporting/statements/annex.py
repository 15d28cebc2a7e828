"""The lots and companies of a statement that are too many for its pages: a spreadsheet, never laid out."""

import io
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from clauses_portal.core.exports import COUNTED, Column, Kind
from clauses_portal.core.exports.documents import Document
from clauses_portal.core.exports.excel import write_xlsx_file
from clauses_portal.core.files import XLSX
from reporting.enums import FileKind
from reporting.statements.files import ProducedFile

MOST_ROWS = 300  # beyond, a paper becomes unreadable, and its layout takes minutes


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
    dated_on = datetime.combine(date.fromisoformat(data["dated_on"]), time(12))
    document = Document(
        title=f"Lots et entreprises – {data['quarter']}",
        columns=COLUMNS,
        rows=data["lots"],
        made_at=timezone.make_aware(dated_on),
        criteria=(("Document", data["number"]), ("Périmètre", data["subject"])),
        notes=(COUNTED, PARTS),
    )
    file = io.BytesIO()
    write_xlsx_file(file, document)
    return file.getvalue()


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
