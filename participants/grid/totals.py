"""Sums of the grid (h): by row since the beginning, by month, of the whole place."""

from decimal import Decimal

from django.db.models import Sum

from clauses_portal.core import french
from markets.models import ObjectiveEntry
from participants.counting import natures_of
from participants.models import HoursEntry

ZERO = Decimal(0)


def totals_by_row(contracts):
    """{(contract id, nature): (declared, counted)} since the beginning, corrections added (h)."""
    rows = HoursEntry.objects.filter(contract__in=contracts).order_by().values_list("contract_id", "nature")
    sums = rows.annotate(declared=Sum("declared"), counted=Sum("counted"))
    return {(contract, nature): (declared, counted) for contract, nature, declared, counted in sums}


def place_totals(hours, months):
    """((declared, counted) of a lot or a company since the beginning, {first day: the same} of these months) (h).

    What statements say: a correction is of the month it is booked in. `hours`: the HoursEntry rows of the place.
    """
    rows = hours.order_by().values_list("month").annotate(Sum("declared"), Sum("counted"))
    by_month = {month: (declared, counted) for month, declared, counted in rows}
    whole = tuple(sum(figures, ZERO) for figures in zip(*by_month.values(), strict=True)) or (ZERO, ZERO)
    return whole, {month: by_month.get(month, (ZERO, ZERO)) for month in months}


def objective_of(awards):
    """Hours due by these awards today (h)."""
    return ObjectiveEntry.objects.filter(award__in=awards).aggregate(total=Sum("hours", default=0))["total"]


def changed_cells(cells):
    """Of [(contract, month, text, version, nature)], those that differ from what is recorded: a form sends all."""
    recorded = {}
    for entry in HoursEntry.objects.typed().filter(contract__in={cell[0].pk for cell in cells}):
        key = entry.contract_id, entry.month, entry.nature
        recorded[key] = recorded.get(key, ZERO) + entry.declared

    def known(contract, month, nature):
        hours = recorded.get((contract.pk, month, nature or natures_of(contract.contract_type)[0]))
        return "" if hours is None else french.number(hours)

    return [cell for cell in cells if cell[2].strip() != known(cell[0], cell[1], cell[4])]
