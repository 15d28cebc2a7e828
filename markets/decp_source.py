"""Client of the place where essential data are published: the bytes of a file, bounded in size and in time.

Off unless `DECP_SOURCE_URL` is set. Asked by a worker, never by the browser.
"""

import time
import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

from clauses_portal.core.errors import DomainError

LARGEST = 10 * 1024 * 1024  # bytes, as a file given on the page
CHUNK = 64 * 1024
WAIT, LONGEST = 10, 60  # seconds: for one read, for the whole file
HEADERS = {"Accept": "application/json, text/csv", "User-Agent": "portail-clauses-sociales"}
# Where the address takes the SIRET of the buyer, when the source can choose.
BUYER = "{siret}"

AWAY = "La source des données publiées ne répond pas."
REFUSED = "La source des données publiées a répondu par une erreur ({})."
MOVED = "La source des données publiées renvoie vers une adresse non chiffrée, qui n’est pas suivie."
TOO_LARGE = "Le fichier publié dépasse 10 Mo : l’administrateur doit indiquer un fichier limité à cet acheteur."


class SourceAway(DomainError):
    """No file came; the message says why."""

    status = 503


class _SafeRedirect(urllib.request.HTTPRedirectHandler):
    """Stores of files redirect: followed, but never out of https."""

    def redirect_request(self, request, answer, code, message, headers, address):
        if urlsplit(address).scheme != "https":
            raise SourceAway(MOVED)
        return super().redirect_request(request, answer, code, message, headers, address)


OPENER = urllib.request.build_opener(_SafeRedirect)


def fetch(source, siret):
    """The bytes published for this buyer. `source`: address, with « {siret} » where the source filters by buyer.

    Raises SourceAway with a French sentence for all that goes wrong on the way.
    """
    address = source.replace(BUYER, siret)
    try:
        if urlsplit(address).scheme not in {"http", "https"}:
            raise SourceAway(AWAY)
        request = urllib.request.Request(address, headers=HEADERS)  # noqa: S310 (the scheme was checked)
        with OPENER.open(request, timeout=WAIT) as answer:
            return _body(answer, time.monotonic() + LONGEST)
    except urllib.error.HTTPError as refusal:
        with refusal:
            raise SourceAway(REFUSED.format(refusal.code)) from None
    except (OSError, HTTPException, ValueError) as trouble:
        raise SourceAway(AWAY) from trouble


def _body(answer, deadline):
    """Read to the end, before the deadline (s, monotonic) and within `LARGEST`; a file cut short is no file."""
    body = bytearray()
    while chunk := answer.read1(CHUNK):
        body += chunk
        if len(body) > LARGEST:
            raise SourceAway(TOO_LARGE)
        if time.monotonic() > deadline:
            raise SourceAway(AWAY)
    if answer.length:
        raise SourceAway(AWAY)
    return bytes(body)
