"""Error pages: neutral, French, with a way out (security.md §3, M1, M2, M5, M17)."""

import logging
import sys
import uuid

from django.db import InterfaceError, OperationalError
from django.shortcuts import render

logger = logging.getLogger(__name__)

NOT_FOUND = "Cet élément n’existe pas ou vous n’y avez pas accès."
TOO_MANY = "Trop de tentatives. Réessayez plus tard."
FORBIDDEN = "Vous n’avez pas le droit d’effectuer cette action."
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
    """500 with a reference found in the log; 503 when the database is away, busy or too slow."""
    kind = sys.exc_info()[0]
    if kind and issubclass(kind, OperationalError | InterfaceError):
        response = render(None, "503.html", status=503)
        response["Retry-After"] = "30"
        return response
    reference = uuid.uuid4().hex[:12]
    logger.error("erreur %s", reference)
    return render(None, "500.html", {"reference": reference}, status=500)
