"""What the database holds about the physical progress of a lot."""

from datetime import date

import pytest

from markets.models import PhysicalProgress
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import DAY, NOW, World, pair

pytestmark = pytest.mark.django_db


def progress(world, **changes):
    recorded = {"recorded_at": NOW, "recorded_by": world.author}
    return PhysicalProgress(**{"lot": world.lot, "observed_on": DAY, "percent": 40} | recorded | changes)


RULES = [
    Rule(
        "physical_progress_once",
        progress,
        existing={},
        accepted=[{"observed_on": date(2026, 9, 14)}],
        refused=[{"percent": 50}],
    ),
    Rule(
        "physical_progress_percent",
        progress,
        accepted=[{"percent": 0}, {"percent": 100}],
        refused=[{"percent": 101}],
    ),
    Rule("physicalprogress_recorded_pair", progress, **pair("recorded"), seen_by_forms=False),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
