"""The state of the portal, for who administers it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from clauses_portal.core.web import trail
from facilitators import portal_state
from facilitators.enums import Permission
from facilitators.permissions import requires


@require_safe
@requires(Permission.MANAGE_ACCOUNTS)
def state(request):
    lines = portal_state.lines()
    context = {
        "lines": lines,
        "to_check": sum(not line.is_well for line in lines),
        "breadcrumbs": trail(("État du portail", "")),
    }
    return render(request, "facilitators/portal_state.html", context)
