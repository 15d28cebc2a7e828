"""What the database holds about persons, validations, contracts and hours."""

from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from django.db import DataError, IntegrityError, transaction

from participants.enums import ContractType, HoursNature, Modality, RejectionReason, Sex, ValidationState
from participants.models import (
    ClosedPeriod,
    EligibilityValidation,
    EmploymentContract,
    HoursEntry,
    Participant,
)
from tests.support.constraints import Rule, assert_accepted, assert_refused, constraints_of, rows
from tests.support.world import DAY, NOW, World, pair, the

pytestmark = pytest.mark.django_db

BEFORE = date(2026, 9, 14)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


def person(world, **changes):
    fields = {
        "territory": world.territory,
        "commune": world.commune,
        "first_name": "Zoé",
        "last_name": "Garcia",
        "birth_date": date(1990, 1, 1),
        "sex": Sex.FEMALE,
        "search_name": "garcia zoe",
    }
    return Participant(**fields | changes)


def validation(world, **changes):
    fields = {"participant": world.person, "category": world.category, "starts_on": DAY, "ends_on": DAY}
    return EligibilityValidation(**fields | changes)


def contract(world, **changes):
    award = world.award
    fields = {
        "participant": world.person,
        "award": award,
        "lot": award.lot,
        "market": award.lot.market,
        "territory": award.lot.territory,
        "employer": award.company,
        "modality": Modality.DIRECT,
        "contract_type": ContractType.CDD,
        "job_title": "Maçonne",
        "starts_on": DAY,
    }
    return EmploymentContract(**fields | changes)


def hours(world, **changes):
    signed = world.contract
    fields = {
        "contract": signed,
        "participant": signed.participant,
        "territory": signed.territory,
        "market": signed.market,
        "lot": signed.lot,
        "starts_on": FIRST,
        "ends_on": LAST,
        "declared": Decimal(10),
        "pending": Decimal(10),
    }
    return HoursEntry(**fields | changes)


def closed(world, **changes):
    return ClosedPeriod(**{"territory": world.territory, "quarter_start": date(2026, 1, 1)} | changes)


