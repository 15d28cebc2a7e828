"""The database is away, slow, locked, or unties a deadlock: 503 and when to come back, or done again; never 500."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection
from django.db.backends.postgresql.base import Database
from django.test import Client

from clauses_portal.core.api.problems import PROBLEM
from clauses_portal.core.deadlocks import _as_it_came
from facilitators.enums import Role
from tests.core import waiting_urls
from tests.support.pages import words
from tests.support.threads import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.core.waiting_urls")]

JSON = "application/json"
AGAIN = "Réessayez dans quelques minutes."


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def _nobody_waits():
    waiting_urls.both_locked_one.reset()
    waiting_urls.tries.clear()


@pytest.fixture
def database_away(monkeypatch):
    """A function that takes the database away; what it returns lists the attempts to reach it."""

    def leave():
        connection.close()
        attempts, connect = [], Database.connect
        monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
        monkeypatch.setattr(Database, "connect", lambda **given: attempts.append(1) or connect(**given))
        return attempts

    yield leave
    monkeypatch.undo()
    connection.close()


def assert_page(response):
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert AGAIN in words(response)


def assert_problem(response):
    assert (response.status_code, response["Retry-After"], response["Content-Type"]) == (503, "30", PROBLEM)
    assert response.json()["detail"] == "Le portail est momentanément indisponible. Réessayez dans un instant."


def crossed(path, sent, **options):
    """The answers of two requests that lock two numbers in opposite orders."""

    def post(numbers):
        return Client(raise_request_exception=False).post(path.format(numbers), sent, **options)

    return race(lambda: post("1/2"), lambda: post("2/1"))


def test_a_deadlock_is_untied_without_anybody_knowing():
    answers = crossed("/attente/{}/", {"sent": "oui"})
    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"oui 2"), (200, b"oui 1")]
    assert len(waiting_urls.tries) == 3, "one of the two was done again, once"


def test_the_file_of_a_form_is_read_again(rf):
    """What the first try read is read from its beginning by the second."""
    request = rf.post("/", {"file": SimpleUploadedFile("a.txt", b"abc")})
    assert request.FILES["file"].read() == b"abc"
    _as_it_came(request)
    assert request.FILES["file"].read() == b"abc"


def test_a_program_that_may_repeat_is_done_again():
    answers = crossed("/api/v1/attente/{}", b'{"sent": 1}', content_type=JSON, headers={"Idempotency-Key": "une"})
    assert [answer.json() for answer in answers] == [{"sent": 1}] * 2


def test_a_program_that_may_not_is_told_to_come_back():
    answers = crossed("/api/v1/attente/{}", b'{"sent": 1}', content_type=JSON)
    assert sorted(answer.status_code for answer in answers) == [200, 503]
    assert_problem(next(answer for answer in answers if answer.status_code == 503))


def test_a_second_deadlock_is_told(visitor):
    """Whatever happens, a request is done again once."""
    assert_page(visitor.post("/attente/sans-issue/", {"sent": "oui"}))
    assert waiting_urls.tries == [0, 0]


def test_a_lock_that_does_not_come_is_told(visitor):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7)")
        [answer] = race(lambda: visitor.get("/attente/verrou/"))
        cursor.execute("SELECT pg_advisory_unlock(7)")
    assert_page(answer)


def test_a_statement_too_slow_is_told(visitor):
    assert_page(visitor.get("/attente/lenteur/"))
    assert_problem(visitor.get("/api/v1/attente/lenteur"))


def test_without_the_database_people_and_programs_are_told_and_the_server_is_not_stormed(
    visitor, as_role, database_away
):
    signed_in = as_role(Role.MISSION_OFFICER)
    visitor.cookies = signed_in.cookies
    attempts = database_away()
    assert_page(visitor.get("/"))
    assert_page(visitor.get("/marches/"))
    assert_problem(visitor.get("/api/v1/markets", headers={"authorization": "Bearer csk_aaaaaaaa_bbbb"}))
    assert len(attempts) <= 6, "two attempts a request at most"
    ready = visitor.get("/sante/pret")
    assert (ready.status_code, ready.content.decode()) == (503, "indisponible\n")
    assert visitor.get("/sante/vivant").status_code == 200


def test_the_portal_answers_as_soon_as_the_database_is_back(visitor, as_role, database_away, monkeypatch):
    visitor.cookies = as_role(Role.MISSION_OFFICER).cookies
    database_away()
    assert visitor.get("/").status_code == 503
    monkeypatch.undo()
    assert visitor.get("/").status_code == 200


def test_a_connection_cut_in_the_middle_is_told(visitor, as_role):
    """As an immediate stop of the server does: the session is ended by the administrator."""
    visitor.cookies = as_role(Role.MISSION_OFFICER).cookies

    def cut(execute, sql, params, many, context):
        if "facilitators_notification" in sql:
            pid = connection.connection.info.backend_pid
            race(lambda: waiting_urls.run("SELECT pg_terminate_backend(%s)", pid))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(cut):
        assert_page(visitor.get("/"))
    assert visitor.get("/").status_code == 200


def test_a_connection_cut_in_the_middle_of_an_answer_is_one_that_is_away():
    """The driver then raises its most general error, which says nothing."""
    with pytest.raises(OperationalError), connection.wrap_database_errors:
        raise Database.DatabaseError("error with status PGRES_TUPLES_OK and no message from the libpq")
    with pytest.raises(IntegrityError), connection.wrap_database_errors:
        raise Database.IntegrityError("duplicate key")
