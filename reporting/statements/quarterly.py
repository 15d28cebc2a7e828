"""The data of the quarterly statement, frozen as JSON: hours are texts with two decimals, dates ISO.

Contents: domain.md §9.9. No amount, no rate, no name of a person can enter: no query here reads them.
"""

from decimal import Decimal

from reporting.indicators import activity, contracts, hours, people
from reporting.indicators.definition import compute, percentage, split, value_of
from reporting.indicators.scope import Scope
from reporting.statements.parts import alert_row, convention_reference, funding_period, structure_id, text
from reporting.statements.quarterly_rows import lot_rows, lots_total

SCHEMA = 1


def build_snapshot(statement, *, dated_on):
    """Return the whole content of a quarterly statement as plain JSON data."""
    scope, quarter = Scope.of(statement), statement.period
    rows = lot_rows(scope, quarter)
    return {
        "schema": SCHEMA,
        "number": statement.number,
        "quarter": str(quarter),
        "subject": statement.subject,
        "scope": scope_name(statement),
        "version": statement.version,
        "dated_on": dated_on.isoformat(),
        "convention": convention_reference(statement, quarter),
        "structure": structure_id(statement, dated_on),
        "funding_period": funding_period(scope.lots(), dated_on),
        "synthesis": synthesis(scope, quarter, rows),
        "rejected": [[label, text(total)] for label, total in split(hours.BY_REASON, scope, quarter)],
        "months": [[month.isoformat(), text(total)] for month, total in hours.counted_by_month(scope, quarter)],
        "lots": rows,
        "lots_total": lots_total(rows),
        "people": persons(scope, quarter),
        "alerts": [alert_row(alert, quarter) for alert in activity.alerts_of_period(scope, quarter)],
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
    fates = (hours.DECLARED, hours.COUNTED, hours.REJECTED, hours.PENDING)
    of_quarter = compute(fates, scope, quarter)
    total = lots_total(rows)
    due, to_date = Decimal(total["due"]), Decimal(total["counted_to_date"])
    done = percentage(to_date, due)
    return {
        "markets": len({row["market_id"] for row in rows}),
        "lots": len({row["lot_id"] for row in rows}),
        "due": total["due"],
        "declared_quarter": text(of_quarter["hours_declared"]),
        "counted_quarter": text(of_quarter["hours_counted"]),
        "rejected_quarter": text(of_quarter["hours_rejected"]),
        "pending_quarter": text(of_quarter["hours_pending"]),
        "counted_to_date": total["counted_to_date"],
        "counted_ever": text(value_of(hours.COUNTED_TO_DATE, scope, quarter)),
        "remaining": text(max(due - to_date, Decimal(0))),
        "done": str(done) if done is not None else None,
        "late_lots": len({row["lot_id"] for row in rows if row["light"] == "En retard"}),
    }


def persons(scope, quarter):
    """Persons and contracts of the quarter: hires and their typology, presence, contracts."""
    profile = compute(people.PROFILE, scope, quarter)
    return {
        "hired": {code.removeprefix("persons_").replace("hired", "total"): value for code, value in profile.items()},
        "categories": split(people.BY_CATEGORY, scope, quarter),
        "at_work": value_of(people.AT_WORK, scope, quarter),
        "in_post": value_of(people.IN_POST, scope, quarter),
        "contracts": split(contracts.BY_TYPE, scope, quarter),
        "ended": split(contracts.ENDED_BY_REASON, scope, quarter),
        "going_on": value_of(contracts.GOING_ON, scope, quarter),
    }
