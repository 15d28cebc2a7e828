"""Tables that people bring or take away: XLSX, ODS and CSV read, columns recognised, cells understood, XLSX written."""

from clauses_portal.core.tables.cells import as_amount, as_date, as_flag, as_integer
from clauses_portal.core.tables.mapping import guess_mapping
from clauses_portal.core.tables.reading import Table, read_table
from clauses_portal.core.tables.writing import Sheet, write_xlsx

__all__ = [
    "Sheet",
    "Table",
    "as_amount",
    "as_date",
    "as_flag",
    "as_integer",
    "guess_mapping",
    "read_table",
    "write_xlsx",
]
