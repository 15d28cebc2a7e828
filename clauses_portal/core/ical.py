"""Calendars that an agenda subscribes to (iCalendar, RFC 5545 and 7986): whole days, same events, same bytes."""

import datetime as dt
import unicodedata
from dataclasses import dataclass

import icalendar

from clauses_portal.core.text import tidy

PRODUCT = "-//Clauses sociales//Portail//FR"
REFRESH = dt.timedelta(hours=6)


@dataclass(frozen=True)
class Event:
    """One day. `uid` never changes nor serves twice, `last_changed` is an aware datetime, `url` absolute or empty."""

    uid: str
    day: dt.date
    summary: str
    last_changed: dt.datetime
    description: str = ""
    url: str = ""


def calendar_bytes(events, *, name):
    """Return the calendar of these `Event`s as bytes, in the order given, under the name an agenda shows.

    DTSTAMP is the last change of the event, so that a feed nobody changed is the same byte for byte.
    Raises ValueError when a date of change has no time zone.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # Two names for the same thing: the standard one, and the one that agendas read; the library knows neither as text.
    calendar.add("name", icalendar.vText(tidy(_clean(name))))
    calendar.add("x-wr-calname", icalendar.vText(tidy(_clean(name))))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    for event in events:
        calendar.add_component(_component(event))
    return calendar.to_ical()


def _component(event):
    if event.last_changed.tzinfo is None:
        raise ValueError("The date of a change needs its time zone.")
    changed = event.last_changed.astimezone(dt.UTC).replace(microsecond=0)
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
