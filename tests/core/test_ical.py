"""Calendars that an agenda reads back, the same bytes as long as nothing changes."""

import datetime as dt

import icalendar
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from clauses_portal.core.ical import Event, calendar_bytes

CHANGED = dt.datetime(2026, 9, 15, 10, 30, 5, 999, tzinfo=dt.timezone(dt.timedelta(hours=2)))
EVENT = Event(
    uid="operation-12-consultation@clauses",
    day=dt.date(2027, 12, 31),
    summary="Consultation : voirie, lot 1 ; « Été »",
    last_changed=CHANGED,
    description="Territoire : Pays d’Aix\r\nDirection : Routes",
    url="https://clauses.example/programme/12/",
)


def read(content):
    """(calendar, its events) as an agenda reads them."""
    calendar = icalendar.Calendar.from_ical(content)
    return calendar, list(calendar.walk("VEVENT"))


def test_an_event_is_read_back_as_a_whole_day():
    content = calendar_bytes([EVENT], name="Programme, Pays d’Aix")
    calendar, [event] = read(content)
    assert (calendar["prodid"], calendar["version"]) == ("-//Clauses sociales//Portail//FR", "2.0")
    named = "NAME:Programme\\, Pays d’Aix\r\nX-WR-CALNAME:Programme\\, Pays d’Aix\r\n"
    assert named.encode() in content
    assert (event.start, event.end) == (dt.date(2027, 12, 31), dt.date(2028, 1, 1))
    assert event["uid"] == EVENT.uid
    assert event["summary"] == EVENT.summary
    assert event["description"] == "Territoire : Pays d’Aix\nDirection : Routes"
    assert event["url"] == EVENT.url
    assert event["dtstamp"].dt == dt.datetime(2026, 9, 15, 8, 30, 5, tzinfo=dt.UTC)
    assert not calendar.errors + event.errors


def test_an_agenda_is_told_when_to_come_back():
    content = calendar_bytes([], name="Programme")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in content
    assert b"X-PUBLISHED-TTL:PT6H\r\n" in content


def test_lines_are_folded_and_end_as_the_standard_says():
    long = Event("a@b", dt.date(2027, 1, 1), "é" * 300, CHANGED)
    content = calendar_bytes([long, EVENT], name="Programme")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert read(content)[1][0]["summary"] == long.summary


def test_nothing_changed_nothing_moves():
    with time_machine.travel("2026-09-15"):
        first = calendar_bytes([EVENT], name="Programme")
    with time_machine.travel("2027-01-01"):
        assert calendar_bytes([EVENT], name="Programme") == first


def test_what_is_empty_is_left_out():
    [event] = read(calendar_bytes([Event("a@b", dt.date(2027, 1, 1), "x", CHANGED)], name="Programme"))[1]
    assert "description" not in event
    assert "url" not in event


def test_a_change_without_time_zone_is_refused():
    naive = Event("a@b", dt.date(2027, 1, 1), "x", dt.datetime(2026, 9, 15))  # noqa: DTZ001 (what is refused)
    with pytest.raises(ValueError, match="time zone"):
        calendar_bytes([naive], name="Programme")


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_no_text_can_write_a_line_of_its_own(name, summary, description):
    hostile = "\r\nBEGIN:VALARM\r\n"
    event = Event("a@b", dt.date(2027, 1, 1), summary + hostile, CHANGED, description=description + hostile)
    calendar, [read_back] = read(calendar_bytes([event], name=name + hostile))
    assert not read_back.subcomponents
    assert not calendar.errors + read_back.errors
    assert "BEGIN:VALARM" in read_back["summary"]
