"""Asking for a paper and making it: from its data to its document, published whole or not at all (C19, C20)."""

import hashlib
from dataclasses import dataclass
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.french import typographic
from clauses_portal.core.jobs import publish_on_commit
from clauses_portal.core.pdf import checks
from clauses_portal.core.services import lock, validated_save
from facilitators import webhooks
from facilitators.enums import WebhookEvent
from facilitators.models import Territory
from markets.enums import LotState
from markets.models import Lot
from reporting.enums import StatementKind, StatementState
from reporting.models import ExportJob, Statement, StatementFile, StatementRatios
from reporting.services.statements import SIGNED, close_quarter
from reporting.statements.parts import head_of
from reporting.statements.recipes import RECIPES

NOT_OVER = {
    StatementKind.QUARTERLY: "Ce trimestre n’est pas terminé : son état ne peut pas encore être publié.",
    StatementKind.ANNUAL: "Cette année n’est pas terminée : son bilan ne peut pas encore être publié.",
    StatementKind.CLOSING: (
        "Ce marché n’est pas terminé : son bilan se publie quand tous ses lots sont achevés ou soldés."
    ),
}
MOVING = "Les heures changent pendant la publication : réessayez dans un instant."
FAULTY = "Le document n’est pas publié, il ne respecte pas ses règles : {} Prévenez l’administrateur."
ATTEMPTS = 3


@dataclass(frozen=True)
class Made:
    """A paper that was laid out: its data, its document, and at publication its files and confidential ratios."""

    snapshot: dict
    content: bytes
    files: list
    ratios: dict | None


def is_over(statement, today):
    """May it be published: its period is past; every lot of the market is over or closed (closing report)."""
    if statement.kind != StatementKind.CLOSING:
        return statement.ends_on < today
    lots = Lot.objects.with_clause().filter(market=statement.market_id)
    going_on = lots.exclude(state=LotState.CLOSED).exclude(ends_on__lt=today)
    return lots.exists() and not going_on.exists()


@transaction.atomic
def ask(*, statement, by, publish, from_console=False, batch=None):
    """Ask a worker for the document. Asked twice, done once: the job under way is returned.

    Raises Conflict (M20) when it is published already, DomainError when its period is not over.
    """
    statement = lock(Statement.objects, statement.pk)
    if statement.state == StatementState.PUBLISHED:
        raise Conflict(SIGNED)
    if publish and not is_over(statement, timezone.localdate()):
        raise DomainError(NOT_OVER[statement.kind])
    under_way = ExportJob.objects.waiting().filter(statement=statement).first()
    if under_way:
        return under_way
    job = ExportJob(statement=statement, publish=publish, from_console=from_console, batch=batch)
    job.asked_at, job.asked_by = timezone.now(), by
    job.full_clean()
    job.save()
    publish_on_commit(job)
    return job


def produce(job, progress):
    """Compute the data, render the PDF and, when the job says so, publish; a territory's quarter is then closed.

    The document is laid out without any lock, for it takes seconds; then, the paper locked, the data are computed
    again: published when they have not moved meanwhile, else laid out anew. `progress(step)` tells people.
    Raises Conflict (M20) when it is published already, DomainError when the hours never stay still, or when the
    document breaks its own rules.
    """
    dated_on = timezone.localdate()
    for _ in range(ATTEMPTS):
        made = _make(job, dated_on, progress)
        progress("Enregistrement", 3)
        if _keep(job, made, dated_on):
            return
    raise DomainError(MOVING)


def _make(job, dated_on, progress):
    progress("Calcul des heures et des effectifs", 1)
    statement = _dated(Statement.objects.select_related("territory", "directorate", "market"), job, dated_on)
    recipe = RECIPES[statement.kind]
    statement.snapshot = recipe.build(statement, dated_on=dated_on)
    progress("Mise en page", 2)
    content = recipe.render(statement, author=job.asked_by, published=job.publish)
    if not job.publish:
        return Made(statement.snapshot, content, [], None)
    ratios = recipe.ratios(statement)
    if ratios is not None:
        # the restricted version is made from it: `statement.ratios.data`
        StatementRatios(statement=statement, data=ratios)
    files = recipe.files(statement)
    _refuse_faulty(content, statement.snapshot, files)
    return Made(statement.snapshot, content, files, ratios)


