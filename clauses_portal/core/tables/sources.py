"""The raw rows of a file: sheets of a workbook through calamine, lines of a CSV."""

import csv
import io
import zipfile
from collections import Counter
from itertools import islice

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from clauses_portal.core.archives import open_archive
from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import LARGEST_DOCUMENT, ODS
from clauses_portal.core.french import typographic
from clauses_portal.core.tables.meters import OdsMeter, XlsxMeter

DELIMITERS = ";\t,"
SAMPLE = 50
UNREADABLE = typographic(
    "Ce classeur est illisible ou dépasse les limites (5 000 lignes, 60 colonnes). "
    "Enregistrez-le de nouveau au format XLSX, ODS ou CSV, ou découpez-le."
)
UNREADABLE_CSV = typographic(
    "Ce fichier CSV est illisible : enregistrez-le en « CSV UTF-8, séparateur point-virgule », puis déposez-le."
)


def visible_sheets(content, kind):
    """[(name, function that gives its rows)] for the visible sheets of a workbook, XLSX or ODS (a `files.Kind`).

    A row is a list of str, float, int, bool, date, datetime, time or timedelta, « "" » for an empty cell.
    Raises DomainError when the workbook cannot be read, or would not hold in memory.
    """
    measured = _measured(content, OdsMeter() if kind == ODS else XlsxMeter())
    workbook = _attempt(lambda: CalamineWorkbook.from_filelike(measured))
    return [
        (sheet.name, lambda index=index: _rows(workbook, index))
        for index, sheet in enumerate(workbook.sheets_metadata)
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _rows(workbook, index):
    return _attempt(lambda: workbook.get_sheet_by_index(index).to_python(skip_empty_area=False))


def _measured(content, meter):
    """The same workbook, reduced to the parts that were measured: the reader sees nothing else."""
    archive = open_archive(content, expanded_max=LARGEST_DOCUMENT)
    names = [name for name in archive.namelist() if name.endswith((".xml", ".rels")) or name == "mimetype"]
    if len({name.lower() for name in names}) < len(names):
        raise DomainError(UNREADABLE)
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as parts:
        for name in sorted(names, key=lambda name: name.lower() != "xl/sharedstrings.xml"):
            part = archive.read(name)
            if name != "mimetype":
                _attempt(lambda part=part: meter.measure(part))
            parts.writestr(name, part)
    return io.BytesIO(copy.getvalue())


def _attempt(read):
    """Call a parser, which may raise almost anything on a broken or hostile file."""
    try:
        return read()
    except Exception as error:
        raise DomainError(UNREADABLE) from error


def csv_rows(content):
    """Give one by one the rows of a CSV, lists of str: UTF-8 or Windows, cut by « ; », tab or « , ».

    Raises DomainError when it is not text, or when a quote left open swallows the rest of the file.
    """
    text = _decoded(content)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    except csv.Error as error:
        raise DomainError(UNREADABLE_CSV) from error


def _decoded(content):
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DomainError(UNREADABLE_CSV)


def _delimiter(text):
    """The sign that cuts most of the first lines into the same number of cells: a decimal comma does not."""
    return max(DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text, delimiter):
    rows = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), SAMPLE)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(widths.values(), default=0)
