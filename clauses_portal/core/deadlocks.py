"""One more try when the database sacrifices a request to untie a deadlock (security.md §4.2).

The transaction of the request was undone whole: doing it again has one effect. What cannot be read twice is not: a
body that was not kept (a program that gives no Idempotency-Key asks again by itself, on a 503), a session that changed.
"""

import logging

from django.db import DEFAULT_DB_ALIAS, OperationalError, transaction

logger = logging.getLogger(__name__)

DEADLOCK = "40P01"


class DeadlockMiddleware:
    """Runs again, once, the view that a deadlock undid; undone again, it is answered « réessayez » (503)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        request.tried_again = False
        request.view_called = view, args, kwargs

    def process_exception(self, request, error):
        if not may_try_again(request, error):
            return None
        logger.warning("interblocage : la demande est refaite")
        view, args, kwargs = request.view_called
        _as_it_came(request)
        return transaction.atomic(view)(request, *args, **kwargs)


def is_deadlock(error):
    """True when the database chose this transaction to untie a deadlock."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "pgcode", None) == DEADLOCK


def may_try_again(request, error):
    """True when this error is a deadlock, and this request can be done again from its beginning."""
    if not is_deadlock(error) or getattr(request, "tried_again", True):
        return False
    view, _, _ = request.view_called
    return (
        DEFAULT_DB_ALIAS not in getattr(view, "_non_atomic_requests", ())
        and not getattr(getattr(request, "session", None), "modified", False)
        and (hasattr(request, "_body") or hasattr(request, "_post") or not request._read_started)
    )


def _as_it_came(request):
    """Forget what the first try left on the request: its lines of the journal, how far its files were read."""
    request.tried_again, request._journal = True, []
    for file in getattr(request, "_files", {}).values():
        file.seek(0)
