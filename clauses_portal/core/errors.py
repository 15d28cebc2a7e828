"""Error pages: neutral, French, with a way out (security.md §3, M1, M2, M5, M17)."""

import errno
import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import JsonResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)

NOT_FOUND = "Cet élément n’existe pas ou vous n’y avez pas accès."
TOO_MANY = "Trop de tentatives. Réessayez plus tard."
FORBIDDEN = "Vous n’avez pas le droit d’effectuer cette action."
AWAY = "Le portail est momentanément indisponible. Réessayez dans un instant."
NO_ROOM = "Le portail n’a plus de place pour ce fichier : rien n’a été enregistré. Prévenez l’administrateur."
CHANGED_MEANWHILE = "Cette fiche a été modifiée entre-temps. Rechargez-la avant d’enregistrer."


class DomainError(Exception):
    """A rule of the trade says no: the message is the French sentence shown to the person."""

    status = 422

    def __init__(self, message):
        super().__init__(message)
        self.message = message


class Conflict(DomainError):
    """Somebody changed it meanwhile, or it can no longer change (M6, M7, M20)."""

    status = 409


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    sentence = str(exception) or FORBIDDEN
    return render(request, "403.html", {"sentence": sentence}, status=403)


def not_found(request, exception=None):
    """The same page for an unknown id and for one out of scope: nothing tells them apart (M1)."""
    return render(request, "404.html", {"sentence": NOT_FOUND}, status=404)


def too_many_requests(request, exception=None):
    """The limits of the sign-in pages (M5)."""
    response = render(request, "429.html", {"sentence": TOO_MANY}, status=429)
    response["Retry-After"] = "60"
    return response


def csrf_failure(request, reason=""):
    sentence = "La page était ouverte depuis trop longtemps. Revenez en arrière, rechargez-la, puis recommencez."
    return render(request, "403.html", {"sentence": sentence}, status=403)


def server_error(request):
    """500 with a reference found in the log; 503 when the database is away, busy or too slow, or the disk full."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return unavailable(request)
    if is_out_of_room(error):
        return unavailable(request, NO_ROOM)
    logger.error("erreur %s", request.reference)
    return render(None, "500.html", {"reference": request.reference}, status=500)


def is_out_of_room(error):
    """True when the disk is full, or the quota reached."""
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def unavailable(request, sentence=AWAY):
    """503, when to come back said: a page for people, a problem (RFC 9457) for programs whose view was not reached."""
    if request is not None and request.path.startswith("/api/v"):
        body = {"type": "urn:clauses:unavailable", "title": "Indisponible", "status": 503}
        body |= {"code": "unavailable", "detail": sentence, "errors": []}
        response = JsonResponse(body, status=503, content_type="application/problem+json")
    else:
        told = {} if sentence == AWAY else {"sentence": sentence}
        response = render(None, "503.html", told, status=503)
    response["Retry-After"] = "30"
    return response
