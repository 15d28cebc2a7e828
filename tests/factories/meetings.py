"""Meetings, their guests, what was announced there, their minutes."""

from datetime import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from clauses_portal.core.papers import freeze
from markets.enums import Attendance, GuestKind, MeetingKind
from markets.models import Meeting, MeetingGuest, MeetingMinutes, PlannedHire
from markets.services.meetings import add_guest, announce_hires, cancel_meeting, plan_meeting, record_meeting
from tests.factories.accounts import ServiceFactory, author
from tests.factories.markets import LotFactory
from tests.factories.preparation import RomeCodeFactory


def paris(text):
    """An aware moment: `paris("2026-09-22 09:30")`."""
    return timezone.make_aware(datetime.fromisoformat(text))


def hold(meeting):
    record_meeting(meeting=meeting, attendance={}, by=author())


def call_off(meeting):
    cancel_meeting(meeting=meeting, by=author())


class MeetingFactory(ServiceFactory):
    """The first meeting of a site, a week after the fixed day of the tests. Traits: held, cancelled, partners."""

    class Meta:
        model = Meeting

    class Params:
        held = factory.Trait(begins_on=paris("2026-09-10 09:30"), path=(hold,))
        cancelled = factory.Trait(path=(call_off,))
        partners = factory.Trait(
            kind=MeetingKind.PARTNERS,
            lot=None,
            territory=factory.SubFactory("tests.factories.facilitators.TerritoryFactory"),
        )

    kind = MeetingKind.FIRST_SITE
    lot = factory.SubFactory(LotFactory, awarded=True)
    title = factory.Sequence(lambda n: f"Gros œuvre du collège n° {n}")
    begins_on = factory.LazyFunction(lambda: paris("2026-09-22 09:30"))
    minutes_long = 90
    place = "Base vie, 12 rue de l’Été, Aix-en-Provence"
    _steering = ("path",)
    path = ()

    @classmethod
    def _create(cls, model_class, *args, path, **fields):
        meeting = plan_meeting(meeting=Meeting(**fields), by=author())
        for step in path:
            step(meeting)
        return Meeting.objects.get(pk=meeting.pk)


class MeetingGuestFactory(DjangoModelFactory):
    """The maître d’œuvre, who has no account."""

    class Meta:
        model = MeetingGuest

    meeting = factory.SubFactory(MeetingFactory)
    kind = GuestKind.SITE_MANAGER
    name = factory.Sequence(lambda n: f"Paul Martin-Œuvre {n}")
    organisation = "Atelier Sud"
    email = factory.Sequence(lambda n: f"invite{n}@example.test")
    attendance = Attendance.UNKNOWN

    @classmethod
    def _create(cls, model_class, *args, meeting, **fields):
        return add_guest(meeting=meeting, guest=MeetingGuest(**fields), by=author())


class PlannedHireFactory(DjangoModelFactory):
    class Meta:
        model = PlannedHire

    meeting = factory.SubFactory(MeetingFactory)
    rome = factory.SubFactory(RomeCodeFactory)
    number = 2

    @classmethod
    def _create(cls, model_class, *args, meeting, **fields):
        return announce_hires(meeting=meeting, hire=PlannedHire(**fields), by=author())


class MeetingMinutesFactory(DjangoModelFactory):
    """A frozen paper that spares the second a real PDF takes."""

    class Meta:
        model = MeetingMinutes

    meeting = factory.SubFactory(MeetingFactory, held=True)
    version = 1

    @classmethod
    def _create(cls, model_class, *args, **fields):
        number = f"CR-2026-{fields['meeting'].pk:05d}-v{fields['version']}"
        return freeze(MeetingMinutes(number=number, **fields), b"%PDF-1.7", by=author())