def _dated(rows, job, dated_on):
    """The draft, a closing report brought to the day it is made. Raises Conflict once it is published."""
    statement = rows.get(pk=job.statement_id)
    if statement.state == StatementState.PUBLISHED:
        raise Conflict(SIGNED)
    if statement.kind == StatementKind.CLOSING:
        statement.ends_on = dated_on
    return statement


def _refuse_faulty(content, snapshot, files):
    """Tags, fonts, logos, emblem and attachments are checked on the PDF itself (C25, C26)."""
    attached = checks.attached_names(content)
    findings = checks.check(content, letterhead=head_of(snapshot), attachments=attached)
    findings += [
        f"Les données au format {kind.upper()} ne sont pas jointes."
        for kind in ("json", "csv")
        if not any(name.endswith(f".{kind}") for name in attached)
    ]
    for file in files:
        if file.mime == "application/pdf":
            findings += checks.check(file.content)
    if findings:
        raise DomainError(typographic(FAULTY.format(findings[0][:150])))


def _keep(job, made, dated_on):
    """Keep the document, published or not. False, and nothing kept, when the data moved while it was laid out.

    What is rolled back leaves no file behind; when the database goes away, nobody knows whether the row was written:
    the file stays, and the nightly sweep judges.
    """
    stored = []
    try:
        with transaction.atomic():
            return _write(job, made, dated_on, stored)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        for paper in stored:
            paper.storage.delete(paper.name)
        raise


def _write(job, made, dated_on, stored):
    statement = _dated(Statement.objects.select_for_update(of=("self",)), job, dated_on)
    if job.publish and not _stayed_still(statement, made.snapshot, dated_on):
        return False
    statement.snapshot = made.snapshot
    _attach(statement, made.content)
    stored.append(statement.pdf)
    if job.publish:
        _add_parts(statement, made)
        _publish(statement, by=job.asked_by)
    validated_save(statement, by=job.asked_by)
    return True


def _stayed_still(statement, snapshot, dated_on):
    if statement.territory_id:
        lock(Territory.objects, statement.territory_id)
    return RECIPES[statement.kind].build(statement, dated_on=dated_on) == snapshot


def _attach(statement, content):
    """Put the document where the row names it, and read it again: what is hashed is what the disk holds."""
    statement.sha256, statement.pdf_size = hashlib.sha256(content).hexdigest(), len(content)
    name = f"{uuid4().hex}.pdf"  # that nobody guesses
    statement.pdf.save(name, ContentFile(content), save=False)
    with statement.pdf.storage.open(statement.pdf.name) as kept:
        if hashlib.sha256(kept.read()).hexdigest() != statement.sha256:
            raise OSError(f"{statement.pdf.name} was not written whole")


def _add_parts(statement, made):
    """What is published with the document, before its state freezes them all (trigger)."""
    StatementFile.objects.bulk_create(
        StatementFile(
            statement=statement,
            kind=file.kind,
            company=file.company,
            name=file.name,
            mime=file.mime,
            content=file.content,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
        )
        for file in made.files
    )
    if made.ratios is not None:
        StatementRatios(statement=statement, data=made.ratios).save()


def _publish(statement, *, by):
    statement.state = StatementState.PUBLISHED
    statement.published_at, statement.published_by = timezone.now(), by
    if statement.territory_id and statement.kind == StatementKind.QUARTERLY:
        close_quarter(territory=statement.territory, quarter=statement.period, by=by)
    webhooks.emit(
        WebhookEvent.STATEMENT_PUBLISHED,
        territory_ids=_places(statement),
        resource="statements",
        object_id=statement.pk,
    )


def _places(statement):
    """Territories whose programs learn of it: its own, or those of its market; a paper of the office has none."""
    if statement.territory_id:
        return [statement.territory_id]
    return Lot.objects.filter(market=statement.market_id).values("territory") if statement.market_id else []
