"""A14: somebody writes in the broker. The worker reads its own row, asks for the rights again, and stays alive."""

import json
import logging
import uuid

import pytest
from celery.contrib.testing.worker import start_worker
from kombu import Producer

from clauses_portal.celery import app
from clauses_portal.core.jobs import outbox
from clauses_portal.core.jobs.worker import REFUSED
from clauses_portal.core.models import Heartbeat
from clauses_portal.embedded.process import wait_until
from facilitators.enums import Role
from facilitators.mail import queue_mail
from facilitators.permissions import grant
from reporting.models import ExportJob
from reporting.services.production import ask
from reporting.tasks import produce_statement
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import ConventionFactory, TerritoryFactory
from tests.factories.reporting import StatementFactory
from tests.support.servers import own_valkey

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

QUEUES = ("default", "pdf", "imports")
NAME = "ZZCANARINOM"
PATIENCE = 20


def _reach(url):
    app.conf.broker_url, app._pool, app.amqp._producer_pool = url, None, None


@pytest.fixture
def broker(tmp_path):
    """A broker where nobody else reads nor writes."""
    former, hijacks = app.conf.broker_url, app.conf.worker_hijack_root_logger
    with own_valkey(tmp_path) as server:
        app.conf.worker_hijack_root_logger = False
        _reach(server.url())
        yield server
        _reach(former)
        app.conf.worker_hijack_root_logger = hijacks


@pytest.fixture
def worker(broker):
    """A worker that listens where nothing but the forged messages is."""
    with start_worker(app, perform_ping_check=False, queues=["default"], shutdown_timeout=30) as running:
        yield running


@pytest.fixture
def person():
    """person(role on a new territory) is (an account, its territory)."""

    def make():
        territory, user = TerritoryFactory(), UserFactory()
        ConventionFactory(territories=[territory])
        grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
        return user, territory

    return make


def push(task, args=(), kwargs=None, *, serializer="json", queue="default"):
    """Put a message in the broker by hand, as somebody who has its password would."""
    number = str(uuid.uuid4())
    headers = {"lang": "py", "task": task, "id": number, "root_id": number, "retries": 0}
    with app.connection_for_write() as connection, connection.channel() as channel:
        body = (list(args), kwargs or {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None})
        Producer(channel).publish(body, serializer=serializer, routing_key=queue, headers=headers)


def asked(user, territory):
    return ask(statement=StatementFactory(territory=territory), by=user, publish=False)


def over(job):
    return wait_until(lambda: ExportJob.objects.get(pk=job.pk).is_over, PATIENCE)


def state_of(job):
    return ExportJob.objects.values_list("state", "error").get(pk=job.pk)


def waiting(server, queue):
    """The messages of a queue, as the broker keeps them."""
    return [message.decode() for message in server.client().lrange(queue, 0, -1)]


def test_a_message_of_the_portal_holds_a_number_and_nothing_of_anybody(broker, person):
    user, territory = person()
    job = asked(user, territory)
    queue_mail(recipient="zzcanarinom@example.test", subject=NAME, body=NAME)
    [message] = waiting(broker, "pdf")
    headers = json.loads(message)["headers"]
    assert (headers["task"], headers["argsrepr"], headers["kwargsrepr"]) == (job.task, f"[{job.pk}]", "{}")
    everything = "".join(message for queue in QUEUES for message in waiting(broker, queue))
    assert NAME.lower() not in everything.lower()
    assert user.email not in everything
    assert user.last_name not in everything


def test_somebody_else_s_territory_or_name_on_a_row_is_refused(worker, person):
    """The row itself was forged: its author has no right there, today."""
    user, _ = person()
    _, elsewhere = person()
    job = asked(user, elsewhere)
    push(job.task, [job.pk])
    assert over(job)
    assert state_of(job) == ("refused", REFUSED)


def test_a_right_lost_since_the_click_is_refused(broker, person):
    user, territory = person()
    job = asked(user, territory)
    user.is_active = False
    user.save()
    with start_worker(app, perform_ping_check=False, queues=["pdf"], shutdown_timeout=30):
        assert over(job)
    assert state_of(job) == ("refused", REFUSED)


@pytest.mark.parametrize(
    "forged",
    [
        lambda job: push(job.task, [job.pk], serializer="pickle"),
        lambda job: push("os.system", ["id"]),
        lambda job: push("reporting.tasks.no_such_task", [job.pk]),
        lambda job: push(job.task, []),
        lambda job: push(job.task, [job.pk, 1]),
        lambda job: push(job.task, [job.pk], {"territory": 1}),
        lambda job: push(job.task, [NAME]),
        lambda job: push(job.task, [{"name": NAME}]),
        lambda job: push(job.task, [10**30]),
        lambda job: push(job.task, [-1]),
        lambda job: push(job.task, [True]),
        lambda job: push(job.task, [None]),
    ],
    ids=[
        *("pickle", "system call", "unknown task", "no argument", "one too many", "unknown argument"),
        *("a name", "a document", "too large", "negative", "a boolean", "nothing"),
    ],
)
def test_a_forged_message_does_nothing_and_the_worker_goes_on(worker, person, forged, caplog):
    job = asked(*person())
    with caplog.at_level(logging.INFO):
        forged(job)
        push("clauses_portal.core.tasks.sign_of_life")
        assert wait_until(Heartbeat.objects.exists, PATIENCE), "the worker is dead"
    assert ExportJob.objects.values_list("state", "attempts").get() == ("asked", 0)
    assert NAME not in caplog.text


def test_a_task_called_with_what_is_no_number_does_nothing(person):
    for forged in (NAME, None, True, 1.5, [1], -1, 10**30):
        produce_statement(forged)
    assert not ExportJob.objects.exists()


def test_with_the_broker_away_the_asking_is_kept_then_sent(broker, person):
    user, territory = person()
    broker.stop()
    job = asked(user, territory)
    assert state_of(job) == ("asked", "")
    broker.start()
    assert outbox.resend_forgotten(ExportJob) == 1
    assert len(waiting(broker, "pdf")) == 1
