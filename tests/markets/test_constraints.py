"""What the database holds about markets, whoever writes: each constraint with rows it takes and rows it refuses."""

from datetime import date
from decimal import Decimal

import pytest

from facilitators.reference import DEPARTMENT_SIRET, METROPOLIS_SIRET
from markets.enums import AwardRole, ClauseOutcome, LegalBasis, MarketKind, ObjectiveKind, Source
from markets.models import (
    Award,
    Calibration,
    ClauseDecision,
    Company,
    ImportRun,
    Lot,
    LotFinancials,
    Market,
    MarketFinancials,
    MarketTotal,
    ObjectiveEntry,
)
from tests.factories.facilitators import siret
from tests.factories.preparation import DecpWatchFactory
from tests.markets import (
    test_constraints_alerts,
    test_constraints_award,
    test_constraints_instruction,
    test_constraints_links,
    test_constraints_meetings,
    test_constraints_preparation,
    test_constraints_progress,
)
from tests.support.constraints import Rule, assert_accepted, assert_refused, constraints_of, rows
from tests.support.world import DAY, NOW, World, pair, the

pytestmark = pytest.mark.django_db

TAKEN_AWAY = ("transfer_out", "neutralised", "opening")

BEFORE = date(2026, 9, 14)
ORDERED_DATES = {
    "accepted": [
        {"starts_on": DAY, "ends_on": DAY},
        {"starts_on": DAY, "ends_on": None},
        {"starts_on": None, "ends_on": DAY},
        {"starts_on": None, "ends_on": None},
    ],
    "refused": [{"starts_on": DAY, "ends_on": BEFORE}],
}


def market(world, **changes):
    fields = {"buyer_siret": DEPARTMENT_SIRET, "number": "M-1", "title": "Voirie", "kind": MarketKind.WORKS}
    return Market(**fields | changes)


def lot(world, **changes):
    return Lot(
        **{"market": world.market, "number": "99", "title": "Serrurerie", "territory": world.territory} | changes
    )


def market_amounts(world, **changes):
    return MarketFinancials(**{"market": world.market} | changes)


def lot_amounts(world, **changes):
    return LotFinancials(**{"lot": world.lot} | changes)


def decision(world, **changes):
    fields = {"lot": other_lot(world), "outcome": ClauseOutcome.CLAUSE, "legal_basis": LegalBasis.EXECUTION}
    return ClauseDecision(**fields | changes)


def other_lot(world):
    """A lot without decision nor calibration."""
    return Lot.objects.filter(number="99").first() or Lot.objects.create(
        market=world.market, number="99", title="Serrurerie", territory=world.territory
    )


def calibration(world, **changes):
    return Calibration(**{"lot": other_lot(world), "version": 1, "proposed_hours": 500} | changes)


def company(world, **changes):
    return Company(**{"siret": siret(77), "name": "Maçons d’Aix"} | changes)


def award(world, **changes):
    return Award(**{"lot": world.lot, "company": world.company, "role": AwardRole.MEMBER} | changes)


def objective(world, **changes):
    fields = {
        "award": world.award,
        "kind": ObjectiveKind.AMENDMENT,
        "hours": 10,
        "effective_on": DAY,
        "reason": "Avenant n° 1",
    }
    return ObjectiveEntry(**fields | changes)


def total(world, **changes):
    return MarketTotal(**{"market": world.market, "territory": world.elsewhere} | changes)


def import_run(world, **changes):
    return ImportRun(**{"file_name": "decp.json", "content": b"{}", "sha256": "0" * 64} | changes)


def watch(world, **changes):
    fields = {"buyer_siret": "22130001500247", "started_by": world.author}
    return DecpWatchFactory.build(**fields | changes)


def amounts(make, prefix):
    """The two amounts of a table: absent, or within ]0; 10 billion]."""
    return [
        Rule(
            f"{prefix}_{name}_credible",
            make,
            accepted=[{name: None}, {name: Decimal("0.01")}, {name: Decimal(10_000_000_000)}],
            refused=[{name: Decimal(0)}, {name: Decimal(-1)}, {name: Decimal("10000000000.01")}],
        )
        for name in ("estimated_amount", "awarded_amount")
    ]


