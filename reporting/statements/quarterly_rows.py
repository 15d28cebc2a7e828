"""The rows of a statement: one per company of each lot followed in the quarter, a subcontractor under its principal."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from clauses_portal.core.text import natural_key, search_key
from markets.enums import AwardRole, LotState
from markets.models import Award
from reporting.indicators import hours, progress
from reporting.indicators.definition import percentage
from reporting.statements.parts import rate, text

NOTHING = (Decimal(0), Decimal(0))


@dataclass(frozen=True)
class Known:
    """What the rows are made of: {award: (h in the quarter, h to date)}, {award: h due}, {award: h done before the
    portal}, {lot: (%, day observed)}."""

    counted: dict
    due: dict
    taken_over: dict
    physical: dict


def lot_rows(scope, quarter):
    """One row per company of each lot followed in the quarter, a subcontractor under the company that answers for it.

    The hours of a company include those of all who work under it, at any depth; theirs are shown again as « dont ».
    """
    known = Known(
        hours.counted_by_award(scope, quarter),
        hours.due_by_award(scope, quarter),
        hours.taken_over_by_award(scope, quarter),
        progress.physical_by_lot(scope.lots(), quarter.end),
    )
    awards = Award.objects.select_related("company").order_by("role", "pk")
    lots = scope.lots().select_related("market__operation").prefetch_related(Prefetch("awards", awards))
    rows = []
    for lot in lots:
        if is_followed(lot, quarter, [known.counted.get(award.pk, NOTHING)[0] for award in lot.awards.all()]):
            rows += company_rows(lot, quarter, known)
    return sorted(rows, key=lambda row: [natural_key(row[name]) for name in ("operation", "market", "lot")])


def company_rows(lot, quarter, known):
    """The rows of one lot: each principal, then all who work under it, each under its own principal."""
    awards = sorted(lot.awards.all(), key=lambda award: search_key(str(award.company)))
    sums = with_helpers(awards, known.counted)
    below = {}
    for award in awards:
        below.setdefault(award.parent_id, []).append(award)

    def branch(award, depth):
        yield lot_row(lot, award, quarter, known, sums[award.pk], depth)
        for helper in below.get(award.pk, ()):
            yield from branch(helper, depth + 1)

    return [row for principal in below.get(None, ()) for row in branch(principal, 0)]


def with_helpers(awards, counted):
    """{award id: (h in the quarter, h to date)} of the awards of a lot, the hours of all who work under it included."""
    parents = {award.pk: award.parent_id for award in awards}
    sums = dict.fromkeys(parents, NOTHING)
    for award in awards:
        own, pk = counted.get(award.pk, NOTHING), award.pk
        while pk:
            sums[pk] = tuple(total + part for total, part in zip(sums[pk], own, strict=True))
            pk = parents[pk]
    return sums


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


def lot_row(lot, award, quarter, known, counted, depth):
    """One company of one lot: hours due, counted in the quarter and to date, shares done and expected (%)."""
    market, operation = lot.market, lot.market.operation
    due = None if depth else known.due.get(award.pk)
    in_quarter, to_date = counted
    done = percentage(to_date, due)
    expected = progress.expected_percentage(lot.starts_on, lot.ends_on, quarter.end)
    physical, observed_on = known.physical.get(lot.pk, (None, None))
    return {
        "operation": str(operation) if operation else "Sans opération",
        "market_id": market.pk,
        "market": f"{market.number} – {market.title}",
        "lot_id": lot.pk,
        "lot": f"Lot {lot.number} – {lot.title}",
        "company": str(award.company),
        "role": AwardRole(award.role).label,
        "is_part": depth > 0,
        "depth": depth,
        "due": text(due),
        "taken_over": text(known.taken_over.get(award.pk)),
        "counted_quarter": text(in_quarter),
        "counted_to_date": text(to_date),
        "over": text(max(to_date - due, Decimal(0))) if due else None,
        "done": rate(done),
        "done_capped": rate(progress.capped(done)),
        "expected": rate(expected),
        "physical": None if physical is None else str(physical),
        "physical_on": observed_on and observed_on.isoformat(),
        "light": progress.light(done, expected) if due else "",
    }
