"""Long work: asked once, done once, refused in time, never lost and never in the way (security.md §4.3)."""

import socket
from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError
from django.utils import timezone

from clauses_portal.celery import app
from clauses_portal.core import jobs
from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import JobState, read_progress, resend_forgotten
from clauses_portal.core.jobs.outbox import PATIENCE, send
from clauses_portal.core.jobs.worker import FAILED, POISON, POISONED, REFUSED
from facilitators.enums import Role
from facilitators.permissions import grant, revoke
from reporting.models import ExportJob
from reporting.services.production import ask
from reporting.tasks import republish_forgotten_jobs, still_allowed
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import ConventionFactory
from tests.factories.reporting import StatementFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def facilitator(territory, convention):
    user = UserFactory()
    user.membership = grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


@pytest.fixture
def job(territory, facilitator):
    return ask(statement=StatementFactory(territory=territory), by=facilitator, publish=False)


@pytest.fixture
def broker_away():
    """Nobody listens where the broker should be."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    former = app.conf.broker_url
    for url in (f"redis://127.0.0.1:{port}/0", former):
        app.conf.broker_url, app._pool, app.amqp._producer_pool = url, None, None
        if url != former:
            yield


def do(job, work, allowed=still_allowed):
    """What the task does with an id; returns the row as it stands then."""
    jobs.run(ExportJob, job.pk, allowed=allowed, work=work)
    return ExportJob.objects.get(pk=job.pk)


def nothing(job, progress):
    """A work that has nothing to do."""


def lost(job, progress):
    """A work during which the database goes away, or whose worker is killed."""
    raise OperationalError("the database went away")


def test_a_job_is_done_once_however_often_it_is_delivered(job):
    done = []
    for _ in range(3):
        finished = do(job, lambda job, progress: done.append(job.pk))
    assert done == [job.pk]
    assert (finished.state, finished.attempts, finished.error) == (JobState.DONE, 1, "")
    assert (finished.done, finished.step, finished.finished_on is not None) == (finished.total, "Terminé", True)


def test_an_unknown_job_is_nobody_s(job):
    jobs.run(ExportJob, job.pk + 1, allowed=still_allowed, work=lost)
    assert ExportJob.objects.get().state == JobState.ASKED


def test_asked_twice_it_is_one_job(job, facilitator):
    assert ask(statement=job.statement, by=UserFactory(), publish=False) == job
    assert ExportJob.objects.count() == 1
    do(job, nothing)
    assert ask(statement=job.statement, by=facilitator, publish=False) != job


def test_a_rule_of_the_trade_ends_the_job_with_its_sentence(job):
    def refuse(job, progress):
        raise DomainError("Ce document signé ne peut plus être modifié.")

    finished = do(job, refuse)
    assert (finished.state, finished.error) == (JobState.FAILED, "Ce document signé ne peut plus être modifié.")


def test_a_fault_ends_the_job_without_its_details(job, caplog):
    def break_down(job, progress):
        raise ObjectDoesNotExist("SELECT secret FROM table")

    finished = do(job, break_down)
    assert (finished.state, finished.error) == (JobState.FAILED, FAILED)
    assert "ObjectDoesNotExist" in caplog.text
    assert "SELECT secret" not in caplog.text


def test_a_database_away_leaves_the_job_for_the_next_delivery(job):
    with pytest.raises(OperationalError):
        do(job, lost)
    assert ExportJob.objects.get().state == JobState.RUNNING
    assert do(job, nothing).state == JobState.DONE


def test_a_job_that_kills_its_workers_ends(job):
    for _ in range(POISON):
        with pytest.raises(OperationalError):
            do(job, lost)
    finished = do(job, lost)
    assert (finished.state, finished.error, finished.attempts) == (JobState.FAILED, POISONED, POISON)
    assert not ExportJob.objects.waiting().exists()


@pytest.mark.parametrize("reason", ["revoked", "inactive", "convention over", "moved"])
def test_rights_are_those_of_the_moment_and_not_of_the_click(job, facilitator, territory, elsewhere, reason):
    match reason:
        case "revoked":
            revoke(membership=facilitator.membership, by=author())
        case "inactive":
            type(facilitator).objects.update(is_active=False)
        case "convention over":
            convention = territory.conventions.get()
            convention.territories.set([elsewhere])
        case "moved":
            job.statement.territory = elsewhere
            job.statement.save()
    done = []
    finished = do(job, lambda job, progress: done.append(job.pk))
    assert (finished.state, finished.error, done) == (JobState.REFUSED, REFUSED, [])


def test_a_renewed_convention_lets_the_job_through(job, territory):
    territory.conventions.get().territories.clear()
    ConventionFactory(territories=[territory])
    assert do(job, nothing).state == JobState.DONE


def test_the_console_answers_for_itself(territory):
    job = ask(statement=StatementFactory(territory=territory), by=author(), publish=False, from_console=True)
    assert do(job, nothing).state == JobState.DONE


def test_progress_is_seen_while_the_work_is_not_committed(job):
    seen = []

    def work(job, progress):
        progress("Calcul")
        seen.append(read_progress(ExportJob.objects.get()))
        progress("Mise en page", 3)
        seen.append(read_progress(ExportJob.objects.get()))

    finished = do(job, work)
    assert [(row.step, row.done) for row in seen] == [("Calcul", 1), ("Mise en page", 3)]
    assert (read_progress(finished).step, read_progress(finished).done) == ("Terminé", finished.total)


def test_forgotten_jobs_are_sent_again(job, territory):
    now = timezone.now()
    rows = {
        "never sent": {"sent_on": None},
        "lost": {"sent_on": now - PATIENCE - timedelta(seconds=1)},
        "left by a killed worker": {"sent_on": now - timedelta(hours=1), "state": JobState.RUNNING},
        "on its way": {"sent_on": now - PATIENCE + timedelta(seconds=5)},
        "done": {"sent_on": None, "state": JobState.DONE},
        "refused": {"sent_on": None, "state": JobState.REFUSED},
        "failed": {"sent_on": None, "state": JobState.FAILED},
    }
    ExportJob.objects.all().delete()
    made = {
        name: ExportJob.objects.create(
            statement=StatementFactory(territory=territory, period_code=f"{2000 + number}-T1"),
            asked_by=author(),
            asked_at=now,
            **fields,
        )
        for number, (name, fields) in enumerate(rows.items())
    }
    assert resend_forgotten(ExportJob) == 3
    sent = {name for name, row in made.items() if ExportJob.objects.get(pk=row.pk).sent_on != row.sent_on}
    assert sent == {"never sent", "lost", "left by a killed worker"}
    republish_forgotten_jobs()
    assert resend_forgotten(ExportJob) == 0


def test_the_message_is_an_id_and_waits_for_the_commit(territory, facilitator, django_capture_on_commit_callbacks):
    with app.connection_for_write() as broker:
        queue = broker.SimpleQueue(app.amqp.router.route({}, ExportJob.task)["queue"])
        queue.clear()
        with django_capture_on_commit_callbacks(execute=True):
            job = ask(statement=StatementFactory(territory=territory), by=facilitator, publish=False)
            with pytest.raises(queue.Empty):
                queue.get_nowait()
        message = queue.get(timeout=5)
        message.ack()
    assert message.headers["task"] == ExportJob.task
    assert message.payload[:2] == [[job.pk], {}]
    assert facilitator.email not in str(message.headers) + str(message.payload)


@pytest.mark.usefixtures("broker_away")
def test_a_broker_away_is_nobody_s_error(territory, facilitator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(statement=StatementFactory(territory=territory), by=facilitator, publish=False)
    job.refresh_from_db()
    assert (job.state, job.sent_on) == (JobState.ASKED, None)
    assert send(job) is False
    assert resend_forgotten(ExportJob) == 0
