"""The figures of the dashboard, computed once for the screen, the files and the data."""

from dataclasses import dataclass

from clauses_portal.core.periods import month_name, months_of
from markets.models import Market
from reporting.dashboards.lines import may_open
from reporting.dashboards.protection import protect
from reporting.dashboards.reader import Reader
from reporting.dashboards.shown import Shown
from reporting.indicators import exits, hours, markets, people, progress, risk
from reporting.indicators.catalogue import every_figure
from reporting.indicators.definition import compute, percentage, split, value_of

HOURS = (
    hours.DUE,
    hours.COUNTED_TO_DATE,
    hours.DONE_SHARE,
    hours.DECLARED,
    hours.COUNTED,
    hours.REJECTED,
    hours.PENDING,
)
SHARES = (people.WOMEN_SHARE, people.QPV_SHARE, people.RSA_SHARE)
PERSONS = (*people.PROFILE, *SHARES, people.AT_WORK)
EXITS = ("due", "known", "unknown", "unknown_share", "positive", "rate_known", "rate_all")
EXIT_FIGURES = tuple(exits.BY_HORIZON[horizon][name] for horizon in exits.BY_HORIZON for name in EXITS)
MARKETS = (markets.MARKETS, markets.LOTS, risk.MARKETS_LATE)
FIGURES = (*HOURS, *PERSONS, *EXIT_FIGURES, *MARKETS)
KEYS = (hours.COUNTED, hours.DONE_SHARE, people.TOTAL, markets.MARKETS)
BY_PERSON = (people.BY_AGE, people.BY_LEVEL, people.BY_CATEGORY)
PAIRS = {
    "territory": (hours.DUE_BY_TERRITORY, hours.TO_DATE_BY_TERRITORY),
    "trade": (hours.DUE_BY_TRADE, hours.TO_DATE_BY_TRADE),
}
MOST_LATE = 10


@dataclass(frozen=True)
class Board:
    """`values` {code: Shown}; `tables` {code: [Shown with its detail], None when it cannot be told}; `late`: markets.

    `exact`: small numbers are told. `late` is None for who does not read markets one by one.
    """

    scope: object
    period: object
    exact: bool
    values: dict
    tables: dict
    late: list | None

    @property
    def is_empty(self):
        """Nothing at all to tell of this scope and period."""
        numbers = [shown.number for code, shown in self.values.items() if code != risk.MARKETS_LATE.code]
        secret = any(shown.is_secret for shown in self.values.values())
        return not secret and not any(numbers) and not any(self.tables[pair.code] for pair in PAIRS["trade"])


def build(user, scope, whole, period):
    """The `Board` of a scope; `whole` is all that this account reads (a `Scope`), for what a subtraction would give."""
    exact, figures = Reader(user).is_exact(scope), every_figure()
    values = compute(FIGURES, scope, period)
    tables = {figure.code: split(figure, scope, period) for figure in BY_PERSON}
    if not exact:
        tables = {code: _in_a_fixed_order(figures[code], rows) for code, rows in tables.items()}
        elsewhere = value_of(people.TOTAL, whole, period) - values[people.TOTAL.code] if scope != whole else None
        values, tables = protect(values, tables, elsewhere=elsewhere)
    tables |= {hours.BY_MONTH.code: by_month(scope, period)}
    for figure in (figure for pair in PAIRS.values() for figure in pair):
        tables[figure.code] = split(figure, scope, period)
    return Board(
        scope=scope,
        period=period,
        exact=exact,
        values={
            code: Shown(figures[code], value, opens=may_open(figures[code], scope, period, user))
            for code, value in values.items()
        },
        tables={
            code: rows and [Shown(figures[code], value, label) for label, value in rows]
            for code, rows in tables.items()
        },
        late=late_markets(user, scope, period),
    )


def _in_a_fixed_order(figure, rows):
    """Rows by their names where they came the largest first: a rank would tell what is between two numbers shown."""
    return rows if figure.labels else sorted(rows)


def by_month(scope, period):
    """Hours counted in each month of the period, those without hours too: [(month, hours)]."""
    found = dict(split(hours.BY_MONTH, scope, period))
    return [(month_name(month), found.get(month_name(month), 0)) for month in months_of(period)]


@dataclass(frozen=True)
class LateMarket:
    """A market behind its time, today: hours due and counted (h), shares done and expected (%), the word for it."""

    market: Market
    territory: object
    due: int
    counted: object
    done: object
    expected: object
    light: str


def late_markets(user, scope, period):
    """The markets furthest behind, ten at most; None when this account reads no market one by one."""
    if not Reader(user).reads_markets:
        return None
    rows = risk.late(scope, period).filter(market__in=Market.objects.visible_to(user))
    rows = rows.select_related("market", "territory").order_by("progress", "market__number", "pk")[:MOST_LATE]
    return [_late(row) for row in rows]


def _late(row):
    done, expected = percentage(row.counted, row.required), percentage(row.expected, 100)
    return LateMarket(
        row.market, row.territory, row.required, row.counted, done, expected, progress.light(done, expected)
    )


def pairs(board, name):
    """[(label, due, done)] of a pair of breakdowns, hours due and counted to date, those with the most due first."""
    due, done = ({shown.detail: shown.number for shown in board.tables[figure.code] or []} for figure in PAIRS[name])
    labels = sorted(due.keys() | done.keys(), key=lambda label: (-due.get(label, 0), label))
    return [(label, due.get(label, 0), done.get(label, 0)) for label in labels]


def exit_rows(board):
    """[(horizon, [Shown])] of the table of situations, in the order of `EXITS`."""
    return [
        (horizon.label, [board.values[figures[name].code] for name in EXITS])
        for horizon, figures in exits.BY_HORIZON.items()
    ]
