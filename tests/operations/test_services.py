"""Operations and their calendar, as the directions opérationnelles record them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import DomainError
from operations.enums import MilestoneKind
from operations.models import Milestone, Operation
from operations.services import plan, save_operation
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import CommuneFactory, DirectorateFactory
from tests.factories.operations import OperationFactory

pytestmark = pytest.mark.django_db


def test_an_operation_is_recorded_with_its_communes():
    here, there = CommuneFactory.create_batch(2)
    operation = OperationFactory.build(directorate=DirectorateFactory())
    save_operation(operation=operation, communes=[here, there], by=author())
    save_operation(operation=operation, communes=[there], by=author())
    assert list(operation.communes.all()) == [there]


@pytest.mark.parametrize("wrong", [{"title": ""}, {"planned_end": date(2020, 1, 1)}, {"funding_period": "1999"}])
def test_a_wrong_operation_leaves_nothing(wrong):
    with pytest.raises(ValidationError):
        save_operation(
            operation=OperationFactory.build(directorate=DirectorateFactory(), **wrong),
            communes=[CommuneFactory()],
            by=author(),
        )
    assert not Operation.objects.exists()


def test_an_operation_is_somewhere():
    with pytest.raises(DomainError, match="au moins une commune"):
        save_operation(operation=OperationFactory.build(directorate=DirectorateFactory()), communes=[], by=author())
    assert not Operation.objects.exists()


def test_a_step_of_the_calendar_is_planned_then_moved():
    operation, agent = OperationFactory(), UserFactory()
    plan(operation=operation, kind=MilestoneKind.START, planned_on=date(2026, 3, 1), by=author())
    moved = plan(
        operation=operation,
        kind=MilestoneKind.START,
        planned_on=date(2026, 4, 1),
        done_on=date(2026, 4, 2),
        by=agent,
    )
    assert Milestone.objects.get() == moved
    assert (moved.planned_on, moved.done_on) == (date(2026, 4, 1), date(2026, 4, 2))
    assert moved.history.first().history_user == agent
    assert str(moved) == "Démarrage : 01/04/2026"
