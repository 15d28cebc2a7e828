"""« Cohérence DECP »: the markets whose declaration is to correct in the buyer profile (domain.md §12 n° 41)."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from clauses_portal.core.exports import Column, Kind, Listing, export
from clauses_portal.core.web import page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import requires
from markets.models import Market
from reporting.consolidation.decp import candidates, findings
from reporting.views.consolidation import HOME
from reporting.views.tabs import tabs_of

P = Permission
K = Kind
LISTING = Listing(
    "Cohérence DECP",
    "coherence-decp",
    (  # of Finding
        Column("Marché", K.TEXT, "market.number"),
        Column("Objet", K.TEXT, "market.title"),
        Column("Direction", K.TEXT, "market.operation.directorate"),
        Column("Territoire", K.TEXT, "territories"),
        Column("Déclaré", K.TEXT, "declared"),
        Column("À corriger", K.TEXT, "sentence"),
    ),
    ("Données essentielles de la commande publique : ce que le profil d’acheteur déclare.",),
)


def _found(request):
    return findings(candidates(Market.objects.visible_to(request.user)))


@require_safe
@requires(P.VIEW_MARKETS)
def decp_list(request):
    """Markets whose declared considerations contradict the decisions, or the hours."""
    context = {
        "page": page_of(request, _found(request)),
        "tabs": tabs_of(request, "reporting:decp"),
        "breadcrumbs": trail(HOME, ("Cohérence DECP", None)),
    }
    return render(request, "reporting/decp_list.html", context)


@require_safe
@requires(P.VIEW_MARKETS)
def decp_export(request, file_format):
    return export(request, file_format, LISTING, _found(request))
