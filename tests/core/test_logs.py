"""No line of a log keeps a secret, a name or an address, whichever logger wrote it: neither message nor trace."""

import json
import logging
import sys

import pytest
from celery.app.trace import LOG_FAILURE, LOG_SUCCESS
from django.db import IntegrityError, connection, transaction

from clauses_portal.accounts.models import User
from clauses_portal.core.logs import JsonFormatter, NoSecretFormatter, WithoutValues, request_seen

KEY = "csk_ab12cd34_" + "Zx9_-" * 8 + "abc"


def record_of(message, *values, error=None, level=logging.ERROR):
    return logging.LogRecord("any.logger", level, "", 0, message, values, error)


def line(message, *values, error=None):
    """What the log for people keeps of this record."""
    return NoSecretFormatter("{levelname} {message}", style="{").format(record_of(message, *values, error=error))


def event(message, *values, error=None):
    """What the log for programs keeps of this record."""
    return json.loads(JsonFormatter().format(record_of(message, *values, error=error)))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"Unauthorized: /api/v1/lots?cle={KEY}", "Unauthorized: /api/v1/lots?…"),
        ("GET /personnes/?q=Zcanari&page=2 HTTP/1.1", "GET /personnes/?… HTTP/1.1"),
        ("cle=secret", "cle=…"),
        ("API_KEY=secret&limit=5", "API_KEY=…&limit=5"),
        ("authorization=Bearer", "authorization=…"),
        (f"Not Found: /api/v1/{KEY}/lots", "Not Found: /api/v1/csk_…/lots"),
        (f"Referer: http://testserver/?x={KEY}", "Referer: http://testserver/?…"),
        (f"'HTTP_AUTHORIZATION': 'Bearer {KEY}'", "'HTTP_AUTHORIZATION': 'Bearer csk_…'"),
        ("Not Found: /agenda/abc.ics", "Not Found: /agenda/….ics"),
        ("Not Found: /entreprise/lien/12-ab.cd/", "Not Found: /entreprise/lien/…/"),
        ("550 <zoe.canari@example.test> unknown", "550 <…@…> unknown"),
        ("duplicate key\nDETAIL:  Key (email)=(zoe) already exists.", "duplicate key\\nDETAIL: …"),
        ("syntax error\nLINE 1: ...WHERE last_name = 'Zcanari'\n        ^", "syntax error\\nLINE 1: …"),
        ("two\r\nlines", "two\\r\\nlines"),
    ],
)
def test_what_is_somebody_s_is_hidden(text, kept):
    assert line("%s", text) == f"ERROR {kept}"


def test_what_is_no_secret_is_kept():
    assert line("Not Found: %s", "/lots/12/") == "ERROR Not Found: /lots/12/"
    assert line("Prêt ? %s", "oui") == "ERROR Prêt ? oui"


def raised(kind, *values):
    """The exc_info of an error raised while another one was handled, both about somebody."""
    try:
        try:
            raise KeyError("ZZCANARINOM")
        except KeyError:
            raise kind(*values)  # noqa: B904 (what is tested: the first error is told too)
    except kind:
        return sys.exc_info()


@pytest.mark.parametrize("keep", [line, lambda *values, error: str(event(*values, error=error))])
def test_a_trace_tells_places_and_kinds_and_no_value(keep):
    written = keep("échec", error=raised(ValueError, f"{KEY} de ZZCANARINOM, 918 273,64 €"))
    assert "ValueError" in written
    assert "KeyError" in written
    assert "test_logs.py" in written
    for value in (KEY, "csk_", "CANARI", "918"):
        assert value not in written


def test_an_error_of_the_source_keeps_its_message():
    assert event("échec", error=raised(AttributeError, "no attribute 'nom'"))["error"] == (
        "AttributeError: no attribute 'nom'"
    )


@pytest.mark.django_db
def test_a_refusal_of_the_database_tells_its_constraint_and_no_value():
    User.objects.create_user(email="zoe.canari@example.test", first_name="Zoé", last_name="Canari")
    try:
        with transaction.atomic():
            User.objects.create_user(email="zoe.canari@example.test", first_name="Zoé", last_name="Canari")
    except IntegrityError:
        told = event("échec", error=sys.exc_info())
    assert told["error"].startswith("IntegrityError [23505 ")
    assert "zoe" not in str(told).lower()


@pytest.mark.django_db
def test_a_wrong_statement_tells_its_code_and_no_value():
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM accounts_user WHERE no_such_column = %s", ["ZZCANARINOM"])
    except Exception:
        told = event("échec", error=sys.exc_info())
    assert told["error"] == "ProgrammingError [42703]"
    assert "CANARI" not in str(told)


def test_an_event_is_one_line_of_json_in_utc():
    seen = request_seen.set({"reference": "0123456789ab"})
    record = record_of("une\nligne")
    record.event = {"route": "participants:list", "status": 200, "duration_ms": 12, "user": None}
    written = JsonFormatter().format(record)
    request_seen.reset(seen)
    told = json.loads(written)
    assert "\n" not in written
    assert told["time"].endswith("+00:00")
    assert told["reference"] == "0123456789ab"
    assert (told["route"], told["status"], told["duration_ms"]) == ("participants:list", 200, 12)
    assert "user" not in told


@pytest.mark.parametrize(
    ("form", "values"),
    [
        (LOG_SUCCESS, {"runtime": 0.1, "return_value": "'ZZCANARINOM'"}),
        (LOG_FAILURE, {"description": "raised unexpected", "exc": "ValueError('ZZCANARINOM')", "traceback": "…"}),
    ],
)
def test_the_worker_tells_neither_what_a_task_was_given_nor_what_it_answered(form, values):
    context = {"id": "1", "name": "app.task", "args": "('ZZCANARINOM',)", "kwargs": "{'nom': 'ZZCANARINOM'}", **values}
    record = record_of(form)
    record.args = context
    assert WithoutValues().filter(record)
    assert "app.task[1]" in record.getMessage()
    assert "CANARI" not in str(record.__dict__)


def test_every_line_of_the_portal_is_written_that_way(settings):
    handlers, formatters = settings.LOGGING["handlers"].values(), settings.LOGGING["formatters"]
    written_by = {
        kind.__name__: f"{kind.__module__}.{kind.__qualname__}" for kind in (NoSecretFormatter, JsonFormatter)
    }
    assert {formatters[handler["formatter"]]["()"] for handler in handlers} <= set(written_by.values())
    assert all(handler["filters"] == ["without_values"] for handler in handlers)
