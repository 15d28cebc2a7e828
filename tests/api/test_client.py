"""The example client against a portal that answers on a port: it asks nothing that is not described."""

import http.client
import importlib.util
import json
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings as portal

from clauses_portal.api_docs.document import COMMITTED
from clauses_portal.core.second_lock.histories import rewritten_histories
from facilitators.enums import KeyDirection, KeyScope
from markets.models import Lot
from tests.factories.markets import LotFactory
from tests.support.keys import program

spec = importlib.util.spec_from_file_location("clauses_client", portal.BASE_DIR / "docs/client/clauses_client.py")
clauses_client = importlib.util.module_from_spec(spec)
spec.loader.exec_module(clauses_client)


@pytest.fixture
def key(live_server, convention):
    return program(KeyScope.WRITE_MARKETS, direction=KeyDirection.TO_FACILITATOR)


@pytest.fixture
def asked(monkeypatch):
    """[(method, address)] of what the client sent."""
    sent, call = [], clauses_client.Client.call

    def told(self, method, address, body=None, **options):
        sent.append((method, urlsplit(address).path))
        return call(self, method, address, body, **options)

    monkeypatch.setattr(clauses_client.Client, "call", told)
    return sent


@pytest.fixture
def command(key, live_server, asked, monkeypatch):
    """command(*words) runs the client: (exit code, what it printed)."""
    monkeypatch.setenv("CLAUSES_URL", live_server.url)
    monkeypatch.setenv("CLAUSES_CLE", key.text)

    def run(*words):
        printed = []
        code = clauses_client.main([str(word) for word in words], out=printed.append)
        assert key.text not in "".join(printed)
        return code, printed

    return run


def test_lots_are_sent_once_then_read_shown_and_followed(command, asked, territory, tmp_path):
    market = LotFactory(territory=territory, number="1").market
    lines = [{"market": market.pk, "number": n, "title": "Peinture", "territory": "AIX"} for n in ("2", "3")]
    file, memory = tmp_path / "lots.json", tmp_path / "depuis.json"
    file.write_text(json.dumps(lines), encoding="utf-8")
    first, again = command("envoyer", "lots", file), command("envoyer", "lots", file)
    assert [json.loads(line) for line in first[1]] == [json.loads(line) for line in again[1]]
    assert (first[0], again[0], Lot.objects.count()) == (0, 0, 3)
    _, read = command("lire", "lots", f"market={market.pk}", "limit=1")
    numbers = [json.loads(line)["number"] for line in read]
    assert numbers == ["1", "2", "3"]
    lot = Lot.objects.get(number="3")
    assert json.loads(command("montrer", "lots", lot.pk)[1][0])["title"] == "Peinture"
    assert len(command("suivre", "lots", memory)[1]) == 3
    with rewritten_histories():
        Lot.history.update(history_date="2026-01-05T10:00:00+01:00")
    lot.title = "Peinture et sols"
    lot.save()
    assert [json.loads(line)["id"] for line in command("suivre", "lots", memory)[1]] == [lot.pk]
    assert undescribed(asked) == []


def undescribed(asked):
    """What was asked and is not in the committed document; the address of the document itself is in docs/api.md."""
    paths = json.loads(COMMITTED.read_text(encoding="utf-8"))["paths"]
    known = [(method.upper(), re.sub(r"{\w+}", r"\\d+", path)) for path, told in paths.items() for method in told]
    known.append(("GET", "/api/v1/openapi.json"))
    return [one for one in asked if not any(one[0] == method and re.fullmatch(path, one[1]) for method, path in known)]


def test_a_refusal_is_told_line_by_line(command, tmp_path):
    file = tmp_path / "lots.json"
    file.write_text(json.dumps([{"market": 1, "number": "2", "title": "x", "territory": "AIX"}]), encoding="utf-8")
    code, printed = command("envoyer", "lots", file)
    assert (code, Lot.objects.exists()) == (1, False)
    assert printed[0].startswith("422 lines_refused : Des lignes sont refusées")
    assert printed[1] == "  ligne 1, market : Cet élément n’existe pas ou vous n’y avez pas accès."
    assert command("lire", "inconnues")[0] == 1
    assert any(line.startswith("POST   /api/v1/lots/bulk") for line in command("ressources")[1])


def test_the_client_waits_when_it_is_told_to(key, live_server, settings):
    settings.API_REQUESTS_PER_MINUTE = 0
    waits = []

    def pause(seconds):
        waits.append(seconds)
        settings.API_REQUESTS_PER_MINUTE = 1000

    client = clauses_client.Client(live_server.url, key.text, pause=pause)
    assert (list(client.rows("lots")), waits) == ([], [60])


def test_the_key_goes_nowhere_else(live_server, key, monkeypatch):
    client = clauses_client.Client(live_server.url, key.text)
    with pytest.raises(ValueError, match="portail"):
        client.call("GET", "https://ailleurs.example/api/v1/lots")
    monkeypatch.setenv("CLAUSES_URL", "http://ailleurs.example")
    monkeypatch.setenv("CLAUSES_CLE", key.text)
    assert clauses_client.main(["lire", "lots"], out=lambda line: None) == 1


def test_a_body_in_pieces_is_refused_and_the_server_goes_on(live_server, key):
    """Without its length, a body is not read: nothing is stored, nothing hangs."""
    address = urlsplit(live_server.url)
    headers = {"Authorization": f"Bearer {key.text}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    connection.request("POST", "/api/v1/operations", iter([b"{", b"}"]), headers, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    connection.close()
    assert list(clauses_client.Client(live_server.url, key.text).rows("operations")) == []