RETAINED = {"retained_at": NOW, "retained_by": the("author")}
SUBCONTRACT = {"role": AwardRole.SUBCONTRACTOR, "parent": the("award")}
MARKETS = [
    Rule("market_dates_ordered", market, **ORDERED_DATES),
    Rule(
        "market_duration_credible",
        market,
        accepted=[{"duration_months": None}, {"duration_months": 1}, {"duration_months": 1200}],
        refused=[{"duration_months": 0}, {"duration_months": 1201}],
    ),
    Rule(
        "market_cpv_format",
        market,
        accepted=[{"cpv": ""}, {"cpv": "45210000"}],
        refused=[{"cpv": "4521000"}, {"cpv": "4521000A"}],
    ),
    Rule(
        "market_number_once",
        market,
        existing={},
        accepted=[
            {"number": "M-2"},
            {"buyer_siret": METROPOLIS_SIRET},
            {"source": Source.DECP, "source_key": "a"},
            {"source": Source.DECP, "source_key": None},
        ],
        refused=[{}, {"title": "Autre objet"}],
    ),
    Rule("lot_dates_ordered", lot, **ORDERED_DATES),
    Rule("lot_number_once", lot, existing={}, accepted=[{"number": "98"}], refused=[{"title": "Autre"}]),
    *amounts(market_amounts, "market"),
    *amounts(lot_amounts, "lot"),
    Rule(
        "clause_says_why",
        decision,
        accepted=[
            {},
            {"reason": "Marché adapté à l’insertion."},
            {"outcome": ClauseOutcome.NO_CLAUSE, "legal_basis": "", "reason": "Fourniture pure."},
        ],
        refused=[
            {"legal_basis": ""},
            {"outcome": ClauseOutcome.NO_CLAUSE, "legal_basis": "", "reason": ""},
            {"outcome": ClauseOutcome.NO_CLAUSE, "reason": "Fourniture pure."},
        ],
    ),
    Rule("clausedecision_decided_pair", decision, **pair("decided"), seen_by_forms=False),
]
CALIBRATIONS = [
    Rule(
        "calibration_version_once",
        calibration,
        existing={},
        accepted=[{"version": 2}],
        refused=[{}],
        seen_by_forms=False,
    ),
    Rule("calibration_proposed_pair", calibration, **pair("proposed"), seen_by_forms=False),
    Rule("calibration_retained_pair", calibration, **pair("retained", required={"retained_hours": 500})),
    Rule(
        "calibration_hours_credible",
        calibration,
        accepted=[
            {"proposed_hours": 1_000_000},
            {"retained_hours": None},
            {"retained_hours": 0, "gap_reason": "Lot réservé."} | RETAINED,
            {"retained_hours": 1, "gap_reason": "Marché court."} | RETAINED,
            {"retained_hours": 1_000_000, "gap_reason": "Marché long."} | RETAINED,
        ],
        refused=[
            {"proposed_hours": 1_000_001},
            {"proposed_hours": 1_000_001, "retained_hours": 500, "gap_reason": "Marché court."} | RETAINED,
            {"retained_hours": -1, "gap_reason": "Marché court."} | RETAINED,
            {"purpose": "order", "label": "12", "retained_hours": 0, "gap_reason": "Marché court."} | RETAINED,
            {"retained_hours": 1_000_001, "gap_reason": "Marché long."} | RETAINED,
        ],
    ),
    Rule(
        "calibration_gap_explained",
        calibration,
        accepted=[
            {"retained_hours": None},
            {"retained_hours": 500} | RETAINED,
            {"retained_hours": 400, "gap_reason": "Marché court."} | RETAINED,
        ],
        refused=[{"retained_hours": 400} | RETAINED, {"retained_hours": 501, "gap_reason": ""} | RETAINED],
    ),
    Rule(
        "calibration_retained_whole",
        calibration,
        accepted=[{"retained_hours": 500} | RETAINED, {}],
        refused=[{"retained_hours": None} | RETAINED, {"retained_hours": 500}],
    ),
]
AWARDS = [
    Rule(
        "company_siret_format", company, refused=[{"siret": "1234"}, {"siret": "1234567890123A"}], seen_by_forms=False
    ),
    Rule("company_verified_pair", company, **pair("verified")),
    Rule(
        "award_once",
        award,
        existing={},
        accepted=[{"role": AwardRole.LEAD}, SUBCONTRACT, {"lot": other_lot}],
        refused=[{}, {"hours_minimum": 5}],
    ),
    Rule("award_once", award, existing=SUBCONTRACT, accepted=[{}], refused=[SUBCONTRACT]),
    Rule(
        "award_parent_iff_subcontractor",
        award,
        accepted=[{"parent": None}, SUBCONTRACT],
        refused=[
            {"role": AwardRole.SUBCONTRACTOR, "parent": None},
            *({"role": role, "parent": the("award")} for role in AwardRole if role != AwardRole.SUBCONTRACTOR),
        ],
    ),
    Rule(
        "objective_hours_not_zero",
        objective,
        accepted=[{"hours": 1}, {"hours": -1}, {"hours": 1_000_000}, {"hours": -1_000_000}],
        refused=[{"hours": 0}, {"hours": 1_000_001}, {"hours": -1_000_001}],
    ),
    Rule(
        "objective_sign_fits_kind",
        objective,
        accepted=[
            *({"kind": kind, "hours": 10} for kind in ObjectiveKind if kind not in TAKEN_AWAY),
            *({"kind": kind, "hours": -10} for kind in ("amendment", *TAKEN_AWAY)),
        ],
        refused=[
            *({"kind": kind, "hours": 10} for kind in TAKEN_AWAY),
            *({"kind": kind, "hours": -10} for kind in ("initial", "offer", "option", "order", "transfer_in")),
        ],
    ),
    Rule(
        "objective_reason_given",
        objective,
        accepted=[{"kind": ObjectiveKind.INITIAL, "reason": ""}, {"kind": ObjectiveKind.OFFER, "reason": ""}, {}],
        refused=[{"reason": ""}, {"kind": ObjectiveKind.NEUTRALISED, "hours": -10, "reason": ""}],
    ),
    Rule("objectiveentry_decided_pair", objective, **pair("decided"), seen_by_forms=False),
    Rule(
        "market_total_once",
        total,
        existing={},
        accepted=[{"territory": the("territory")}],
        refused=[{"required": 3}],
        seen_by_forms=False,
    ),
    Rule(
        "market_total_not_negative",
        total,
        accepted=[{}, {"declared": 10, "counted": 10, "required": 0}, {"declared": 10, "counted": 0}],
        refused=[{"required": -1}, {"declared": 9, "counted": 10}, {"counted": -1}],
    ),
    Rule("decpwatch_started_pair", watch, **pair("started"), seen_by_forms=False),
    Rule("decpwatch_ended_pair", watch, **pair("ended")),
    Rule(
        "decp_watched_once",
        watch,
        existing={},
        accepted=[{"ended_at": NOW, "ended_by": the("author")}, {"buyer_siret": "20005480700017"}],
        refused=[{}],
    ),
    Rule("importrun_asked_pair", import_run, **pair("asked"), seen_by_forms=False),
]
RULES = MARKETS + CALIBRATIONS + AWARDS


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)


def test_every_constraint_is_here():
    known = [
        *RULES,
        *test_constraints_preparation.RULES,
        *test_constraints_instruction.RULES,
        *test_constraints_award.RULES,
        *test_constraints_meetings.RULES,
        *test_constraints_alerts.RULES,
        *test_constraints_links.RULES,
        *test_constraints_progress.RULES,
    ]
    assert {rule.name for rule in known} == constraints_of("markets")
