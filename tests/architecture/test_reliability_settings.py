"""The settings without which work is lost or done twice (security.md §4.3), as the worker has them in force."""

import importlib

import pytest

from clauses_portal.celery import app
from clauses_portal.core.jobs import Job, outbox, worker
from clauses_portal.core.jobs.tasks import GRACE
from clauses_portal.embedded import portal
from tests.architecture.test_tasks import QUEUES, tasks

IN_FORCE = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "task_soft_time_limit": 90,
    "task_time_limit": 120,
    "task_serializer": "json",
    "accept_content": ["json"],
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": 50,
    "worker_max_memory_per_child": 400_000,
    "task_publish_retry": False,
}
TRANSPORT = {"visibility_timeout": 900, "unacked_restore_interval": 10, "unacked_restore_throttle": 1}


@pytest.mark.parametrize("name", IN_FORCE)
def test_the_worker_is_set_not_to_lose_work(name):
    assert getattr(app.conf, name) == IN_FORCE[name]


def test_the_broker_gives_back_what_a_dead_worker_had():
    assert app.conf.broker_transport_options.items() >= TRANSPORT.items()
    assert app.conf.broker_transport_options["socket_connect_timeout"] == 1, "a request never waits for the broker"


def test_no_task_outlives_what_it_is_given():
    """A limit of its own leaves it time to put things in order; the others have that of the settings."""
    limits = {name: (task.soft_time_limit, task.time_limit) for name, task in tasks().items()}
    own = {name: pair for name, pair in limits.items() if pair != (90, 120)}
    assert {name: pair for name, pair in own.items() if None in pair or pair[1] - pair[0] < GRACE} == {}


def test_no_task_overrides_what_saves_it():
    assert {name for name, task in tasks().items() if not (task.acks_late and task.reject_on_worker_lost)} == set()
    assert {name for name, task in tasks().items() if not task.ignore_result} == set()


def test_the_task_of_every_job_is_tried_again_when_the_database_goes_away():
    again = {name for name, task in tasks().items() if "OperationalError" in str(getattr(task, "autoretry_for", ""))}
    assert {job.task for job in Job.__subclasses__()} - again == set()


def test_poison_ends_and_what_was_forgotten_is_sent_again():
    assert (worker.POISON, outbox.PATIENCE.total_seconds()) == (3, 60)
    swept = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}
    sweepers = {name for name in swept if name.endswith("republish_forgotten_jobs")}
    assert {swept[name] for name in sweepers} == {30.0}
    assert {job._meta.app_label for job in Job.__subclasses__()} == {name.split(".")[0] for name in sweepers}


@pytest.mark.django_db  # a task says for whom it works to the database
def test_every_kind_of_job_is_swept(monkeypatch):
    """A new kind of job that its sweeper does not name would wait for ever."""
    swept = []
    monkeypatch.setattr("clauses_portal.core.jobs.resend_forgotten", swept.append)
    for label in {job._meta.app_label for job in Job.__subclasses__()}:
        importlib.import_module(f"{label}.tasks").republish_forgotten_jobs()
    assert set(swept) == set(Job.__subclasses__())


def test_the_processes_started_together_take_every_queue():
    assert set(portal.QUEUES.split(",")) == QUEUES
