"""The charts of the dashboard: each with the rows of its table, drawn as on paper."""

from dataclasses import dataclass

from clauses_portal.core import french
from clauses_portal.core.pdf import charts
from clauses_portal.core.periods import MONTH_NAMES
from reporting.dashboards.board import BY_PERSON, PAIRS, pairs
from reporting.dashboards.shown import Shown
from reporting.indicators import hours, people

MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
MOST_ROWS = 12


@dataclass(frozen=True)
class Picture:
    """A chart: `svg`, the figures it shows, and its table: `headers`, then rows [(label, [Shown])].

    `note` says what stands in its place when there is nothing to draw.
    """

    figure: object
    title: str
    headers: tuple
    rows: list
    svg: str = ""
    note: str = ""


def pictures(board):
    """{section: [Picture]}: the charts of the dashboard, those of hours and those of persons."""
    return {
        "hours": [_months(board), *(_paired(board, name) for name in PAIRS)],
        "persons": [_sex(board), *(_bars(board, figure) for figure in BY_PERSON)],
    }


def _months(board):
    shown = board.tables[hours.BY_MONTH.code]
    rows = [(one.detail, [one]) for one in shown]
    title, headers = hours.BY_MONTH.label, ("Mois", "Heures comptabilisées")
    if any(one.number < 0 for one in shown):
        note = "Une régularisation rend un mois négatif : le tableau seul le montre."
        return Picture(hours.BY_MONTH, title, headers, rows, note=note)
    labels = [_short(one.detail, len(shown)) for one in shown]
    svg = charts.month_columns(title, labels, [one.number for one in shown])
    return Picture(hours.BY_MONTH, title, headers, rows, svg)


def _short(month, number):
    """« mars 2026 » as it is for a quarter, « mars » among twelve."""
    name, year = month.rsplit(" ", 1)
    return f"{MONTHS[MONTH_NAMES.index(name)]} {year[2:]}" if number > 3 else month


def _paired(board, name):
    due, done = PAIRS[name]
    what = {"territory": "Territoire", "trade": "Corps de métier"}[name]
    title = f"Heures dues et comptabilisées, par {what.lower()}"
    triples = pairs(board, name)
    rows = [(label, [Shown(due, first, label), Shown(done, second, label)]) for label, first, second in triples]
    headers = (what, "Heures dues", "Comptabilisées depuis l’origine")
    drawn = [triple for triple in triples if triple[1] >= 0 and triple[2] >= 0][:MOST_ROWS]
    if not drawn:
        return Picture(done, title, headers, rows, note="Aucune heure due ni comptabilisée.")
    note = f"Les {MOST_ROWS} premiers sont dessinés ; le tableau les a tous." if len(drawn) < len(triples) else ""
    return Picture(done, title, headers, rows, charts.bar_chart(title, drawn, series=("Dues", "Comptabilisées")), note)


def _sex(board):
    title, headers = people.BY_SEX.label, ("Sexe", "Personnes")
    shown = [board.values[figure.code] for figure in (people.WOMEN, people.MEN)]
    rows = [(one.figure.label, [one]) for one in shown]
    if any(one.is_secret for one in shown) or not any(one.number for one in shown):
        return Picture(people.BY_SEX, title, headers, rows, note=_nothing(shown))
    parts = [(one.figure.label, one.number, one.text) for one in shown]
    return Picture(people.BY_SEX, title, headers, rows, charts.share_bar(title, parts))


def _bars(board, figure):
    what = figure.label.rpartition("par ")[2]
    shown = board.tables[figure.code]
    headers = (what[:1].upper() + what[1:], "Personnes")
    if shown is None:
        note = "Répartition non communiquée : moins de cinq personnes pourraient être reconnues."
        return Picture(figure, figure.label, headers, [], note=note)
    if not shown:
        return Picture(figure, figure.label, headers, [], note="Personne n’a été embauché dans cette période.")
    bars = [(one.detail, one.number, one.text) for one in shown[:MOST_ROWS]]
    rows = [(one.detail, [one]) for one in shown]
    return Picture(figure, figure.label, headers, rows, charts.value_bars(figure.label, bars))


def _nothing(shown):
    if any(one.is_secret for one in shown):
        return f"Répartition non dessinée{french.NBSP}: de petits nombres sont tenus secrets."
    return "Personne n’a été embauché dans cette période."
