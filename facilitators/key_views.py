"""Keys of access: seen, created and revoked by those who answer for their structure (C22)."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from clauses_portal.core.web import page_of, trail
from facilitators.enums import Permission
from facilitators.models import AccessKey
from facilitators.permissions import requires, structures_for

HOME = ("Clés d’accès", "/cles-d-acces/")


@require_safe
@requires(Permission.REVOKE_KEYS)
def key_list(request):
    rows = AccessKey.objects.filter(structure__in=structures_for(request.user, Permission.REVOKE_KEYS))
    context = {"page": page_of(request, rows.select_related("structure")), "breadcrumbs": trail(HOME)}
    return render(request, "facilitators/key_list.html", context)
