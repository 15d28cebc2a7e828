"""One line a request: who, which screen, what answer, how long. Never the address itself, which may hold a secret."""

import logging
import time
import uuid

from django.utils.functional import SimpleLazyObject

from clauses_portal.core.logs import request_seen

logger = logging.getLogger(__name__)


class RequestLogMiddleware:
    """Gives each request its reference (12 hexadecimal digits), which the page of an error shows, and tells of it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.reference = uuid.uuid4().hex[:12]
        began, seen = time.monotonic(), request_seen.set({"reference": request.reference})
        try:
            response = self.get_response(request)
            logger.info("%s %s", request.method, route_of(request), extra={"event": _event(request, response, began)})
        finally:
            request_seen.reset(seen)
        return response


def route_of(request):
    """The name of the screen, « - » when the address leads nowhere."""
    return request.resolver_match.view_name if request.resolver_match else "-"


def account_of(request):
    """The number of the account this request was answered as, None for a visitor; asks nothing of the database."""
    user = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject):  # a session's, read or not
        user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)


def _event(request, response, began):
    return {
        "user": account_of(request),
        "method": request.method,
        "route": route_of(request),
        "status": response.status_code,
        "duration_ms": round(1000 * (time.monotonic() - began)),
    }
