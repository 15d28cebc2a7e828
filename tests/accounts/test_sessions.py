"""Sessions: an hour idle, ten hours at most, listed, ended from afar and by what changes the account."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clauses_portal.accounts.browsers import browser_of
from clauses_portal.accounts.models import JournalAction, JournalEntry
from clauses_portal.accounts.sessions import IDLE, TOO_LONG, end_sessions, forget_ended
from facilitators.enums import Role
from facilitators.mail import compose
from facilitators.models import OutgoingMail
from facilitators.permissions import grant, revoke
from tests.factories.accounts import PASSWORD, UserFactory, author
from tests.support.gate import passed_gate
from tests.support.pages import assert_done, document, submit, table, tidy, told
from tests.support.strictness import StrictClient

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

LIST = "/compte/sessions/"
START = datetime(2026, 9, 15, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
CHOSEN = "calanque-tramontane-olivier"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def ines():
    return UserFactory(first_name="Inès", last_name="Bérenger", email="ines@example.test")


def signed_in(user, **headers):
    """A client that signed in with its password, and passed the gate."""
    client = StrictClient(headers=headers)
    sent = {"login": user.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), sent).status_code == 302
    session = client.session
    session.update(passed_gate(user))
    session.save()
    return client


def after(**duration):
    return time_machine.travel(START + timedelta(**duration))


def is_in(client):
    return client.get(LIST).status_code == 200


def test_an_idle_session_ends_after_an_hour(ines):
    client = signed_in(ines)
    with after(minutes=59):
        assert is_in(client)
    with after(minutes=118):
        assert is_in(client)
    with after(minutes=118 + 61):
        response = client.get("/notifications/?page=2", follow=True)
    assert response.redirect_chain == [("/compte/connexion/?next=%2Fnotifications%2F%3Fpage%3D2", 302)]
    assert told(response)[0].startswith(tidy(IDLE))
    assert "brouillon" in told(response)[0]


def test_a_session_in_use_ends_after_ten_hours(ines):
    client = signed_in(ines)
    for minutes in range(50, 600, 50):
        with after(minutes=minutes):
            assert is_in(client), minutes
    with after(minutes=601):
        assert told(client.get(LIST, follow=True))[0].startswith(tidy(TOO_LONG))


def test_the_page_knows_when_its_session_ends(ines, settings):
    """session.js says so five minutes before (WCAG 2.2.1), and asks this address to stay."""
    body = document(signed_in(ines).get(LIST)).xpath("//body")[0]
    assert int(body.get("data-session-seconds")) == settings.SESSION_IDLE_SECONDS
    assert body.get("data-session") == LIST


def test_staying_renews_the_session(ines):
    client = signed_in(ines)
    with after(minutes=55):
        assert client.head(LIST).status_code == 200
    with after(minutes=100):
        assert is_in(client)


def test_its_row_is_gone_and_the_journal_says_so(ines):
    client = signed_in(ines)
    key = client.session.session_key
    with after(minutes=61):
        client.get("/")
    assert not Session.objects.filter(pk=key).exists()
    assert not UserSession.objects.filter(session_key=key).exists()
    line = JournalEntry.objects.get(action=JournalAction.SESSION_ENDED)
    assert line.actor == ines


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/marches/12/?onglet=lots", "%2Fmarches%2F12%2F%3Fonglet%3Dlots"),
        ("https://evil.example/x", "%2F"),
        (None, "%2F"),
    ],
)
def test_after_a_form_one_comes_back_to_its_page(ines, referer, back):
    client = signed_in(ines)
    headers = {"referer": referer} if referer else {}
    with after(minutes=61):
        response = client.post("/mes-coordonnees/", {"phone": "1"}, headers=headers)
    assert response.headers["Location"] == f"/compte/connexion/?next={back}"


def test_what_is_typed_on_a_page_is_not_replaced_by_the_sign_in_page(ines):
    """A fragment asked by htmx is led to the sign-in page, which portal.js does not show in place of the form."""
    client = signed_in(ines)
    page = {"hx-request": "true", "referer": "http://testserver/marches/1/"}
    with after(minutes=61):
        response = client.get("/recherche/communes/?q=a", headers=page)
    assert response.headers["Location"] == "/compte/connexion/?next=%2Fmarches%2F1%2F"


def test_a_page_writes_nothing_but_once_a_minute(ines):
    client = signed_in(ines)
    client.get("/aide/")
    for seconds, most in ((30, 0), (61, 2)):
        with after(seconds=seconds), CaptureQueriesContext(connection) as captured:
            client.get("/aide/")
        written = [query["sql"] for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert len(written) <= most, written
    assert UserSession.objects.get().last_seen_at > START + timedelta(seconds=60)


def test_one_sees_where_one_is_signed_in(ines):
    here = signed_in(ines, user_agent=FIREFOX)
    signed_in(ines, user_agent="Mozilla/5.0 (iPhone) Version/18 Safari/604.1")
    signed_in(UserFactory())
    lines = table(here.get(LIST), "Sessions ouvertes")
    assert sorted(line[0] for line in lines) == ["Firefox sur Windows Cette session", "Safari sur iPhone"]
    assert {line[1] for line in lines} == {"127.0.0.1"}
    assert all(line[2] == "15/09/2026 à 10:00" for line in lines)


def test_one_ends_a_session_from_another(ines):
    here, there = signed_in(ines), signed_in(ines)
    row = UserSession.objects.get(session_key=there.session.session_key)
    assert_done(submit(here, LIST, action=reverse("session_end", args=[row.pk])), "La session est fermée.")
    assert (is_in(here), is_in(there)) == (True, False)


def test_ending_this_session_is_signing_out(ines):
    here = signed_in(ines)
    response = here.post(reverse("session_end", args=[UserSession.objects.get().pk]))
    assert response.headers["Location"] == "/compte/connexion/"
    assert not is_in(here)


def test_one_ends_all_the_others(ines):
    here, *others = [signed_in(ines) for _ in range(3)]
    stranger = signed_in(UserFactory())
    assert_done(submit(here, LIST, action="/compte/sessions/autres/fin/"), "Vos autres sessions sont fermées.")
    assert [is_in(client) for client in (here, *others, stranger)] == [True, False, False, True]
    assert JournalEntry.objects.filter(action=JournalAction.SESSION_ENDED, count=2, actor=ines).count() == 1


def test_the_session_of_somebody_else_is_unknown(ines):
    mine, other = signed_in(ines), signed_in(UserFactory())
    row = UserSession.objects.get(session_key=other.session.session_key)
    assert mine.post(reverse("session_end", args=[row.pk])).status_code == 404
    assert is_in(other)


def test_a_change_of_password_ends_the_other_sessions(ines):
    here, there = signed_in(ines), signed_in(ines)
    sent = {"oldpassword": PASSWORD, "password1": CHOSEN, "password2": CHOSEN}
    here.post(reverse("account_change_password"), sent)
    ines.refresh_from_db()
    assert ines.check_password(CHOSEN)
    assert (is_in(here), is_in(there)) == (True, False)
    assert [row.user for row in UserSession.objects.all()] == [ines]


def test_a_change_of_role_ends_the_sessions(ines, territory):
    client = signed_in(ines)
    membership = grant(user=ines, role=Role.FACILITATOR, territory=territory, by=author())
    assert not is_in(client)
    client = signed_in(ines)
    revoke(membership=membership, by=author())
    assert not is_in(client)


def test_a_dead_cookie_is_dead_in_the_cache_too(ines):
    client = signed_in(ines)
    key = client.session.session_key
    assert cache.get(f"django.contrib.sessions.cached_db{key}")
    assert end_sessions(ines) == 1
    assert cache.get(f"django.contrib.sessions.cached_db{key}") is None
    assert not Session.objects.filter(pk=key).exists()


def test_sessions_that_are_over_are_erased_at_night(ines):
    old = signed_in(ines).session.session_key
    with after(hours=9):
        recent = signed_in(ines).session.session_key
    with after(hours=11):
        assert forget_ended() == 1
    assert {row.session_key for row in UserSession.objects.all()} == {recent}
    assert not Session.objects.filter(pk=old).exists()


def test_a_request_under_way_does_not_bring_a_session_back(ines, django_capture_on_commit_callbacks):
    """It read the row before the end was committed, and puts its copy in the cache after it was removed from there."""
    key = signed_in(ines).session.session_key
    copy = cache.get(f"django.contrib.sessions.cached_db{key}")
    with django_capture_on_commit_callbacks(execute=True):
        end_sessions(ines)
        cache.set(f"django.contrib.sessions.cached_db{key}", copy)
    assert cache.get(f"django.contrib.sessions.cached_db{key}") is None


def test_a_forgotten_password_ends_every_session(ines, client):
    there = signed_in(ines)
    client.post(reverse("account_reset_password"), {"email": ines.email})
    link = re.search(r"/compte/mot-de-passe/oubli/\S+", compose(OutgoingMail.objects.get()).body)[0]
    page = client.get(link, follow=True).request["PATH_INFO"]
    assert client.post(page, {"password1": CHOSEN, "password2": CHOSEN}).status_code == 302
    assert not is_in(there)
    assert not Session.objects.filter(pk=there.session.session_key or "").exists()


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox sur Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge sur Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome sur Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome sur Android"),
        ("curl/8.5", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_a_browser_has_a_name(user_agent, name):
    assert browser_of(user_agent) == name
