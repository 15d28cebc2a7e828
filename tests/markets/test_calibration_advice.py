"""What the calibration screens know of a lot, compare and find odd: advice around the computation."""

from datetime import date
from decimal import Decimal

import pytest

from facilitators.enums import Role
from markets.calibrating.known import Subject, known_of
from markets.calibrating.outcome import compare, compute, compute_amendment, spoken
from markets.calibrating.plausibility import FEW_HOURS, NO_ORDERS, STAFF_TAKEN_OVER, TOO_MUCH_MONEY
from markets.calibration import METHODS
from markets.enums import CalibrationPurpose, ExecutionTerm
from markets.services.calibration import propose
from tests.factories.accounts import author
from tests.factories.markets import LotFactory, LotFinancialsFactory
from tests.factories.preparation import (
    LotPhaseFactory,
    PhaseFinancialsFactory,
    TradeFactory,
    TradeParametersFactory,
)
from tests.support.pages import tidy

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

USUAL = {
    "labour_share_low": Decimal("0.45"),
    "labour_share_high": Decimal("0.55"),
    "hourly_cost_low": Decimal(20),
    "hourly_cost_high": Decimal(30),
    "insertion_rate_low": Decimal("0.05"),
    "insertion_rate_high": Decimal("0.07"),
}
STANDARD = {
    "amount": Decimal(1_000_000),
    "labour_share": Decimal("0.5"),
    "insertion_rate": Decimal("0.06"),
    "hourly_cost": Decimal(25),
}


@pytest.fixture
def facilitator(as_role):
    return as_role(Role.FACILITATOR).user


@pytest.fixture
def trade():
    trade = TradeFactory()
    TradeParametersFactory(trade=trade, **USUAL)
    return trade


@pytest.fixture
def lot(territory, trade):
    lot = LotFactory(territory=territory, retained=True, trade=trade, firm_months=24)
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal(1_000_000))
    return lot


def knows(lot, user, **subject):
    return known_of(Subject(lot, **subject), user)


def advice(known, method="standard", **changes):
    return compute(known, method, **STANDARD | changes).warnings


def test_a_method_is_filled_in_from_the_lot_and_its_trade(lot, facilitator):
    known = knows(lot, facilitator)
    assert known.parameters("standard") == STANDARD
    assert known.parameters("ratio") == {"amount": 1_000_000, "ratio": 50, "insertion_rate": Decimal("0.06")}
    assert known.parameters("worked_hours") == {"worked_hours": 20_000, "insertion_rate": Decimal("0.06")}
    assert known.parameters("fte") == {"annual_hours": 1607}
    assert known.parameters("flat") == {}


def test_the_values_of_today_are_used(lot, trade, facilitator):
    TradeParametersFactory(trade=trade, valid_from=date(2027, 1, 1), hourly_cost_low=90, hourly_cost_high=90)
    assert knows(lot, facilitator).middle("hourly_cost") == 25


def test_nothing_is_invented(territory, facilitator):
    known = knows(LotFactory(territory=territory, retained=True), facilitator)
    assert known.parameters("standard") == {}
    assert (known.ratio, known.labour_hours) == (None, None)


def test_amounts_are_read_with_the_rights_of_who_asks(lot, as_role, elsewhere):
    neighbour = as_role(Role.FACILITATOR, territory=elsewhere).user
    assert knows(lot, neighbour).amount is None
    assert knows(lot, as_role(Role.DIRECTOR).user).parameters("standard") == {}


def test_a_phase_has_its_own_amount_and_duration(lot, facilitator):
    phase = PhaseFinancialsFactory(phase=LotPhaseFactory(lot=lot, months=6), estimated_amount=Decimal(90_000)).phase
    known = knows(lot, facilitator, purpose=CalibrationPurpose.PHASE, phase=phase)
    assert (known.amount, known.subject.months) == (90_000, 6)
    assert knows(lot, facilitator, purpose=CalibrationPurpose.ORDER).amount is None


def test_the_last_steps_of_the_lot_are_remembered(lot, facilitator):
    steps = {"step_amount": Decimal(5000), "hours_per_step": Decimal(3), "whole_steps": False}
    propose(lot=lot, by=author(), method="per_step", invoiced_amount=Decimal(900_000), **steps)
    assert knows(lot, facilitator).parameters("per_step") == {
        "step_amount": "5000",
        "hours_per_step": "3",
        "whole_steps": False,
    }


