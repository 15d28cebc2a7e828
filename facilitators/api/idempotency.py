"""A request under an Idempotency-Key is done once: repeated, its answer is told again (A16)."""

import hashlib
from datetime import timedelta
from functools import wraps

from django.db import connection
from django.utils import timezone
from rest_framework.exceptions import ParseError
from rest_framework.response import Response

from clauses_portal.core.errors import Conflict, DomainError
from facilitators.models import RepeatableRequest

LONGEST = 100
KEPT = timedelta(hours=24)
BAD_VALUE = "La clé de répétition (Idempotency-Key) compte de 1 à 100 caractères imprimables, sans espace."
UNDER_WAY = "Une demande identique est en cours."
OTHER_REQUEST = "Cette clé de répétition a servi à une autre demande."


def repeatable(handler):
    """Decorate a writing handler of a view: an answer already given is given again, with `Idempotent-Replay: true`.

    Raises Conflict (M18) while the same request is being done, DomainError (M19) when the key served another one.
    """

    @wraps(handler)
    def wrapper(view, request, *args, **kwargs):
        value = request.headers.get("Idempotency-Key")
        if value is None:
            return handler(view, request, *args, **kwargs)
        if not (0 < len(value) <= LONGEST and all("!" <= sign <= "~" for sign in value)):
            raise ParseError(BAD_VALUE)
        _hold(request.auth, value)
        fingerprint = _fingerprint(request)
        done = RepeatableRequest.objects.filter(key=request.auth, value=value).first()
        if done is not None:
            return _again(done, fingerprint)
        response = handler(view, request, *args, **kwargs)
        RepeatableRequest.objects.create(
            key=request.auth,
            value=value,
            fingerprint=fingerprint,
            status=response.status_code,
            answer=response.data,
        )
        return response

    return wrapper


def _hold(key, value):
    """Keep the others away until this transaction ends. Raises Conflict when one is there already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [key.pk % 2**31, value])
        if not cursor.fetchone()[0]:
            raise Conflict(UNDER_WAY)


def _fingerprint(request):
    body = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    body.update(request._request.body)
    return body.hexdigest()


def _again(done, fingerprint):
    if done.fingerprint != fingerprint:
        raise DomainError(OTHER_REQUEST)
    response = Response(done.answer, status=done.status)
    response["Idempotent-Replay"] = "true"
    return response


def forget_old_answers():
    """Erase the answers of more than a day: they may name persons. Returns how many."""
    return RepeatableRequest.objects.filter(created_on__lt=timezone.now() - KEPT).delete()[0]
