"""What the database holds about the answers of the participants of an FSE+ operation."""

import pytest

from participants.models import EuropeanAnswers
from tests.factories.operations import OperationFactory
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import DAY, NOW, World, pair

pytestmark = pytest.mark.django_db


def answers(world, **changes):
    fields = {"participant": world.person, "operation": world.operation}
    return EuropeanAnswers(**fields | {"answered_at": NOW, "answered_by": world.author} | changes)


RULES = [
    Rule(
        "european_answers_once",
        answers,
        existing={},
        accepted=[{"operation": lambda world: OperationFactory()}],
        refused=[{"signed_on": DAY}],
    ),
    Rule(
        "european_answers_signed",
        answers,
        accepted=[{}, {"signed_on": DAY}, {"signed_on": DAY, "disability": "refused", "rural": "yes"}],
        refused=[{"disability": "refused"}, {"rural": "yes"}],
    ),
    Rule("europeananswers_answered_pair", answers, **pair("answered"), seen_by_forms=False),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
