"""A lot under way, and the night of the 15 September 2026."""

import pytest

from participants.alert_rules.night import Night
from tests.factories.markets import LotFactory


@pytest.fixture
def night(today):
    return Night(today)


@pytest.fixture
def award(territory):
    """A thousand hours due from February 2026 to January 2027, notified in January: 62 % of the time is over."""
    return LotFactory(territory=territory, awarded=True).awards.get()
