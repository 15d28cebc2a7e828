"""A nominative reading that looks like no other is told to who watches over the data, once, without a name (A26)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from clauses_portal.accounts.models import JournalAction, JournalEntry
from facilitators.enums import KeyScope, Role
from facilitators.models import Notification
from participants.services.reading_watch import watch
from participants.tasks import watch_readings
from tests.factories.accounts import UserFactory
from tests.factories.journal import JournalEntryFactory
from tests.factories.markets import LotFactory
from tests.factories.participants import ParticipantFactory
from tests.factories.preparation import ReferentAssignmentFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def guardians(as_role):
    """Who is told: the data protection officer and the administrator, and nobody else."""
    as_role(Role.MISSION_OFFICER)
    return {as_role(Role.PRIVACY_OFFICER).user, as_role(Role.ADMINISTRATOR).user}


@pytest.fixture
def reader():
    return UserFactory(first_name="Ada", last_name="Martin")


def at(day, hour=9):
    """Days of September 2026, in Paris; today is the 15th, 10 o'clock."""
    return datetime(2026, 9, day, hour, tzinfo=PARIS)


def read(account, persons, moment=None, **more):
    return JournalEntryFactory(actor=account, count=persons, at=moment or at(15), **more)


def told():
    rows = Notification.objects.filter(text__startswith="Lecture nominative inhabituelle")
    return [row.text.replace("\u00a0", " ") for row in rows]


@pytest.mark.usefixtures("today")
def test_many_more_persons_than_usual_are_told(guardians, reader):
    for day in (8, 9, 10):
        read(reader, 50, at(day))
    read(reader, 150)
    read(reader, 51)
    assert watch() == 1
    assert set(told()) == {
        "Lecture nominative inhabituelle, Ada Martin, le 15/09/2026 : 201 personnes lues, 50 par jour d’ordinaire."
    }
    assert {row.recipient for row in Notification.objects.all()} == guardians


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("before", "now"),
    [([100, 100], 400), ([], 200), ([1], 200)],
    ids=[
        "four times as usual, no more",
        "new here, and no more than the floor",
        "far above its usual, under the floor",
    ],
)
def test_a_day_like_another_is_not_told(guardians, reader, before, now):
    for number, persons in enumerate(before):
        read(reader, persons, at(8 + number))
    read(reader, now)
    assert watch() == 0
    assert told() == []


@pytest.mark.usefixtures("today")
def test_the_days_without_reading_are_not_its_usual(guardians, reader):
    read(reader, 100, at(1))
    read(reader, 350)
    assert watch() == 0


@pytest.mark.usefixtures("today")
def test_what_is_old_is_no_longer_usual(guardians, reader):
    read(reader, 1000, at(15) - timedelta(days=31))
    read(reader, 300)
    assert watch() == 1


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(("hour", "persons", "number"), [(2, 10, 1), (23, 10, 1), (2, 9, 0), (7, 10, 0), (21, 10, 0)])
def test_reading_at_night_is_told(guardians, reader, hour, persons, number):
    read(reader, persons, at(14, hour))
    assert watch() == number
    assert all("entre 22 h et 6 h" in text for text in told())


@pytest.mark.usefixtures("today", "convention")
def test_a_program_may_work_at_night(guardians, as_key):
    read(as_key(KeyScope.READ_PERSONS).account, 100, at(15, 2))
    assert watch() == 0


@pytest.mark.usefixtures("today")
def test_persons_of_a_territory_without_a_portfolio_are_told(guardians, reader, territory, elsewhere):
    ReferentAssignmentFactory(lot=LotFactory(territory=territory), referent=reader)
    read(reader, 50, territory_id=territory.pk)
    read(reader, 9, territory_id=elsewhere.pk)
    assert watch() == 0
    read(reader, 1, territory_id=elsewhere.pk)
    assert watch() == 1
    assert "10 personnes d’un territoire où il ne suit aucun lot" in told()[0]


@pytest.mark.usefixtures("today")
def test_who_has_no_portfolio_reads_where_its_role_says(guardians, reader, elsewhere):
    read(reader, 50, territory_id=elsewhere.pk)
    assert watch() == 0


@pytest.mark.usefixtures("today")
def test_an_account_is_told_of_once_a_day(guardians, reader):
    read(reader, 300)
    assert watch() == 1
    Notification.objects.update(read_on=at(15, 10))
    read(reader, 300)
    assert watch() == 0
    assert len(told()) == len(guardians)


@pytest.mark.usefixtures("today")
def test_two_accounts_and_two_days_are_told_apart(guardians, reader):
    read(reader, 300, at(14))
    read(reader, 1300)
    read(UserFactory(), 300)
    assert watch() == 3


@pytest.mark.usefixtures("today")
def test_the_line_leads_to_the_journal_of_that_day_and_leaves_one_there(guardians, reader, as_role):
    read(reader, 300)
    watch()
    path = Notification.objects.first().path
    assert path.startswith(f"/journal/?actor={reader.pk}&since=2026-09-15")
    assert as_role(Role.PRIVACY_OFFICER).get(path).status_code == 200
    line = JournalEntry.objects.get(action=JournalAction.UNUSUAL_READING)
    assert (line.actor, line.object_kind, line.object_id) == (None, "accounts.user", reader.pk)


def test_the_pages_one_opens_are_what_is_watched(guardians, as_role, territory, settings, convention):
    """Whole way, on this very day: persons are listed, the task runs, the guardians are told, without a name."""
    settings.READING_WATCH = settings.READING_WATCH | {"persons": 5}
    ParticipantFactory.create_batch(4, territory=territory, last_name="ZZCANARINOM")
    client = as_role(Role.FACILITATOR)
    client.get(reverse("participants:list"))
    watch_readings()
    assert told() == []
    client.get(reverse("participants:list_export", args=["csv"]))
    watch_readings()
    assert len(told()) == len(guardians)
    assert "8 personnes lues" in told()[0]
    assert "CANARI" not in " ".join(told())
