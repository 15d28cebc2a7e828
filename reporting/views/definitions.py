from django.shortcuts import render
from django.views.decorators.http import require_safe

from clauses_portal.core.web import trail
from reporting.indicators.catalogue import by_family

HOME = ("Définitions", None)


@require_safe
def definitions(request):
    """Every figure of the portal: what is counted, in what unit, when, by which rule. For everyone signed in."""
    return render(request, "reporting/definitions.html", {"families": by_family(), "breadcrumbs": trail(HOME)})
