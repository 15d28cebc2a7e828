"""« Mes sessions »: where one is signed in, and how to leave from afar (ASVS 7.5.2)."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from clauses_portal.accounts.account_views import HOME
from clauses_portal.accounts.browsers import browser_of
from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction
from clauses_portal.accounts.sessions import end_session, end_sessions, sessions_of
from clauses_portal.core.errors import NOT_FOUND
from clauses_portal.core.web import trail


@require_safe
def session_list(request):
    rows = [(row, browser_of(row.user_agent)) for row in sessions_of(request)]
    context = {"rows": rows, "breadcrumbs": trail(HOME, ("Mes sessions", None))}
    return render(request, "account/sessions.html", context)


@require_POST
def session_end(request, pk):
    """End one of one’s own sessions; ending this one is signing out."""
    row = UserSession.objects.filter(pk=pk, user=request.user).first()
    if row is None:
        raise Http404(NOT_FOUND)
    note(request, JournalAction.SESSION_ENDED, of=request.user, count=1)
    is_here = row.session_key == request.session.session_key
    end_session(row)
    if is_here:
        logout(request)
        return redirect("account_login")
    messages.success(request, "La session est fermée.")
    return redirect("sessions")


@require_POST
def session_end_others(request):
    """End every session of one’s own but this one."""
    ended = end_sessions(request.user, but=request.session.session_key)
    note(request, JournalAction.SESSION_ENDED, of=request.user, count=ended)
    messages.success(request, "Vos autres sessions sont fermées.")
    return redirect("sessions")
