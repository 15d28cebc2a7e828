"""What every page sends beside its text, and what no page contains (ASVS 3, 14.3)."""

import pytest

from facilitators.enums import Role
from tests.factories.accounts import PASSWORD
from tests.support.aviary import asked_by, fill, pages
from tests.support.pages import document
from tests.test_access_matrix import MATRIX

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


def test_no_page_holds_what_its_policy_forbids(as_role, client, territory, convention):
    """Neither style nor handler in an attribute, neither style nor script in the text, nothing from elsewhere."""
    targets, seen, wrong = fill(territory), set(), []
    visitors = [client, *map(as_role, (Role.FACILITATOR, Role.MISSION_OFFICER, Role.ADMINISTRATOR))]
    for visitor in visitors:
        mine = asked_by(visitor.user, targets) if visitor.user else {}
        for route, path in [*pages(MATRIX, targets | mine), *((path, path) for path in PUBLIC)]:
            response = visitor.get(path, follow=True)
            if response.status_code == 200 and not response.streaming:
                seen.add(route)
                if response["Content-Type"].startswith("text/html"):
                    wrong += [f"{route}: {found}" for found in _forbidden(document(response))]
    assert wrong == []
    assert {route for route, rule in MATRIX.items() if rule.get} <= seen


def _forbidden(page):
    # a block of data is read, never run
    yield from page.xpath("//@style | //style | //script[not(@src) and not(@type='application/json')]")
    yield from page.xpath("//@*[starts-with(name(), 'on')]")
    yield from page.xpath("//@*[starts-with(name(), 'hx-on') or name() = 'hx-vals']")
    # an image may hold itself (img-src data:): the one of the second factor is drawn for this page alone
    addresses = page.xpath("//@href | //@src[not(parent::img and starts-with(., 'data:image/'))] | //@action")
    yield from (url for url in addresses if url.startswith(("http:", "https:", "//", "javascript:", "data:")))
