"""CSV as a French Excel opens it: UTF-8 with its mark, « ; », decimal comma, days written DD/MM/YYYY."""

import codecs
import csv
import io

from clauses_portal.core.exports.columns import Kind

# Signs a spreadsheet may take for the beginning of a formula, whatever blank comes before; full-width ones too.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value):
    """Text of a cell; a text that begins like a formula is prefixed by an apostrophe (A9)."""
    text = "" if value is None else str(value)
    if text.startswith(DANGEROUS) and not _is_number(text):
        return f"'{text}"
    return text


def _is_number(text):
    return text.lstrip("+-").replace(",", "", 1).replace(" ", "").replace("\u00a0", "").isdigit()


def csv_text(header, rows):
    """Return the whole CSV as text, without byte order mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return buffer.getvalue()


def write_csv(file, document):
    """Write the lines of a `Document`. A CSV has no room for a source: it is its lines and nothing else."""
    file.write(codecs.BOM_UTF8)
    writer = csv.writer(_Encoded(file), delimiter=";", lineterminator="\r\n")
    columns = document.columns
    writer.writerow([_inert(column.label) for column in columns])
    for row in document.rows:
        writer.writerow([_written(column.kind, column.of(row)) for column in columns])


class _Encoded:
    """What `csv` writes, as bytes."""

    def __init__(self, file):
        self.file = file

    def write(self, text):
        self.file.write(text.encode())


def _written(kind, value):
    """The kind of the column tells a number from a text: « -12,50 » hours are a number, a name « -1 » is not."""
    return "" if value is None else WRITTEN[kind](value)


def _inert(text):
    begins_badly = text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(FORMULA)
    return f"'{text}" if begins_badly else text


def _decimal(value):
    return f"{value:f}".replace(".", ",")


WRITTEN = {
    Kind.TEXT: _inert,
    Kind.INTEGER: str,
    Kind.HOURS: _decimal,
    Kind.NUMBER: _decimal,
    Kind.PERCENT: lambda value: f"{value:f} %",
    Kind.DATE: lambda value: f"{value:%d/%m/}{value.year:04d}",
    Kind.MOMENT: lambda value: f"{value:%d/%m/}{value.year:04d} {value:%H:%M}",
    Kind.FLAG: str,
}
