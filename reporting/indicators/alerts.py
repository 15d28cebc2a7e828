"""Alerts of the quarter (C18)."""

from django.db.models import Q


def alerts_of_quarter(scope, quarter):
    """Alerts raised or closed in the quarter, or still open on its last day; the oldest first."""
    raised = Q(raised_on__date__lte=quarter.end)
    not_closed_before = Q(closed_on__isnull=True) | Q(closed_on__date__gte=quarter.start)
    return scope.alerts().filter(raised & not_closed_before).select_related("lot__market").order_by("raised_on", "pk")
