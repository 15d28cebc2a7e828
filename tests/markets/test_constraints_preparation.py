"""What the database holds about the preparation of a market: reference tables, programme, avant-projet, calibration."""

from datetime import date
from decimal import Decimal

import pytest

from markets.enums import CalibrationPurpose, CriterionKind
from markets.models import (
    CalendarFeed,
    Calibration,
    ColumnMapping,
    CpvCode,
    CriteriaGrid,
    Criterion,
    DceDocument,
    LegalThreshold,
    Lot,
    LotPhase,
    Market,
    ObjectiveEntry,
    PenaltyRule,
    PhaseFinancials,
    ProgrammeImport,
    RomeCode,
    Trade,
    TradeParameters,
)
from tests.factories.preparation import CriteriaGridFactory, LotPhaseFactory, TradeFactory
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import DAY, NOW, World, pair, the

pytestmark = pytest.mark.django_db

BEFORE, AFTER = date(2026, 9, 14), date(2026, 9, 16)
VALIDITY = {
    "accepted": [{"valid_until": None}, {"valid_until": DAY}, {"valid_until": AFTER}],
    "refused": [{"valid_until": BEFORE}],
}


def rome(world, **changes):
    return RomeCode(**{"code": "F1701", "label": "Maçon"} | changes)


def cpv(world, **changes):
    return CpvCode(**{"code": "45210000", "label": "Bâtiment"} | changes)


def parameters(world, **changes):
    fields = {"trade": Trade.objects.first() or TradeFactory(), "valid_from": DAY, "source": "Usage"}
    return TradeParameters(**fields | changes)


def threshold(world, **changes):
    return LegalThreshold(**{"category": "works", "value": 1, "valid_from": DAY, "source": "Avis"} | changes)


def penalty(world, **changes):
    fields = {"code": "retard", "breach": "Retard", "basis": "per_day", "value": 50, "text": "Par jour."}
    return PenaltyRule(**fields | {"valid_from": DAY, "source": "Usage"} | changes)


def grid(world, **changes):
    return CriteriaGrid(**{"version": 9, "note": "Essai"} | changes)


def criterion(world, **changes):
    draft = CriteriaGrid.objects.first() or CriteriaGridFactory()
    fields = {"grid": draft, "code": "duree", "label": "Durée", "kind": CriterionKind.GATE, "position": 1}
    return Criterion(**fields | changes)


def another_grid(world):
    return CriteriaGridFactory()


def programme(world, **changes):
    fields = {"directorate": world.directorate, "file_name": "2027.xlsx", "content": b"PK", "sha256": "0" * 64}
    return ProgrammeImport(**fields | {"mapping": {"title": 0}} | changes)


def mapping(world, **changes):
    return ColumnMapping(**{"directorate": world.directorate, "signature": "a", "mapping": {"title": 0}} | changes)


def feed(world, **changes):
    return CalendarFeed(**{"user": world.user, "digest": "b"} | changes)


def market(world, **changes):
    fields = {"buyer_siret": "22130001500247", "number": "M-1", "title": "Voirie", "kind": "works"}
    return Market(**fields | changes)


def lot(world, **changes):
    return Lot(**{"market": world.market, "number": "99", "title": "Vitres", "territory": world.territory} | changes)


def phase(world, **changes):
    return LotPhase(**{"lot": world.lot, "kind": "option", "number": "1", "label": "Préau"} | changes)


def a_phase(world):
    return LotPhase.objects.first() or LotPhaseFactory(lot=world.lot)


def phase_amount(world, **changes):
    return PhaseFinancials(**{"phase": a_phase(world)} | changes)


def dce(world, **changes):
    fields = {"market": world.market, "kind": "cctp", "name": "CCTP.pdf", "mime": "application/pdf", "size": 1}
    return DceDocument(**fields | {"sha256": "0" * 64, "content": b"%"} | changes)


def calibration(world, **changes):
    return Calibration(**{"lot": world.lot, "version": 1, "proposed_hours": 500} | changes)


