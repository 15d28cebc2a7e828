"""The data of the quarterly statement, frozen as JSON: hours are texts with two decimals, dates ISO.

Contents: domain.md §9.9. No amount, no rate, no name of a person can enter: no query here reads them.
"""

from decimal import Decimal

from reporting.indicators import activity, contracts, exits, forecast, hours, people, progress
from reporting.indicators.definition import compute, percentage, split, value_of
from reporting.indicators.regularisations import corrections_by_lot
from reporting.indicators.scope import Scope
from reporting.statements.parts import (
    alert_row,
    convention_reference,
    funding_period,
    hours_rows,
    rate,
    structure_id,
    text,
)
from reporting.statements.quarterly_rows import lot_rows, lots_total

SCHEMA = 2
ACTIONS = (
    activity.POSTINGS,
    activity.POSITIONS,
    activity.PROPOSED,
    activity.RECRUITED,
    activity.REFUSED,
    activity.MEETINGS,
    activity.ALERTS_RAISED,
    activity.ALERTS_CLOSED,
    activity.ALERTS_OPEN,
)
# {name in the data: name of the figure}
EXIT_FIGURES = {name: name for name in ("due", "known", "unknown", "lasting", "positive")}
EXIT_PERCENTS = {
    "unknown_percent": "unknown_share",
    "positive_of_known": "rate_known",
    "positive_of_all": "rate_all",
}


def build_snapshot(statement, *, dated_on):
    """Return the whole content of a quarterly statement as plain JSON data."""
    scope, quarter = Scope.of(statement), statement.period
    rows = lot_rows(scope, quarter)
    followed = scope.lots().filter(pk__in={row["lot_id"] for row in rows})
    return {
        "schema": SCHEMA,
        "number": statement.number,
        "quarter": str(quarter),
        "subject": statement.subject,
        "scope": scope_name(statement),
        "version": statement.version,
        "version_reason": statement.version_reason,
        "dated_on": dated_on.isoformat(),
        "convention": convention_reference(statement, quarter),
        "structure": structure_id(statement, dated_on),
        "funding_period": funding_period(followed, dated_on),
        "synthesis": synthesis(scope, quarter, rows),
        "rejected": hours_rows(split(hours.BY_REASON, scope, quarter)),
        "months": [[month.isoformat(), text(total)] for month, total in hours.counted_by_month(scope, quarter)],
        "lots": rows,
        "lots_total": lots_total(rows),
        "people": persons(scope, quarter),
        "exits": [exits_at(horizon, scope, quarter) for horizon in exits.BY_HORIZON],
        "actions": actions(scope, quarter),
        "alerts": [alert_row(alert, quarter) for alert in activity.alerts_of_period(scope, quarter)],
        "forecast": next_quarter(scope, quarter, rows),
        "regularisations": regularisations(scope, quarter),
        "comments": statement.comments,
        "outlook": statement.outlook,
    }


def scope_name(statement):
    """« territory », « directorate » or « market »."""
    if statement.territory_id:
        return "territory"
    return "directorate" if statement.directorate_id else "market"


def synthesis(scope, quarter, rows):
    """The figures of the first page. Due and to date: the lots followed, hence the sums of the table."""
    fates = (hours.DECLARED, hours.COUNTED, hours.REJECTED, hours.PENDING, hours.REGULARISED)
    of_quarter = compute(fates, scope, quarter)
    return {
        "markets": len({row["market_id"] for row in rows}),
        "lots": len({row["lot_id"] for row in rows}),
        "declared_quarter": text(of_quarter["hours_declared"]),
        "counted_quarter": text(of_quarter["hours_counted"]),
        "rejected_quarter": text(of_quarter["hours_rejected"]),
        "pending_quarter": text(of_quarter["hours_pending"]),
        "regularised_quarter": text(of_quarter["hours_regularised"]),
        "counted_ever": text(value_of(hours.COUNTED_TO_DATE, scope, quarter)),
        **pace(rows),
        "late_lots": len({row["lot_id"] for row in rows if row["light"] == "En retard"}),
    }


