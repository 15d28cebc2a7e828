"""The parts of the embedded services that decide something; starting them is proved by the run itself."""

import json
import os
import socket
import stat
import sys

import pytest

from clauses_portal.embedded import ServicesNotStarted, portal, postgres, process, service_urls, state, valkey

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
SLEEP = [sys.executable, "-c", SLEEPER]
STUBBORN = [sys.executable, "-c", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER]


@pytest.fixture
def run_folder(tmp_path, monkeypatch):
    """An empty `.run/` and no address in the environment."""
    folder = tmp_path / ".run"
    (folder / "logs").mkdir(parents=True)
    for module in (state, process):
        monkeypatch.setattr(module, "RUN", folder)
        monkeypatch.setattr(module, "LOGS", folder / "logs")
    for variable in state.VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    return folder


def started(name):
    """Wait until the child has written its first line: it has then set its signals."""
    return process.wait_until(lambda: "up" in process.log_tail(name), 10)


def test_addresses_are_those_that_start_wrote(run_folder):
    state.update_state(DATABASE_URL="postgresql://a", REDIS_URL="redis://b", PORTAL_URL="c")
    assert service_urls() == {"DATABASE_URL": "postgresql://a", "REDIS_URL": "redis://b"}


def test_the_environment_comes_first(run_folder, monkeypatch):
    state.update_state(DATABASE_URL="postgresql://embedded", REDIS_URL="redis://embedded")
    monkeypatch.setenv("DATABASE_URL", "postgresql://given")
    assert service_urls() == {"DATABASE_URL": "postgresql://given", "REDIS_URL": "redis://embedded"}


def test_services_that_are_not_started_are_named_with_the_remedy(run_folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://given")
    with pytest.raises(ServicesNotStarted, match=r"^No REDIS_URL: .*Run `make demo`"):
        service_urls()


def test_the_state_holds_a_password_and_is_private(run_folder):
    state.update_state(REDIS_URL="redis://:secret@127.0.0.1:1/0")
    assert stat.S_IMODE((run_folder / "services.json").stat().st_mode) == 0o600


def test_a_stopped_service_leaves_the_state(run_folder):
    state.update_state(DATABASE_URL="a", REDIS_URL="b")
    state.update_state(REDIS_URL=None)
    assert state.read_state() == {"DATABASE_URL": "a"}


def test_the_run_folder_of_another_user_is_refused(run_folder, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: run_folder.stat().st_uid + 1)
    with pytest.raises(PermissionError, match="belongs to another user"):
        state.prepare_run_folder()


@pytest.mark.parametrize("name", ["x" * 120, "dossier partagé", "a,b"])
def test_a_socket_moves_when_its_folder_cannot_name_it(tmp_path, name):
    chosen = state.socket_folder(tmp_path / name)
    assert chosen != tmp_path / name
    assert len(str(chosen)) <= state.LONGEST_SOCKET_FOLDER
    assert stat.S_IMODE(chosen.stat().st_mode) == 0o700
    chosen.rmdir()


def test_a_short_plain_folder_keeps_its_socket(tmp_path):
    folder = tmp_path / "s"
    assert state.socket_folder(folder) == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_closed_folder_above_closes_what_it_holds(tmp_path):
    program = tmp_path / "bin" / "postgres"
    program.parent.mkdir()
    program.touch(mode=0o755)
    tmp_path.chmod(0o700)
    assert not state.open_to_others(program)


def test_a_spawned_program_is_found_then_stopped(run_folder):
    pid = process.spawn("sleeper", SLEEP)
    assert started("sleeper")
    assert process.running("sleeper").pid == pid
    assert os.getsid(pid) == pid  # a session of its own: the terminal's signals do not reach it
    assert process.stop("sleeper")
    assert process.running("sleeper") is None
    assert not process.stop("sleeper")


def test_a_program_that_ignores_the_signal_is_killed(run_folder):
    process.spawn("stubborn", STUBBORN)
    assert started("stubborn")
    assert process.stop("stubborn", patience=0.2)
    assert process.running("stubborn") is None


def test_a_number_given_to_another_program_is_not_ours(run_folder):
    (run_folder / "web.pid").write_text(json.dumps({"pid": os.getpid(), "started": 1.0}))
    assert process.running("web") is None
    assert not process.stop("web")


@pytest.mark.parametrize("record", ["", "{}", '{"pid": 999999999, "started": 1.0}'])
def test_a_damaged_or_old_record_means_stopped(run_folder, record):
    (run_folder / "web.pid").write_text(record)
    assert process.running("web") is None


def test_a_stale_postmaster_file_is_not_believed(tmp_path):
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n")
    assert postgres.running(tmp_path) is None


def test_a_busy_port_gives_way_to_the_next():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert valkey.free_port(port) != port


def test_the_web_process_answers_on_loopback_only():
    assert "127.0.0.1:8123" in portal.commands(8123)["web"]
