"""The pages beside « États et bilans »: what each account may open."""

from django.urls import reverse

from facilitators.enums import Permission
from facilitators.permissions import scope_of

P = Permission
TABS = (
    ("États et bilans", "reporting:list", P.VIEW_STATEMENTS),
    ("Consolidation annuelle", "reporting:consolidation", P.VIEW_HOURS),
    ("FSE+", "reporting:european_list", P.VIEW_HOURS),
    ("Données ouvertes", "reporting:open_data", P.VIEW_STATEMENTS),
    ("Accords de communication", "reporting:agreements", P.VIEW_STATEMENTS),
    ("Cohérence DECP", "reporting:decp", P.VIEW_MARKETS),
)


def tabs_of(request, current):
    """[(label, url, is it this one)] of the pages this account may open; `current` is a route."""
    scope = scope_of(request.user)
    return [(label, reverse(route), route == current) for label, route, permission in TABS if scope.allows(permission)]
