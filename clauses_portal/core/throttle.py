"""Counting what a visitor gets wrong, per address and per hour (security.md §6, 40), and what costs, per account."""

import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache

HOUR, MINUTE = 3600, 60


def is_over(request, action, most):
    """True when this visitor's address has failed `most` times at `action` within the hour."""
    return cache.get(_key(request, action), 0) >= most


def note_failure(request, action):
    """Count one more failure of this visitor's address at `action`."""
    key = _key(request, action)
    if not cache.add(key, 1, HOUR):
        cache.incr(key)


def _key(request, action):
    # the address the trusted proxy tells, as for sign-ins
    return f"failures-{action}-{get_adapter().get_client_ip(request)}-{int(time.time() // HOUR)}"


def is_one_too_many(user, action, *, most):
    """Count one more `action` of this account; True from the one that comes after `most` in the same minute (A28)."""
    key = f"pace-{action}-{user.pk}-{int(time.time() // MINUTE)}"
    cache.add(key, 0, 2 * MINUTE)  # kept past its minute, so that it does not end while one counts
    try:
        return cache.incr(key) > most
    except ValueError:  # the cache was emptied between the two
        return False
