"""The forecast as a table: what the page and the export of the partners show of its rows. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from markets.forecast import ZERO, Cell, Row, full_time, people

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class ForecastLine:
    """An occupation in a territory: `cells` are its months, `total` theirs, in hours."""

    code: str
    occupation: str
    territory: str
    cells: list[Cell]
    total: Cell
    full_time: Decimal
    people: int


class ForecastTable:
    """The rows of a forecast that have hours in these months, and those no month can be given to."""

    HEADERS = (
        *("Code ROME", "Métier", "Territoire", "Mois", "Heures", "dont estimées"),
        *("Équivalents temps plein", "Personnes à prévoir"),
    )

    def __init__(self, rows: list[Row], months, hours_per_hire):
        self.months, self.hours_per_hire = months, hours_per_hire
        self.lines = [self._line(row) for row in rows if row.within(months).hours]
        self.undated = [row for row in rows if row.undated.hours]

    def _line(self, row):
        total = row.within(self.months)
        return ForecastLine(
            code=row.code,
            occupation=row.occupation,
            territory=row.territory,
            cells=[row.months.get(month, Cell()) for month in self.months],
            total=total,
            full_time=full_time(total.hours, len(self.months)),
            people=people(total.hours, self.hours_per_hire),
        )

    @property
    def by_month(self):
        """Hours of each month, all lines together."""
        return [sum((line.cells[rank].hours for line in self.lines), ZERO) for rank in range(len(self.months))]

    @property
    def hours(self):
        return sum((line.total.hours for line in self.lines), ZERO)

    @property
    def estimated(self):
        return sum((line.total.estimated for line in self.lines), ZERO)

    @property
    def undated_hours(self):
        return sum((row.undated.hours for row in self.undated), ZERO)

    @property
    def full_time(self):
        return full_time(self.hours, len(self.months))

    @property
    def people(self):
        return people(self.hours, self.hours_per_hire)

    def exported(self):
        """One row per occupation, territory and month that has hours; what no month has comes last."""
        for line in self.lines:
            for month, cell in zip(self.months, line.cells, strict=True):
                if cell.hours:
                    yield self._exported(line, f"{month:%m/%Y}", cell)
        for row in self.undated:
            yield self._exported(row, "non daté", row.undated)

    def _exported(self, line, month, cell):
        hires = Decimal(cell.hours) / self.hours_per_hire
        figures = [cell.hours, cell.estimated, _rounded(full_time(cell.hours)), _rounded(hires)]
        return [line.code, line.occupation, line.territory, month, *figures]


def _rounded(number):
    return number.quantize(HUNDREDTH, ROUND_HALF_UP)
