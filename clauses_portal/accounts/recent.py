"""Sensitive acts ask for the password again, or for the second factor (ASVS 7.5.1)."""

import time
from functools import wraps

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings


def is_recent(request):
    """True when the person at the screen proved who she is less than five minutes ago, signing in included."""
    proofs = get_authentication_records(request, request.user)
    return bool(proofs) and time.time() - proofs[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def recently_authenticated(view):
    """Decorate the view of a sensitive act: it opens to a recent proof of identity, which it asks for otherwise.

    Asked before the form is shown; a form sent too late is kept while it is asked again, then goes on.
    """

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not is_recent(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return wrapper
