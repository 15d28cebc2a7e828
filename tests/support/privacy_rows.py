"""One more row of each list of personal data (see `one_more`)."""

import time_machine

from tests.factories.participants import ParticipantFactory
from tests.factories.privacy import DataRequestFactory, ParticipantHoldFactory

LONG_AGO = "2023-05-02T10:00:00+02:00"


def silent_person(**fields):
    """Somebody nobody heard of for more than three years, never hired."""
    with time_machine.travel(LONG_AGO):
        return ParticipantFactory(**fields)


def a_data_request(world):
    """One more request, of one more person of the territory."""
    DataRequestFactory(participant=ParticipantFactory(territory=world.territory))


def a_silent_person(world):
    """One more person whose time has come."""
    silent_person(territory=world.territory)


def a_request_of_a_person(world):
    """One more request and one more hold of the same person."""
    world.row = world.row or ParticipantFactory(territory=world.territory)
    DataRequestFactory(participant=world.row)
    ParticipantHoldFactory(participant=world.row)
