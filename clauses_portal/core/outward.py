"""Posting to an address somebody typed: nothing of the inside is reached, no redirect is followed, nothing drags on.

The address a name leads to is checked, then connected to itself: the name is not asked a second time (no rebinding).
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

SECONDS = 5
MOST_READ = 1024  # bytes of an answer, read out of politeness and dropped
MOST_TRIED = 2  # addresses of a name
# Addresses that carry another one: NAT64, 6to4, Teredo.
WRAPPERS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "2002::/16", "2001::/32")))

NOT_AN_ADDRESS = "Adresse refusée : indiquez une adresse complète, sans identifiant ni mot de passe."
NOT_SECURE = "Adresse refusée : elle doit commencer par « https:// »."
INSIDE = "Adresse refusée : elle mène à un réseau privé."
UNKNOWN_NAME = "Nom introuvable."
TOO_SLOW = f"Pas de réponse en {SECONDS} secondes."
CLOSED = "Connexion refusée."
WRONG_CERTIFICATE = "Certificat refusé."
UNREADABLE = "Réponse illisible."


class Unreachable(Exception):
    """Nothing came back; `reason` says why, in French, and nothing of what was sent."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Target:
    """Where an address leads: `authority` is the Host to tell, `path` keeps its query."""

    is_secure: bool
    host: str
    port: int
    authority: str
    path: str


def target_of(url):
    """The Target of an address. Raises Unreachable when its form, or the network it names, is refused."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").encode("idna").decode()
    except ValueError as error:
        raise Unreachable(NOT_AN_ADDRESS) from error
    if parts.scheme not in settings.WEBHOOK_SCHEMES:
        raise Unreachable(NOT_SECURE)
    if not host or "@" in parts.netloc:
        raise Unreachable(NOT_AN_ADDRESS)
    with suppress(ValueError):
        _refuse_inside([host])
    is_secure = parts.scheme == "https"
    shown = f"[{host}]" if ":" in host else host
    path = iri_to_uri(parts.path or "/") + (f"?{iri_to_uri(parts.query)}" if parts.query else "")
    return Target(is_secure, host, port or (443 if is_secure else 80), f"{shown}:{port}" if port else shown, path)


def post(url, body, headers):
    """The status of the answer to `body` (bytes) posted to `url`. Raises Unreachable. A redirect is a status."""
    target = target_of(url)
    begun = time.monotonic()
    try:
        return _exchange(target, body, headers)
    except ssl.SSLCertVerificationError as trouble:
        raise Unreachable(WRONG_CERTIFICATE) from trouble
    except ConnectionRefusedError as trouble:
        raise Unreachable(CLOSED) from trouble
    except (OSError, http.client.HTTPException, ValueError) as trouble:
        slow = isinstance(trouble, TimeoutError) or time.monotonic() - begun >= SECONDS
        raise Unreachable(TOO_SLOW if slow else UNREADABLE) from trouble


def addresses_of(host, port):
    """The addresses (text) of a name, all of them allowed. Raises Unreachable."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as trouble:
        raise Unreachable(UNKNOWN_NAME) from trouble
    addresses = list(dict.fromkeys(place[0] for *_, place in found))
    _refuse_inside(addresses)
    return addresses


def _refuse_inside(addresses):
    """Raise Unreachable when one of these leads inside; ValueError when one is a name."""
    if not all(is_allowed(ipaddress.ip_address(address)) for address in addresses):
        raise Unreachable(INSIDE)


def is_allowed(address):
    """May this `ipaddress` address be reached? A public one, or one the house allows (WEBHOOK_NETWORKS_ALLOWED)."""
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address in ipaddress.ip_network(network) for network in settings.WEBHOOK_NETWORKS_ALLOWED):
        return True
    special = address.is_multicast or address.is_reserved or any(address in wrapper for wrapper in WRAPPERS)
    return address.is_global and not special


def _exchange(target, body, headers):
    addresses = addresses_of(target.host, target.port)
    with _connect(addresses, target.port) as raw, _secured(raw, target) as line, _cut_after(line, SECONDS):
        if target.is_secure:
            line.do_handshake()
        client = http.client.HTTPConnection(target.host, target.port)
        client.sock = line
        client.request("POST", target.path, body, headers | {"Host": target.authority, "Connection": "close"})
        with client.getresponse() as answer:
            with suppress(OSError, http.client.HTTPException):
                answer.read(MOST_READ)
            return answer.status


def _connect(addresses, port):
    *first, last = addresses[:MOST_TRIED]
    for address in first:
        with suppress(OSError):
            return socket.create_connection((address, port), timeout=SECONDS)
    return socket.create_connection((last, port), timeout=SECONDS)


def _secured(raw, target):
    if not target.is_secure:
        return raw
    context = ssl.create_default_context()
    return context.wrap_socket(raw, server_hostname=target.host, do_handshake_on_connect=False)


@contextmanager
def _cut_after(line, seconds):
    """Hang up after so long, whatever the other side trickles: the timeout of a socket is that of each read."""
    timer = threading.Timer(seconds, _hang_up, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(line):
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)
