"""The routes of the portal, and some whose views fail in every way there is."""

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import Http404
from django.template import engines
from django.urls import path

from clauses_portal import urls
from clauses_portal.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

SECRET = "918273,64 € pour ZZCANARINOM"


def failing(error):
    def view(request):
        local = SECRET
        raise error(local)

    return view


def refused_by_the_database(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(%s AS integer) FROM accounts_user", [SECRET])


def wrong_template(request):
    engines["django"].from_string("{% url 'nowhere' %}").render({})


urlpatterns = [
    *urls.urlpatterns,
    path("panne/400/", failing(BadRequest)),
    path("panne/suspect/", failing(SuspiciousOperation)),
    path("panne/403/", failing(PermissionDenied)),
    path("panne/404/", failing(Http404)),
    path("panne/500/", failing(RuntimeError)),
    path("panne/503/", failing(OperationalError)),
    path("panne/gabarit/", wrong_template),
    path("panne/base/", refused_by_the_database),
]
