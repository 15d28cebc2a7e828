"""The portal's own processes for the demonstration: web, worker, beat."""

import os
import sys
import urllib.request
from functools import partial
from http import HTTPStatus

from clauses_portal.celery import app as celery_app
from clauses_portal.embedded import process
from clauses_portal.embedded.state import ROOT, RUN, given_urls, read_state, update_state
from clauses_portal.embedded.valkey import free_port

NAMES = ("web", "worker", "beat")
QUEUES = "default,pdf,imports"
READY_PATH = "/sante/pret"
READY_WITHIN = 60


def start():
    """Start the three processes, again when they run so that the present code is served; return the address.

    The web process then answers that it is ready, and the worker that it listens.

    Raises RuntimeError with the end of the log of the process that fails.
    """
    stop()
    wished = int(os.environ.get("PORT", 8000))
    port = free_port(*range(wished, wished + 50))
    url = f"http://127.0.0.1:{port}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clauses_portal.settings.dev")
    for name, command in commands(port).items():
        process.spawn(name, [sys.executable, "-m", *command], cwd=ROOT, env=environment())
    update_state(PORTAL_URL=url)
    _wait(url)
    return url


def environment():
    """Return the environment of the three processes: they work under the role that owns no table (docs/adr/0024)."""
    address = read_state().get("APPLICATION_DATABASE_URL")
    embedded = address and "DATABASE_URL" not in given_urls()
    return os.environ | ({"DATABASE_URL": address} if embedded else {})


def commands(port):
    """Return the arguments of `python -m` for each process, the web server on loopback `port`."""
    celery = ["celery", "-A", "clauses_portal"]
    return {
        "web": [
            *("gunicorn", "clauses_portal.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--workers", "2", "--threads", "4", "--timeout", "60", "--no-control-socket"),
        ],
        "worker": [*celery, "worker", "-Q", QUEUES, "-c", "2", "--loglevel", "INFO"],
        "beat": [*celery, "beat", "-s", str(RUN / "beat-schedule"), "--loglevel", "INFO"],
    }


def stop():
    """Stop the three processes, running tasks finished first; return whether one of them was running."""
    update_state(PORTAL_URL=None)
    stopped = [process.stop(name) for name in NAMES]
    return any(stopped)


def status():
    """Return {name: address, "running" or "stopped"}."""
    running = {name: "running" if process.running(name) else "stopped" for name in NAMES}
    url = read_state().get("PORTAL_URL")
    return running | ({"web": url} if url and running["web"] == "running" else {})


def _wait(url):
    """Wait until the web process can work and the worker listens; raise RuntimeError otherwise."""
    probes = {"web": partial(_ready, url), "worker": partial(celery_app.control.ping, timeout=2)}
    for name, probe in probes.items():
        answered = process.wait_until(lambda probe=probe: _dead() or probe(), READY_WITHIN)
        failed = _dead() or (None if answered else name)
        if failed:
            tail = process.log_tail(failed)
            raise RuntimeError(f"The portal is not ready ({failed}). End of the log:\n{tail}")


def _dead():
    return next((name for name in NAMES if not process.running(name)), None)


def _ready(url):
    """Tell whether the readiness page answers 200 (it says why not in the log)."""
    # Straight to loopback: a proxy meant for the outside must not be asked.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url + READY_PATH, timeout=5) as response:
            return response.status == HTTPStatus.OK
    except OSError:  # nobody listens yet, or 503
        return False
