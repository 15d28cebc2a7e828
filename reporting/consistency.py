"""Does everything agree? Hours, totals, published papers and rights, compared on one snapshot of the database."""

import hashlib
from contextlib import contextmanager, nullcontext

from django.db import connection, transaction

from facilitators.models import Membership
from facilitators.permissions import actual_grants, expected_grants
from participants.services import consistency
from reporting.models import Statement

CHUNK = 1 << 20


@contextmanager
def snapshot():
    """Read the database as it stands at one instant, however long it takes and whoever writes meanwhile.

    Within a transaction that has begun the instant is no longer ours to choose: its own isolation stays.
    """
    with nullcontext() if connection.in_atomic_block else _still(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        yield


@contextmanager
def _still():
    """Within it the next transaction sees one instant, and writes nothing."""
    connection.ensure_connection()
    driver = connection.connection
    driver.set_session(isolation_level="REPEATABLE READ", readonly=True)
    try:
        yield
    finally:
        driver.set_session(isolation_level="DEFAULT", readonly="DEFAULT")


def differences():
    """Run every check. Returns {what was compared: [French sentence per difference]}."""
    with snapshot():
        return {label: check() for label, check in CHECKS.items()}


def file_differences():
    """Each published paper against the hash it was sent with."""
    found = []
    for statement in Statement.objects.published().defer("snapshot").select_related("territory").order_by("pk"):
        actual = _sha256(statement)
        if actual is None:
            found.append(f"État {statement.number} : son document est introuvable.")
        elif actual != statement.sha256:
            found.append(f"État {statement.number} : son document a changé depuis sa publication.")
    return found


def _sha256(statement):
    """Hash of the stored document, None when it cannot be read."""
    digest = hashlib.sha256()
    try:
        with statement.pdf.open("rb") as file:
            for chunk in file.chunks(CHUNK):
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest()


def grant_differences():
    """guardian's rows against the memberships they are the projection of."""
    memberships = Membership.objects.filter(revoked_at=None).select_related("territory", "directorate")
    expected, actual = expected_grants(memberships), actual_grants()
    missing = [f"Droit manquant : {_grant_in_words(row)}." for row in sorted(expected - actual)]
    return missing + [f"Droit en trop : {_grant_in_words(row)}." for row in sorted(actual - expected)]


def _grant_in_words(row):
    user, codename, kind, place = row
    where = "territoire" if kind == "territory" else "direction"
    return f"compte n° {user}, « {codename} », {where} n° {place}"


CHECKS = {
    **consistency.CHECKS,
    "documents publiés": file_differences,
    "droits projetés": grant_differences,
}
