"""Background work: each task knows its queue, and carries nothing but ids."""

import inspect

from django.conf import settings

from clauses_portal.celery import app
from clauses_portal.core.jobs import Job
from tests.support.source import PACKAGES

QUEUES = {"default", "pdf", "imports"}


def tasks():
    """{name: task} of our own tasks."""
    app.loader.import_default_modules()
    return {name: task for name, task in sorted(app.tasks.items()) if name.split(".")[0] in PACKAGES}


def test_every_task_is_routed():
    routes = {name: app.amqp.router.route({}, name)["queue"].name for name in tasks()}
    assert routes
    assert {name: queue for name, queue in routes.items() if queue not in QUEUES} == {}


def test_every_task_takes_ids_only():
    parameters = {name: list(inspect.signature(task.run).parameters) for name, task in tasks().items()}
    assert {name: given for name, given in parameters.items() if not all(p.endswith("_pk") for p in given)} == {}


def test_the_task_of_a_job_exists():
    assert Job.__subclasses__()
    assert [job for job in Job.__subclasses__() if job.task not in tasks()] == []


def test_what_beat_schedules_exists():
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(tasks())


def test_no_route_is_stale():
    apps = {name.rsplit(".", 1)[0] for name in tasks()}
    assert {pattern.rsplit(".", 1)[0] for pattern in settings.CELERY_TASK_ROUTES} <= apps


def test_heavy_work_does_not_delay_the_rest():
    routes = {name: app.amqp.router.route({}, name)["queue"].name for name in tasks()}
    assert routes["reporting.tasks.produce_statement"] == "pdf"
    assert routes["markets.tasks.import_file"] == "imports"


def test_messages_are_json_and_survive_a_killed_worker():
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
