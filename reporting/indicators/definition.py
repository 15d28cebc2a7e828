"""What a figure is: its rows, its measure and its definition in French, declared once and used by every output.

A screen, a PDF, a spreadsheet and the API ask `compute` or `split`; the page « Définitions » prints the declarations;
a drill-down lists the same rows. Nothing else may count.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from clauses_portal.core.second_lock import beyond_scope

REGISTRY: dict = {}
TENTH = Decimal("0.1")
ONLY_SUMS = "un chiffre ne montre personne, et ses lignes sont celles du périmètre"


class Unit(StrEnum):
    """What is counted; persons are always distinct, so that their totals do not add up (domain.md §12 n° 36)."""

    HOURS = "heures"
    PERSONS = "personnes distinctes"
    CONTRACTS = "contrats"
    MARKETS = "marchés"
    LOTS = "lots"
    COMPANIES = "entreprises distinctes"
    EVENTS = "événements"
    SITUATIONS = "situations"
    VALIDATIONS = "validations"
    OPERATIONS = "opérations"
    DAYS = "jours"
    PERCENT = "%"


class Family(StrEnum):
    """The headings of the page « Définitions »."""

    HOURS = "Heures"
    PERSONS = "Personnes"
    CONTRACTS = "Contrats"
    EXITS = "Situations à l’issue"
    ACTIVITY = "Activité"
    MARKETS = "Marchés"
    EUROPEAN = "FSE+"


@dataclass(frozen=True)
class Indicator:
    """One figure: `measure` (a Django aggregate) of `rows(scope, period)`.

    `definition` says what is counted and what is not; `moment` over which time, or at which instant; `source` the rule.
    """

    code: str
    label: str
    unit: Unit
    family: Family
    definition: str
    moment: str
    source: str
    rows: Callable
    measure: object

    def __post_init__(self):
        _register(self)


@dataclass(frozen=True)
class Share:
    """One figure as a part of another, in %, to the tenth; None when there is no whole."""

    code: str
    label: str
    family: Family
    definition: str
    moment: str
    source: str
    part: Indicator
    whole: Indicator
    unit: Unit = Unit.PERCENT

    def __post_init__(self):
        _register(self)


@dataclass(frozen=True)
class Breakdown:
    """A figure told by a criterion: `measure` of `rows(scope, period)` grouped by the expression `by`.

    `labels` are {value: French label}, in the order they are shown; with `name` instead, the values themselves in their
    order, said by it; with neither, the values as they are, the largest first.
    `unknown` names what has no value. A breakdown of persons on a criterion one person meets twice does not add up.
    """

    code: str
    label: str
    unit: Unit
    family: Family
    definition: str
    moment: str
    source: str
    rows: Callable
    measure: object
    by: object
    labels: Mapping | None = None
    name: Callable | None = None
    unknown: str = "Non renseigné"

    def __post_init__(self):
        _register(self)


def _register(figure):
    if figure.code in REGISTRY:
        raise ValueError(f"Two figures are named {figure.code}.")
    REGISTRY[figure.code] = figure


def compute(figures, scope, period):
    """Return {code: value} of these Indicators and Shares, in one query for each set of rows.

    A value is a Decimal (hours), an int, or None (a share without a whole, a mean of nothing).
    """
    wanted = {one.code: one for figure in figures for one in _parts(figure)}
    by_rows = {}
    for one in wanted.values():
        by_rows.setdefault(one.rows, []).append(one)
    values = {}
    for rows, indicators in by_rows.items():
        aggregates = {indicator.code: indicator.measure for indicator in indicators}
        with beyond_scope(ONLY_SUMS):
            values |= rows(scope, period).order_by().aggregate(**aggregates)
    return {figure.code: _value(figure, values) for figure in figures}


def _parts(figure):
    return (figure.part, figure.whole) if isinstance(figure, Share) else (figure,)


def _value(figure, values):
    if isinstance(figure, Share):
        return percentage(values[figure.part.code], values[figure.whole.code])
    return values[figure.code]


def value_of(figure, scope, period):
    """The value of one figure."""
    return compute([figure], scope, period)[figure.code]


def split(breakdown, scope, period):
    """Return [(French label, value)] of a Breakdown, the values that are not zero only, in the order of its labels.

    One query.
    """
    rows = breakdown.rows(scope, period).order_by().annotate(figure_key=breakdown.by).values_list("figure_key")
    with beyond_scope(ONLY_SUMS):
        found = {key: value for key, value in rows.annotate(figure_value=breakdown.measure) if value}
    if breakdown.name is not None:
        return [(breakdown.name(key), found[key]) for key in sorted(found)]
    if breakdown.labels is None:
        named = [(_name(key, breakdown), value) for key, value in found.items()]
        return sorted(named, key=lambda item: (-item[1], item[0]))
    known = [(label, found[key]) for key, label in breakdown.labels.items() if key in found]
    others = [(breakdown.unknown, value) for key, value in found.items() if key not in breakdown.labels]
    return known + others


def _name(key, breakdown):
    return breakdown.unknown if key in (None, "") else str(key)


def percentage(part, whole):
    """part ÷ whole in %, to the tenth, or None when there is no whole."""
    if not whole:
        return None
    return (Decimal(part or 0) * 100 / Decimal(whole)).quantize(TENTH, ROUND_HALF_UP)
