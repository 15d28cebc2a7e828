"""No line of a log keeps a secret: neither its message nor its traceback, whichever logger wrote it."""

import logging
import sys

import pytest

from clauses_portal.core.logs import NoSecretFormatter

KEY = "csk_ab12cd34_" + "Zx9_-" * 8 + "abc"


def line(message, *values, error=None):
    """What the log keeps of this record."""
    record = logging.LogRecord("any.logger", logging.ERROR, "", 0, message, values, error)
    return NoSecretFormatter("{levelname} {message}", style="{").format(record)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"Unauthorized: /api/v1/lots?cle={KEY}", "Unauthorized: /api/v1/lots?cle=…"),
        ("GET /api/v1/lots?limit=5&api_key=secret HTTP/1.1", "GET /api/v1/lots?limit=5&api_key=… HTTP/1.1"),
        ("/api/v1/lots?API_KEY=secret&limit=5", "/api/v1/lots?API_KEY=…&limit=5"),
        ("/api/v1/lots?cl%C3%A9=secret", "/api/v1/lots?cl%C3%A9=…"),
        ("/api/v1/lots?access_key=a%20b", "/api/v1/lots?access_key=…"),
        ("/api/v1/lots?authorization=Bearer", "/api/v1/lots?authorization=…"),
        (f"Not Found: /api/v1/{KEY}/lots", "Not Found: /api/v1/csk_…/lots"),
        (f"Referer: http://testserver/?x={KEY}", "Referer: http://testserver/?x=csk_…"),
        (f"'HTTP_AUTHORIZATION': 'Bearer {KEY}'", "'HTTP_AUTHORIZATION': 'Bearer csk_…'"),
        ("Not Found: /agenda/abc.ics", "Not Found: /agenda/….ics"),
        ("Not Found: /entreprise/lien/12-ab.cd/", "Not Found: /entreprise/lien/…/"),
    ],
)
def test_a_secret_is_hidden(text, kept):
    assert line("%s", text) == f"ERROR {kept}"


def test_what_is_no_secret_is_kept():
    assert line("Not Found: %s", "/lots/12/?page=2") == "ERROR Not Found: /lots/12/?page=2"


def test_a_secret_is_hidden_in_a_traceback():
    try:
        raise ValueError(f"clé {KEY} refusée")
    except ValueError:
        written = line("échec", error=sys.exc_info())
    assert "ValueError: clé csk_… refusée" in written
    assert KEY not in written


def test_every_line_of_the_portal_is_written_that_way(settings):
    handlers = settings.LOGGING["handlers"].values()
    formatters = settings.LOGGING["formatters"]
    paths = {formatters[handler["formatter"]]["()"] for handler in handlers}
    assert paths == {f"{NoSecretFormatter.__module__}.{NoSecretFormatter.__qualname__}"}
