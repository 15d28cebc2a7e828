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


def month_totals(hours, months):
    """{first day: (declared, counted)} of these months: what statements say, corrections booked there added (h).

    `hours`: the HoursEntry rows of the place.
    """
    rows = hours.filter(month__in=months).order_by().values_list("month")
    sums = {month: (declared, counted) for month, declared, counted in rows.annotate(Sum("declared"), Sum("counted"))}
    return {month: sums.get(month, (ZERO, ZERO)) for month in months}


def place_totals(hours, awards):
    """{declared, counted, objective} of a lot or of a company (h), since the beginning."""
    sums = hours.aggregate(declared=Sum("declared", default=ZERO), counted=Sum("counted", default=ZERO))
    due = ObjectiveEntry.objects.filter(award__in=awards).aggregate(total=Sum("hours", default=0))["total"]
    return {**sums, "objective": due}


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
