"""The cache goes away and comes back (a Valkey of its own): pages do without, limits hold, sessions that ended too."""

import pytest
from django.core.cache import cache

from clauses_portal.core import cache as module
from clauses_portal.core import throttle
from facilitators.enums import KeyScope, Role
from tests.support.servers import own_valkey

SESSION = "django.contrib.sessions.cached_dbabc"


@pytest.fixture
def server(settings, tmp_path, monkeypatch):
    """The portal's cache is on this server, asked again as soon as it may be."""
    monkeypatch.setattr(module, "REST", 0.0)
    with own_valkey(tmp_path) as own:
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": own.url(1)}}
        yield own


def test_what_is_kept_is_read_again(server):
    cache.set("a", 1)
    assert cache.get("a") == 1
    assert not cache.is_away


def test_without_its_server_nothing_is_read_and_nothing_breaks(server):
    cache.set("a", 1)
    server.stop()
    assert cache.get("a", "absent") == "absent"
    assert cache.get_many(["a"]) == {}
    cache.delete("a")
    cache.delete_many(["a"])
    cache.set_many({"b": 2})
    assert cache.get("b") == 2, "kept in the process"


def test_a_limit_still_counts_in_the_process(server, rf, monkeypatch):
    monkeypatch.setattr(throttle, "address_of", lambda request: "192.0.2.1")
    server.stop()
    for _ in range(3):
        assert not throttle.is_over(rf.get("/"), "cache-test", 3)
        throttle.note_failure(rf.get("/"), "cache-test")
    assert throttle.is_over(rf.get("/"), "cache-test", 3)


def test_a_session_is_never_kept_in_a_process(server):
    server.stop()
    cache.set(SESSION, {"_auth_user_id": "1"})
    cache.add(SESSION, {"_auth_user_id": "1"})
    assert cache.get(SESSION) is None


def test_what_ended_during_the_outage_does_not_come_back(server):
    """The append-only file brings the old copy of the session back with the server."""
    cache.set(SESSION, {"_auth_user_id": "1"})
    server.stop(sign=15)
    cache.delete(SESSION)
    server.start()
    assert server.client(1).dbsize() == 1, "the server kept it"
    assert cache.get(SESSION) is None
    cache.set("a", 1)
    assert (cache.get("a"), server.client(1).dbsize()) == (1, 1)


def test_a_server_that_does_not_answer_is_left_alone_for_a_while(server, monkeypatch):
    monkeypatch.setattr(module, "REST", 60.0)
    server.stop()
    cache.get("a")
    assert cache.is_away
    server.start()
    cache.set("a", 1)
    assert server.client(1).dbsize() == 0
    module._outages.clear()


@pytest.mark.django_db
def test_pages_work_and_a_sign_out_is_a_sign_out(server, as_role):
    client = as_role(Role.MISSION_OFFICER)
    assert client.get("/").status_code == 200
    server.stop()
    assert client.get("/").status_code == 200
    other = type(client)()
    other.cookies = client.cookies.copy()
    client.logout()
    assert other.get("/").status_code == 302
    server.start()
    assert other.get("/").status_code == 302


@pytest.mark.django_db
def test_programs_are_answered_and_still_counted(server, as_key, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    program = as_key(KeyScope.READ_PERSONS)
    server.stop()
    assert [program.read("/participants").status_code for _ in range(3)] == [200, 200, 429]
