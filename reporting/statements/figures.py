"""Figures as papers and tables carry them: plain JSON values, two years side by side, then words in French."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from clauses_portal.core import french
from reporting.indicators.definition import Unit, compute, split

STEPS = {Unit.HOURS: Decimal("0.01"), Unit.PERCENT: Decimal("0.1"), Unit.DAYS: Decimal("0.1")}
UNITS = {Unit.HOURS: "h", Unit.PERCENT: "%", Unit.DAYS: "jours"}


@dataclass(frozen=True)
class Part:
    """A heading: its figures, then its tables by criterion."""

    title: str
    figures: tuple
    breakdowns: tuple = ()


def told(parts, scope, period):
    """[{title, rows, tables}]: the figures of one period, each with its definition; the tables without a line too.

    A value is told twice: `value` as JSON keeps it, `shown` in French.
    """
    values = compute([figure for part in parts for figure in part.figures], scope, period)
    return [
        {
            "title": part.title,
            "rows": [definition_of(figure) | _value(values[figure.code], figure.unit) for figure in part.figures],
            "tables": [
                {
                    **definition_of(table),
                    "rows": [
                        {"label": label} | _value(value, table.unit) for label, value in split(table, scope, period)
                    ],
                }
                for table in part.breakdowns
            ],
        }
        for part in parts
    ]


def _value(value, unit):
    value = plain(value, unit)
    return {"value": value, "shown": shown(value, unit)}


def plain(value, unit):
    """A value as JSON keeps it: hours, shares and days as texts (« 12.50 »), counts as integers, None as it is."""
    if value is None:
        return None
    if unit not in STEPS:
        return int(value)
    return str(Decimal(value).quantize(STEPS[unit], ROUND_HALF_UP))


def compared(figure, value, previous):
    """{code, label, unit, value, previous, difference}; the difference of two shares is in points of %."""
    return {"code": figure.code, "label": figure.label, **_pair(figure.unit, value, previous)}


def compared_split(breakdown, now, before):
    """{code, label, unit, rows}: the lines of both years of a Breakdown, those of this year first."""
    now, before = dict(now), dict(before)
    labels = [*now, *(label for label in before if label not in now)]
    if breakdown.labels is not None:
        order = list(breakdown.labels.values())
        labels.sort(key=lambda label: order.index(label) if label in order else len(order))
    rows = [{"label": label, **_pair(breakdown.unit, now.get(label, 0), before.get(label, 0))} for label in labels]
    return {"code": breakdown.code, "label": breakdown.label, "unit": str(breakdown.unit), "rows": rows}


def _pair(unit, value, previous):
    known = value is not None and previous is not None
    return {
        "unit": str(unit),
        "value": plain(value, unit),
        "previous": plain(previous, unit),
        "difference": plain(Decimal(value) - Decimal(previous), unit) if known else None,
    }


def definition_of(figure):
    """{code, label, unit, definition, moment, source}: what is printed beside a figure."""
    return {
        "code": figure.code,
        "label": figure.label,
        "unit": str(figure.unit),
        "definition": figure.definition,
        "moment": figure.moment,
        "source": figure.source,
    }


def shown(value, unit):
    """A plain value in French, with its unit when it is neither a person nor a thing: « 1 234,5 h », « 12,3 % »."""
    text = french.number(value)
    if value is None or unit not in UNITS:
        return text
    return f"{text}{french.NBSP}{UNITS[Unit(unit)]}"


def shown_difference(value, unit):
    """A difference in French, its sign always written: « +12 », « −3,5 points »."""
    if value is None:
        return french.NOTHING
    text = shown(value, unit).replace("%", "point" if abs(Decimal(value)) < 2 else "points")
    return f"+{text}" if Decimal(value) > 0 else text
