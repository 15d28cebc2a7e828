"""Counting what a visitor gets wrong, per address and per hour (security.md §6, 40), and what costs, per account."""

import time
from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.core.cache import cache

HOUR, MINUTE = 3600, 60


def is_over(request, action, most, *, within=HOUR):
    """True when this visitor's address has failed `most` times at `action` within so many seconds."""
    return cache.get(_key(request, action, within), 0) >= most


def note_failure(request, action, *, within=HOUR):
    """Count one more failure of this visitor's address at `action`."""
    key = _key(request, action, within)
    cache.add(key, 0, 2 * within)  # kept past its time, so that it does not end while one counts
    with suppress(ValueError):  # the cache was emptied between the two
        cache.incr(key)


def address_of(request):
    """The address of the visitor, as the trusted proxy tells it."""
    return get_adapter().get_client_ip(request)


def _key(request, action, within):
    return f"failures-{action}-{address_of(request)}-{int(time.time() // within)}"


def is_one_too_many(user, action, *, most):
    """Count one more `action` of this account; True from the one that comes after `most` in the same minute (A28)."""
    key = f"pace-{action}-{user.pk}-{int(time.time() // MINUTE)}"
    cache.add(key, 0, 2 * MINUTE)  # kept past its minute, so that it does not end while one counts
    try:
        return cache.incr(key) > most
    except ValueError:  # the cache was emptied between the two
        return False
