"""What the database holds about meetings, their guests, the hires announced there and their minutes."""

import pytest

from markets.enums import GuestKind, MeetingKind
from markets.models import Meeting, MeetingGuest, MeetingMinutes, PlannedHire, RomeCode
from tests.factories.accounts import author
from tests.factories.meetings import MeetingFactory, paris
from tests.factories.preparation import RomeCodeFactory
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import NOW, World, pair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def planned(world):
    return Meeting.objects.first() or MeetingFactory(lot=world.lot)


def meeting(world, **changes):
    fields = {
        "kind": MeetingKind.FOLLOW_UP,
        "lot": world.lot,
        "territory": world.territory,
        "title": "Suivi",
        "begins_on": paris("2026-09-22 09:30"),
        "place": "Base vie",
        "created_at": NOW,
        "created_by": world.author,
    }
    return Meeting(**fields | changes)


def guest(world, **changes):
    fields = {"meeting": planned(world), "kind": GuestKind.SAFETY, "name": "Zoé Le Goff", "organisation": "Sud SPS"}
    return MeetingGuest(**fields | changes)


def hire(world, **changes):
    rome = RomeCode.objects.first() or RomeCodeFactory()
    return PlannedHire(**{"meeting": planned(world), "rome": rome, "number": 2} | changes)


def minutes(world, **changes):
    version = changes.get("version", 1)
    fields = {
        "meeting": planned(world),
        "version": version,
        "number": f"CR-{version}-{changes.get('meeting', '')}-{MeetingMinutes.objects.count()}",
        "content": b"%PDF-1.7",
        "sha256": "0" * 64,
        "produced_at": NOW,
        "produced_by": author(),
    }
    return MeetingMinutes(**fields | changes)


RULES = [
    Rule(
        "meeting_on_a_lot_or_partners",
        meeting,
        accepted=[{}, {"kind": MeetingKind.PARTNERS}, {"kind": MeetingKind.PARTNERS, "lot": None}],
        refused=[{"lot": None}, {"kind": MeetingKind.FIRST_SITE, "lot": None}],
    ),
    Rule(
        "meeting_statement_day",
        meeting,
        accepted=[{"statement_day": None}, {"statement_day": 1}, {"statement_day": 28}],
        refused=[{"statement_day": 0}, {"statement_day": 29}],
    ),
    Rule(
        "meeting_length",
        meeting,
        accepted=[{"minutes_long": 5}, {"minutes_long": 600}],
        refused=[{"minutes_long": 4}, {"minutes_long": 601}],
    ),
    Rule("meeting_created_pair", meeting, **pair("created"), seen_by_forms=False),
    Rule(
        "guest_once",
        guest,
        existing={},
        accepted=[{"organisation": "Autre"}, {"name": "Yann Garcia-Roux"}],
        refused=[{}, {"kind": GuestKind.PARTNER}],
    ),
    Rule(
        "hire_number_credible",
        hire,
        accepted=[{"number": 1}, {"number": 500}],
        refused=[{"number": 0}, {"number": 501}],
    ),
    Rule("meetingminutes_produced_pair", minutes, **pair("produced"), seen_by_forms=False),
    Rule("minutes_version_once", minutes, existing={}, accepted=[{"version": 2}], refused=[{}]),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
