"""What the database holds about the requests of persons, their copies, and what keeps their files."""

from datetime import date

import pytest

from participants.models import AccessExport, DataRequest, Participant, ParticipantHold
from participants.models.participant import NAMING
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import DAY, NOW, World, pair, the

pytestmark = pytest.mark.django_db
ANSWERED = {"answered_at": NOW, "answered_by": the("author"), "outcome": "refused", "answer": "Sans objet."}
UNKNOWN = dict.fromkeys(NAMING, "") | {"anonymised_on": DAY, "birth_date": date(1987, 1, 1)}


def request(world, **changes):
    fields = {"territory": world.territory, "participant": world.person, "kind": "access", "received_on": DAY}
    signed = {"recorded_at": NOW, "recorded_by": world.author}
    return DataRequest(**fields | signed | changes)


def hold(world, **changes):
    fields = {"participant": world.person, "kind": "litigation", "reason": "Recours"}
    return ParticipantHold(**fields | {"placed_at": NOW, "placed_by": world.author} | changes)


def copy(world, **changes):
    return AccessExport(**{"participant": world.person, "asked_at": NOW, "asked_by": world.author} | changes)


def person(world, **changes):
    fields = {"territory": world.territory, "first_name": "Ada", "last_name": "Martin", "search_name": "martin ada"}
    fields |= {"birth_date": date(1987, 5, 23), "sex": "female", "commune": world.commune}
    return Participant(**fields | changes)


RULES = [
    Rule("datarequest_recorded_pair", request, **pair("recorded"), seen_by_forms=False),
    Rule(
        "datarequest_answered_pair",
        request,
        accepted=[{}, ANSWERED],
        refused=[ANSWERED | {"answered_by": None}, {"answered_by": the("author")}],
    ),
    Rule(
        "data_request_of_somebody",
        request,
        accepted=[{}, {"participant": None, "requester": "Odile Inconnue"}],
        refused=[{"participant": None}, {"requester": "Odile Inconnue"}],
    ),
    Rule(
        "data_request_extension_explained",
        request,
        accepted=[{}, {"extended_on": DAY, "extension_reason": "Complexe"}],
        refused=[{"extended_on": DAY}, {"extension_reason": "Complexe"}],
    ),
    Rule(
        "data_request_answer_whole",
        request,
        accepted=[{}, ANSWERED],
        refused=[ANSWERED | {"answer": ""}, {"outcome": "refused"}],
    ),
    Rule(
        "data_request_identity_first",
        request,
        accepted=[ANSWERED, ANSWERED | {"outcome": "granted", "identity_checked": True}],
        refused=[ANSWERED | {"outcome": "granted"}, ANSWERED | {"outcome": "partly"}],
    ),
    Rule("participanthold_placed_pair", hold, **pair("placed"), seen_by_forms=False),
    Rule("participanthold_released_pair", hold, **pair("released")),
    Rule("hold_explained", hold, accepted=[{}], refused=[{"reason": ""}], seen_by_forms=False),
    Rule(
        "hold_of_the_fse_ends",
        hold,
        accepted=[{}, {"kind": "fse", "until": DAY}, {"until": DAY}],
        refused=[{"kind": "fse"}],
    ),
    Rule("accessexport_asked_pair", copy, **pair("asked"), seen_by_forms=False),
    Rule(
        "access_export_expires",
        copy,
        accepted=[{}, {"content": b"PK", "expires_on": NOW}, {"expires_on": NOW}],
        refused=[{"content": b"PK"}],
    ),
    Rule(
        "one_access_export_at_a_time",
        copy,
        existing={},
        accepted=[{"state": "done"}, {"asked_by": lambda world: world.user}],
        refused=[{}, {"state": "running"}],
    ),
    Rule(
        "participant_anonymised_whole",
        person,
        accepted=[{}, UNKNOWN],
        refused=[UNKNOWN | {name: "x"} for name in ("address", "phone", "birth_name")]
        + [UNKNOWN | {"birth_date": date(1987, 5, 23)}],
        seen_by_forms=False,
    ),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
