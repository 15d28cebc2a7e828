"""A table to take away, as CSV or XLSX."""

from clauses_portal.core.exports import csv_text
from clauses_portal.core.files import CSV, XLSX, as_download
from clauses_portal.core.french import date as french_date
from clauses_portal.core.tables import Sheet, write_xlsx


def spreadsheet(request, name, title, headers, rows):
    """Answer rows of str, numbers, dates or None as a download: CSV, or XLSX with ?format=xlsx."""
    if request.GET.get("format") == "xlsx":
        return as_download(f"{name}.xlsx", XLSX.mime, write_xlsx([Sheet(title, headers, rows)]))
    text = csv_text(headers, ([_written(value) for value in row] for row in rows))
    return as_download(f"{name}.csv", f"{CSV.mime}; charset=utf-8", text.encode("utf-8-sig"))


def _written(value):
    if hasattr(value, "isoformat"):
        return french_date(value)
    return value if isinstance(value, str) or value is None else str(value).replace(".", ",")
