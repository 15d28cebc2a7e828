"""The directory of companies, asked over a real connection to a server of this machine that behaves, or not."""

import copy
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from stdnum import luhn

from markets.directory import LARGEST, DirectoryAway, DirectoryEntry, UnknownCompany, look_up
from tests.factories.facilitators import siret

HEAD = siret(1)
BRANCH = f"{HEAD[:9]}0002"
BRANCH += luhn.calc_check_digit(BRANCH)
SOON, NEVER = 0.3, 10  # seconds


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append(self)
        self.server.answer(self)

    def log_message(self, *args):
        """Nothing on the console of the tests."""

    def send(self, body, status=200, **headers):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": len(body)} | headers).items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *args):
        """A client that hangs up is what several tests are about."""


@pytest.fixture
def directory(monkeypatch):
    """A server: set `.answer(handler)`; `.asked` are the requests, `.url` its address."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server(("127.0.0.1", 0), Handler) as server:
        server.asked, server.url = [], f"http://127.0.0.1:{server.server_port}"
        server.over = threading.Event()
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join(5)


def establishment(number, **changes):
    return {
        "siret": number,
        "activite_principale": "43.21A",
        "commune": "13001",
        "etat_administratif": "A",
        "adresse": "12 RUE DES LILAS 13100 AIX-EN-PROVENCE",
    } | changes


def answer(number=HEAD, *, company=None, siege=None, complements=None, matching=None):
    """What the API sends for a SIRET (its own documentation), with a few changes."""
    found = {
        "siren": number[:9],
        "nom_complet": "PROVENCE BATIMENT (PB)",
        "nom_raison_sociale": "PROVENCE BATIMENT",
        "etat_administratif": "A",
        "categorie_entreprise": "PME",
        "siege": establishment(HEAD, est_siege=True) | (siege or {}),
        "matching_etablissements": [establishment(number)] if matching is None else matching,
        "complements": {"est_siae": False, "est_ess": False} | (complements or {}),
    } | (company or {})
    return {"results": [found], "total_results": 1, "page": 1, "per_page": 1, "total_pages": 1}


def ask(directory, body=None, *, number=HEAD, **options):
    if body is not None:
        directory.answer = lambda handler: handler.send(body)
    return look_up(number, url=directory.url, **options)


def test_a_company_is_described(directory):
    assert ask(directory, answer()) == DirectoryEntry(
        siret=HEAD, name="PROVENCE BATIMENT", active=True, naf="43.21A", commune="13001", size="small", is_siae=False
    )


def test_only_the_siret_leaves(directory):
    ask(directory, answer())
    (request,) = directory.asked
    assert urlsplit(request.path).path == "/search"
    assert parse_qs(urlsplit(request.path).query) == {
        "q": [HEAD],
        "minimal": ["true"],
        "include": ["siege,complements,matching_etablissements"],
        "page": ["1"],
        "per_page": ["1"],
    }
    assert request.headers["User-Agent"] == "portail-clauses-sociales"
    assert set(request.headers) == {"Accept", "Accept-Encoding", "Connection", "Host", "User-Agent"}


def test_the_address_may_have_a_path_and_a_slash(directory):
    directory.answer = lambda handler: handler.send(answer())
    look_up(HEAD, url=f"{directory.url}/relais/")
    assert directory.asked[0].path.startswith("/relais/search?q=")


def test_a_branch_has_its_own_activity_and_commune(directory):
    branch = establishment(BRANCH, activite_principale="41.20A", commune="13055")
    entry = ask(directory, answer(BRANCH, matching=[branch]), number=BRANCH)
    assert (entry.siret, entry.naf, entry.commune) == (BRANCH, "41.20A", "13055")


def test_the_head_office_is_found_when_it_comes_alone(directory):
    assert ask(directory, answer(matching=[])).active


@pytest.mark.parametrize(
    ("changes", "active"),
    [
        ({}, True),
        ({"matching": [establishment(HEAD, etat_administratif="F")]}, False),
        ({"company": {"etat_administratif": "C"}}, False),
    ],
)
def test_a_closed_establishment_and_a_dead_company_are_not_active(directory, changes, active):
    assert ask(directory, answer(**changes)).active is active


@pytest.mark.parametrize(
    ("changes", "name", "told"),
    [
        ({"company": {"nom_raison_sociale": None}}, "name", "PROVENCE BATIMENT (PB)"),
        ({"company": {"nom_raison_sociale": None, "nom_complet": "[NON-DIFFUSIBLE]"}}, "name", ""),
        ({"company": {"nom_raison_sociale": "  L'E\u0301TOILE\n\u00a0 BÂTIMENT "}}, "name", "L'ÉTOILE BÂTIMENT"),
        ({"company": {"nom_raison_sociale": "A" * 300}}, "name", "A" * 250),
        ({"company": {"categorie_entreprise": "ETI"}}, "size", "middle"),
        ({"company": {"categorie_entreprise": "GE"}}, "size", "large"),
        ({"company": {"categorie_entreprise": None}}, "size", "unknown"),
        ({"complements": {"est_siae": True}}, "is_siae", True),
        ({"company": {"complements": {}}}, "is_siae", None),
        ({"company": {"complements": None}}, "is_siae", None),
        ({"matching": [establishment(HEAD, commune="2A004")]}, "commune", "2A004"),
        ({"matching": [establishment(HEAD, commune=None)]}, "commune", ""),
        ({"matching": [establishment(HEAD, commune="13201")]}, "commune", "13055"),
        ({"matching": [establishment(HEAD, commune="13216")]}, "commune", "13055"),
        ({"matching": [establishment(HEAD, commune="13217")]}, "commune", "13217"),
        ({"matching": [establishment(HEAD, commune="75120")]}, "commune", "75056"),
        ({"matching": [establishment(HEAD, commune="69381")]}, "commune", "69123"),
        ({"matching": [establishment(HEAD, activite_principale=None)]}, "naf", ""),
        ({"matching": [establishment(HEAD, activite_principale="45.2")]}, "naf", ""),
    ],
)
def test_what_is_told_is_read(directory, changes, name, told):
    assert getattr(ask(directory, answer(**changes)), name) == told


@pytest.mark.parametrize(
    "body",
    [
        {"results": [], "total_results": 0},
        answer(siret(2), siege={"siret": siret(2)}),
        answer(matching=[], siege={"siret": siret(2)}),
        answer(matching=[], company={"siege": None}),
    ],
)
def test_an_unknown_siret_is_told(directory, body):
    with pytest.raises(UnknownCompany, match="inconnu de l’annuaire"):
        ask(directory, body)


def without(name, *path):
    """The usual answer less one key."""
    body = copy.deepcopy(answer())
    place = body
    for step in path:
        place = place[step]
    del place[name]
    return body


FIRST = ("results", 0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Maintenance</html>",
        b'{"results": [',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"null",
        b"[]",
        {},
        {"results": None},
        {"results": "none"},
        {"results": [None]},
        {"results": [[]]},
        without("siren", *FIRST),
        answer(company={"nom_raison_sociale": None, "nom_complet": 12}),
        without("etat_administratif", *FIRST),
        without("etat_administratif", *FIRST, "matching_etablissements", 0),
        answer(company={"etat_administratif": "F"}),
        answer(company={"etat_administratif": ""}),
        answer(company={"categorie_entreprise": "TPE"}),
        answer(company={"categorie_entreprise": ["PME"]}),
        answer(company={"nom_raison_sociale": 12}),
        answer(company={"nom_raison_sociale": "A\u202eB"}),
        answer(company={"matching_etablissements": {"siret": HEAD}}),
        answer(matching=["siret"]),
        answer(matching=[establishment(HEAD, commune=13001)]),
        answer(matching=[establishment(HEAD, activite_principale=["43.21A"])]),
        answer(complements={"est_siae": "oui"}),
    ],
    ids=lambda body: str(body)[:60],
)
def test_an_answer_of_another_shape_is_refused(directory, body):
    with pytest.raises(DirectoryAway, match="illisible"):
        ask(directory, body)


@pytest.mark.parametrize("status", [204, 301, 302, 400, 401, 403, 404, 500, 502, 503])
def test_a_refusal_is_no_answer(directory, status):
    """Not even a 404: the directory says « no result » otherwise, a 404 is a wrong address."""
    directory.answer = lambda handler: handler.send(b"", status, Location=f"{directory.url}/search?q=ailleurs")
    with pytest.raises(DirectoryAway):
        ask(directory)
    assert len(directory.asked) == 1, "an address that moved is not followed"


@pytest.mark.parametrize(
    ("header", "wait"),
    [("7", 7), ("99999999", 86400), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None), (None, None)],
)
def test_too_many_requests_says_how_long_to_wait(directory, header, wait):
    headers = {} if header is None else {"Retry_After": header}
    directory.answer = lambda handler: handler.send({"erreur": "trop"}, 429, **headers)
    with pytest.raises(DirectoryAway, match="trop de demandes") as refused:
        ask(directory)
    assert refused.value.retry_after == wait


def silent(handler):
    handler.server.over.wait(NEVER)


def trickle(handler):
    """One byte after the other, each before the time is out."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.over.wait(SOON / 10):
        handler.wfile.write(b" ")


