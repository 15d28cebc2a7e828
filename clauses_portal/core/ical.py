"""Calendars that an agenda subscribes to (whole days), and invitations to a meeting (RFC 5545, 5546 and 7986).

The same events give the same bytes.
"""

import datetime as dt
import unicodedata
import zoneinfo
from dataclasses import dataclass

import icalendar

from clauses_portal.core.text import tidy

PRODUCT = "-//Clauses sociales//Portail//FR"
REFRESH = dt.timedelta(hours=6)
PARIS = zoneinfo.ZoneInfo("Europe/Paris")
MAILTO = "mailto:"


@dataclass(frozen=True)
class Event:
    """One day. `uid` never changes nor serves twice, `last_changed` is an aware datetime, `url` absolute or empty."""

    uid: str
    day: dt.date
    summary: str
    last_changed: dt.datetime
    description: str = ""
    url: str = ""


@dataclass(frozen=True)
class Appointment:
    """A meeting somebody is invited to. `begins_on`, `ends_on` and `last_changed` are aware datetimes.

    `uid` never changes; `sequence` grows at each change of the meeting, so that agendas replace what they hold.
    `organizer` and `guest` are (name, e-mail address) pairs; answers go to the organizer.
    """

    uid: str
    sequence: int
    begins_on: dt.datetime
    ends_on: dt.datetime
    summary: str
    place: str
    organizer: tuple[str, str]
    guest: tuple[str, str]
    last_changed: dt.datetime
    is_cancelled: bool = False

    @property
    def method(self):
        """What an agenda is asked (RFC 5546): take the meeting in, or take it out."""
        return "CANCEL" if self.is_cancelled else "REQUEST"


def invitation_bytes(appointment):
    """Return the invitation, or its cancellation, as the bytes of a .ics file, in the time of Paris.

    Raises ValueError when a moment has no time zone.
    """
    calendar = _calendar()
    calendar.add("method", appointment.method)
    calendar.add_component(_time_of_paris())
    calendar.add_component(_appointment(appointment))
    return calendar.to_ical()


def _time_of_paris():
    """The rule in force since 1996. Written here: the one the library works out dates its changes an hour off."""
    zone = icalendar.Timezone()
    zone.add("tzid", PARIS.key)
    for kind, first, before, after, name in (
        (icalendar.TimezoneStandard, "1996-10-27T03:00", 2, 1, "CET"),
        (icalendar.TimezoneDaylight, "1996-03-31T02:00", 1, 2, "CEST"),
    ):
        change, moment = kind(), dt.datetime.fromisoformat(first)
        change.add("dtstart", moment)
        change.add("tzoffsetfrom", dt.timedelta(hours=before))
        change.add("tzoffsetto", dt.timedelta(hours=after))
        change.add("rrule", {"freq": "yearly", "bymonth": moment.month, "byday": "-1su"})
        change.add("tzname", name)
        zone.add_component(change)
    return zone


def _appointment(meeting):
    component = icalendar.Event()
    component.add("uid", meeting.uid)
    component.add("sequence", meeting.sequence)
    changed = _moment(meeting.last_changed, dt.UTC)
    component.add("dtstamp", changed)
    component.add("last-modified", changed)
    component.add("dtstart", _moment(meeting.begins_on, PARIS))
    component.add("dtend", _moment(meeting.ends_on, PARIS))
    component.add("summary", _clean(meeting.summary), parameters={"language": "fr"})
    component.add("location", _clean(meeting.place), parameters={"language": "fr"})
    component.add("organizer", _person(meeting.organizer))
    guest = _person(meeting.guest)
    guest.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    component.add("attendee", guest)
    component.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    component.add("transp", "OPAQUE")
    return component


def _person(named):
    name, address = named
    person = icalendar.vCalAddress(MAILTO + address)
    # RFC 5545, 3.2: a parameter holds no double quote
    person.params["CN"] = _clean(name).replace('"', "'").replace("\n", " ")
    return person


def _moment(moment, zone):
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return moment.astimezone(zone).replace(microsecond=0)


def _calendar():
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def calendar_bytes(events, *, name):
    """Return the calendar of these `Event`s as bytes, in the order given, under the name an agenda shows.

    DTSTAMP is the last change of the event, so that a feed nobody changed is the same byte for byte.
    Raises ValueError when a date of change has no time zone.
    """
    calendar = _calendar()
    # Two names for the same thing: the standard one, and the one that agendas read; the library knows neither as text.
    calendar.add("name", icalendar.vText(tidy(_clean(name))))
    calendar.add("x-wr-calname", icalendar.vText(tidy(_clean(name))))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    for event in events:
        calendar.add_component(_component(event))
    return calendar.to_ical()


def _component(event):
    changed = _moment(event.last_changed, dt.UTC)
    component = icalendar.Event()
    component.add("uid", event.uid)
    component.add("dtstamp", changed)
    component.add("last-modified", changed)
    component.add("dtstart", event.day)
    component.add("dtend", event.day + dt.timedelta(days=1))  # the day after: the end is excluded (RFC 5545, 3.6.1)
    component.add("summary", _clean(event.summary), parameters={"language": "fr"})
    if event.description:
        component.add("description", _clean(event.description), parameters={"language": "fr"})
    if event.url:
        component.add("url", event.url)
    component.add("transp", "TRANSPARENT")  # a milestone does not make its reader busy
    return component


def _clean(text):
    """Without control characters, which no agenda accepts: line ends only, and as « \\n »."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"})
