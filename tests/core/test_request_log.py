"""One line a request in the log: who, which screen, what answer, how long; never the address."""

import pytest
from django.urls import reverse

from facilitators.enums import KeyScope, Role
from tests.support.log_lines import production_log

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


def told(log):
    return [event for event in log.events if event["logger"] == "clauses_portal.core.request_log"]


def test_a_page_leaves_one_line(as_role):
    client = as_role(Role.FACILITATOR)
    with production_log() as log:
        client.get(f"{reverse('participants:list')}?q=ZZCANARINOM", headers={"referer": "http://x.test/?q=ZZCANARINOM"})
    (line,) = told(log)
    assert (line["method"], line["route"], line["status"]) == ("GET", "participants:list", 200)
    assert line["user"] == client.user.pk
    assert len(line["reference"]) == 12
    assert line["duration_ms"] >= 0
    assert "CANARI" not in log.text
    assert client.user.email not in log.text


def test_each_request_has_its_own_reference(as_role):
    client = as_role(Role.FACILITATOR)
    with production_log() as log:
        client.get("/")
        client.get("/")
    first, second = told(log)
    assert first["reference"] != second["reference"]


def test_a_visitor_and_an_unknown_address_leave_one_too(client):
    with production_log() as log:
        client.get(reverse("account_login"))
        client.get("/agenda/UN-SECRET.ics")
        client.get("/nulle-part/ZZCANARINOM/")
    assert [line["route"] for line in told(log)] == ["account_login", "markets:agenda_feed", "-"]
    assert not any("user" in line for line in told(log))
    assert "UN-SECRET" not in log.text


def test_a_program_is_its_account(as_key):
    program = as_key(KeyScope.READ_MARKETS)
    with production_log() as log:
        program.read("/lots")
    (line,) = told(log)
    assert line["user"] == program.account.pk
    assert program.text not in log.text


def test_what_is_logged_meanwhile_has_the_reference_of_the_request(as_role, monkeypatch):
    client = as_role(Role.FACILITATOR)
    with production_log() as log:
        client.get("/comptes-et-droits/")
    assert {event["reference"] for event in log.events} == {told(log)[0]["reference"]}
    assert "django.request" in {event["logger"] for event in log.events}
