"""The data of the quarterly statement, frozen as JSON: hours are texts with two decimals, dates ISO.

Contents: domain.md §9.9. No amount, no rate, no name of a person can enter: no query here reads them.
"""

from decimal import Decimal

from django.db.models import Prefetch
from django.utils import timezone

from clauses_portal.core.text import natural_key, search_key
from facilitators.models import Convention
from markets.enums import AwardRole, LotState
from markets.models import Award
from reporting.indicators import activity, contracts, hours, people, progress
from reporting.indicators.definition import compute, percentage, split, value_of
from reporting.indicators.scope import Scope

SCHEMA = 1
NOTHING = (Decimal(0), Decimal(0))


def build_snapshot(statement, *, dated_on):
    """Return the whole content of a quarterly statement as plain JSON data."""
    scope, quarter = Scope.of(statement), statement.period
    rows = lot_rows(scope, quarter)
    return {
        "schema": SCHEMA,
        "number": statement.number,
        "quarter": str(quarter),
        "subject": statement.subject,
        "scope": "territory" if statement.territory_id else "market",
        "version": statement.version,
        "dated_on": dated_on.isoformat(),
        "convention": convention_reference(statement, quarter),
        "funding_period": funding_period(scope),
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


def text(number):
    """Hours as a text with two decimals, so that nothing is rounded on the way; None stays None."""
    return None if number is None else str(Decimal(number).quantize(Decimal("0.01")))


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


def lot_rows(scope, quarter):
    """One row per company of each lot followed in the quarter, a subcontractor under the company that answers for it.

    The hours of a principal include those of its subcontractors; theirs are shown again as « dont ».
    """
    counted, due = hours.counted_by_award(scope, quarter), hours.due_by_award(scope, quarter)
    awards = Award.objects.select_related("company").order_by("role", "pk")
    lots = scope.lots().select_related("market__operation").prefetch_related(Prefetch("awards", awards))
    rows = []
    for lot in lots:
        if is_followed(lot, quarter, [counted.get(award.pk, NOTHING)[0] for award in lot.awards.all()]):
            rows += company_rows(lot, quarter, counted, due)
    return sorted(rows, key=lambda row: [natural_key(row[name]) for name in ("operation", "market", "lot")])


def company_rows(lot, quarter, counted, due):
    """The rows of one lot: each principal, then its subcontractors."""
    awards = sorted(lot.awards.all(), key=lambda award: search_key(str(award.company)))
    rows = []
    for principal in (award for award in awards if award.parent_id is None):
        helpers = [award for award in awards if award.parent_id == principal.pk]
        parts = [counted.get(award.pk, NOTHING) for award in (principal, *helpers)]
        total = tuple(sum(column, Decimal(0)) for column in zip(*parts, strict=True))
        rows.append(lot_row(lot, principal, quarter, due.get(principal.pk), *total))
        rows += [lot_row(lot, helper, quarter, None, *counted.get(helper.pk, NOTHING)) for helper in helpers]
    return rows


def lots_total(rows):
    """{due, counted_quarter, counted_to_date}: sums of the principals' rows (h), subcontractors being in theirs."""
    names = ("due", "counted_quarter", "counted_to_date")
    principals = [row for row in rows if not row["is_part"]]
    return {name: text(sum((Decimal(row[name] or 0) for row in principals), Decimal(0))) for name in names}


def is_followed(lot, quarter, counted_in_quarter):
    """A lot is in the statement when it was running then: begun, and not closed without an hour in the quarter."""
    if any(counted_in_quarter):
        return True
    begun = lot.starts_on is None or lot.starts_on <= quarter.end
    over = lot.state == LotState.CLOSED or (lot.ends_on is not None and lot.ends_on < quarter.start)
    return begun and not over


def lot_row(lot, award, quarter, due, in_quarter, to_date):
    """One company of one lot: hours due, counted in the quarter and to date, done and expected shares (%)."""
    market, operation = lot.market, lot.market.operation
    done = percentage(to_date, due)
    expected = progress.expected_percentage(lot.starts_on, lot.ends_on, quarter.end)
    return {
        "operation": str(operation) if operation else "Sans opération",
        "market_id": market.pk,
        "market": f"{market.number} – {market.title}",
        "lot_id": lot.pk,
        "lot": f"Lot {lot.number} – {lot.title}",
        "company": str(award.company),
        "role": AwardRole(award.role).label,
        "is_part": award.parent_id is not None,
        "due": text(due),
        "counted_quarter": text(in_quarter),
        "counted_to_date": text(to_date),
        "done": None if done is None else str(done),
        "expected": None if expected is None else str(expected),
        "light": progress.light(done, expected) if due else "",
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


def alert_row(alert, quarter):
    """One alert, and whether it was closed by the end of the quarter."""
    closed_on = alert.closed_on and timezone.localdate(alert.closed_on)
    closed = closed_on is not None and closed_on <= quarter.end
    return {
        "raised_on": timezone.localdate(alert.raised_on).isoformat(),
        "market": alert.lot.market.number if alert.lot else "",
        "lot": alert.lot.number if alert.lot else "",
        "category": alert.get_category_display(),
        "severity": alert.get_severity_display(),
        "description": alert.description,
        "closed_on": closed_on.isoformat() if closed else None,
        "answer": alert.answer if closed else "",
    }


def convention_reference(statement, quarter):
    """Reference of the convention in force at the end of the quarter, or « »."""
    in_force = Convention.objects.in_force(quarter.end)
    if statement.territory_id:
        in_force = in_force.filter(territories=statement.territory_id)
    convention = in_force.order_by("-signed_on").first()
    return convention.reference if convention else ""


def funding_period(scope):
    """European funding period of the operations followed: the latest wins, the convention asks for the EU logo."""
    periods = scope.lots().exclude(market__operation=None)
    values = set(periods.values_list("market__operation__funding_period", flat=True)) - {"none"}
    return max(values, default="2021-2027")
