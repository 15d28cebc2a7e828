"""« Cohérence DECP »: what each market is to declare, what is to correct in the buyer profile (domain.md §12 n° 41)."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from clauses_portal.core.exports import Column, Kind, Listing, criteria_of, export
from clauses_portal.core.web import page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import requires
from markets.models import Market
from reporting.consolidation.decp import declarations, findings
from reporting.enums import DeclarationState
from reporting.filters import DeclarationFilter
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
        Column("À déclarer", K.TEXT, "expected"),
        Column("Déclaré", K.TEXT, "declared"),
        Column("État", K.TEXT, "state.label"),
        Column("À corriger", K.TEXT, "sentence"),
    ),
    (
        "Données essentielles de la commande publique : considérations sociales que le profil d’acheteur déclare.",
        "Les considérations environnementales restent à choisir par l’acheteur.",
    ),
)


def _filters(request):
    """The markets in sight of the account, filtered as the page asks: those to correct unless it says otherwise."""
    asked = {"declaration": DeclarationState.TO_CORRECT} | request.GET.dict()
    return DeclarationFilter(asked, queryset=declarations(Market.objects.visible_to(request.user)))


@require_safe
@requires(P.VIEW_MARKETS)
def decp_list(request):
    """Markets with what they declare and what they should: first those that contradict the decisions, or the hours."""
    filters = _filters(request)
    page = page_of(request, filters.qs)
    context = {
        "page": page,
        "findings": findings(page.object_list),
        "filters": filters,
        "tabs": tabs_of(request, "reporting:decp"),
        "breadcrumbs": trail(HOME, ("Cohérence DECP", None)),
    }
    return render(request, "reporting/decp_list.html", context)


@require_safe
@requires(P.VIEW_MARKETS)
def decp_export(request, file_format):
    filters = _filters(request)
    return export(request, file_format, LISTING, filters.qs, criteria=criteria_of(filters.form), present=findings)
