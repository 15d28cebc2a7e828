"""What begins a session, and what ends the others."""

import time

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from clauses_portal.accounts.sessions import SEEN, STARTED, end_sessions


@receiver(user_logged_in)
def begin_session(sender, request, user, **_):
    request.session[STARTED] = request.session[SEEN] = int(time.time())


@receiver([password_changed, password_set, password_reset])
def end_the_others(sender, request, user, **_):
    """Whoever signed in with the former password is out; the session that changed it stays."""
    end_sessions(user, but=request.session.session_key)
