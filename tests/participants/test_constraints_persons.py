"""What the database holds about a person’s file, the categories of public, the requests and the attestations."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from participants.enums import ValidationState
from participants.models import EligibilityCategory, EligibilityCertificate
from tests.participants.test_constraints import person, validation
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import DAY, NOW, World, pair, the

pytestmark = pytest.mark.django_db

BEFORE = date(2026, 9, 14)


def category(world, **changes):
    fields = {"code": "RSA", "label": "RSA", "evidence": "Attestation", "valid_from": DAY}
    return EligibilityCategory(**fields | changes)


def certificate(world, **changes):
    request = validation(world)
    request.save()
    fields = {"participant": request.participant, "validation": request, "number": "V-2026-000001-1"}
    fields |= {"content": b"%PDF", "sha256": "0" * 64, "produced_at": NOW, "produced_by": world.author}
    return EligibilityCertificate(**fields | changes)


def a_validation(world):
    row = validation(world)
    row.save()
    return row


TOLD = {"informed_at": NOW, "informed_by": the("author")}
MERGED = {"merged_into": the("person"), "merged_at": NOW, "merged_by": the("author")}
SHORTENED = {"shortened_at": NOW, "shortened_by": the("author"), "first_ends_on": date(2026, 10, 1), "reason": "Faux."}
INCOMPLETE = {"state": ValidationState.INCOMPLETE}
TAKEN_OVER = {"state": ValidationState.GRANTED, "decided_at": NOW, "decided_by": the("author")}
RULES = [
    Rule(
        "participant_qpv_code_format",
        person,
        accepted=[{"qpv_code": code, "lives_in_qpv": True} for code in ("QN01302M", "QP013024")] + [{"qpv_code": ""}],
        refused=[{"qpv_code": code, "lives_in_qpv": True} for code in ("QX01302M", "QN01302", "qn01302m")],
    ),
    Rule(
        "participant_qpv_code_with_residence",
        person,
        accepted=[{"lives_in_qpv": True, "qpv_code": "QN01302M"}, {"lives_in_qpv": False}],
        refused=[{"lives_in_qpv": False, "qpv_code": "QN01302M"}],
    ),
    Rule(
        "participant_france_travail_format",
        person,
        accepted=[{"france_travail_id": text} for text in ("", "1234567A", "12345678", "12345678901")],
        refused=[{"france_travail_id": text} for text in ("1234567", "A2345678", "123456789")],
    ),
    Rule(
        "participant_informed_somehow",
        person,
        accepted=[{"informed_how": "paper"} | TOLD, {}],
        refused=[TOLD, {"informed_how": "paper"}],
    ),
    Rule("participant_informed_pair", person, **pair("informed", required={"informed_how": "paper"})),
    Rule("participant_merged_pair", person, **pair("merged", required={"merged_into": the("person")})),
    Rule(
        "participant_merged_whole",
        person,
        accepted=[MERGED, {}],
        refused=[{"merged_into": the("person")}, MERGED | {"merged_into": None}],
    ),
    Rule("participant_merged_into_another", person, accepted=[MERGED]),
    Rule("validation_requested_pair", validation, **pair("requested")),
    Rule(
        "validation_shortened_pair",
        validation,
        **pair("shortened", required={"first_ends_on": date(2026, 10, 1), "reason": "Faux."}),
    ),
    Rule(
        "validation_shortened_explained",
        validation,
        accepted=[SHORTENED, {}],
        refused=[SHORTENED | {"reason": ""}, SHORTENED | {"first_ends_on": DAY}, {"first_ends_on": date(2026, 10, 1)}],
    ),
    Rule(
        "validation_taken_over_after_its_decision",
        validation,
        accepted=[{}, TAKEN_OVER | {"decided_elsewhere_on": DAY}],
        refused=[TAKEN_OVER | {"decided_elsewhere_on": DAY + timedelta(days=1)}, {"decided_elsewhere_on": DAY}],
    ),
    Rule(
        "validation_extension_explained",
        validation,
        accepted=[{"extension_reason": "senior"}, {"extends": a_validation, "extension_reason": "senior"}],
        refused=[{"extends": a_validation}],
    ),
    Rule(
        "validation_pass_format",
        validation,
        accepted=[{"iae_number": text, "iae_ends_on": DAY} for text in ("999991234567", "XXXXX1234567")],
        refused=[{"iae_number": text, "iae_ends_on": DAY} for text in ("99999123456", "99999123456A")],
    ),
    Rule(
        "validation_pass_dated",
        validation,
        accepted=[{"iae_number": "999991234567", "iae_ends_on": DAY}, {}],
        refused=[{"iae_number": "999991234567"}, {"iae_ends_on": DAY}],
    ),
    Rule(
        "validation_incomplete_explained",
        validation,
        accepted=[INCOMPLETE | {"missing": "Attestation RSA"}],
        refused=[INCOMPLETE],
    ),
    Rule(
        "category_once",
        category,
        existing={},
        accepted=[{"code": "ASS"}, {"valid_from": BEFORE}],
        refused=[{}],
    ),
    Rule("category_dates_ordered", category, accepted=[{"valid_until": DAY}, {}], refused=[{"valid_until": BEFORE}]),
    Rule(
        "category_freshness_credible",
        category,
        accepted=[{"evidence_months": months} for months in (None, 1, 60)],
        refused=[{"evidence_months": months} for months in (0, 61)],
    ),
    Rule("eligibilitycertificate_produced_pair", certificate, accepted=[{}]),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)


def test_a_file_is_not_merged_into_itself():
    """It needs its own number first: a change, not a creation."""
    file = World().person
    file.merged_into, file.merged_at, file.merged_by = file, NOW, World().author
    with pytest.raises(IntegrityError, match="participant_merged_into_another"):
        file.save()
