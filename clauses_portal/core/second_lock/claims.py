"""For whom the present code works: set once, said to the database at the start of each transaction.

Said with `set_config(…, true)`, which ends with the transaction: a connection that serves somebody else next has
forgotten it. Outside a transaction nothing is said, and the protected tables look empty.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace

from django.db import connection
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

# In a list of places: all of them.
EVERYWHERE = 0


@dataclass(frozen=True)
class Claims:
    """Numbers of the places where somebody may see each kind of protected rows; `actor`: the account, 0 for none.

    `persons`, `amounts`, `method`: territories; `directorates`: the directorates whose amounts are hers.
    """

    persons: frozenset = frozenset()
    amounts: frozenset = frozenset()
    method: frozenset = frozenset()
    directorates: frozenset = frozenset()
    actor: int = 0

    def settings(self):
        """{name of the database's setting: its text}."""
        texts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            f"portal.{name}": str(value) if isinstance(value, int) else ",".join(map(str, sorted(value)))
            for name, value in texts.items()
        }


NOTHING = Claims()
_EVERY = frozenset({EVERYWHERE})
EVERYTHING = Claims(persons=_EVERY, amounts=_EVERY, method=_EVERY, directorates=_EVERY)
_current = ContextVar("claims", default=None)
_standing = ContextVar("standing", default=None)
# What holds where nobody said anything; the tests that build their rows by hand open it.
BY_DEFAULT = {"claims": NOTHING, "standing": False}


def current():
    """The Claims in force here."""
    claims = _current.get()
    return BY_DEFAULT["claims"] if claims is None else claims


@contextmanager
def acting(claims, *, standing=None):
    """Within it, transactions work under these claims; one that is under way is told at once.

    `standing`: outside transactions too. For a worker, alone on its connection; never for a request.
    """
    before = _current.set(claims)
    stood = _standing.set(standing) if standing is not None else None
    _tell()
    try:
        yield
    finally:
        _current.reset(before)
        _tell()
        if stood is not None:
            _standing.reset(stood)


def take(claims):
    """Put these claims until the end of the `acting` in which one is: for who is known late in a request."""
    _current.set(claims)
    _tell()


@contextmanager
def beyond_scope(reason):
    """Within it the second lock is open, because `reason`: what is read is not shown as such, or is not a person's.

    For reckonings that rest on rows the reader may not see (a double file, a total); never for a page or an export.
    """
    if not reason:
        raise ValueError("Opening the second lock needs a reason.")
    with acting(replace(EVERYTHING, actor=current().actor)):
        yield


def declare(wrapper, *, local=True):
    """Say the claims in force to the transaction that this connection begins, or to its session."""
    settings = current().settings()
    asked = ", ".join("set_config(%s, %s, %s)" for _ in settings)
    values = [value for name, text in settings.items() for value in (name, text, local)]
    with wrapper.wrap_database_errors, wrapper.connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", values)


def stands():
    """True where the claims hold outside transactions too."""
    standing = _standing.get()
    return BY_DEFAULT["standing"] if standing is None else standing


def _tell():
    """Say the claims to the transaction under way, if there is one that still accepts something."""
    if connection.connection is None or connection.connection.closed:
        return
    if connection.connection.info.transaction_status == TRANSACTION_STATUS_INERROR:
        return
    if not connection.get_autocommit():
        declare(connection)
    elif stands():
        declare(connection, local=False)
