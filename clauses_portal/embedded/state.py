"""Where the embedded services keep their files, and the addresses they answer on."""

import hashlib
import json
import os
import re
import stat
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Elsewhere for a drill, which stops and kills servers of its own.
RUN = Path(os.environ.get("PORTAL_RUN") or ROOT / ".run")
LOGS = RUN / "logs"
VARIABLES = ("DATABASE_URL", "REDIS_URL")
# sun_path holds 108 bytes on Linux and 104 on the BSDs; PostgreSQL adds "/.s.PGSQL.5432.lock" to the folder.
LONGEST_SOCKET_FOLDER = 103 - len("/.s.PGSQL.5432.lock")


class ServicesNotStarted(RuntimeError):
    """The embedded services are asked for their address before `make` started them."""


def service_urls():
    """Return {"DATABASE_URL": …, "REDIS_URL": …}: the environment's values first, else the embedded ones.

    Raises ServicesNotStarted when a value is in neither.
    """
    urls = read_state() | given_urls()
    missing = [name for name in VARIABLES if name not in urls]
    if missing:
        raise ServicesNotStarted(
            f"No {' nor '.join(missing)}: the embedded services are not started. Run `make demo`, `make test`"
            ' or `make manage ARGS="…"`, which start them, or give the address in the environment.'
        )
    return {name: urls[name] for name in VARIABLES}


def given_urls():
    """Return the service addresses stated by the environment: those services are never embedded."""
    return {name: os.environ[name] for name in VARIABLES if os.environ.get(name)}


def read_state():
    """Return what `start` wrote: addresses of the running embedded services, {} before the first start."""
    try:
        return json.loads((RUN / "services.json").read_text())
    except FileNotFoundError:
        return {}


def update_state(**values):
    """Merge `values` into the state (None removes a key); the file holds a password and is private."""
    state = {name: value for name, value in (read_state() | values).items() if value is not None}
    fresh = RUN / "services.json.new"
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(state, indent=1))
    fresh.replace(RUN / "services.json")


def prepare_run_folder():
    """Create `.run/`, closed to others; as root, PostgreSQL's own user may pass through it, nothing more.

    Raises PermissionError with a plain sentence when another user made the folder.
    """
    RUN.mkdir(exist_ok=True)
    if RUN.stat().st_uid != os.geteuid():
        raise PermissionError(f"{RUN} belongs to another user: run make as that user, or erase it.")
    RUN.chmod(0o711 if os.geteuid() == 0 else 0o700)
    LOGS.mkdir(exist_ok=True, mode=0o700)


def outside_folder():
    """Return the folder used by root when nobody else can enter the checkout (under /root for instance)."""
    mark = hashlib.sha256(str(RUN.parent).encode()).hexdigest()[:12]
    return Path("/var/lib/clauses-portal") / mark


def open_to_others(path):
    """Tell whether any user may read `path` and pass through every folder above it."""
    folders = all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)
    return folders and bool(path.stat().st_mode & stat.S_IROTH)


def socket_folder(wished):
    """Return `wished`, or a new private short folder when no socket can be named there.

    A socket's name is limited to about a hundred bytes, and odd characters would have to be quoted
    differently in each configuration that repeats it.
    """
    name = str(wished)
    if len(name.encode()) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./-]+", name, re.ASCII):
        wished.mkdir(exist_ok=True, mode=0o700)
        return wished
    return Path(tempfile.mkdtemp(prefix="clauses-"))
