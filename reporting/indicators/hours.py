"""Hours: due, declared, counted, rejected, waiting. All in hours, to the hundredth."""

from decimal import Decimal

from django.db.models import Q, Sum

from participants.enums import RejectionReason


def hours_of_quarter(scope, quarter):
    """{declared, counted, rejected, pending}: hours of the months of the quarter, whatever the day they were typed."""
    fates = ("declared", "counted", "rejected", "pending")
    return scope.hours().of_quarter(quarter).aggregate(**{fate: Sum(fate, default=Decimal(0)) for fate in fates})


def counted_to_date(scope, quarter):
    """Hours counted since the beginning, up to the last month of the quarter."""
    return scope.hours().up_to(quarter).aggregate(total=Sum("counted", default=Decimal(0)))["total"]


def rejected_by_reason(scope, quarter):
    """[(French reason, hours)] of the hours of the quarter that are not counted, the largest first."""
    rows = scope.hours().of_quarter(quarter).exclude(rejected=0).values_list("rejection_reason")
    totals = rows.order_by().annotate(total=Sum("rejected")).exclude(total=0).order_by("-total")
    return [(RejectionReason(reason).label, total) for reason, total in totals]


def counted_by_month(scope, quarter):
    """[(first day of the month, hours counted)] of the twelve months that end with the quarter."""
    first = quarter.previous.previous.previous.start
    rows = scope.hours().filter(month__gte=first, month__lte=quarter.months[-1]).values_list("month")
    totals = dict(rows.annotate(total=Sum("counted")))
    months = [month for q in (*_three_before(quarter), quarter) for month in q.months]
    return [(month, totals.get(month, Decimal(0))) for month in months]


def _three_before(quarter):
    second = quarter.previous.previous
    return second.previous, second, quarter.previous


def counted_by_award(scope, quarter):
    """{award id: (hours counted in the quarter, hours counted to date)}."""
    rows = scope.hours().up_to(quarter).values_list("contract__award_id")
    in_quarter = Q(month__gte=quarter.start)
    totals = rows.annotate(
        quarter=Sum("counted", filter=in_quarter, default=Decimal(0)),
        to_date=Sum("counted", default=Decimal(0)),
    )
    return {award: (during, to_date) for award, during, to_date in totals}


def due_by_award(scope, quarter):
    """{award id: hours due on the last day of the quarter}."""
    rows = scope.objectives().filter(effective_on__lte=quarter.end).values_list("award_id")
    return dict(rows.annotate(total=Sum("hours")))
