"""Probes: « vivant » says the process answers, « pret » that it can work, and neither says more."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from clauses_portal.celery import app

ALIVE, READY = "/sante/vivant", "/sante/pret"
NOWHERE = "redis://127.0.0.1:1/0"


def answer(client, path, **headers):
    response = client.get(path, headers=headers)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Set-Cookie" not in response.headers
    return response.status_code, response.content.decode()


def broken(execute, sql, params, many, context):
    raise OperationalError("could not connect to server")


@pytest.mark.django_db
def test_everything_is_well(client):
    assert answer(client, ALIVE) == (200, "ok\n")
    assert answer(client, READY) == (200, "ok\n")


@pytest.mark.django_db
def test_a_probe_needs_no_host_name(client):
    assert answer(client, ALIVE, host="10.0.0.7") == (200, "ok\n")
    assert answer(client, READY, host="10.0.0.7") == (200, "ok\n")


@pytest.mark.django_db
def test_without_the_database(client):
    with connection.execute_wrapper(broken):
        assert answer(client, READY) == (503, "indisponible\n")
        assert answer(client, ALIVE) == (200, "ok\n")


@pytest.mark.django_db
def test_with_a_migration_to_apply(client):
    last = MigrationRecorder.Migration.objects.filter(app="reporting").latest("name")
    MigrationRecorder(connection).record_unapplied("reporting", last.name)
    assert answer(client, READY) == (503, "indisponible\n")


@pytest.mark.django_db
def test_without_the_broker(client, monkeypatch):
    monkeypatch.setattr(app.conf, "broker_url", NOWHERE)
    assert answer(client, READY) == (503, "indisponible\n")
    assert answer(client, ALIVE) == (200, "ok\n")


@pytest.mark.django_db
def test_without_the_cache(client, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": NOWHERE}}
    assert answer(client, READY) == (503, "indisponible\n")
    assert answer(client, ALIVE) == (200, "ok\n")


@pytest.mark.parametrize("path", ["/sante/", "/sante", "/sante/vivant/"])
@pytest.mark.django_db
def test_there_is_no_other_probe(client, path):
    assert client.get(path).status_code in {301, 302, 404}
