"""The rounds of the antivirus: what waits for it, then what it has not read for a month (its knowledge grows)."""

import logging
import time
from datetime import timedelta

from django.apps import apps
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from clauses_portal.core.antivirus import AntivirusAway, NoVerdict, find_threat, is_on, is_there
from clauses_portal.core.deposits import Deposited
from clauses_portal.core.jobs.models import Job
from clauses_portal.core.jobs.outbox import send
from clauses_portal.core.locks import advisory_lock
from clauses_portal.core.models import FileScan, ScanState
from clauses_portal.core.pulse import ANTIVIRUS, sign
from clauses_portal.core.scanning import Digest
from clauses_portal.core.second_lock import beyond_scope

logger = logging.getLogger(__name__)

ROUND = 45  # seconds: a round is over before the next one begins
MOST = 500
READ_AGAIN = timedelta(days=30)
EVERY_CONTENT = "l’antivirus lit tout contenu déposé et n’en montre rien"
MOST_ATTEMPTS = 30_000


def scan_waiting():
    """One round, as long as `ROUND` at most; returns the FileScans found infected.

    An antivirus that is away ends the round: everything waits. One content on which it fails goes behind the others.
    """
    if not is_on():
        return []
    with advisory_lock("antivirus", 0) as alone:
        return _round() if alone else []


def _round():
    deadline, infected = time.monotonic() + ROUND, []
    for pk in _due():
        if time.monotonic() > deadline:
            break
        try:
            infected.extend(_scan(pk))
        except AntivirusAway:
            logger.warning("antivirus injoignable : les fichiers déposés restent en attente d’analyse")
            break
    if is_there():
        sign(ANTIVIRUS)
    return infected


def _due():
    """Ids of what to scan: never scanned, those that failed least first; then clean for a month, the oldest first."""
    kept = FileScan.objects.exclude(object_id=None)
    never = kept.filter(state__in=[ScanState.AWAITED, ScanState.UNSCANNED])
    again = kept.filter(state=ScanState.CLEAN, scanned_on__lt=timezone.now() - READ_AGAIN)
    waiting = list(never.order_by("attempts", "pk").values_list("pk", flat=True)[:MOST])
    return waiting + list(again.order_by("scanned_on").values_list("pk", flat=True)[: MOST - len(waiting)])


def _scan(pk):
    """Scan one content; no transaction is open meanwhile, which a deposit would wait for. Returns it when infected."""
    scan = FileScan.objects.get(pk=pk)
    row = _source_of(scan)
    if row is None:
        # Erased, or recorded: nobody keeps this content any more, until it is deposited again.
        FileScan.objects.filter(pk=pk).update(object_kind="", object_id=None)
        return []
    try:
        threat = find_threat(row.deposited_content)
    except NoVerdict:
        logger.warning("antivirus sans verdict : analyse %s, à reprendre", pk)
        FileScan.objects.filter(pk=pk, attempts__lt=MOST_ATTEMPTS).update(attempts=F("attempts") + 1)
        return []
    return _conclude(scan, row, threat)


@transaction.atomic
def _conclude(scan, row, threat):
    """Keep the verdict, and let the work that waited for it go on. Returns [scan] when it is newly infected."""
    scan.state = ScanState.INFECTED if threat else ScanState.CLEAN
    scan.threat, scan.scanned_on, scan.attempts = threat[:100], timezone.now(), 0
    scan.object_kind, scan.object_id = row._meta.label_lower, row.pk
    scan.save()
    if isinstance(row, Job) and not row.is_over:
        transaction.on_commit(lambda: send(row))
    return [scan] if threat else []


@transaction.atomic
def _source_of(scan):
    """A row that keeps this content: the last one that asked, or any other; None when there is none left."""
    with beyond_scope(EVERY_CONTENT):
        kinds = {model._meta.label_lower: model for model in deposited_models()}
        asked = kinds.get(scan.object_kind)
        row = asked._base_manager.filter(pk=scan.object_id).first() if asked else None
        if row is not None and row.deposited_digest == scan.sha256 and row.deposited_content:
            return row
        return next(filter(None, (_keeper(model, scan.sha256) for model in kinds.values())), None)


def _keeper(model, digest):
    return _kept(model).filter(deposited_as=digest).first()


def deposited_models():
    """The models that keep deposited contents."""
    return [model for model in apps.get_models() if issubclass(model, Deposited)]


def _kept(model):
    """Rows of a model that still keep a content, each with its digest (`deposited_as`)."""
    digest = F(model.digest_column) if model.digest_column else Digest(model.deposited_field)
    empty = {model.deposited_field: b""}
    rows = model._base_manager.exclude(**empty).filter(**{f"{model.deposited_field}__isnull": False})
    return rows.annotate(deposited_as=digest)


@transaction.atomic
def ask_forgotten():
    """Ask for the scan of every content kept that has none: deposited otherwise than through a service of ours.

    Once a month, when there is an antivirus: it reads every attachment. Returns how many were asked.
    """
    if not is_on():
        return 0
    asked = 0
    with beyond_scope(EVERY_CONTENT):
        for model in deposited_models():
            unknown = _kept(model).exclude(deposited_as__in=FileScan.objects.values("sha256"))
            for row in unknown.order_by("pk").iterator(chunk_size=20):
                asked += _ask(row)
    return asked


def _ask(row):
    """1 when a scan is asked for, 0 for what nobody deposited."""
    if not row.deposited_digest:
        return 0
    place = {"object_kind": row._meta.label_lower, "object_id": row.pk}
    return int(FileScan.objects.get_or_create(sha256=row.deposited_digest, defaults=place)[1])