def a_calibration(world):
    return Calibration.objects.first() or Calibration.objects.create(lot=world.lot, version=1, proposed_hours=500)


def objective(world, **changes):
    fields = {"award": world.award, "kind": "amendment", "hours": 10, "effective_on": DAY, "reason": "Avenant n° 1"}
    return ObjectiveEntry(**fields | changes)


def ordered_range(name, highest):
    """A usual range: absent, or from the smaller to the greater within ]0; highest]."""
    low, high = f"{name}_low", f"{name}_high"
    top, beyond = Decimal(highest), Decimal(highest) + Decimal("0.01")
    ranges = {
        "accepted": [(None, None), (Decimal("0.01"), top), (top, top)],
        "refused": [(top, None), (None, top), (Decimal(0), top), (top, Decimal("0.5")), (top, beyond)],
    }
    return Rule(
        "trade_parameters_credible",
        parameters,
        **{outcome: [{low: first, high: last} for first, last in pairs] for outcome, pairs in ranges.items()},
    )


def value_above_zero(name, make):
    return Rule(name, make, accepted=[{"value": Decimal("0.01")}], refused=[{"value": 0}, {"value": -1}])


GATE, WEIGHTED = {"kind": CriterionKind.GATE}, {"kind": CriterionKind.WEIGHTED}
REFERENCES = [
    Rule("rome_format", rome, accepted=[{"code": "N4999"}], refused=[{"code": c} for c in ("O1101", "F170", "f1701")]),
    Rule("cpv_format", cpv, refused=[{"code": "4521000"}, {"code": "4521000A"}]),
    Rule("trade_parameters_once", parameters, existing={}, accepted=[{"valid_from": AFTER}], refused=[{}]),
    Rule("trade_parameters_once", parameters, existing={}, accepted=[{"trade": lambda world: TradeFactory()}]),
    ordered_range("labour_share", 1),
    ordered_range("insertion_rate", 1),
    ordered_range("hourly_cost", 1000),
    Rule("trade_parameters_dates_ordered", parameters, **VALIDITY),
    Rule(
        "threshold_once",
        threshold,
        existing={},
        accepted=[{"valid_from": AFTER}, {"category": "concession"}],
        refused=[{"value": 2}],
    ),
    value_above_zero("threshold_credible", threshold),
    Rule("threshold_dates_ordered", threshold, **VALIDITY),
    Rule("penalty_once", penalty, existing={}, accepted=[{"valid_from": AFTER}, {"code": "absence"}], refused=[{}]),
    value_above_zero("penalty_credible", penalty),
    Rule("penalty_dates_ordered", penalty, **VALIDITY),
    Rule("criteriagrid_published_pair", grid, **pair("published")),
    Rule("criterion_once", criterion, existing={}, accepted=[{"code": "autre"}, {"grid": another_grid}], refused=[{}]),
    Rule(
        "criterion_weight_fits_kind",
        criterion,
        accepted=[GATE | {"weight": 0}, WEIGHTED | {"weight": 1}, WEIGHTED | {"weight": 100}],
        refused=[GATE | {"weight": 1}, WEIGHTED | {"weight": 0}, WEIGHTED | {"weight": 101}],
    ),
]
PROGRAMME = [
    Rule("programmeimport_asked_pair", programme, **pair("asked"), seen_by_forms=False),
    Rule("mapping_once", mapping, existing={}, accepted=[{"signature": "c"}], refused=[{"mapping": {"title": 1}}]),
    Rule(
        "one_live_feed_per_person",
        feed,
        existing={},
        accepted=[{"digest": "c", "revoked_on": NOW}, {"digest": "c", "user": the("author")}],
        refused=[{"digest": "c"}],
    ),
]
TAKEN_OVER = {"staff_takeover": True}
AVANT_PROJET = [
    Rule(
        "market_calendar_ordered",
        market,
        accepted=[
            {},
            {"planned_publication_on": DAY, "planned_tenders_on": DAY, "planned_notification_on": DAY},
            {"planned_publication_on": AFTER, "planned_tenders_on": None, "planned_notification_on": None},
        ],
        refused=[
            {"planned_publication_on": DAY, "planned_tenders_on": BEFORE},
            {"planned_tenders_on": DAY, "planned_notification_on": BEFORE},
            {"planned_publication_on": DAY, "planned_notification_on": BEFORE},
        ],
    ),
    Rule("market_submitted_pair", market, **pair("submitted")),
    Rule(
        "lot_firm_months_credible",
        lot,
        accepted=[{"firm_months": None}, {"firm_months": 1}, {"firm_months": 1200}],
        refused=[{"firm_months": 0}, {"firm_months": 1201}],
    ),
    Rule(
        "lot_takeover_hours_credible",
        lot,
        accepted=[{}, TAKEN_OVER, TAKEN_OVER | {"takeover_hours": 0}, TAKEN_OVER | {"takeover_hours": 100_000}],
        refused=[{"takeover_hours": 10}, TAKEN_OVER | {"takeover_hours": -1}, TAKEN_OVER | {"takeover_hours": 100_001}],
    ),
    Rule("phase_number_once", phase, existing={}, accepted=[{"number": "2"}, {"kind": "tranche"}], refused=[{}]),
    Rule(
        "phase_months_credible",
        phase,
        accepted=[{"months": None}, {"months": 1}, {"months": 1200}],
        refused=[{"months": 0}, {"months": 1201}],
    ),
    Rule(
        "phase_estimated_amount_credible",
        phase_amount,
        accepted=[{"estimated_amount": None}, {"estimated_amount": Decimal("0.01")}],
        refused=[{"estimated_amount": 0}, {"estimated_amount": -1}, {"estimated_amount": Decimal("10000000000.01")}],
    ),
    Rule("dce_deposited_pair", dce, **pair("deposited"), seen_by_forms=False),
    Rule("dce_withdrawn_pair", dce, **pair("withdrawn")),
    Rule(
        "dce_once",
        dce,
        existing={},
        accepted=[{"sha256": "1" * 64}, {"withdrawn_at": NOW, "withdrawn_by": the("author")}],
        refused=[{"kind": "plan"}],
    ),
]
ORDER = {"purpose": CalibrationPurpose.ORDER, "label": "Bon n° 12"}
AMENDMENT = {"purpose": CalibrationPurpose.AMENDMENT, "label": "Avenant n° 1", "proposed_hours": -50}
RETAINED = {"retained_at": NOW, "retained_by": the("author"), "gap_reason": "Marché court."}
CALIBRATIONS = [
    Rule(
        "calibration_hours_credible",
        calibration,
        accepted=[
            AMENDMENT,
            AMENDMENT | {"proposed_hours": -1_000_000},
            AMENDMENT | RETAINED | {"retained_hours": -1_000_000},
            AMENDMENT | RETAINED | {"retained_hours": 1},
        ],
        refused=[
            {"proposed_hours": -1},
            ORDER | {"proposed_hours": -1},
            AMENDMENT | {"proposed_hours": -1_000_001},
            AMENDMENT | RETAINED | {"retained_hours": 0},
            AMENDMENT | RETAINED | {"retained_hours": 1_000_001},
        ],
    ),
    Rule(
        "calibration_phase_fits_purpose",
        calibration,
        accepted=[{}, {"purpose": CalibrationPurpose.PHASE, "phase": a_phase}],
        refused=[{"purpose": CalibrationPurpose.PHASE}, {"phase": a_phase}, ORDER | {"phase": a_phase}],
    ),
    Rule(
        "calibration_order_named",
        calibration,
        accepted=[{"label": ""}, ORDER, AMENDMENT],
        refused=[ORDER | {"label": ""}, AMENDMENT | {"label": ""}],
    ),
    Rule(
        "calibration_activated_once",
        objective,
        existing={"calibration": a_calibration},
        accepted=[{"calibration": None}],
        refused=[{"calibration": a_calibration}],
        seen_by_forms=False,
    ),
]
RULES = REFERENCES + PROGRAMME + AVANT_PROJET + CALIBRATIONS


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
