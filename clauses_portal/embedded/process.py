"""Programs that outlive the command that starts them: start, recognise, stop."""

import contextlib
import json
import os
import signal
import subprocess
import time

import psutil

from clauses_portal.embedded.state import LOGS, RUN

# A recorded process and a later one with the same number are told apart by their start time, in seconds.
SAME_START = 30
# Children are not waited for; held here, they are not reported as forgotten when the starter ends.
_children = []


def spawn(name, command, **options):
    """Start `command` detached, its output in `.run/logs/<name>.log`, recorded as `name`; return its pid.

    The log of the run before is kept as `<name>.log.1`. Nothing of the terminal is inherited:
    `make demo | tee log` must end although the servers go on. `options` are those of subprocess.Popen.
    """
    path = LOGS / f"{name}.log"
    if path.exists():
        path.replace(path.with_suffix(".log.1"))
    with path.open("ab") as log:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )
    _children.append(process)
    record = {"pid": process.pid, "started": psutil.Process(process.pid).create_time()}
    _record(name).write_text(json.dumps(record))
    return process.pid


def running(name):
    """Return the psutil.Process recorded as `name`, or None when it ended or its number was given away."""
    try:
        record = json.loads(_record(name).read_text())
        process = psutil.Process(record["pid"])
        # A container without an init leaves ended children as zombies for ever.
        ended = process.status() == psutil.STATUS_ZOMBIE
    except (FileNotFoundError, ValueError, KeyError, psutil.NoSuchProcess):
        return None
    same = abs(process.create_time() - record["started"]) < SAME_START
    return process if same and not ended else None


def stop(name, *, sign=signal.SIGTERM, patience=20):
    """Stop what is recorded as `name`, by force after `patience` seconds; return whether it was running."""
    process = running(name)
    if process:
        end(process, sign=sign, patience=patience)
    _record(name).unlink(missing_ok=True)
    return process is not None


def end(process, *, sign=signal.SIGTERM, patience=20):
    """Send `sign` and wait; after `patience` seconds kill the whole group, children included."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(sign)
        if not wait_until(lambda: gone(process), patience):
            os.killpg(process.pid, signal.SIGKILL)
            wait_until(lambda: gone(process), 5)


def gone(process):
    """Tell whether a psutil.Process has ended, reaped or not."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until(condition, seconds):
    """Call `condition` every tenth of a second until it is true; return False when `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def log_tail(name, lines=25):
    """Return the last lines that `name` wrote, for a person who wants to know why it does not start."""
    try:
        return "\n".join((LOGS / f"{name}.log").read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""


def _record(name):
    return RUN / f"{name}.pid"
