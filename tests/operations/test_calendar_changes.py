"""A calendar that moves is told to those who plan with it, in one sentence without an amount (C5)."""

from datetime import date

import pytest

from clauses_portal.core.french import NBSP
from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.permissions import grant
from operations.calendar_changes import LONGEST, moved, people_concerned, sentence
from operations.enums import MilestoneKind
from operations.services import plan, save_operation
from tests.factories.accounts import UserFactory, author
from tests.factories.operations import OperationFactory

FIRST, SECOND = date(2027, 3, 1), date(2027, 2, 15)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (FIRST, SECOND, "publication avancée du 01/03/2027 au 15/02/2027"),
        (SECOND, FIRST, "publication repoussée du 15/02/2027 au 01/03/2027"),
        (None, FIRST, "publication fixée au 01/03/2027"),
        (FIRST, None, "publication retirée, prévue le 01/03/2027"),
        (FIRST, FIRST, ""),
        (None, None, ""),
    ],
)
def test_a_move_is_said_in_french(before, after, told):
    assert moved("publication", before, after) == told
    assert moved("début", FIRST, SECOND, feminine=False) == "début avancé du 01/03/2027 au 15/02/2027"


def test_a_sentence_fits_in_a_notification():
    change = moved("publication", FIRST, SECOND)
    assert sentence("2027-014", [change]) == f"Calendrier de 2027-014{NBSP}: {change}"
    long = sentence("PRG-DIRECTION-DES-ROUTES-2027-001", [f"remise des offres {change}"] * 5)
    assert len(long) <= LONGEST
    assert long.endswith("autres dates")
    assert sentence("x", ["y" * 300]) == f"Calendrier de x{NBSP}: une date modifiée"


@pytest.fixture
def people(territory, elsewhere):
    """{role: account} of those who may be told: two facilitators, an officer, others who must not be."""
    found = {}
    for name, role, place in [
        ("here", Role.FACILITATOR, territory),
        ("there", Role.FACILITATOR, elsewhere),
        ("officer", Role.MISSION_OFFICER, None),
        ("director", Role.DIRECTOR, None),
    ]:
        found[name] = UserFactory()
        grant(user=found[name], role=role, territory=place, by=None)
    return found


def told():
    """[(recipient, text)] of the notifications."""
    return list(Notification.objects.order_by("recipient").values_list("recipient", "text"))


def test_the_people_concerned_are_each_named_once(people, territory, elsewhere):
    grant(user=people["here"], role=Role.FACILITATOR, territory=elsewhere, by=None)
    found = people_concerned({territory.pk, elsewhere.pk})
    assert sorted(person.pk for person in found) == sorted(people[name].pk for name in ("here", "there", "officer"))


def test_a_step_that_moves_is_told_to_the_facilitators_of_its_territories(people, territory):
    operation = OperationFactory(reference="OP-12", communes=[territory.communes.first()])
    step = {"operation": operation, "kind": MilestoneKind.PUBLICATION, "by": author()}
    plan(planned_on=FIRST, **step)
    text = f"Calendrier de OP-12{NBSP}: publication de la consultation fixée au 01/03/2027"
    assert told() == [(people["here"].pk, text), (people["officer"].pk, text)]
    Notification.objects.all().delete()
    plan(planned_on=FIRST, done_on=FIRST, **step)
    assert told() == []
    plan(planned_on=SECOND, **step | {"by": people["officer"]})
    text = f"Calendrier de OP-12{NBSP}: publication de la consultation avancée du 01/03/2027 au 15/02/2027"
    assert told() == [(people["here"].pk, text)]


def test_the_start_of_an_operation_is_masculine(people, territory):
    operation = OperationFactory(reference="OP-12", communes=[territory.communes.first()])
    plan(operation=operation, kind=MilestoneKind.START, planned_on=FIRST, by=author())
    assert told()[0][1] == f"Calendrier de OP-12{NBSP}: démarrage fixé au 01/03/2027"


def test_the_period_of_an_operation_that_moves_is_told(people, territory):
    communes = [territory.communes.first()]
    operation = OperationFactory(reference="OP-12", communes=communes, planned_start=FIRST, planned_end=None)
    operation.title = "Autre titre"
    save_operation(operation=operation, communes=communes, by=author())
    assert told() == []
    operation.planned_start, operation.planned_end = SECOND, date(2028, 1, 1)
    save_operation(operation=operation, communes=communes, by=author())
    moves = "début prévu avancé du 01/03/2027 au 15/02/2027", "fin prévue fixée au 01/01/2028"
    assert {text for _, text in told()} == {sentence("OP-12", moves)}
