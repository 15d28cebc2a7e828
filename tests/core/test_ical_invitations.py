"""Invitations that an agenda takes in, moves and takes out."""

import datetime as dt
from dataclasses import replace

import icalendar
import pytest

from clauses_portal.core.ical import PARIS, Appointment, invitation_bytes

# the Saturday before the clocks go back
MEETING = Appointment(
    uid="reunion-12@clauses-sociales",
    sequence=0,
    begins_on=dt.datetime(2026, 10, 24, 9, tzinfo=PARIS),
    ends_on=dt.datetime(2026, 10, 24, 10, 30, tzinfo=PARIS),
    summary="Première réunion de chantier – collège, lot 2 ; gros œuvre",
    place="Base vie, 12 rue de l’Été",
    organizer=("Inès D’Arc", "ines@example.test"),
    guest=('Paul "Popaul" ; Martin', "paul@example.test"),
    last_changed=dt.datetime(2026, 9, 15, 8, 30, 5, 999, tzinfo=dt.UTC),
)


def read(content):
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert not calendar.errors + event.errors
    return calendar, event


def test_an_invitation_is_read_back_as_it_was_meant():
    calendar, event = read(invitation_bytes(MEETING))
    assert (calendar["method"], event["uid"], event["sequence"]) == ("REQUEST", MEETING.uid, 0)
    assert event["summary"] == MEETING.summary
    assert event["location"] == MEETING.place
    assert event["status"] == "CONFIRMED"
    assert event["organizer"] == "mailto:ines@example.test"
    assert event["organizer"].params["CN"] == "Inès D’Arc"
    assert event["attendee"] == "mailto:paul@example.test"
    assert event["attendee"].params["CN"] == "Paul 'Popaul' ; Martin"
    assert event["dtstamp"].dt == dt.datetime(2026, 9, 15, 8, 30, 5, tzinfo=dt.UTC)


def test_its_hour_is_that_of_paris_whatever_the_zone_given():
    utc = replace(MEETING, begins_on=MEETING.begins_on.astimezone(dt.UTC))
    assert invitation_bytes(utc) == invitation_bytes(MEETING)
    assert b"DTSTART;TZID=Europe/Paris:20261024T090000\r\n" in invitation_bytes(MEETING)


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-30", "2026-10-24", "2026-10-26", "2040-07-01"])
def test_the_rule_that_goes_with_it_is_the_real_one(day):
    """What an agenda that only knows the file works out is what Paris lives by."""
    calendar, _ = read(invitation_bytes(MEETING))
    (zone,) = calendar.timezones
    noon = dt.datetime.fromisoformat(f"{day}T12:00")
    assert zone.to_tz(lookup_tzid=False).utcoffset(noon) == noon.replace(tzinfo=PARIS).utcoffset()


def test_a_cancellation_takes_the_same_meeting_out():
    cancelled = replace(MEETING, sequence=2, is_cancelled=True)
    calendar, event = read(invitation_bytes(cancelled))
    assert (calendar["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 2)
    assert event["uid"] == MEETING.uid


def test_the_same_meeting_gives_the_same_bytes():
    assert invitation_bytes(MEETING) == invitation_bytes(replace(MEETING))


@pytest.mark.parametrize("field", ["begins_on", "ends_on", "last_changed"])
def test_a_moment_without_zone_is_refused(field):
    with pytest.raises(ValueError, match="time zone"):
        invitation_bytes(replace(MEETING, **{field: dt.datetime.fromisoformat("2026-10-24T09:00")}))
