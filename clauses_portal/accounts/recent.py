"""Sensitive acts ask for the password again, or for the second factor (ASVS 7.5.1)."""

import time
from functools import wraps
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponseRedirect
from django.urls import reverse


def is_recent(request):
    """True when the person at the screen proved who she is less than five minutes ago, signing in included."""
    proofs = get_authentication_records(request, request.user)
    return bool(proofs) and time.time() - proofs[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def recently_authenticated(view=None, *, sending=False, back_to=""):
    """Decorate the view of a sensitive act: it opens to a recent proof of identity, which it asks for otherwise.

    Asked before the form is shown; a form sent too late is kept while the proof is asked again, then goes on.
    `sending`: asked only when the form is sent, for a page that shows more than its form. `back_to`: route, of the same
    arguments, of the page of a button that sends nothing to keep: one comes back there, and presses again.
    Goes under the decorator that says who may: nobody proves who she is to be refused.
    """
    if view is None:
        return lambda view: recently_authenticated(view, sending=sending, back_to=back_to)

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not (sending and request.method != "POST") and not is_recent(request):
            if back_to:
                raise ImmediateHttpResponse(_confirm_then(request, reverse(back_to, args=args, kwargs=kwargs)))
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return wrapper


def _confirm_then(request, page):
    """The way to the proof, then to this page. Exceptions carry it: no decorator takes it for the act done."""
    ways = get_adapter().get_reauthentication_methods(request.user)
    first = ways[0]["url"] if ways else reverse(settings.LOGIN_URL)
    return HttpResponseRedirect(f"{first}?{urlencode({REDIRECT_FIELD_NAME: page})}")
