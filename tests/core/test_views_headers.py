"""What every page sends beside its text, and what no page contains (ASVS 3, 14.3)."""

import pytest

from facilitators.enums import Role
from tests.factories.accounts import PASSWORD
from tests.support.page_policy import forbidden
from tests.support.pages import document

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

PUBLIC = [
    "/compte/connexion/",
    "/compte/mot-de-passe/oubli/",
    "/aide/",
    "/accessibilite/",
    "/mentions-legales/",
    "/verifier/",
]
PRIVATE = ["/", "/marches/", "/personnes/nouvelle/", "/etats/", "/nulle-part/"]


def directives(response):
    policy = response.headers["Content-Security-Policy"]
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


def test_every_page_is_protected(facilitator):
    for path in [*PUBLIC, *PRIVATE]:
        response = facilitator.get(path)
        csp = directives(response)
        assert csp["default-src"] == csp["script-src"] == csp["style-src"] == ["'self'"]
        assert csp["frame-ancestors"] == csp["object-src"] == csp["base-uri"] == ["'none'"]
        assert csp["form-action"] == ["'self'"]
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        headers = {name: response.headers.get(name) for name in ("X-Content-Type-Options", "Referrer-Policy")}
        assert headers == {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "ETag" not in response.headers


def test_no_cache_keeps_what_a_signed_in_person_sees(facilitator, client):
    for path in PRIVATE:
        assert {"no-store", "private"} <= set(facilitator.get(path).headers["Cache-Control"].split(", "))


def test_the_session_cookie_is_not_for_scripts(facilitator, client):
    response = client.post(PUBLIC[0], {"login": facilitator.user.email, "password": PASSWORD})
    cookie = response.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_no_public_page_holds_what_its_policy_forbids(client):
    """The pages of those who are signed in: tests/abuse/test_a12_stored_scripts.py."""
    for path in PUBLIC:
        assert list(forbidden(document(client.get(path)))) == [], path
