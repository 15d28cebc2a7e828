"""Closing a quarter while people work on it, with real threads (security.md §4.2)."""

import threading

import pytest

from clauses_portal.core import jobs
from clauses_portal.core.jobs import JobState
from clauses_portal.core.periods import Quarter
from reporting.models import ExportJob, ProductionBatch, Statement
from reporting.services.batches import ask_batch
from reporting.services.production import ask
from reporting.services.statements import new_version, open_statement
from reporting.tasks import still_allowed
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import TerritoryFactory
from tests.factories.reporting import StatementFactory
from tests.support.threads import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

ITERATIONS = 20


def test_a_statement_opened_by_two_people_is_one_draft():
    who, territory = author(), TerritoryFactory()
    for number in range(ITERATIONS):
        quarter = Quarter(2000 + number, 1)
        both = {"kind": "quarterly", "period": quarter, "territory": territory, "by": who}
        opened = race(*[lambda both=both: open_statement(**both)] * 2)
        assert opened == [Statement.objects.get(period_code=str(quarter))] * 2


def test_a_paper_replaced_by_two_people_has_one_new_version():
    who = author()
    for _ in range(ITERATIONS // 2):
        published = StatementFactory(published=True)
        both = {"statement": published, "reason": "Relevé reçu.", "by": who}
        opened = race(*[lambda both=both: new_version(**both)] * 2)
        assert opened == [Statement.objects.get(replaces=published)] * 2


def test_a_quarter_asked_twice_at_once_is_one_batch():
    for _ in range(ITERATIONS // 4):
        who = UserFactory()
        asked = race(*[lambda who=who: ask_batch(period=Quarter(2026, 2), by=who)] * 2)
        assert asked == [ProductionBatch.objects.get(asked_by=who)] * 2


def test_two_workers_do_not_do_the_same_job():
    """The message is delivered again while the work is under way: the second worker leaves it."""
    job = ask(statement=StatementFactory(), by=author(), publish=False, from_console=True)
    under_way, release, done = threading.Event(), threading.Event(), []

    def first(job, progress):
        under_way.set()
        assert release.wait(timeout=10)
        done.append("first")

    def deliver_again():
        assert under_way.wait(timeout=10)
        jobs.run(ExportJob, job.pk, allowed=still_allowed, work=lambda job, progress: done.append("second"))
        release.set()

    race(lambda: jobs.run(ExportJob, job.pk, allowed=still_allowed, work=first), deliver_again)
    job.refresh_from_db()
    assert (done, job.state, job.attempts) == (["first"], JobState.DONE, 1)
