"""Two territories, each with a row of every kind, and who looks at what is not hers."""

import pytest
from django.db import transaction

from clauses_portal.core.exports import answers
from tests.factories.facilitators import three_territories
from tests.support.sequences import count_from
from tests.test_access_matrix import fill

# Of this module alone: far from the rows a test adds.
FIRST = 300


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch):
    """More exports in a minute than an account may ask for."""
    monkeypatch.setattr(answers, "MOST_A_MINUTE", 10**9)


@pytest.fixture(scope="module")
def shared_world(django_db_setup, django_db_blocker):
    """One object behind each route, all in Pays d’Aix, made once for the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        count_from(FIRST)
        yield fill(*three_territories()[:2])
        transaction.set_rollback(True)


@pytest.fixture
def world(shared_world, db):
    """The shared world, with the rows one identity adds to it."""
    return shared_world | {"targets": dict(shared_world["targets"])}