@pytest.mark.parametrize("behave", [silent, trickle])
def test_a_slow_directory_is_not_waited_for(directory, behave):
    directory.answer = behave
    began = time.monotonic()
    with pytest.raises(DirectoryAway, match="ne répond pas"):
        ask(directory, timeout=SOON)
    assert time.monotonic() - began < NEVER / 2


def test_a_huge_answer_is_left_unread(directory):
    sent = []

    def pour(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(b" " * 64 * 1024)
            sent.append(64 * 1024)

    directory.answer = pour
    with pytest.raises(DirectoryAway, match="ne répond pas"):
        ask(directory)
    assert sum(sent) < 64 * LARGEST


def test_a_large_answer_of_the_right_size_is_read(directory):
    elected = [{"nom": "DUPONT", "prenoms": "ANNE"}] * 3000
    assert ask(directory, answer(complements={"collectivite_territoriale": {"elus": elected}})).active


def cut(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"results": [')
    handler.close_connection = True


def babble(handler):
    handler.wfile.write(b"bonjour\r\n\r\n")
    handler.close_connection = True


def hang_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


@pytest.mark.parametrize("behave", [cut, babble, hang_up])
def test_a_broken_conversation_is_no_answer(directory, behave):
    directory.answer = behave
    with pytest.raises(DirectoryAway):
        ask(directory, timeout=SOON)


def test_nobody_listens(directory):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        with pytest.raises(DirectoryAway, match="ne répond pas"):
            look_up(HEAD, url=f"http://127.0.0.1:{held.getsockname()[1]}")


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1", "file:///etc", "ftp://127.0.0.1", "http://", "http://[", "http://a b"]
)
def test_an_address_that_is_not_one_asks_nobody(url):
    with pytest.raises(DirectoryAway):
        look_up(HEAD, url=url)


@pytest.mark.parametrize("number", ["", "12345678901234", f"{HEAD}&q=x", None])
def test_a_wrong_siret_is_not_sent(directory, number):
    with pytest.raises(ValidationError):
        look_up(number, url=directory.url)
    assert directory.asked == []


def test_the_directory_is_off_unless_the_office_wants_it():
    assert settings.COMPANY_DIRECTORY_URL == ""


@pytest.mark.parametrize(("refusal", "status"), [(DirectoryAway(), 503), (UnknownCompany(), 422)])
def test_a_page_can_show_the_sentence(refusal, status):
    assert refusal.status == status
    assert str(refusal) == refusal.message
