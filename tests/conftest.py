"""What every test gets: strictness, a few rows to start from, a client per role."""

import gc
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings

from facilitators.enums import Role
from facilitators.permissions import grant
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import ConventionFactory, DirectorateFactory, three_territories
from tests.support.application_role import leave_role, open_by_default, take_role
from tests.support.emptying import empty_quickly
from tests.support.keys import program
from tests.support.quick_histories import quick_histories
from tests.support.quick_migrations import quick_migrations
from tests.support.sequences import count_from
from tests.support.strictness import StrictClient, block_network, refuse_unknown_variables
from tests.support.template_database import use_template

# The same examples at each run: a red build is never a matter of luck.
settings.register_profile(
    "portal",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("portal")


@pytest.fixture(autouse=True, scope="session")
def _this_machine_only():
    with pytest.MonkeyPatch.context() as patch:
        block_network(patch)
        yield


@pytest.fixture(autouse=True, scope="session")
def _rare_garbage_collection():
    """What is imported is here to stay, and tests make few cycles: looking for them was a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True, scope="session")
def _quick():
    with pytest.MonkeyPatch.context() as patch:
        empty_quickly(patch)
        quick_histories(patch)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_db_keepdb, django_db_createdb, django_db_blocker
):
    """The test database is a copy of a migrated one (the one that `--reuse-db` keeps is migrated where it is)."""
    with quick_migrations():
        if django_db_createdb or not django_db_keepdb:
            with django_db_blocker.unblock():
                use_template()
        yield


def pytest_addoption(parser):
    parser.addoption(
        "--application-role", action="store_true", help="under the role of web and worker (make test-role)"
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, request):
    """With `--application-role`, the tests work in the database as the application does."""
    open_by_default()
    if request.config.getoption("--application-role"):
        with django_db_blocker.unblock():
            take_role()
            yield
            leave_role()
    else:
        yield


@pytest.fixture(autouse=True)
def _known_variables_only(monkeypatch):
    refuse_unknown_variables(monkeypatch)


@pytest.fixture(autouse=True)
def _factories_start_again():
    """Each test counts its rows from the beginning, whatever ran before it."""
    count_from(0)


@pytest.fixture
def today():
    """A fixed day, Tuesday 15 September 2026: the third quarter is under way, the first two are over."""
    with time_machine.travel("2026-09-15T10:00:00+02:00"):
        yield date(2026, 9, 15)


@pytest.fixture
def client():
    """A visitor who has not signed in. Reading a page must not write (see `StrictClient`)."""
    return StrictClient()


@pytest.fixture
def territories(db):
    """The three territories of the convention, each with two communes."""
    return three_territories()


@pytest.fixture
def territory(territories):
    """Pays d’Aix."""
    return territories[0]


@pytest.fixture
def elsewhere(territories):
    """Pays d’Aubagne et de l’Étoile: another territory of the same convention."""
    return territories[1]


@pytest.fixture
def convention(territories):
    """The convention in force on the three territories."""
    return ConventionFactory(territories=territories)


@pytest.fixture
def as_role(territory):
    """as_role(role, territory=…, directorate=…) returns a client signed in with that role; its account is `.user`.

    Without a place: a facilitator of Pays d’Aix, an agent of a directorate of her own. The `convention` fixture
    decides whether a facilitator may write.
    """

    def sign_in(role, territory=territory, directorate=None):
        place = {}
        if role == Role.FACILITATOR:
            place = {"territory": territory}
        elif role == Role.DIRECTORATE_AGENT:
            place = {"directorate": directorate or DirectorateFactory()}
        client = StrictClient()
        client.user = UserFactory()
        grant(user=client.user, role=role, by=None, **place)
        client.force_login(client.user)
        return client

    return sign_in


@pytest.fixture
def count_queries():
    """count_queries(action) runs it and returns how many queries it sent."""

    def count(action):
        with CaptureQueriesContext(connection) as captured:
            action()
        return len(captured)

    return count


@pytest.fixture
def as_key(convention):
    """as_key(*scopes, direction=…, structure=…) returns a KeyClient of the convention's structure (support.keys)."""
    return program
