"""What a session holds once its person has passed the gate."""

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)

from clauses_portal.accounts import charter
from clauses_portal.accounts.sessions import SEEN, STARTED

# A proof of identity that stays recent wherever a test travels in time (seconds: the year 3000).
FOR_EVER = 32_503_680_000


def passed_gate(user, at=FOR_EVER):
    """What a session holds once the charter is accepted and a second factor shown, `at` that moment (s)."""
    return {
        charter.SESSION_KEY: charter.CHARTER_VERSION,
        AUTHENTICATION_METHODS_SESSION_KEY: [{"method": "mfa", "type": "totp", "at": at}],
        _AUTHENTICATION_METHODS_USER_SESSION_KEY: str(user.pk),
    }


def endless():
    """What a session holds that lasts wherever a test travels in time; the others: tests/accounts/test_sessions.py."""
    return {STARTED: FOR_EVER, SEEN: FOR_EVER}
