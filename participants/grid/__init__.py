"""The hours grid, persons × months, of a lot or of a company: read in a fixed number of queries whatever its size."""

from participants.grid.cells import (
    NOTES,
    READ_ONLY,
    Cell,
    Row,
    cell_name,
    keep_typed,
    month_after,
    months_shown,
    note_of,
    parse_cell,
    parse_month,
    row_key,
)
from participants.grid.filters import FILTERS, kept_rows
from participants.grid.rows import Reading, build_rows, label_of, month_heads
from participants.grid.totals import changed_cells, objective_of, place_totals, totals_by_row

SHOWN_MONTHS = 6

__all__ = [
    "Cell",
    "FILTERS",
    "NOTES",
    "READ_ONLY",
    "Reading",
    "Row",
    "SHOWN_MONTHS",
    "build_rows",
    "cell_name",
    "changed_cells",
    "keep_typed",
    "kept_rows",
    "label_of",
    "month_after",
    "month_heads",
    "months_shown",
    "note_of",
    "objective_of",
    "parse_cell",
    "parse_month",
    "place_totals",
    "row_key",
    "totals_by_row",
]
