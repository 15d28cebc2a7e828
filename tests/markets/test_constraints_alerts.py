"""What the database holds about alerts and penalties: constraints, then the triggers and keys of raw SQL."""

from datetime import date
from decimal import Decimal

import pytest

from markets.enums import AlertCategory, PenaltyOutcome, PenaltyState
from markets.models import Alert, PenaltyCase, PenaltyLetter
from tests.factories.markets import AlertFactory
from tests.factories.penalties import PenaltyCaseFactory, PenaltyLetterFactory
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.sql import execute, refused
from tests.support.world import DAY, NOW, World, pair, the

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

BEFORE = date(2026, 9, 14)
P, O = PenaltyState, PenaltyOutcome  # noqa: E741
BY_HAND = {"author": the("author"), "rule_key": None}
BY_A_RULE = {"author": None, "rule_key": "A04:1"}
CLOSED = {"closed_on": NOW, "closer": the("author"), "answer": "Rattrapage convenu."}


def alert(world, **changes):
    fields = {
        "lot": world.lot,
        "territory": world.territory,
        "category": AlertCategory.LATE,
        "description": "Trois semaines de retard.",
        "raised_on": NOW,
        "author": world.author,
    }
    return Alert(**fields | changes)


def case(world, **changes):
    fields = {
        "award": world.award,
        "breach": "Heures non réalisées",
        "facts": "Aucune heure.",
        "found_on": DAY,
        "tariff": Decimal(50),
        "tariff_euros": Decimal(50),
        "due_euros": Decimal(10_000),
        "proposed_at": NOW,
        "proposed_by": world.author,
    }
    return PenaltyCase(**fields | changes)


def letter(world, **changes):
    fields = {
        "case": PenaltyCase.objects.first() or PenaltyCaseFactory(),
        "territory": world.territory,
        "kind": P.NOTICE_SENT,
        "number": f"PEN-{PenaltyLetter.objects.count()}",
        "content": b"%PDF-1.7",
        "docx": b"PK",
        "sha256": "0" * 64,
        "produced_at": NOW,
        "produced_by": world.author,
    }
    return PenaltyLetter(**fields | changes)


ENDED = {"decided_at": NOW, "decided_by": the("author")}
DECIDED = ENDED | {"state": P.DECIDED, "reason": "Aucune diligence."}
APPLIED = DECIDED | {"outcome": O.APPLIED, "decided_euros": Decimal(10_000)}
DROPPED = ENDED | {"state": P.DROPPED, "reason": "Aucun candidat n’était disponible."}
RULES = [
    Rule("alert_answered_pair", alert, **pair("answered")),
    Rule(
        "alert_raised_by_somebody_or_a_rule",
        alert,
        accepted=[BY_HAND, BY_A_RULE],
        refused=[{"author": None, "rule_key": None}, {"author": the("author"), "rule_key": "A04:1"}],
    ),
    Rule(
        "alert_closed_by_somebody_or_its_rule",
        alert,
        accepted=[{}, CLOSED, BY_A_RULE | CLOSED, BY_A_RULE | CLOSED | {"closer": None}],
        refused=[CLOSED | {"closer": None}, {"closer": the("author")}, BY_A_RULE | {"closer": the("author")}],
    ),
    Rule(
        "alert_closed_with_answer",
        alert,
        accepted=[{"answer": ""}, {"answer": "En cours."}, CLOSED],
        refused=[CLOSED | {"answer": ""}],
    ),
    Rule("penaltycase_proposed_pair", case, **pair("proposed"), seen_by_forms=False),
    Rule(
        "penaltycase_decided_pair",
        case,
        accepted=[{}, APPLIED, DROPPED],
        refused=[APPLIED | {"decided_by": None}, DROPPED | {"decided_by": None}, {"decided_by": the("author")}],
    ),
    Rule(
        "penalty_figures_positive",
        case,
        accepted=[{"tariff": 0, "tariff_euros": 0, "due_euros": 0}, {"required_hours": 960, "counted_hours": 700}],
        refused=[
            {name: Decimal("-0.01")}
            for name in ("tariff", "tariff_euros", "due_euros", "required_hours", "counted_hours", "neutralised_hours")
        ],
    ),
    Rule(
        "penalty_decided_iff_ended",
        case,
        accepted=[{}, {"state": P.OBSERVED}, APPLIED, DROPPED],
        refused=[{"state": P.DROPPED, "reason": "Non."}],
    ),
    Rule(
        "penalty_outcome_explained",
        case,
        accepted=[{}, APPLIED, DROPPED],
        refused=[
            APPLIED | {"reason": ""},
            APPLIED | {"decided_euros": None},
            DROPPED | {"reason": ""},
            DROPPED | {"outcome": O.WAIVED},
            {"outcome": O.WAIVED},
        ],
    ),
    Rule(
        "penalty_decided_within_what_is_due",
        case,
        accepted=[
            {},
            APPLIED,
            APPLIED | {"outcome": O.REDUCED, "decided_euros": Decimal("0.01")},
            APPLIED | {"outcome": O.WAIVED, "decided_euros": Decimal(0)},
        ],
        refused=[
            APPLIED | {"decided_euros": Decimal("9999.99")},
            APPLIED | {"outcome": O.REDUCED},
            APPLIED | {"outcome": O.REDUCED, "decided_euros": Decimal(0)},
            APPLIED | {"outcome": O.WAIVED, "decided_euros": Decimal(1)},
        ],
    ),
    Rule(
        "penalty_notice_after_finding",
        case,
        accepted=[{"notice_sent_on": None}, {"notice_sent_on": DAY}],
        refused=[{"notice_sent_on": BEFORE}],
    ),
    Rule(
        "penalty_observed_after_notice",
        case,
        accepted=[{"observed_on": None}, {"notice_sent_on": DAY, "observed_on": DAY}],
        refused=[{"found_on": BEFORE, "notice_sent_on": DAY, "observed_on": BEFORE}],
    ),
    Rule("penaltyletter_produced_pair", letter, **pair("produced"), seen_by_forms=False),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)


def test_a_fact_is_reported_once_whoever_writes():
    alert(World(), **BY_A_RULE | {"author": None}).save()
    with refused("23505"):
        alert(World(), **BY_A_RULE | {"author": None}).save()


def test_an_alert_of_a_lot_is_in_the_territory_of_that_lot(elsewhere):
    row = AlertFactory()
    with refused("23503"):
        execute("UPDATE markets_alert SET territory_id = %s WHERE id = %s", elsewhere.pk, row.pk)


@pytest.mark.parametrize("sql", ["UPDATE markets_penaltyletter SET docx = 'x'", "DELETE FROM markets_penaltyletter"])
def test_a_letter_never_changes_even_from_raw_sql(sql):
    PenaltyLetterFactory()
    with refused("23R01"):
        execute(sql)
