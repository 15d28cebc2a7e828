"""The routes of the portal, and some whose views make the database wait, or lock in the order they are told."""

import threading

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from clauses_portal import urls
from clauses_portal.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

both_locked_one = threading.Barrier(2)
tries = []


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def cross(first, second):
    """Lock two numbers, the other request having locked them the other way round the first time."""
    tries.append(first)
    run("SELECT pg_advisory_xact_lock(%s)", first)
    if tries.count(first) == 1:
        both_locked_one.wait(timeout=10)
    run("SELECT pg_advisory_xact_lock(%s)", second)


def crossing(request, first, second):
    cross(first, second)
    return HttpResponse(f"{request.POST.get('sent')} {second}")


def always_crossing(request):
    """The database answers each time that it unties a deadlock."""
    tries.append(0)
    run("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")


def locked(request):
    """Waits for a number somebody else holds."""
    run("SET LOCAL lock_timeout = 50")
    run("SELECT pg_advisory_xact_lock(7)")


def slow(request):
    run("SET LOCAL statement_timeout = 50")
    run("SELECT pg_sleep(5)")


class Crossing(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def post(self, request, first, second):
        if "Idempotency-Key" in request.headers:
            request._request.body  # noqa: B018 - kept, as `repeatable` does
        sent = request.data["sent"]
        cross(first, second)
        return Response({"sent": sent})


class Slow(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request):
        return slow(request)


open_to_all = login_not_required
urlpatterns = [
    path("attente/<int:first>/<int:second>/", open_to_all(crossing)),
    path("attente/verrou/", open_to_all(locked)),
    path("attente/lenteur/", open_to_all(slow)),
    path("attente/sans-issue/", open_to_all(always_crossing)),
    path("api/v1/attente/<int:first>/<int:second>", open_to_all(Crossing.as_view())),
    path("api/v1/attente/lenteur", open_to_all(Slow.as_view())),
    *urls.urlpatterns,
]
