"""Asking for a statement, drafting it, publishing it: what was sent never changes (C19)."""

import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.jobs import publish_on_commit
from clauses_portal.core.services import lock, validated_save
from facilitators.models import Territory
from participants.models import ClosedPeriod
from reporting.enums import StatementState
from reporting.models import ExportJob, Statement
from reporting.statements.documents import render_statement
from reporting.statements.quarterly import build_snapshot

SIGNED = "Ce document signé ne peut plus être modifié."
NOT_OVER = "Ce trimestre n’est pas terminé : son état ne peut pas encore être publié."
MOVING = "Les heures changent pendant la publication : réessayez dans un instant."
ATTEMPTS = 3
# Without the letters and digits that are mistaken for one another.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@transaction.atomic
def open_statement(*, quarter, by, territory=None, market=None):
    """Return the statement of this quarter and scope, made as a draft when there is none."""
    key = {"period_code": str(quarter), "territory": territory, "market": market}
    existing = _latest(key)
    if existing:
        return existing
    try:
        with transaction.atomic():
            return validated_save(Statement(**key, verification_code=new_code()), by=by)
    except (IntegrityError, ValidationError):
        # somebody opened it meanwhile; anything else is told
        if existing := _latest(key):
            return existing
        raise


def _latest(key):
    return Statement.objects.filter(**key).order_by("-version").first()


def new_code():
    """A verification code such as « 7K3M-Q9XD-2TBW »: 60 bits, readable aloud."""
    characters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(12))
    return "-".join(characters[i : i + 4] for i in (0, 4, 8))


@transaction.atomic
def write_draft(*, statement, comments, outlook, by):
    """Change the texts of a draft. Raises Conflict (M20) once published."""
    statement = lock(Statement.objects, statement.pk)
    if statement.state == StatementState.PUBLISHED:
        raise Conflict(SIGNED)
    statement.comments, statement.outlook = comments, outlook
    return validated_save(statement, by=by)


@transaction.atomic
def ask(*, statement, by, publish, from_console=False):
    """Ask a worker for the document. Asked twice, done once: the job under way is returned.

    Raises Conflict (M20) when it is published already, DomainError when the quarter is not over.
    """
    statement = lock(Statement.objects, statement.pk)
    if statement.state == StatementState.PUBLISHED:
        raise Conflict(SIGNED)
    if publish and statement.period.end >= timezone.localdate():
        raise DomainError(NOT_OVER)
    under_way = ExportJob.objects.waiting().filter(statement=statement).first()
    if under_way:
        return under_way
    job = ExportJob(statement=statement, publish=publish, from_console=from_console)
    job.asked_at, job.asked_by = timezone.now(), by
    job.full_clean()
    job.save()
    publish_on_commit(job)
    return job


def produce(job, progress):
    """Compute the data, render the PDF and, when the job says so, publish and close the quarter.

    The document is laid out without any lock, for it takes seconds; then, the territory locked, the data are computed
    again: published when they have not moved meanwhile, else laid out anew. `progress(step)` tells people.
    Raises Conflict (M20) when it is published already, DomainError when the hours never stay still.
    """
    statement = Statement.objects.select_related("territory", "market").get(pk=job.statement_id)
    dated_on = timezone.localdate()
    for _ in range(ATTEMPTS):
        progress("Calcul des heures et des effectifs", 1)
        statement.snapshot = build_snapshot(statement, dated_on=dated_on)
        progress("Mise en page", 2)
        content = render_statement(statement, author=job.asked_by, published=job.publish)
        progress("Enregistrement", 3)
        if _keep(job, statement.snapshot, content, dated_on):
            return
    raise DomainError(MOVING)


@transaction.atomic
def _keep(job, snapshot, content, dated_on):
    """Keep the document, published or not. False, and nothing kept, when the data moved while it was laid out."""
    statement = lock(Statement.objects, job.statement_id)
    if statement.state == StatementState.PUBLISHED:
        raise Conflict(SIGNED)
    if job.publish:
        if statement.territory_id:
            lock(Territory.objects, statement.territory_id)
        if build_snapshot(statement, dated_on=dated_on) != snapshot:
            return False
        _publish(statement, by=job.asked_by)
    statement.snapshot = snapshot
    _attach(statement, content)
    validated_save(statement, by=job.asked_by)
    return True


def _attach(statement, content):
    statement.sha256, statement.pdf_size = hashlib.sha256(content).hexdigest(), len(content)
    statement.pdf.save(f"{statement.number}-{statement.sha256[:12]}.pdf", ContentFile(content), save=False)


def _publish(statement, *, by):
    statement.state = StatementState.PUBLISHED
    statement.published_at, statement.published_by = timezone.now(), by
    if statement.territory_id:
        close_quarter(territory=statement.territory, quarter=statement.period, by=by)


def close_quarter(*, territory, quarter, by):
    """Close the hours of a quarter for a territory: from now on they only change by régularisation."""
    ClosedPeriod.objects.get_or_create(
        territory=territory,
        quarter_start=quarter.start,
        defaults={"closed_at": timezone.now(), "closed_by": by},
    )