def pace(rows):
    """Where the lots followed stand: hours due, done and left, overshoot apart, shares (%) done, elapsed, physical.

    What a company does beyond its objective does not make up for another: « capped » leaves it out (domain.md §12
    n° 34). The shares elapsed and physical are means weighted by the hours due.
    """
    principals = [row for row in rows if row["due"] is not None]
    dues = [Decimal(row["due"]) for row in principals]
    total = lots_total(rows)
    due, to_date = Decimal(total["due"]), Decimal(total["counted_to_date"])
    over = sum((Decimal(row["over"] or 0) for row in principals), Decimal(0))
    within = sum((min(Decimal(row["counted_to_date"]), Decimal(row["due"])) for row in principals), Decimal(0))
    done = percentage(to_date, due)
    expected, physical = (
        progress.mean_share(zip([row[name] for row in principals], dues, strict=True))
        for name in ("expected", "physical")
    )
    return {
        "due": total["due"],
        "counted_to_date": total["counted_to_date"],
        "remaining": text(due - within),
        "over": text(over),
        "done": rate(done),
        "done_capped": rate(percentage(within, due)),
        "expected": rate(expected),
        "physical": rate(physical),
        "light": progress.light(done, expected),
    }


def persons(scope, quarter):
    """Persons and contracts of the quarter: hires and their typology, presence, contracts."""
    profile = compute(people.PROFILE, scope, quarter)
    return {
        "hired": {code.removeprefix("persons_").replace("hired", "total"): value for code, value in profile.items()},
        "categories": split(people.BY_CATEGORY, scope, quarter),
        "ages": split(people.BY_AGE, scope, quarter),
        "levels": split(people.BY_LEVEL, scope, quarter),
        "at_work": value_of(people.AT_WORK, scope, quarter),
        "in_post": value_of(people.IN_POST, scope, quarter),
        "contracts": split(contracts.BY_TYPE, scope, quarter),
        "ended": split(contracts.ENDED_BY_REASON, scope, quarter),
        "going_on": value_of(contracts.GOING_ON, scope, quarter),
    }


def exits_at(horizon, scope, quarter):
    """What is known of those whose situation at this horizon was due in the quarter: counts, rates (%)."""
    figures = exits.BY_HORIZON[horizon]
    named = {name: figures[figure] for name, figure in (EXIT_FIGURES | EXIT_PERCENTS).items()}
    found = compute(named.values(), scope, quarter)
    values = {name: found[figure.code] for name, figure in named.items()}
    return {"horizon": horizon.label} | values | {name: rate(values[name]) for name in EXIT_PERCENTS}


def actions(scope, quarter):
    """Postings, candidates, meetings and alerts of the quarter: {code: count}, refusals and meetings told apart."""
    return compute(ACTIONS, scope, quarter) | {
        "refusals": split(activity.REFUSALS, scope, quarter),
        "meetings": split(activity.BY_MEETING_KIND, scope, quarter),
    }


def next_quarter(scope, quarter, rows):
    """What the next quarter can bring: contracts, hours expected of them, posts to fill, situations to ask for."""
    coming = quarter.next
    calls = compute([figures["due"] for figures in exits.BY_HORIZON.values()], scope, coming)
    posts = compute((activity.POSTINGS_OPEN, activity.POSITIONS_OPEN), scope, quarter)
    return {
        "quarter": str(coming),
        "contracts": value_of(contracts.GOING_ON, scope, quarter),
        "hours": text(forecast.expected_hours(scope, coming, hours_left(rows))),
        "unknown_length": value_of(forecast.UNKNOWN_LENGTH, scope, coming),
        "postings": posts["postings_open"],
        "positions": posts["positions_open"],
        "calls": sum(calls.values()),
    }


def hours_left(rows):
    """{lot id: hours still to be done by its principals}."""
    left = {}
    for row in rows:
        if row["due"] is not None:
            missing = Decimal(row["due"]) - Decimal(row["counted_to_date"])
            left[row["lot_id"]] = left.get(row["lot_id"], Decimal(0)) + max(missing, Decimal(0))
    return left


def regularisations(scope, quarter):
    """Corrections of earlier months booked in the quarter, by lot and month: no name of a person."""
    return [
        line | {"month": line["month"].isoformat(), "counted": text(line["counted"])}
        for line in corrections_by_lot(scope, quarter)
    ]