def test_pact_is_suggested_where_cleaners_are_taken_over(territory, facilitator):
    cleaning = TradeFactory(code="nettoyage")
    lot = LotFactory(territory=territory, trade=cleaning, staff_takeover=True, takeover_hours=Decimal(300))
    known = knows(lot, facilitator)
    assert known.suggestion()[0] == "pact"
    assert "reprend du personnel" in known.suggestion()[1]
    assert known.parameters("pact") == {"transferable_monthly_hours": 300, "ratio": 25}
    by_cpv = LotFactory(territory=territory, staff_takeover=True, market__cpv="90910000")
    assert knows(by_cpv, facilitator).suggestion()[0] == "pact"


def test_another_lot_begins_with_the_standard_formula(lot, facilitator):
    assert knows(lot, facilitator).suggestion() == ("standard", "")
    assert knows(lot, facilitator, purpose=CalibrationPurpose.ORDER).suggestion()[0] == "per_step"


def test_every_method_is_compared_or_says_what_it_lacks(lot, facilitator):
    lines = {line.method: line for line in compare(knows(lot, facilitator))}
    assert list(lines) == list(METHODS)
    hours = {method: line.outcome.hours for method, line in lines.items() if line.outcome}
    assert hours == {"standard": 1200, "ratio": 1200, "worked_hours": 1200, "scale": 900, "reserved": 0}
    assert not lines["reserved"].outcome.clause_possible
    assert lines["flat"].reason == "Il manque : Heures du forfait."
    assert "Heures mensuelles du personnel" in lines["pact"].reason


def test_the_floor_of_the_office_applies_to_the_firm_period(lot, facilitator, settings):
    settings.CALIBRATION_FLOOR_HOURS = 1201
    assert not compare(knows(lot, facilitator))[0].outcome.clause_possible
    order = known_of(Subject(lot, CalibrationPurpose.ORDER), facilitator)
    assert compute(order, "standard", **STANDARD).clause_possible


def test_a_usual_computation_needs_no_advice(lot, facilitator):
    assert advice(knows(lot, facilitator)) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"insertion_rate": Decimal("0.04")}, "Le taux d’insertion sort de l’usage du métier (de 5 % à 7 %)."),
        ({"labour_share": Decimal("0.6")}, "La part de main-d’œuvre sort de l’usage du métier (de 45 % à 55 %)."),
        ({"hourly_cost": Decimal(31)}, "Le coût horaire sort de l’usage du métier (de 20 € à 30 €)."),
        ({"amount": Decimal(1_000_001)}, TOO_MUCH_MONEY),
    ],
)
def test_an_odd_parameter_is_pointed_out(lot, facilitator, change, sentence):
    assert [tidy(found) for found in advice(knows(lot, facilitator), **change)] == [sentence]


def test_too_many_hours_for_the_work_are_pointed_out(lot, facilitator):
    """20 000 h of work: 30 % of them is 6 000 h."""
    known = knows(lot, facilitator)
    assert compute(known, "flat", hours=6000).warnings == []
    assert "30 %" in tidy(compute(known, "flat", hours=6001).warnings[0])


def test_few_hours_are_pointed_out_for_the_firm_period(lot, facilitator):
    few = [FEW_HOURS.format(hours="400\u00a0h")]
    assert compute(knows(lot, facilitator), "flat", hours=399).warnings == few
    assert compute(knows(lot, facilitator), "flat", hours=400).warnings == []
    assert few[0] not in compute(knows(lot, facilitator, purpose=CalibrationPurpose.ORDER), "flat", hours=10).warnings


def test_orders_on_a_market_without_orders_are_pointed_out(lot, facilitator):
    known = knows(lot, facilitator, purpose=CalibrationPurpose.ORDER)
    assert compute(known, "flat", hours=40).warnings == [NO_ORDERS]
    lot.market.execution_terms = [ExecutionTerm.ORDERS]
    assert compute(known, "flat", hours=40).warnings == []


def test_staff_taken_over_elsewhere_than_in_cleaning_is_pointed_out(lot, facilitator):
    lot.staff_takeover = True
    assert advice(knows(lot, facilitator)) == [STAFF_TAKEN_OVER]


def test_an_amendment_is_computed_with_its_sign(lot, facilitator):
    known = knows(lot, facilitator, purpose=CalibrationPurpose.AMENDMENT)
    given = {name: STANDARD[name] for name in ("labour_share", "insertion_rate", "hourly_cost")}
    less = compute_amendment(known, amount_delta=Decimal(-350_000), rounding="nearest", **given)
    assert (less.hours, less.equivalents.weeks, less.warnings) == (-420, 12, [])


def test_hours_are_told_in_weeks_jobs_and_contracts(settings):
    assert tidy(spoken(70)) == "2 semaines de 35 h, 0,04 ETP, 0,09 contrat de six mois"
    settings.ANNUAL_HOURS = 1600
    assert tidy(spoken(-1600)) == "45,71 semaines de 35 h, 1 ETP, 2 contrats de six mois"
