"""Sessions: how long they last, where each person has one open, what ends them (ASVS 7.3 and 7.4, security.md A21)."""

import time
from importlib import import_module
from urllib.parse import urlencode, urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore

STARTED, SEEN = "session_started", "session_seen"  # epoch seconds
# A session that is used says so once a minute: a page is not a writing.
MINUTE = 60
IDLE = "Votre session a pris fin après une heure sans activité."
TOO_LONG = "Votre session a pris fin : elle dure dix heures au plus."
COME_BACK = "Reconnectez-vous pour reprendre où vous étiez ; les longs formulaires ont gardé leur brouillon."


class SessionLimitsMiddleware:
    """Ends a session left idle for an hour, or open for ten; notes once a minute that it is used."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if SESSION_KEY in request.session:
            now = int(time.time())
            sentence = _why_it_is_over(request.session, now)
            if sentence:
                return _sign_in_again(request, sentence)
            if now - request.session.get(SEEN, 0) >= MINUTE:
                _note_use(request, now)
        return self.get_response(request)


def _why_it_is_over(session, now):
    if now - session.get(STARTED, now) >= settings.SESSION_LONGEST_SECONDS:
        return TOO_LONG
    return IDLE if now - session.get(SEEN, now) >= settings.SESSION_IDLE_SECONDS else ""


def _note_use(request, now):
    request.session[SEEN] = now
    request.session.setdefault(STARTED, now)
    rows = UserSession.objects.filter(session_key=request.session.session_key)
    rows.update(last_seen_at=timezone.now())


def _sign_in_again(request, sentence):
    """The way to the sign-in page, then back to the page left."""
    back = _page_left(request)
    note(request, JournalAction.SESSION_ENDED, actor=request.user if request.user.is_authenticated else None)
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.flush()
    request.user = AnonymousUser()
    messages.warning(request, f"{sentence} {COME_BACK}")
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: back})}")


def _page_left(request):
    """The page asked for or, when a form or a fragment was, the page it is on."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    page = urlsplit(request.headers.get("Referer", ""))
    return f"{page.path}?{page.query}".rstrip("?") if page.netloc == request.get_host() else "/"


@transaction.atomic
def end_sessions(user, *, but=None):
    """End every open session of an account, `but` one (its key) kept; returns how many.

    Their rows go, not only the right to use them: an old cookie stays dead whatever happens to the account (A21).
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gte=timezone.now()):
        if session.session_key != but and session.get_decoded().get(SESSION_KEY) == str(user.pk):
            _delete(session.session_key)
            ended += 1
    UserSession.objects.filter(user=user).exclude(session_key=but or "").delete()
    return ended


def end_session(row):
    """End one session, that of this UserSession."""
    _delete(row.session_key)
    row.delete()


def _delete(key):
    # the store, not the row alone: a copy of the session lives in the cache, and a request under way puts it back there
    SessionStore(key).delete()
    transaction.on_commit(lambda: SessionStore(key).delete())


def sessions_of(request):
    """The open sessions (UserSession) of the signed-in person, the last used first; this one has `is_here`."""
    if not UserSession.objects.filter(session_key=request.session.session_key).exists():
        UserSession.objects.create_from_request(request)
    rows = sorted(UserSession.objects.purge_and_list(request.user), key=lambda row: row.last_seen_at, reverse=True)
    for row in rows:
        row.is_here = row.session_key == request.session.session_key
    return rows


@transaction.atomic
def forget_ended():
    """Erase the sessions whose time is over, and what was noted of where they were; returns how many sessions."""
    ended, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return ended
