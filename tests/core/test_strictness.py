"""The strictness of the suite is itself a promise: each guard is seen refusing, and letting through."""

import socket

import pytest
from django.template import Context, Origin, Template, engines

from tests.factories.accounts import UserFactory
from tests.factories.facilitators import TerritoryFactory
from tests.support.strictness import TEMPLATES

FAILURE = pytest.fail.Exception


def strict_pages(function):
    """With the pages of `tests.support.urls` and a database."""
    return pytest.mark.urls("tests.support.urls")(pytest.mark.django_db(function))


@strict_pages
def test_a_page_that_reads_is_let_through(client):
    assert client.get("/lire/").content == b"0"


@strict_pages
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_page_that_writes_while_reading_is_caught(client, method):
    with pytest.raises(AssertionError, match="facilitators_territory"):
        getattr(client, method)("/ecrire/")


@strict_pages
def test_a_form_may_write(client):
    TerritoryFactory(code="AIX")
    assert client.post("/ecrire/").status_code == 200


@strict_pages
def test_a_session_may_be_renewed(client):
    assert client.get("/session/").status_code == 200


def render(source, file, **context):
    """Render this source as if it were the template `file`."""
    origin = Origin(name=str(file), template_name="page.html")
    return Template(source, origin=origin, engine=engines["django"].engine).render(Context(context))


OURS, THEIRS = TEMPLATES / "page.html", "/usr/lib/library/templates/page.html"


@pytest.mark.parametrize("source", ["{{ nothing }}", "{{ user.nothing }}", "{{ nothing|default:'x' }}"])
def test_an_unknown_variable_of_ours_fails(source):
    with pytest.raises(FAILURE, match="unknown variable"):
        render(source, OURS, user=UserFactory.build())


@pytest.mark.parametrize("source", ["{{ user.email }}", "{% if nothing %}x{% endif %}", "{{ none }}"])
def test_what_is_known_or_only_asked_for_is_let_through(source):
    assert render(source, OURS, user=UserFactory.build(), none=None) is not None


def test_the_templates_of_others_are_spared():
    assert render("{{ nothing }}", THEIRS) == ""


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.test", 443), ("2001:db8::1", 80, 0, 0)])
def test_no_test_leaves_this_machine(address):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as outside, pytest.raises(FAILURE, match="tried to reach"):
        outside.connect(address)


def test_this_machine_may_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as visitor:
        visitor.connect(server.getsockname())
