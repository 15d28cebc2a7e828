"""When it goes wrong: one French sentence, a way out, and nothing of what happened inside."""

import logging
import re

import pytest
from django.db import OperationalError, connection
from django.test import Client

from facilitators.enums import Role
from tests.core.failing_urls import SECRET
from tests.support.pages import document, words
from tests.support.strictness import StrictClient

pytestmark = [
    pytest.mark.usefixtures("today"),
    pytest.mark.django_db,
    pytest.mark.urls("tests.core.failing_urls"),
]

NEUTRAL = "Une erreur est survenue. Référence :"


@pytest.fixture
def officer(as_role):
    """Signed in, and whose client gives the error page instead of the exception."""
    signed_in = as_role(Role.MISSION_OFFICER)
    client = StrictClient(raise_request_exception=False)
    client.cookies = signed_in.cookies
    return client


def away(execute, sql, params, many, context):
    """The database does not answer."""
    raise OperationalError(f"could not connect to server: {SECRET}")


def test_an_error_has_its_page(officer):
    for path, status, sentence in [
        ("panne/400/", 400, "La demande reçue est incomplète ou mal formée : rien n’a été enregistré."),
        ("panne/suspect/", 400, "La demande reçue est incomplète ou mal formée : rien n’a été enregistré."),
        ("panne/404/", 404, "Cet élément n’existe pas ou vous n’y avez pas accès."),
        ("nulle-part/", 404, "Cet élément n’existe pas ou vous n’y avez pas accès."),
        ("panne/500/", 500, NEUTRAL),
        ("panne/gabarit/", 500, NEUTRAL),
        ("panne/503/", 503, "Le portail est trop sollicité ou en maintenance. Réessayez dans quelques minutes."),
    ]:
        response = officer.get(f"/{path}")
        assert response.status_code == status
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert sentence in words(response)
        assert document(response).get("lang") == "fr"
        assert "/" in document(response).xpath("//main//a/@href")


def test_nothing_of_what_happened_is_shown(officer):
    for path in ["panne/400/", "panne/suspect/", "panne/404/", "panne/500/", "panne/503/"]:
        body = officer.get(f"/{path}").content.decode()
        for inside in (SECRET, "918273", "Traceback", "Error", "views.py", "local", "SELECT"):
            assert inside not in body


def test_a_refusal_says_why(officer):
    response = officer.get("/panne/403/")
    assert response.status_code == 403
    assert SECRET in words(response), "the sentence of a refusal is ours, written for people"


def test_the_right_that_is_missing_is_told(officer):
    response = officer.get("/comptes-et-droits/")
    assert response.status_code == 403
    assert "Vous n’avez pas le droit d’effectuer cette action." in words(response)


def test_the_reference_of_an_error_is_found_in_the_log(officer, caplog):
    with caplog.at_level(logging.ERROR):
        shown = words(officer.get("/panne/500/"))
    reference = re.search(r"Référence : ([0-9a-f]{12})", shown)[1]
    assert f"erreur {reference}" in caplog.messages
    assert words(officer.get("/panne/500/")) != shown


def test_without_its_database_the_portal_says_so(officer):
    for path in ["/", "/marches/", "/marches/1/", "/a-instruire/"]:
        with connection.execute_wrapper(away):
            response = officer.get(path)
        assert response.status_code == 503
        assert "Réessayez dans quelques minutes." in words(response)
        assert response.headers["Retry-After"] == "30"
        assert SECRET not in response.content.decode()


def test_a_visitor_meets_the_same_page(client):
    client.raise_request_exception = False
    with connection.execute_wrapper(away):
        response = client.post("/compte/connexion/", {"login": "a@example.test", "password": "x"})
    assert response.status_code == 503


def test_another_host_name_is_refused(officer):
    for host in ["evil.example", "testserver.evil.example", "a b", "testserver:80:80", "[::1"]:
        response = officer.get("/", headers={"host": host})
        assert response.status_code == 400
        assert "La demande reçue est incomplète" in words(response)
        assert host not in response.content.decode()


def test_a_forwarded_host_is_not_believed(officer):
    for header in ["X-Forwarded-Host", "Forwarded", "X-Host"]:
        response = officer.get("/", headers={header: "evil.example"})
        assert response.status_code == 200
        assert "evil.example" not in response.content.decode()


def test_a_form_of_another_site_is_refused(as_role):
    signed_in = as_role(Role.MISSION_OFFICER)
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in.cookies
    response = client.post("/operations/nouvelle/", {"reference": "X"})
    assert response.status_code == 403
    assert "La page était ouverte depuis trop longtemps." in words(response)


def test_too_many_fields_are_refused(officer):
    response = officer.post("/operations/nouvelle/", {f"x{n}": "1" for n in range(10_001)})
    assert response.status_code == 400


def test_a_body_too_large_is_refused(officer):
    body = b"reference=" + b"x" * (10 * 1024 * 1024)
    response = officer.post("/operations/nouvelle/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
