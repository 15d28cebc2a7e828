"""Closing a quarter while people work on it, with real threads (security.md §4.2)."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from clauses_portal.core import jobs
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.jobs import JobState
from clauses_portal.core.periods import Quarter
from clauses_portal.core.services import lock
from facilitators.models import Territory
from participants.models import ClosedPeriod, HoursEntry
from participants.services.hours import CLOSED, record_month
from reporting.models import ExportJob, ProductionBatch, Statement
from reporting.services.batches import ask_batch
from reporting.services.production import ask
from reporting.services.statements import close_quarter, new_version, open_statement
from reporting.statements.quarterly import build_snapshot
from reporting.tasks import still_allowed
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import TerritoryFactory
from tests.factories.participants import EmploymentContractFactory
from tests.factories.reporting import StatementFactory
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

ITERATIONS = 20
MAY = date(2026, 5, 1)


def test_hours_typed_while_the_quarter_closes_are_in_the_statement_or_refused():
    """What was sent is what stays: no hour slips in after the sum, none is lost before it."""
    contract, who = EmploymentContractFactory(validated=True), author()
    statement = StatementFactory(territory=contract.territory)

    @transaction.atomic
    def close():
        """As `produce` does, without the paper."""
        territory = lock(Territory.objects, contract.territory_id)
        snapshot = build_snapshot(statement, dated_on=date(2026, 9, 15))
        close_quarter(territory=territory, quarter=Quarter(2026, 2), by=who)
        return Decimal(snapshot["synthesis"]["declared_quarter"])

    for number in range(1, ITERATIONS + 1):
        sent, typed = race(
            close, lambda hours=number: record_month(contract=contract, month=MAY, declared=Decimal(hours), by=who)
        )
        assert sent == (HoursEntry.objects.aggregate(total=Sum("declared"))["total"] or 0)
        if isinstance(typed, Exception):
            assert (isinstance(typed, DomainError), typed.message) == (True, CLOSED)
        ClosedPeriod.objects.all().delete()


def test_a_statement_asked_by_two_people_is_one_job():
    who = author()
    for _ in range(ITERATIONS // 2):
        statement = StatementFactory()
        asked, refused = sort_out(race(*[lambda s=statement: ask(statement=s, by=who, publish=False)] * 2))
        assert [error for error in refused if not isinstance(error, Conflict)] == []
        assert len({job.pk for job in asked}) == 1
        assert ExportJob.objects.filter(statement=statement).count() == 1


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
