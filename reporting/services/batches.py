"""The papers of a quarter asked for together: opened, previewed, published; one progress line (domain.md §9.9)."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from clauses_portal.accounts.models import User
from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import JobState, publish_on_commit, read_progress
from clauses_portal.core.periods import Quarter
from facilitators.enums import Permission
from facilitators.permissions import scope_of, territories_for
from participants.models import HoursEntry
from reporting.enums import StatementKind, StatementState
from reporting.models import ExportJob, ProductionBatch, Statement
from reporting.services.drafts import directorates_followed
from reporting.services.production import NOT_OVER, ask
from reporting.services.statements import markets_within, open_statement

P = Permission
OPENING = "Ouverture des brouillons"


@dataclass
class BatchProgress:
    """One line for all the papers of a batch, as the component « progress » reads it."""

    pk: int
    done: int
    total: int
    step: str
    error: str
    is_over: bool

    def get_state_display(self):
        return "Terminé" if self.is_over else "En cours"


@transaction.atomic
def ask_batch(*, period, by):
    """Ask for the previews of the quarter `period` (Quarter), those this account may produce. Returns the batch.

    Asked twice, done once: as long as one of its papers is not over, the same batch is returned.
    """
    # the account, locked: two clicks are one after the other
    User.objects.select_for_update().get(pk=by.pk)
    latest = ProductionBatch.objects.filter(period_code=str(period), asked_by=by).first()
    if latest and not progress_of(latest).is_over:
        return latest
    batch = ProductionBatch(period_code=str(period), asked_at=timezone.now(), asked_by=by)
    batch.full_clean()
    batch.save()
    publish_on_commit(batch)
    return batch


def may_produce(batch):
    """May its author still produce papers somewhere, now?"""
    scope = scope_of(batch.asked_by)
    return scope.allows(P.PUBLISH_STATEMENTS) or scope.allows(P.PUBLISH_REPORTS)


def do_batch(batch, progress):
    """Open the missing drafts and ask for the document of each, in a worker. Done again, it asks nothing twice."""
    quarter = Quarter.parse(batch.period_code)
    scopes = scopes_of(batch.asked_by, quarter)
    batch.total = max(len(scopes), 1)
    asked = set(batch.jobs.values_list("statement", flat=True))
    for number, scope in enumerate(scopes, start=1):
        progress(OPENING, number)
        paper = open_statement(kind=StatementKind.QUARTERLY, period=quarter, by=batch.asked_by, **scope)
        if paper.state == StatementState.DRAFT and paper.pk not in asked:
            ask(statement=paper, by=batch.asked_by, publish=False, batch=batch)


def scopes_of(user, quarter):
    """[{territory | market | directorate: row}] of the papers of a quarter this account may produce.

    Markets: those with hours in the quarter, every lot of which is in its territories.
    """
    territories = territories_for(user, P.PUBLISH_STATEMENTS)
    active = HoursEntry.objects.of_period(quarter).filter(market=OuterRef("pk"))
    markets = markets_within(territories).filter(Exists(active)).order_by("pk")
    directorates = directorates_followed(quarter) if scope_of(user).allows(P.PUBLISH_REPORTS) else []
    return [
        *({"territory": row} for row in territories),
        *({"directorate": row} for row in directorates),
        *({"market": row} for row in markets),
    ]


def papers_of(batch):
    """The last production of each paper of a batch, in the order they were asked."""
    latest = batch.jobs.order_by("statement_id", "-pk").distinct("statement_id").values("pk")
    rows = ExportJob.objects.filter(pk__in=latest).order_by("statement_id")
    return rows.select_related("statement__territory", "statement__directorate", "statement__market")


def progress_of(batch):
    """The `BatchProgress` of a batch: while its drafts are opened, then while its papers are produced."""
    if not batch.is_over or batch.error:
        batch = read_progress(batch)
        return BatchProgress(batch.pk, batch.done, batch.total, batch.step, batch.error, batch.is_over)
    states = Counter(papers_of(batch).values_list("state", flat=True))
    total = sum(states.values())
    waiting = states[JobState.ASKED] + states[JobState.RUNNING]
    return BatchProgress(batch.pk, total - waiting, total, "Production des documents", "", waiting == 0)


@transaction.atomic
def retry_failures(*, batch, by):
    """Ask again for the papers that failed. Returns how many."""
    failed = papers_of(batch).filter(state__in=[JobState.FAILED, JobState.REFUSED])
    return _ask_again(batch, failed, by)


@transaction.atomic
def publish_all(*, batch, by):
    """Ask for the publication of every paper of a batch still in draft. Returns how many.

    Raises DomainError while the quarter is not over.
    """
    if Quarter.parse(batch.period_code).end >= timezone.localdate():
        raise DomainError(NOT_OVER[StatementKind.QUARTERLY])
    return _ask_again(batch, papers_of(batch).exclude(state__in=[JobState.ASKED, JobState.RUNNING]), by, publish=True)


def _ask_again(batch, papers, by, *, publish=None):
    allowed = Statement.objects.drafts().publishable_by(by)
    drafts = papers.filter(Q(statement__in=allowed.values("pk")))
    for job in drafts:
        ask(statement=job.statement, by=by, publish=job.publish if publish is None else publish, batch=batch)
    return len(drafts)
