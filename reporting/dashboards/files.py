"""The dashboard taken away: the figures of the screen, one a line, and the same as data."""

from dataclasses import dataclass

from clauses_portal.core.exports import COUNTED, Column, Kind, Listing
from reporting.dashboards.board import BY_PERSON, EXIT_FIGURES, HOURS, MARKETS, PAIRS, PERSONS
from reporting.indicators import hours
from reporting.suppression import LEGEND

K = Kind
NOT_ADDITIVE = (
    "Une personne compte une fois, quel que soit le nombre de ses contrats : les totaux de personnes ne "
    "s’additionnent pas."
)
PAIRED = tuple(figure for pair in PAIRS.values() for figure in pair)
SECTIONS = (
    ("Heures", HOURS, (hours.BY_MONTH, *PAIRED)),
    ("Personnes", PERSONS, BY_PERSON),
    ("Situations à l’issue", EXIT_FIGURES, ()),
    ("Marchés", MARKETS, ()),
)


@dataclass(frozen=True)
class Line:
    """One figure, or one part of it, under its heading."""

    section: str
    shown: object

    @property
    def code(self):
        return self.shown.figure.code


def lines(board):
    """[Line]: every figure of the dashboard and every part of its tables, in the order of the screen."""
    return [
        Line(section, shown)
        for section, figures, tables in SECTIONS
        for shown in (
            *(board.values[figure.code] for figure in figures),
            *(part for table in tables for part in board.tables[table.code] or ()),
        )
    ]


BOARD = Listing(
    "Tableau de bord",
    "tableau-de-bord",
    (
        Column("Rubrique", K.TEXT, "section"),
        Column("Indicateur", K.TEXT, "shown.figure.label"),
        Column("Détail", K.TEXT, "shown.detail"),
        Column("Valeur", K.NUMBER, "shown.number"),
        Column("Unité", K.TEXT, lambda line: line.shown.figure.unit.value),
        Column("Mention", K.TEXT, "shown.mention"),
        Column("Moment", K.TEXT, "shown.figure.moment"),
        Column("Code", K.TEXT, "code"),
    ),
    (COUNTED, NOT_ADDITIVE, LEGEND),
)


def data(board, criteria):
    """The same lines as plain JSON data: hours and percentages are texts, so that nothing is rounded on the way."""
    return {
        "period": {
            "code": str(board.period),
            "starts_on": board.period.start.isoformat(),
            "ends_on": board.period.end.isoformat(),
        },
        "filters": dict(criteria),
        "figures": [_datum(line) for line in lines(board)],
    }


def _datum(line):
    shown = line.shown
    return {
        "code": line.code,
        "label": shown.figure.label,
        "detail": shown.detail,
        "value": shown.number if shown.number is None or isinstance(shown.number, int) else str(shown.number),
        "unit": shown.figure.unit.value,
        "mention": shown.mention,
    }
