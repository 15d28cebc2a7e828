"""The antivirus itself: a clamd asked over its socket, which may be away, slow, or say nothing that makes sense."""

import io
from urllib.parse import urlsplit

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket, CommunicationError
from django.conf import settings

PORT = 3310  # that of clamd
FOUND, CLEAN = "FOUND", "OK"


class AntivirusAway(Exception):
    """Nobody answers at the address of the antivirus."""


class NoVerdict(Exception):
    """The antivirus answers, but neither « clean » nor « infected »: too slow, too big for it, or unreadable."""


def is_on():
    """True when the office has an antivirus (`ANTIVIRUS_URL`)."""
    return bool(settings.ANTIVIRUS_URL)


def is_there():
    """True when it answers, now."""
    try:
        _check_there(_client())
    except (AntivirusAway, NoVerdict):
        return False
    return True


def find_threat(content):
    """Return the name of what the antivirus finds in these bytes, « » when they are clean.

    Raises AntivirusAway or NoVerdict: silence is never taken for « clean » (ASVS 16.5.3).
    """
    client = _client()
    _check_there(client)
    try:
        verdict = client.instream(io.BytesIO(content)).get("stream", ())
    except (ClamdError, OSError, UnicodeDecodeError) as error:
        raise NoVerdict from error
    match verdict:
        case (status, None) if status == CLEAN:
            return ""
        case (status, str(name)) if status == FOUND and name:
            return name
    raise NoVerdict


def _check_there(client):
    """Tell an antivirus that is away, which is nobody's fault, from one that fails on a content."""
    try:
        client.ping()
    except CommunicationError as error:
        client.clamd_socket.close()  # the library leaves it open when it does not connect
        raise AntivirusAway from error
    except (ClamdError, OSError, UnicodeDecodeError) as error:
        raise NoVerdict from error


def _client():
    """`tcp://host:3310` or `unix:///run/clamav/clamd.sock`."""
    url = urlsplit(settings.ANTIVIRUS_URL)
    if url.scheme == "unix":
        return ClamdUnixSocket(url.path, timeout=settings.ANTIVIRUS_TIMEOUT)
    return ClamdNetworkSocket(url.hostname, url.port or PORT, timeout=settings.ANTIVIRUS_TIMEOUT)
