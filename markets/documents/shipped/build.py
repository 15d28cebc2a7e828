"""From the text of a template to a Word file: real headings, numbered articles, tables with their headers."""

import datetime as dt
import io
import re

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Mm

from clauses_portal.core import french
from markets.documents.package import repacked
from markets.documents.shipped import look
from markets.documents.shipped.markup import Table
from markets.documents.tags import TAG

STYLES = {
    "title": "Title",
    "heading": "Heading 1",
    "subheading": "Heading 2",
    "item": "List Bullet",
    "note": look.NOTE,
    "text": "Normal",
    "tag": "Normal",
}
BOLD = re.compile(r"\*\*(.+?)\*\*")
A_TAG = "\ue000"  # a private sign that stands for a tag while the text around it is typeset
HELD = (
    re.compile(r"(?<=\b[LRD]\.) (?=[0-9])"),
    re.compile(rf"(?<=n°) (?={A_TAG})"),
    re.compile(rf"(?<={A_TAG}) (?=(?:heures|jours|mois|semaines|équivalent)\b)"),
)
BLANK_ROW = 9  # mm: room to write by hand
WRITTEN_ON = dt.datetime(2026, 11, 1, 12)  # noqa: DTZ001 - Word keeps no time zone


def build(blocks):
    """Return the DOCX (bytes) of these `Block`s and `Table`s; equal blocks give equal bytes."""
    document = Document()
    look.dress(document)
    for block in blocks:
        if isinstance(block, Table):
            _add_table(document, block)
        else:
            text = _within("p", block.text) if block.kind == "tag" else block.text
            _write(document.add_paragraph(style=STYLES[block.kind]), text)
    _sign(document, next(block.text for block in blocks if not isinstance(block, Table) and block.kind == "title"))
    built = io.BytesIO()
    document.save(built)
    return repacked(built.getvalue())


def _within(scope, tag):
    """« {% if x %} » gives « {%p if x %} »: the paragraph, or the row, goes away with its tag."""
    return tag.replace("{% ", f"{{%{scope} ", 1)


def _write(paragraph, text):
    """Add text to a paragraph, what stands between ** in bold."""
    for position, piece in enumerate(BOLD.split(typeset(text))):
        if piece:
            paragraph.add_run(piece).bold = True if position % 2 else None


def typeset(text):
    """French typography outside the tags; « L. 2112-2 » and a number with its unit are never cut."""
    tags = iter(TAG.findall(text))
    # a letter stands for each tag, so that what follows a tag is spaced as after a word
    plain = french.typographic(TAG.sub(A_TAG, text))
    for pattern in HELD:
        plain = pattern.sub(french.NBSP, plain)
    return re.sub(A_TAG, lambda _: next(tags), plain)


def _add_table(document, table):
    _write(document.add_paragraph(style="Caption"), table.caption)
    drawn = document.add_table(rows=0, cols=len(table.widths), style=look.GRID)
    look.dress_table(drawn, table)
    for number, row in enumerate(table.rows):
        _fill_row(drawn.add_row(), row, table, is_header=not table.is_form and number == 0)
    document.add_paragraph(style=look.AFTER_TABLE)


def _fill_row(drawn, row, table, *, is_header):
    if row.is_tag:
        drawn.cells[0].merge(drawn.cells[-1])
        drawn.cells[0].paragraphs[0].add_run(_within("tr", row.cells[0]))
        return
    look.keep_together(drawn, is_header=is_header)
    height = row.height or (BLANK_ROW if "" in row.cells else 0)
    if height:
        drawn.height, drawn.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
    for number, (cell, text) in enumerate(zip(drawn.cells, row.cells, strict=True)):
        cell.width = look.column_width(table.widths[number])
        _write(cell.paragraphs[0], text)
        look.dress_cell(cell, is_header=is_header or (table.is_form and number == 0))


def _sign(document, title):
    properties = document.core_properties
    properties.title, properties.author, properties.comments = typeset(title), "", ""
    properties.language = "fr-FR"
    properties.created = properties.modified = WRITTEN_ON
