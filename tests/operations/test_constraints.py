"""What the database holds about operations and their calendar."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from operations.enums import MilestoneKind
from operations.models import Milestone, Operation
from tests.support.constraints import Rule, assert_accepted, assert_refused, constraints_of, rows
from tests.support.world import DAY, World

pytestmark = pytest.mark.django_db


def operation(world, **changes):
    return Operation(**{"reference": "OP-NEUVE", "title": "Collège neuf", "directorate": world.directorate} | changes)


def milestone(world, **changes):
    fields = {"operation": world.operation, "kind": MilestoneKind.START, "planned_on": DAY}
    return Milestone(**fields | changes)


RULES = [
    Rule(
        "operation_dates_ordered",
        operation,
        accepted=[
            {"planned_start": DAY, "planned_end": DAY},
            {"planned_start": DAY, "planned_end": None},
            {"planned_start": None, "planned_end": DAY},
            {},
        ],
        refused=[{"planned_start": DAY, "planned_end": date(2026, 9, 14)}],
    ),
    Rule(
        "milestone_once",
        milestone,
        existing={},
        accepted=[{"kind": MilestoneKind.END}],
        refused=[{}, {"planned_on": date(2027, 1, 1), "done_on": DAY}],
    ),
    Rule(
        "operation_participants_of_the_fse",
        operation,
        accepted=[{"funding_period": "none"}, {"declares_participants": True, "funding_period": "2021-2027"}],
        refused=[{"declares_participants": True, "funding_period": period} for period in ("none", "2014-2020")],
    ),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)


def test_every_constraint_is_here():
    assert {rule.name for rule in RULES} == constraints_of("operations")


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1989, 12, 31), date(2101, 1, 1)])
def test_an_absurd_day_of_the_calendar_is_refused(day):
    with pytest.raises(ValidationError, match="hors de portée"):
        milestone(World(), planned_on=day).full_clean()


@pytest.mark.parametrize("title", ["Collège\nneuf", "Collège\u202eneuf", "Collège\x0bneuf"])
def test_a_title_holds_on_one_plain_line(title):
    with pytest.raises(ValidationError):
        operation(World(), title=title).full_clean()
