import pytest

from clauses_portal.core.periods import Quarter
from reporting.services import statements
from tests.factories.accounts import author


@pytest.fixture
def close_quarter():
    """close_quarter(territory, "2026-T1"): its statement was sent, its hours no longer change."""

    def close(territory, quarter):
        statements.close_quarter(territory=territory, quarter=Quarter.parse(quarter), by=author())

    return close
