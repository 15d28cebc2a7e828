"""ODS written line after line into its zip (OpenDocument 1.3): what LibreOffice, Excel and calamine read back."""

import datetime as dt
import re
import zipfile
from itertools import chain
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.exports.columns import Kind
from clauses_portal.core.exports.documents import SOURCE, width_of
from clauses_portal.core.exports.ods_parts import CONTENT_HEAD, MANIFEST, STYLES, meta, settings
from clauses_portal.core.files import ODS
from clauses_portal.core.tables.writing import clean, tab_title

ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the same for ever: the bytes depend on the data only
CHUNK = 64 * 1024
MILLIMETRES = 2.1  # of a character
SOURCE_WIDTHS = (28, 90)
BLANK = "<table:table-cell/>"


def write_ods(file, document):
    """Write a `Document`: its lines, headers frozen and filtered, then its source."""
    taken = set()
    title, source = tab_title(document.title, taken), tab_title(SOURCE, taken)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        # first and stored as it is: this is how an OpenDocument is told from another zip
        _add(archive, "mimetype", [ODS.mime], method=zipfile.ZIP_STORED)
        _add(archive, "content.xml", _content(document, title, source))
        _add(archive, "styles.xml", [STYLES])
        _add(archive, "meta.xml", [meta(clean(document.title), timezone.make_naive(document.made_at))])
        _add(archive, "settings.xml", [settings(title)])
        _add(archive, "META-INF/manifest.xml", [MANIFEST])


def _add(archive, name, texts, method=zipfile.ZIP_DEFLATED):
    member = zipfile.ZipInfo(name, ZIP_DAY)
    member.compress_type = method
    with archive.open(member, "w") as stream:
        for chunk in _chunks(texts):
            stream.write(chunk)


def _chunks(texts):
    """The same text in bytes, a few cells at a time gathered: deflating each alone would take its time."""
    gathered, size = [], 0
    for text in texts:
        gathered.append(text)
        size += len(text)
        if size > CHUNK:
            yield "".join(gathered).encode()
            gathered, size = [], 0
    yield "".join(gathered).encode()


def _content(document, title, source):
    widths = [width_of(column) for column in document.columns]
    yield CONTENT_HEAD
    yield "<office:automatic-styles>"
    yield from (_column_style(width) for width in sorted({*widths, *SOURCE_WIDTHS}))
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    yield _table(title, widths)
    header = _row(_cell(Kind.TEXT, clean(column.label), "head") for column in document.columns)
    yield f"<table:table-header-rows>{header}</table:table-header-rows>"
    kinds = [column.kind for column in document.columns]
    for values in document.lines():
        yield _row(map(_cell, kinds, values))
    yield "</table:table>"
    yield _table(source, SOURCE_WIDTHS)
    for label, text in document.source():
        yield _row((_cell(Kind.TEXT, clean(label), "head"), _cell(Kind.TEXT, clean(text))))
    yield "</table:table>"
    yield _filter(title, len(kinds), document.written)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _column_style(width):
    size = f'<style:table-column-properties style:column-width="{width * MILLIMETRES:.1f}mm"/>'
    return f'<style:style style:name="w{width}" style:family="table-column">{size}</style:style>'


def _table(title, widths):
    columns = "".join(f'<table:table-column table:style-name="w{width}"/>' for width in widths)
    return f"<table:table table:name={quoteattr(title)}>{columns}"


def _row(cells):
    return "".join(chain(["<table:table-row>"], cells, ["</table:table-row>"]))


def _cell(kind, value, style=""):
    """A typed cell: without a formula, whatever its text begins with."""
    if value is None:
        return BLANK
    typed, shown = SHOWN[kind](value)
    return f'<table:table-cell table:style-name="{style or kind}" {typed}>{_paragraphs(shown)}</table:table-cell>'


def _paragraphs(text):
    return "".join(f"<text:p>{_spaced(line)}</text:p>" for line in text.split("\n"))


def _spaced(line):
    """The spaces and tabs of a line, which XML would make one."""
    line = escape(line).replace("\t", "<text:tab/>")
    return re.sub(r"^ | (?= )| $", "<text:s/>", line)


def _number(kind, value):
    return f'office:value-type="{kind}" office:value="{value:f}"'


def _day(value):
    written = value.isoformat()
    return f'office:value-type="date" office:date-value="{written}"', french.date(written)


def _moment(value: dt.datetime):
    typed = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    return typed, f"{french.date(value)} {value:%H:%M}"


def _string(value):
    return 'office:value-type="string"', value


def _filter(title, columns, lines):
    """The filter of the headers, over the whole table."""
    sheet = "'{}'".format(title.replace("'", "''"))
    area = f"{sheet}.A1:{sheet}.{_letters(columns)}{lines + 1}"
    named = 'table:name="__Anonymous_Sheet_DB__0" table:display-filter-buttons="true"'
    database = f"<table:database-range {named} table:target-range-address={quoteattr(area)}/>"
    return f"<table:database-ranges>{database}</table:database-ranges>"


def _letters(rank):
    """« A » for 1, « AA » for 27."""
    letters = ""
    while rank:
        rank, rest = divmod(rank - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# {kind: function of the value that gives its typed attributes and what is shown}
SHOWN = {
    Kind.TEXT: _string,
    Kind.FLAG: _string,
    Kind.INTEGER: lambda value: (_number("float", value), french.number(value)),
    Kind.HOURS: lambda value: (_number("float", value), french.hundredths(value)),
    Kind.NUMBER: lambda value: (_number("float", value), french.number(value)),
    Kind.PERCENT: lambda value: (_number("percentage", value / 100), french.percent(value)),
    Kind.DATE: _day,
    Kind.MOMENT: _moment,
}
