from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from clauses_portal.core import errors
from clauses_portal.core.errors import DomainError
from clauses_portal.core.web import trail
from facilitators.enums import Permission
from facilitators.permissions import requires
from markets.models import CalendarFeed
from markets.services.agenda import create_feed, feed_of, read_feed, revoke_feed
from markets.views.programme import HOME


@require_safe
@requires(Permission.VIEW_MARKETS)
def agenda(request):
    return _page(request)


def _page(request, link=""):
    feed = CalendarFeed.objects.visible_to(request.user).live().first()
    context = {"feed": feed, "link": link, "breadcrumbs": trail(HOME, ("Mon agenda", None))}
    return render(request, "markets/agenda.html", context)


@require_POST
@requires(Permission.VIEW_MARKETS)
def agenda_open(request):
    """Make the link, or another one. It is in this answer and nowhere else: no session, no message keeps it."""
    secret = create_feed(by=request.user)
    return _page(request, request.build_absolute_uri(reverse("markets:agenda_feed", args=[secret])))


@require_POST
@requires(Permission.VIEW_MARKETS)
def agenda_close(request):
    try:
        revoke_feed(by=request.user)
        messages.success(request, "Votre lien d’agenda est fermé : plus personne ne peut s’en servir.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("markets:agenda")


@login_not_required
@require_safe
def agenda_feed(request, secret):
    """The calendar itself, for whoever has the link; nothing tells a dead link from one that never was."""
    feed = feed_of(secret)
    if feed is None:
        response = errors.not_found(request)
    else:
        response = HttpResponse(read_feed(feed), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="clauses-sociales.ics"'
        response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
