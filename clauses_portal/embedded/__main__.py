"""Command line: `python -m clauses_portal.embedded start|stop|status|up|reset` (what the Makefile calls)."""

import argparse
import contextlib
import fcntl
import shutil
import sys

from clauses_portal.embedded import portal, postgres, process, state, valkey

SERVICES = {"DATABASE_URL": postgres, "REDIS_URL": valkey}


def embedded():
    """Return the services that the environment does not give, hence ours to start."""
    return [service for name, service in SERVICES.items() if name not in state.given_urls()]


def start():
    """start PostgreSQL and Valkey, unless DATABASE_URL / REDIS_URL name others"""
    for service in embedded():
        service.start()


def up():
    """start also web, worker and beat, and wait until the portal answers"""
    start()
    print("The portal answers on", portal.start())


def stop():
    """stop everything that was started here"""
    stopped = [service for service in (portal, valkey, postgres) if service.stop()]
    print("Stopped." if stopped else "Nothing was running.")


def reset():
    """stop everything and erase its data"""
    stop()
    for service in (postgres, valkey):
        service.erase()
    shutil.rmtree(state.RUN)


def status():
    """say what runs; the exit code is 3 when something does not"""
    lines = portal.status() | {
        "postgres": _service_status(postgres.running(postgres.cluster_folder() / "data"), "DATABASE_URL"),
        "valkey": _service_status(process.running(valkey.NAME), "REDIS_URL"),
    }
    for name, line in lines.items():
        print(f"{name:9} {line}")
    return 3 if "stopped" in lines.values() else 0


def _service_status(server, variable):
    if variable in state.given_urls():
        return f"given by {variable}"
    return "running" if server else "stopped"


@contextlib.contextmanager
def one_at_a_time():
    """Hold the lock of `.run/` so that two `make` in two windows do not start the same server twice."""
    state.prepare_run_folder()
    with (state.RUN / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main():
    """Run the command named on the command line; exit 1 with one plain message when it fails."""
    actions = {action.__name__: action for action in (start, stop, status, up, reset)}
    parser = argparse.ArgumentParser(
        prog="python -m clauses_portal.embedded",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="\n".join(f"{name:7} {action.__doc__}" for name, action in actions.items()),
    )
    parser.add_argument("action", choices=actions)
    action = actions[parser.parse_args().action]
    try:
        with one_at_a_time():
            return action() or 0
    except (OSError, RuntimeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
