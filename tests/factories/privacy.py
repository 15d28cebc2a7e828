"""What persons ask about their data, and what keeps their files."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from clauses_portal.core.jobs import JobState
from participants.enums import DataRequestKind, HoldKind
from participants.models import AccessExport, DataRequest, ParticipantHold
from participants.services.privacy.holds import place_hold
from participants.services.privacy.requests import record_request
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import TerritoryFactory
from tests.factories.participants import ParticipantFactory


class DataRequestFactory(DjangoModelFactory):
    """A person of the territory asks for the copy of her data. Trait: stranger, who has no file."""

    class Meta:
        model = DataRequest

    class Params:
        stranger = factory.Trait(
            participant=None, requester="Odile Inconnue", territory=factory.SubFactory(TerritoryFactory)
        )

    participant = factory.SubFactory(ParticipantFactory)
    territory = factory.SelfAttribute("participant.territory")
    kind = DataRequestKind.ACCESS
    received_on = date(2026, 9, 1)

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return record_request(request=DataRequest(**fields), by=author())


class ParticipantHoldFactory(DjangoModelFactory):
    class Meta:
        model = ParticipantHold

    participant = factory.SubFactory(ParticipantFactory)
    kind = HoldKind.LITIGATION
    reason = "Recours devant le tribunal administratif"

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return place_hold(by=author(), **fields)


class AccessExportFactory(DjangoModelFactory):
    """A copy asked and waiting. Trait: done, without the seconds it takes to make its pages."""

    class Meta:
        model = AccessExport

    class Params:
        done = factory.Trait(
            state=JobState.DONE,
            content=b"PK",
            finished_on=factory.LazyFunction(timezone.now),
            expires_on=factory.LazyFunction(lambda: timezone.now() + timedelta(days=3)),
        )

    participant = factory.SubFactory(ParticipantFactory)
    asked_at = factory.LazyFunction(timezone.now)
    asked_by = factory.SubFactory(UserFactory)
