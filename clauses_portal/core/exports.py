"""French spreadsheets: « ; », decimal comma, and no cell that a spreadsheet would run as a formula."""

import csv
import io

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
