"""What the antivirus said of a deposited content, and what follows: taken away, waited for, or refused (A23).

A deposit never waits for the antivirus. A content it has not read yet stays « en attente »; nobody takes it away nor
imports it meanwhile. With no antivirus at all, the portal says so beside each file.
"""

from django.db.models import CharField, F, Func, OuterRef, Subquery

from clauses_portal.core.antivirus import is_on
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.models import FileScan, ScanState
from clauses_portal.core.waking import once_on_commit, wake

# The round of the antivirus is in the lowest app that can warn the administrators.
TASK = "facilitators.tasks.scan_files"
INFECTED = (
    "Ce fichier est bloqué : l’antivirus y a trouvé un virus. "
    "Demandez à la personne qui l’a déposé d’en déposer un autre."
)
AWAITED = "Ce fichier est en cours d’analyse par l’antivirus. Réessayez dans quelques minutes."
INFECTED_DEPOSIT = (
    "Fichier refusé : l’antivirus y a trouvé un virus. Faites analyser votre poste, puis déposez un autre fichier."
)
VERDICTS = {ScanState.CLEAN, ScanState.INFECTED}


class Infected(DomainError):
    """The content is blocked for ever."""

    status = 403


def ask_scan(row):
    """Have what this row (`Deposited`, saved) keeps read by the antivirus; at once when a worker is free.

    Raises DomainError when this very content is known to be infected: its deposit is refused.
    """
    digest = row.deposited_digest
    if not digest:
        return
    place = {"object_kind": row._meta.label_lower, "object_id": row.pk}
    state = ScanState.AWAITED if is_on() else ScanState.UNSCANNED
    scan, is_new = FileScan.objects.get_or_create(sha256=digest, defaults={"state": state, **place})
    if scan.state == ScanState.INFECTED:
        raise DomainError(INFECTED_DEPOSIT)
    if not is_new:
        changes = place if scan.state in VERDICTS else place | {"state": state}
        FileScan.objects.filter(pk=scan.pk).update(**changes)
    if is_on() and scan.state not in VERDICTS:
        once_on_commit(wake_scanner)


def wake_scanner():
    """Ask a worker to scan now. With the broker away the clock does it, within the minute."""
    wake(TASK, otherwise="les fichiers déposés seront analysés au prochain passage")


def state_in_force(kept):
    """The ScanState that holds for a content, from the state kept (None: never asked for)."""
    if kept in VERDICTS:
        return ScanState(kept)
    return ScanState.AWAITED if is_on() else ScanState.UNSCANNED


def state_of(row):
    """The ScanState of what this row keeps, None when nobody deposited it."""
    digest = row.deposited_digest
    if not digest:
        return None
    return state_in_force(FileScan.objects.filter(sha256=digest).values_list("state", flat=True).first())


def check_scanned(row):
    """Let the content of this row be read by us, or by a person. Raises Infected (403), or Conflict (409) meanwhile."""
    state = state_of(row)
    if state == ScanState.INFECTED:
        raise Infected(INFECTED)
    if state == ScanState.AWAITED:
        raise Conflict(AWAITED)


def with_scans(rows):
    """The same rows (of a `Deposited` model), each with its `kept_scan`: what the filter `scan_label` shows."""
    model = rows.model
    digest = F(model.digest_column) if model.digest_column else Digest(model.deposited_field)
    scans = FileScan.objects.filter(sha256=OuterRef("deposited_as"))
    return rows.alias(deposited_as=digest).annotate(kept_scan=Subquery(scans.values("state")[:1]))


def shown_state(row):
    """The ScanState to show beside this row, read by `with_scans` or else asked for; None: nothing deposited."""
    if not hasattr(row, "kept_scan"):
        return state_of(row)
    if row.digest_column and not row.deposited_digest:
        return None
    return state_in_force(row.kept_scan)


class Digest(Func):
    """The SHA-256 (hexadecimal) of a column of bytes, reckoned by the database."""

    template = "encode(sha256(%(expressions)s), 'hex')"
    output_field = CharField()
