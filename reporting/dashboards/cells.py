"""The cells of a table on the screen, from the columns of its file: the same columns, the same figures."""

from clauses_portal.core import french
from clauses_portal.core.exports import Kind

NUMBERS = {Kind.INTEGER, Kind.HOURS, Kind.NUMBER, Kind.PERCENT}
WRITTEN = {
    Kind.INTEGER: french.number,
    Kind.HOURS: french.hours,
    Kind.NUMBER: french.number,
    Kind.PERCENT: french.percent,
    Kind.DATE: french.date,
}


def cells_of(columns, row):
    """[(text, is it a number)] of a row, its columns being `Column`s; what is missing is « – »."""
    return [(_written(column, column.of(row)), column.kind in NUMBERS) for column in columns]


def _written(column, value):
    return french.NOTHING if value is None else WRITTEN.get(column.kind, str)(value)
