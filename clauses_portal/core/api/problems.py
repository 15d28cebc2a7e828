"""Refusals of the interface, in French, with a code a program can read (RFC 9457; security.md §3, M1–M20)."""

import logging

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelError
from django.db import InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from clauses_portal.core.deadlocks import may_try_again
from clauses_portal.core.errors import AWAY, CHANGED_MEANWHILE, FORBIDDEN, NOT_FOUND, TOO_MANY, Conflict, DomainError
from clauses_portal.core.versions import Stale

logger = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
UNKNOWN_KEY = "Clé d’accès absente, invalide ou expirée."
FAILURE = "Une erreur est survenue. Référence : {reference}."
TOO_BIG = "Le corps de la demande est trop volumineux."
CUT_SHORT = "La demande est incomplète."
NOT_VALID = "Des champs sont manquants ou incorrects."
LINES_NOT_VALID = "Des lignes sont refusées : rien n’a été enregistré."
NO_METHOD = "Cette action n’existe pas ici."
NO_MEDIA = "Le corps de la demande s’envoie en JSON (application/json)."
NO_ANSWER = "Cette adresse ne répond qu’en JSON (application/json)."
# {sentence: stable code} of the refusals of the trade; clauses_portal.api adds those of the applications.
CODES = {}
TITLES = {
    400: "Demande incorrecte",
    401: "Clé refusée",
    403: "Action refusée",
    404: "Introuvable",
    405: "Action inconnue",
    406: "Réponse impossible",
    409: "Conflit",
    413: "Trop volumineux",
    415: "Format refusé",
    422: "Refusé par une règle",
    429: "Trop de demandes",
    500: "Erreur",
    503: "Indisponible",
}


class LinesRefused(Exception):
    """Some lines of a bulk writing were refused: `errors` as in a problem, each with its `line` (from 1)."""

    def __init__(self, errors):
        super().__init__(LINES_NOT_VALID)
        self.errors = errors


def problem(status, code, detail, *, errors=(), **more):
    """A Response that tells a refusal: {type, title, status, code, detail, errors: [{line?, field?, message}]}."""
    body = {"type": f"urn:clauses:{code}", "title": TITLES.get(status, "Refus"), "status": status, "code": code}
    body |= {"detail": detail, "errors": list(errors), **more}
    return Response(body, status=status, content_type=PROBLEM)


def handle(error, context):
    """Answer any exception of a view of the interface (REST_FRAMEWORK["EXCEPTION_HANDLER"]); None: it is raised."""
    set_rollback()
    if may_try_again(context["request"]._request, error):
        return None
    told = _expected(error)
    if told is not None:
        return told
    reference = context["request"].reference
    if isinstance(error, OperationalError | InterfaceError):
        answer = problem(503, "unavailable", AWAY)
        answer["Retry-After"] = "30"
        return answer
    # the kind of the error, never its values: they could be somebody's
    logger.error("erreur %s : %s", reference, type(error).__name__, exc_info=error)
    return problem(500, "failure", FAILURE.format(reference=reference), reference=reference)


def _expected(error):
    for kind, answer in ANSWERS:
        if isinstance(error, kind):
            return answer(error)
    return None


def _unauthorised(error):
    answer = problem(401, "invalid_key", UNKNOWN_KEY)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _too_many(error):
    answer = problem(429, "too_many_attempts", TOO_MANY)
    answer["Retry-After"] = str(int(error.wait or 60))
    return answer


def _forbidden(error):
    sentence = str(error) or FORBIDDEN
    return problem(403, CODES.get(sentence, "forbidden"), sentence)


def _rule(error):
    existing = getattr(error, "existing", None)
    more = {"existing": existing} if existing is not None else {}
    usual = getattr(error, "code", "conflict" if isinstance(error, Conflict) else "refused")
    return problem(error.status, CODES.get(error.message, usual), error.message, **more)


def _fields(error):
    return problem(400, "invalid", NOT_VALID, errors=errors_of(error))


def errors_of(error):
    """[{field, message}] of one refusal, whatever raised it; `field` is "" when it is of no field."""
    if isinstance(error, ModelError):
        told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return [{"field": _field(name), "message": text} for name, texts in told.items() for text in texts]
    if isinstance(error, exceptions.ValidationError):
        return list(_flat(error.detail))
    return [{"field": "", "message": str(error)}]


def _flat(detail, path=""):
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, f"{path}.{name}" if path else _field(str(name)))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flat(inner, path)
    else:
        yield {"field": path, "message": str(detail)}


def _field(name):
    return "" if name in {"__all__", "non_field_errors"} else name


ANSWERS = (
    (LinesRefused, lambda error: problem(422, "lines_refused", LINES_NOT_VALID, errors=error.errors)),
    (exceptions.NotAuthenticated, _unauthorised),
    (exceptions.AuthenticationFailed, _unauthorised),
    (exceptions.Throttled, _too_many),
    (PermissionDenied, _forbidden),
    (exceptions.PermissionDenied, lambda error: problem(403, "forbidden", FORBIDDEN)),
    (Http404, lambda error: problem(404, "not_found", NOT_FOUND)),
    (exceptions.NotFound, lambda error: problem(404, "not_found", NOT_FOUND)),
    (exceptions.ParseError, lambda error: problem(400, "unreadable", str(error.detail))),
    (exceptions.ValidationError, _fields),
    (ModelError, _fields),
    (exceptions.MethodNotAllowed, lambda error: problem(405, "method_not_allowed", NO_METHOD)),
    (exceptions.UnsupportedMediaType, lambda error: problem(415, "unsupported_media_type", NO_MEDIA)),
    (exceptions.NotAcceptable, lambda error: problem(406, "not_acceptable", NO_ANSWER)),
    # M6 as it is: who changed what is for people
    (Stale, lambda error: _rule(Conflict(CHANGED_MEANWHILE))),
    (DomainError, _rule),
    (RequestDataTooBig, lambda error: problem(413, "too_big", TOO_BIG)),
    (SuspiciousOperation | UnreadablePostError, lambda error: problem(400, "unreadable", CUT_SHORT)),
)
