"""The activity of a year by territory, direction, sector and legal support (domain.md §9.12).

Each line is computed as the paper of its own place would be: its persons are distinct within it, and do not add up.
"""

from dataclasses import dataclass, replace

from clauses_portal.core.text import search_key
from markets.enums import LegalBasis
from reporting.indicators import contracts, hours, markets, people
from reporting.indicators.definition import compute
from reporting.indicators.scope import NOTHING
from reporting.statements.figures import plain

COLUMNS = (
    *(markets.LOTS, hours.DUE, hours.COUNTED),
    *(people.TOTAL, people.WOMEN_SHARE, people.RSA_SHARE, contracts.STARTED),
)
# Those the year before is told of.
COMPARED = (hours.COUNTED, people.TOTAL)


@dataclass(frozen=True)
class Dimension:
    """A way to tell lots apart: the field of the Scope it narrows, and the columns of a lot it is read from."""

    code: str
    title: str
    heading: str
    field: str
    key: str
    name: str
    nothing: str
    labels: dict | None = None


DIMENSIONS = (
    Dimension("territory", "Par territoire", "Territoire", "territory_id", "territory_id", "territory__name", "–"),
    Dimension(
        "directorate",
        "Par direction opérationnelle",
        "Direction",
        "directorate_id",
        "market__operation__directorate_id",
        "market__operation__directorate__name",
        "Sans opération",
    ),
    Dimension("trade", "Par secteur", "Secteur", "trade_id", "trade_id", "trade__label", "Sans corps de métier"),
    Dimension(
        "legal_basis",
        "Par support juridique",
        "Support juridique",
        "legal_basis",
        "decision__legal_basis",
        "decision__legal_basis",
        "Sans décision enregistrée",
        dict(LegalBasis.choices),
    ),
)


def groups_of(scope, period):
    """[{code, title, heading, rows}] of the dimensions that this scope does not already narrow to one value."""
    return [
        {"code": one.code, "title": one.title, "heading": one.heading, "rows": _rows(one, scope, period)}
        for one in DIMENSIONS
        if getattr(scope, one.field) is None
    ]


def _rows(dimension, scope, period):
    """One line for each value the lots of the scope have, those without anything in both years left out."""
    rows = [_row(name, replace(scope, **{dimension.field: key}), period) for key, name in members(dimension, scope)]
    empty = {None, 0, "0.00"}
    return [row for row in rows if {value for key, value in row.items() if key != "name"} - empty]


def members(dimension, scope):
    """[(value of the scope, name)] in the alphabetical order of their names, what has none at the end."""
    pairs = set(scope.lots().order_by().values_list(dimension.key, dimension.name).distinct())
    named = {(key, (dimension.labels or {}).get(name, name)) for key, name in pairs if key}
    ordered = sorted(named, key=lambda pair: search_key(str(pair[1])))
    return ordered + ([(NOTHING, dimension.nothing)] if any(not key for key, _ in pairs) else [])


def _row(name, scope, period):
    now, before = compute(COLUMNS, scope, period), compute(COMPARED, scope, period.previous)
    values = {figure.code: plain(now[figure.code], figure.unit) for figure in COLUMNS}
    values |= {f"{figure.code}_previous": plain(before[figure.code], figure.unit) for figure in COMPARED}
    return {"name": name, **values}
