"""The programs of both sides, and what neither of them sees."""

import pytest
import time_machine
from django.core.cache import cache

from facilitators.enums import KeyDirection, KeyScope
from tests.factories.facilitators import ConventionFactory, TerritoryFactory, three_territories
from tests.factories.markets import LotFactory
from tests.support.exchange_world import exchange_world
from tests.support.sequences import count_from
from tests.support.shared import for_the_module


@pytest.fixture(autouse=True)
def _nothing_counted():
    """No wrong key nor request of another test slows this one down."""
    cache.clear()


@pytest.fixture
def depositor(as_key):
    """The Département's program, which writes markets."""
    return as_key(KeyScope.WRITE_MARKETS, direction=KeyDirection.TO_FACILITATOR)


@pytest.fixture
def reader(as_key):
    """The facilitator's program, which reads markets."""
    return as_key(KeyScope.READ_MARKETS)


@pytest.fixture
def outside():
    """A lot of a territory where the structure of the key has no convention."""
    return LotFactory(territory=TerritoryFactory())


@pytest.fixture(scope="module")
def exchange_made(django_db_setup, django_db_blocker):
    """A row for each operation of the interface, made once for the module; 15 September 2026 until its end."""
    with time_machine.travel("2026-09-15T10:00:00+02:00", tick=False), for_the_module(django_db_blocker):
        count_from(200)
        territories = three_territories()
        ConventionFactory(territories=territories)
        yield exchange_world(territories[0])


@pytest.fixture
def exchange(exchange_made, db, settings):
    """The world of the module, which each test leaves as it found it; its clock stands still, hence the pace."""
    settings.API_REQUESTS_PER_MINUTE = 10**9
    return exchange_made
