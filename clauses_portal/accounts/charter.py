"""The charter of professional secrecy, accepted at the first sign-in and at each new version (art. 3.3, C34)."""

from django.db import transaction

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import CharterAcceptance, JournalAction

# A new text takes a new version: everybody reads it again (templates/account/_charter_text.html).
CHARTER_VERSION = "2026-1"
SESSION_KEY = "charter"


def is_accepted(request):
    """True when the signed-in person accepted the charter in force; asked to the database once a session."""
    if request.session.get(SESSION_KEY) == CHARTER_VERSION:
        return True
    if acceptance_of(request.user) is None:
        return False
    request.session[SESSION_KEY] = CHARTER_VERSION
    return True


def acceptance_of(user):
    """The acceptance by this account of the charter in force, or None."""
    return CharterAcceptance.objects.filter(user=user, version=CHARTER_VERSION).first()


@transaction.atomic
def accept_charter(*, by, request=None):
    """Record that this account accepts the charter in force; twice is once."""
    _, is_new = CharterAcceptance.objects.get_or_create(user=by, version=CHARTER_VERSION)
    if request is not None:
        request.session[SESSION_KEY] = CHARTER_VERSION
        if is_new:
            note(request, JournalAction.CHARTER)
