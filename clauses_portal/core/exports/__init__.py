"""Lists taken away as XLSX, ODS or CSV: same columns and same figures as the screen, nothing that runs (A9)."""

from clauses_portal.core.exports.answers import TOO_LONG, criteria_of, export
from clauses_portal.core.exports.columns import Column, Format, Kind, Listing
from clauses_portal.core.exports.delimited import csv_text, safe_cell
from clauses_portal.core.exports.documents import COUNTED
from clauses_portal.core.exports.reading import in_batches

__all__ = [
    "COUNTED",
    "TOO_LONG",
    "Column",
    "Format",
    "Kind",
    "Listing",
    "criteria_of",
    "csv_text",
    "export",
    "in_batches",
    "safe_cell",
]
