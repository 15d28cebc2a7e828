"""Tables that people bring or take away: XLSX, ODS and CSV read, columns recognised, cells understood, XLSX written."""

from clauses_portal.core.tables.cells import as_amount, as_date, as_flag, as_integer
from clauses_portal.core.tables.mapping import fits_headers, guess_mapping, signature
from clauses_portal.core.tables.reading import Table, read_table
from clauses_portal.core.tables.writing import Sheet, write_xlsx

__all__ = [
    "Sheet",
    "Table",
    "as_amount",
    "as_date",
    "as_flag",
    "as_integer",
    "fits_headers",
    "guess_mapping",
    "read_table",
    "signature",
    "write_xlsx",
]
