"""The published data of a buyer read again at night, on a real socket: imported when they changed, failures kept."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from clauses_portal.celery import app
from clauses_portal.core.errors import Conflict
from clauses_portal.core.jobs import JobState
from facilitators import reference
from facilitators.enums import Role
from facilitators.permissions import grant, revoke
from markets import decp_source
from markets.models import DecpWatch, ImportRun, Market
from markets.services import decp_watch
from markets.tasks import import_file, import_watched, watch_published_data
from tests.factories.accounts import UserFactory, author
from tests.factories.preparation import DecpWatchFactory
from tests.markets.importers.decp_files import BUYER, as_2019, row_2019
from tests.support.pages import assert_done, assert_refused, submit, table, told, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
PUBLISHED = as_2019(row_2019(), row_2019(id="2019M1900500", montant=1.0e17)).getvalue()
OTHER_BUYER = "20005480700017"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        for name, value in self.server.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, *args):
        """Nothing on the console of the tests."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *args):
        """A client that hangs up is what one test is about."""


@pytest.fixture
def source(settings, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server(("127.0.0.1", 0), Handler) as server:
        server.asked, server.status, server.headers, server.content = [], 200, [], PUBLISHED
        settings.DECP_SOURCE_URL = f"http://127.0.0.1:{server.server_port}/decp?acheteur={{siret}}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(5)


@pytest.fixture
def officer(territories):
    user = UserFactory()
    user.membership = grant(user=user, role=Role.MISSION_OFFICER, by=None)
    return user


@pytest.fixture
def watch(officer):
    return decp_watch.start_watch(buyer_siret=BUYER, by=officer)


def read(watch):
    """The night passes; returns the watch as it is then."""
    import_watched(watch.pk)
    watch.refresh_from_db()
    return watch


def test_what_is_published_is_imported_under_the_name_of_who_asked(source, watch, officer):
    reference.load()
    assert read(watch).failure == ""
    run = ImportRun.objects.get()
    assert (run.asked_by, run.dry_run, run.buyer_siret) == (officer, False, BUYER)
    assert source.asked == [f"/decp?acheteur={BUYER}"]
    assert (timezone.localdate(watch.asked_on), watch.sha256) == (timezone.localdate(), run.sha256)
    import_file(run.pk)
    assert Market.objects.exists()
    assert Market.history.first().history_user == officer


def test_the_same_data_are_not_imported_twice(source, watch):
    read(watch)
    read(watch)
    assert (ImportRun.objects.count(), len(source.asked)) == (1, 2)
    source.content = as_2019(row_2019(objet="Autre objet")).getvalue()
    read(watch)
    assert ImportRun.objects.count() == 2


def test_data_whose_import_failed_are_tried_again(source, watch):
    source.content = b"<html>maintenance</html>"
    read(watch)
    import_file(ImportRun.objects.get().pk)
    assert ImportRun.objects.get().state == JobState.FAILED
    read(watch)
    assert ImportRun.objects.count() == 2


def test_an_author_without_the_right_imports_nothing(source, watch, officer):
    revoke(membership=officer.membership, by=author())
    assert read(watch).failure == decp_watch.NO_RIGHT
    assert (source.asked, ImportRun.objects.count()) == ([], 0)


def test_the_job_checks_the_right_again(source, watch, officer):
    read(watch)
    revoke(membership=officer.membership, by=author())
    run = ImportRun.objects.get()
    import_file(run.pk)
    run.refresh_from_db()
    assert run.state == JobState.REFUSED


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ({"status": 404}, decp_source.REFUSED.format(404)),
        ({"status": 302, "headers": [("Location", "http://127.0.0.1:9/")]}, decp_source.MOVED),
        ({"status": 302, "headers": [("Location", "file:///etc/passwd")]}, decp_source.REFUSED.format(302)),
        ({"headers": [("Content-Length", "99")], "content": b"{"}, decp_source.AWAY),
    ],
)
def test_a_failure_is_kept_and_the_next_success_forgets_it(source, watch, answer, failure):
    vars(source).update(answer)
    assert read(watch).failure == failure
    assert (watch.sha256, ImportRun.objects.count()) == ("", 0)
    vars(source).update(status=200, headers=[], content=PUBLISHED)
    assert read(watch).failure == ""


def test_a_file_without_end_is_left(source, watch, monkeypatch):
    monkeypatch.setattr(decp_source, "LARGEST", 1000)
    source.content = b"[" + b" " * 5000
    assert read(watch).failure == decp_source.TOO_LARGE


def test_a_slow_file_is_left(source, watch, monkeypatch):
    monkeypatch.setattr(decp_source, "LONGEST", -1)
    assert read(watch).failure == decp_source.AWAY


def test_a_source_that_is_away_is_told(watch, settings):
    settings.DECP_SOURCE_URL = "http://127.0.0.1:9/"
    assert read(watch).failure == decp_source.AWAY


@pytest.mark.parametrize("address", ["", "file:///etc/passwd"])
def test_without_an_address_nothing_leaves(watch, settings, address):
    settings.DECP_SOURCE_URL = address
    assert read(watch).failure == (decp_source.AWAY if address else "")
    assert not ImportRun.objects.exists()


def test_the_night_asks_for_each_buyer_still_watched(source, watch, monkeypatch):
    sent = []
    monkeypatch.setattr(app, "send_task", lambda name, args, **options: sent.append((name, *args)))
    stopped = DecpWatchFactory(buyer_siret=OTHER_BUYER, ended_at=timezone.now(), ended_by=author())
    watch_published_data()
    assert sent == [(decp_watch.TASK, watch.pk)]
    read(stopped)
    assert source.asked == []


def test_a_buyer_is_watched_once(watch, officer):
    with pytest.raises(ValidationError, match="déjà relues chaque nuit"):
        decp_watch.start_watch(buyer_siret=BUYER, by=officer)
    decp_watch.stop_watch(watch=watch, by=officer)
    with pytest.raises(Conflict, match=decp_watch.ALREADY_STOPPED):
        decp_watch.stop_watch(watch=watch, by=officer)
    assert decp_watch.start_watch(buyer_siret=BUYER, by=officer).pk != watch.pk


def test_the_page_starts_says_and_stops(as_role, source):
    client = as_role(Role.MISSION_OFFICER)
    done = submit(client, reverse("markets:watch_create"), buyer_siret="221 300 015 00247")
    assert_done(done, "Les données publiées de cet acheteur seront relues chaque nuit.")
    source.status = 500
    watch = read(DecpWatch.objects.get())
    (row,) = table(client.get("/imports/"), "Acheteurs")
    assert row[:2] == ["22130001500247", "15/09/2026 10:00"]
    assert row[3:5] == ["15/09/2026 10:00", "Échec La source des données publiées a répondu par une erreur (500)."]
    again = submit(client, reverse("markets:watch_create"), buyer_siret=BUYER)
    assert_refused(again, "Les données de cet acheteur sont déjà relues chaque nuit.")
    stopped = client.post(reverse("markets:watch_stop", args=[watch.pk]), follow=True)
    assert told(stopped) == ["La relecture est arrêtée."]
    assert "Aucun acheteur n’est relu." in words(stopped)


def test_the_page_says_when_nothing_is_read(as_role):
    client = as_role(Role.MISSION_OFFICER)
    assert "rien n’est relu la nuit" in words(client.get("/imports/"))
    refused = submit(client, reverse("markets:watch_create"), buyer_siret="123")
    assert_refused(refused, "Un SIRET compte 14 chiffres.")
