"""Sums of the grid (h): by row since the beginning, by month, of the whole place."""

from decimal import Decimal

from django.db.models import Sum

from markets.models import ObjectiveEntry
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
