"""The description of the interface, for those who hold a key and for those who are signed in."""

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.response import Response
from rest_framework.views import APIView

from clauses_portal.api_docs.document import document
from clauses_portal.api_docs.reading import resources
from clauses_portal.api_docs.refusals import refusals
from clauses_portal.core.web import trail
from facilitators.api.views import KeyMay
from facilitators.enums import KeyScope, Permission
from facilitators.permissions import requires

HOME = ("Interface d’échange", None)


class DocumentView(APIView):
    """The OpenAPI document, for any key."""

    permission_classes = [KeyMay]
    read_permission = write_permission = Permission.EXCHANGE_DATA
    schema = None

    def get(self, request):
        return Response(document())


@require_safe
def interface_document(request):
    """The same document, for those who are signed in."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False, "indent": 2})


@require_safe
@requires(Permission.REVOKE_KEYS)
def interface(request):
    """How a program exchanges with the portal: keys, rules every resource shares, resources, refusals."""
    context = {
        "resources": resources(document()),
        "scopes": KeyScope.choices,
        "refusals": refusals(),
        "root": request.build_absolute_uri("/api/v1"),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "pages/interface.html", context)
