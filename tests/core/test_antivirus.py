"""A clamd is believed when it says « clean » or « infected », and never when it says anything else."""

import socket

import pytest

from clauses_portal.core.antivirus import AntivirusAway, NoVerdict, find_threat, is_on
from tests.core.made_files import zipped
from tests.support.clamd import EICAR, GARBAGE, THREAT, clamd


@pytest.mark.parametrize("unix", [False, True])
def test_a_clean_content_is_told_from_an_infected_one(settings, unix):
    with clamd(settings, unix=unix) as antivirus:
        assert find_threat(b"clause") == ""
        assert find_threat(b"x" * 5000 + EICAR) == THREAT
    assert antivirus.received == [b"clause", b"x" * 5000 + EICAR]


def test_ten_megabytes_reach_it_whole(settings):
    content = zipped({"plan": bytes(range(256)) * 40_960}, method=0)
    with clamd(settings) as antivirus:
        assert find_threat(content) == ""
    assert antivirus.received == [content]


@pytest.mark.parametrize("reply", GARBAGE.values(), ids=GARBAGE)
def test_an_answer_that_is_no_verdict_is_none(settings, reply):
    with clamd(settings) as antivirus:
        antivirus.reply = reply
        with pytest.raises(NoVerdict):
            find_threat(b"clause")


def test_silence_is_no_verdict(settings):
    with clamd(settings) as antivirus:
        settings.ANTIVIRUS_TIMEOUT = 0.2
        antivirus.freeze()
        with pytest.raises(NoVerdict):
            find_threat(b"clause")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "unix:///nowhere/clamd.sock"])
def test_nobody_at_the_address_is_away(settings, address):
    settings.ANTIVIRUS_URL = address
    with pytest.raises(AntivirusAway):
        find_threat(b"clause")


def test_a_server_that_says_nothing_at_all_is_away(settings):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings.ANTIVIRUS_URL = f"tcp://127.0.0.1:{deaf.getsockname()[1]}"
        settings.ANTIVIRUS_TIMEOUT = 0.2
        with pytest.raises(AntivirusAway):
            find_threat(b"clause")


def test_without_an_address_there_is_no_antivirus(settings):
    assert not is_on()
    settings.ANTIVIRUS_URL = "tcp://127.0.0.1"
    assert is_on()
