"""XLSX written line after line: memory does not grow with the list, and no text is ever a formula nor a link."""

import datetime as dt

import xlsxwriter
from django.utils import timezone

from clauses_portal.core.exports.columns import Kind
from clauses_portal.core.exports.documents import SOURCE, width_of
from clauses_portal.core.tables.writing import FONT, clean, tab_title

# Excel keeps these in English and shows them in the language of whoever opens the file: « 1 234,50 » in French.
FORMATS = {
    Kind.TEXT: {"text_wrap": True},
    Kind.FLAG: {},
    Kind.INTEGER: {"num_format": "#,##0"},
    Kind.HOURS: {"num_format": "#,##0.00"},
    Kind.NUMBER: {},
    Kind.PERCENT: {"num_format": "0 %"},
    Kind.DATE: {"num_format": "dd/mm/yyyy", "align": "left"},
    Kind.MOMENT: {"num_format": "dd/mm/yyyy hh:mm", "align": "left"},
}
HEADER = {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E8EDF3"}
LONGEST_MARK = 120  # Excel holds 255 characters in a head or a foot, its codes included
INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_xlsx_file(file, document):
    """Write a `Document`: its lines, headers frozen and filtered, then its source."""
    workbook = xlsxwriter.Workbook(file, {"constant_memory": True, "default_format_properties": dict(FONT), **INERT})
    made_at = timezone.make_naive(document.made_at)
    workbook.set_properties({"title": clean(document.title), "created": made_at})
    workbook.set_custom_property("Langue", "fr-FR")
    formats = {kind: workbook.add_format(FONT | changes) for kind, changes in FORMATS.items()}
    header, taken = workbook.add_format(FONT | HEADER), set()
    page = workbook.add_worksheet(tab_title(document.title, taken))
    _write_lines(page, document, formats, header)
    source = workbook.add_worksheet(tab_title(SOURCE, taken))
    _write_source(source, document, formats[Kind.TEXT], header)
    for printed in (page, source) if document.watermark else ():
        _mark(printed, document.watermark)
    workbook.close()


def _mark(page, watermark):
    """The same words at the head and the foot of each printed page; « & » announces a code there."""
    text = clean(watermark)[:LONGEST_MARK].replace("&", "&&")
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_header(f"&C{text}")
    page.set_footer(f"&C{text}&R&P / &N")


def _write_lines(page, document, formats, header):
    columns = document.columns
    for rank, column in enumerate(columns):
        page.set_column(rank, rank, width_of(column))
        page.write_string(0, rank, clean(column.label), header)
    kinds = [(rank, column.kind, formats[column.kind]) for rank, column in enumerate(columns)]
    line = 0
    for line, values in enumerate(document.lines(), start=1):
        for (rank, kind, shape), value in zip(kinds, values, strict=True):
            _write_cell(page, line, rank, kind, value, shape)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.autofilter(0, 0, line, len(columns) - 1)


def _write_cell(page, line, rank, kind, value, shape):
    if value is None:
        return
    if isinstance(value, str):
        page.write_string(line, rank, value, shape)
    elif isinstance(value, dt.date):
        page.write_datetime(line, rank, value, shape)
    else:
        page.write_number(line, rank, value / 100 if kind == Kind.PERCENT else value, shape)


def _write_source(page, document, shape, header):
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 90)
    for line, (label, text) in enumerate(document.source()):
        page.write_string(line, 0, clean(label), header)
        page.write_string(line, 1, clean(text), shape)
