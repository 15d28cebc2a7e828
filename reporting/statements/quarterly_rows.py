"""The rows of a statement: one per company of each lot followed in the quarter."""

from decimal import Decimal

from django.db.models import Prefetch

from clauses_portal.core.text import natural_key, search_key
from markets.enums import AwardRole, LotState
from markets.models import Award
from reporting.indicators import hours, progress
from reporting.indicators.definition import percentage
from reporting.statements.parts import text

NOTHING = (Decimal(0), Decimal(0))


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