DECIDED = {"decided_at": NOW, "decided_by": the("author")}
REJECTED = {"rejected": Decimal(10), "pending": Decimal(0)}
CORRECTION = {"booked_in": date(2026, 4, 1), "correction_reason": "Relevé corrigé."}
TAKEN_AWAY = CORRECTION | {"declared": Decimal(0), "rejected": Decimal(-10), "pending": Decimal(10)}
RULES = [
    Rule(
        "participant_once_in_territory",
        person,
        existing={},
        accepted=[
            {"territory": the("elsewhere")},
            {"birth_date": date(1990, 1, 2)},
            {"search_name": "garcia zoe anne"},
        ],
        refused=[{}, {"first_name": "ZOÉ"}],
    ),
    Rule(
        "participant_birth_credible",
        person,
        accepted=[{"birth_date": date(1920, 1, 1)}],
        refused=[{"birth_date": date(1919, 12, 31)}],
    ),
    Rule("validation_dates_ordered", validation, accepted=[{}], refused=[{"ends_on": BEFORE}]),
    Rule("validation_decided_pair", validation, **pair("decided", required={"state": ValidationState.GRANTED})),
    Rule("validation_evidence_seen_pair", validation, **pair("evidence_seen")),
    Rule(
        "validation_decided_iff_not_proposed",
        validation,
        accepted=[
            {"state": ValidationState.PROPOSED, "decided_at": None},
            {"state": ValidationState.GRANTED} | DECIDED,
            {"state": ValidationState.REFUSED, "reason": "Sans justificatif."} | DECIDED,
        ],
        refused=[
            {"state": ValidationState.PROPOSED} | DECIDED,
            {"state": ValidationState.GRANTED},
            {"state": ValidationState.REFUSED, "reason": "Sans justificatif."},
            {"state": ValidationState.REVOKED, "reason": "Faux."},
        ],
    ),
    Rule(
        "validation_refusal_explained",
        validation,
        accepted=[
            {"state": ValidationState.GRANTED, "reason": ""} | DECIDED,
            {"state": ValidationState.REVOKED, "reason": "Faux."} | DECIDED,
        ],
        refused=[{"state": state, "reason": ""} | DECIDED for state in ("refused", "revoked")],
    ),
    Rule(
        "contract_dates_ordered",
        contract,
        accepted=[{"ends_on": None}, {"ends_on": DAY}],
    ),
    Rule(
        "contract_rome_format",
        contract,
        accepted=[{"rome_code": ""}, {"rome_code": "A1101"}, {"rome_code": "N9999"}],
        refused=[{"rome_code": "O1101"}, {"rome_code": "A110"}, {"rome_code": "a1101"}],
    ),
    Rule(
        "contract_end_reason_with_date",
        contract,
        accepted=[{"end_reason": ""}, {"end_reason": "term", "ends_on": DAY}, {"end_reason": "", "ends_on": DAY}],
        refused=[{"end_reason": "term", "ends_on": None}],
    ),
    Rule("hours_dates_ordered", hours, accepted=[{}, {"ends_on": FIRST}]),
    Rule(
        "hours_within_one_month",
        hours,
        accepted=[{"ends_on": FIRST}, {"starts_on": LAST}],
        refused=[{"ends_on": date(2026, 4, 1)}, {"starts_on": date(2026, 2, 28)}],
    ),
    Rule(
        "hours_declared_credible",
        hours,
        accepted=[
            {"declared": Decimal(0), "pending": Decimal(0)},
            {"declared": Decimal(300), "pending": Decimal(300)},
            CORRECTION | {"declared": Decimal(-300), "pending": Decimal(-300)},
        ],
        refused=[
            {"declared": Decimal("300.01"), "pending": Decimal("300.01")},
            CORRECTION | {"declared": Decimal("-300.01"), "pending": Decimal("-300.01")},
            CORRECTION | {"declared": Decimal("300.01"), "pending": Decimal("300.01")},
        ],
    ),
    Rule(
        "hours_booked_later",
        hours,
        accepted=[{"booked_in": None, "correction_reason": ""}, CORRECTION],
        refused=[
            CORRECTION | {"correction_reason": ""},
            CORRECTION | {"booked_in": FIRST},
            CORRECTION | {"booked_in": date(2026, 4, 2)},
        ],
    ),
    Rule(
        "hours_withheld_explained",
        hours,
        accepted=[
            {"withheld": Decimal(0), "withheld_reason": ""},
            {"withheld": Decimal(10), "withheld_reason": RejectionReason.DUPLICATE},
        ],
        refused=[
            {"withheld": Decimal(5), "withheld_reason": ""},
            {"withheld": Decimal(0), "withheld_reason": RejectionReason.DUPLICATE},
            {"withheld": Decimal("10.01"), "withheld_reason": RejectionReason.DUPLICATE},
            {"withheld": Decimal(-1), "withheld_reason": RejectionReason.DUPLICATE},
        ],
    ),
    Rule(
        "hours_add_up",
        hours,
        accepted=[
            {},
            {"rejection_reason": RejectionReason.NOT_VALIDATED} | REJECTED,
            CORRECTION | {"declared": Decimal(0), "counted": Decimal(-10), "pending": Decimal(10)},
        ],
        refused=[
            {"pending": Decimal(9)},
            CORRECTION | {"declared": Decimal(0), "counted": Decimal(-10), "pending": Decimal(9)},
            {"pending": Decimal(11)},
            {"pending": Decimal(11), "counted": Decimal(-1)},
            {"pending": Decimal(11), "rejected": Decimal(-1)},
            {"pending": Decimal(-1), "rejected": Decimal(11), "rejection_reason": RejectionReason.DUPLICATE},
        ],
    ),
    Rule(
        "hours_rejection_explained",
        hours,
        accepted=[
            {"rejection_reason": RejectionReason.DUPLICATE} | REJECTED,
            {"rejection_reason": ""},
            TAKEN_AWAY | {"rejection_reason": RejectionReason.NOT_VALIDATED},
        ],
        refused=[REJECTED, {"rejection_reason": RejectionReason.DUPLICATE}, TAKEN_AWAY],
    ),
    Rule(
        "hours_once_per_day",
        hours,
        existing={"ends_on": date(2026, 3, 15)},
        accepted=[
            {"starts_on": date(2026, 3, 16)},
            {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 4, 30)},
            {"nature": HoursNature.TRAINING},
            CORRECTION,
        ],
        refused=[{}, {"ends_on": FIRST}, {"starts_on": date(2026, 3, 15)}],
    ),
    Rule(
        "period_closed_once",
        closed,
        existing={},
        accepted=[{"quarter_start": date(2026, 4, 1)}, {"territory": the("elsewhere")}],
        refused=[{}],
    ),
    Rule(
        "period_is_a_quarter",
        closed,
        accepted=[{"quarter_start": date(2026, month, 1)} for month in (1, 4, 7, 10)],
        refused=[{"quarter_start": date(2026, 2, 1)}, {"quarter_start": date(2026, 1, 2)}],
    ),
    Rule("closedperiod_closed_pair", closed, **pair("closed"), seen_by_forms=False),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)


def rules_of_the_app():
    """Those of this file and of every `test_constraints_<topic>.py` beside it, which has its own `RULES`."""
    topics = sorted(path.stem for path in Path(__file__).parent.glob("test_constraints_*.py"))
    return [*RULES, *(rule for topic in topics for rule in import_module(f"tests.participants.{topic}").RULES)]


def test_every_constraint_is_here():
    names = [rule.name for rule in rules_of_the_app()]
    assert sorted(names) == sorted(constraints_of("participants"))


def test_a_month_typed_has_no_reason_of_correction():
    """Asked of the database alone: a check on an empty date cannot be tried beforehand."""
    with pytest.raises(IntegrityError, match="hours_booked_later"), transaction.atomic():
        hours(World(), correction_reason="Relevé corrigé.").save()


@pytest.mark.parametrize(
    ("make", "days"),
    [(hours, {"starts_on": LAST, "ends_on": FIRST}), (contract, {"ends_on": BEFORE})],
    ids=["hours", "contract"],
)
def test_reversed_days_have_no_range(make, days):
    """The generated range says no before the constraint can; forms are told by the constraint of the contract."""
    with pytest.raises(DataError, match="range lower bound"), transaction.atomic():
        make(World(), **days).save()
