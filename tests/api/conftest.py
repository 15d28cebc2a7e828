"""The programs of both sides, and what neither of them sees."""

import pytest

from facilitators.enums import KeyDirection, KeyScope
from tests.factories.facilitators import TerritoryFactory
from tests.factories.markets import LotFactory


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
