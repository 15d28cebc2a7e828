"""Posting to an address somebody typed: only public ones, or those the house allows, and never for long."""

import shutil
import socket
import ssl
import subprocess
import time

import pytest

from clauses_portal.core import outward
from clauses_portal.core.outward import Unreachable, post, target_of
from tests.support.receiver import receiver


@pytest.fixture
def server(settings):
    settings.WEBHOOK_SCHEMES, settings.WEBHOOK_NETWORKS_ALLOWED = ("https", "http"), ["127.0.0.0/8"]
    with receiver() as listening:
        yield listening


def reason(url, **options):
    with pytest.raises(Unreachable) as refusal:
        post(url, b"{}", {})
    return refusal.value.reason


def resolves_to(monkeypatch, *addresses):
    """Every name leads there."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)


def test_the_body_arrives_as_it_is(server):
    assert post(server.url, b'{"id":1}', {"X-Clauses-Event": "test"}) == 200
    (got,) = server.received
    assert (got.body, got.headers["X-Clauses-Event"]) == (b'{"id":1}', "test")
    assert got.headers["Host"] == f"127.0.0.1:{server.server_port}"


def test_a_redirect_is_told_and_not_followed(server):
    server.answer = lambda handler: handler.send(302, [("Location", server.url)])
    assert post(server.url, b"{}", {}) == 302
    assert len(server.received) == 1


def test_a_long_answer_is_not_read(server):
    server.answer = lambda handler: handler.send(200, body=b"x" * 10_000_000)
    assert post(server.url, b"{}", {}) == 200


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.3.4",
        "192.168.1.1",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 (an address to refuse, not to listen on)
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "[::ffff:10.0.0.1]",
        "[::10.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:a00:1::]",
        "[2001:0:a00:1::]",
    ],
)
def test_an_address_inside_is_refused(address):
    assert reason(f"https://{address}/") == outward.INSIDE


@pytest.mark.parametrize("address", ["10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_a_name_that_leads_inside_is_refused(monkeypatch, address):
    resolves_to(monkeypatch, "93.184.215.14", address)
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: pytest.fail("connected"))
    assert reason("https://logiciel.example.test/") == outward.INSIDE


@pytest.mark.parametrize("text", ["127.1", "2130706433", "0x7f.0.0.1", "localhost"])
def test_odd_spellings_of_this_machine_are_refused(text):
    assert reason(f"https://{text}/") == outward.INSIDE


def test_the_name_is_asked_once_and_its_address_connected_to(server, monkeypatch):
    """Asked twice, a name could lead outside for the check and inside for the connection."""
    asked, connected = [], []
    resolve, connect = socket.getaddrinfo, socket.create_connection

    def getaddrinfo(host, *args, **kwargs):
        asked.append(host)
        return resolve("127.0.0.1", *args, **kwargs)

    def create_connection(address, **kwargs):
        connected.append(address[0])
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        return connect(address, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    assert post(server.url.replace("127.0.0.1", "logiciel.example.test"), b"{}", {}) == 200
    assert (asked, connected) == (["logiciel.example.test"], ["127.0.0.1"])


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://logiciel.example.test/", outward.NOT_SECURE),
        ("ftp://logiciel.example.test/", outward.NOT_SECURE),
        ("file:///etc/passwd", outward.NOT_SECURE),
        ("logiciel.example.test", outward.NOT_SECURE),
        ("https://", outward.NOT_AN_ADDRESS),
        ("https://ines:secret@logiciel.example.test/", outward.NOT_AN_ADDRESS),
        ("https://logiciel.example.test:99999/", outward.NOT_AN_ADDRESS),
        ("https://[::1/", outward.NOT_AN_ADDRESS),
        (f"https://{'a' * 70}.test/", outward.NOT_AN_ADDRESS),
    ],
)
def test_what_is_no_address_is_refused(url, told):
    with pytest.raises(Unreachable) as refusal:
        target_of(url)
    assert refusal.value.reason == told


def test_an_accented_address_is_written_as_the_network_wants():
    target = target_of("https://clé.example.test/reçu?à=1")
    assert (target.authority, target.path) == ("xn--cl-cja.example.test", "/re%C3%A7u?%C3%A0=1")


def test_a_closed_door_is_told(server):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert reason(f"http://127.0.0.1:{port}/") == outward.CLOSED


def test_a_trickle_is_cut(server, monkeypatch):
    """Each byte arrives in time, the answer never does."""
    monkeypatch.setattr(outward, "SECONDS", 0.4)

    def trickle(handler):
        while not server.over.wait(0.1):
            handler.wfile.write(b"H")
            handler.wfile.flush()

    server.answer, begun = trickle, time.monotonic()
    assert reason(server.url) == outward.TOO_SLOW
    assert time.monotonic() - begun < 3


def test_what_is_not_http_is_told(server):
    server.answer = lambda handler: handler.wfile.write(b"bonjour\r\n\r\n")
    assert reason(server.url) == outward.UNREADABLE


def test_a_program_that_does_not_speak_tls_is_told(server):
    assert reason(server.url.replace("http:", "https:")) == outward.UNREADABLE


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """(certificate, key) of 127.0.0.1, signed by itself."""
    openssl = shutil.which("openssl") or pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("certificate")
    made = folder / "certificate.pem", folder / "key.pem"
    asked = f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -out {made[0]} -keyout {made[1]}"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([openssl, *asked.split(), *subject], check=True, capture_output=True)  # noqa: S603
    return made


@pytest.fixture
def secured(server, certificate):
    """The server behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.url = server.url.replace("http:", "https:")
    return server


def test_a_certificate_nobody_vouches_for_is_refused(secured):
    assert reason(secured.url) == outward.WRONG_CERTIFICATE
    assert secured.received == []


def test_a_certificate_one_trusts_lets_the_message_go(secured, certificate, monkeypatch):
    trusting = ssl.create_default_context(cafile=certificate[0])
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    assert post(secured.url, b"{}", {}) == 200
    assert len(secured.received) == 1
