"""Decisions that come from the Département's software: the same states, constraints and history as here (C1, C22)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict
from markets.enums import LegalBasis, LotState, Technique
from markets.models import Calibration, ClauseDecision, Lot
from markets.services.calibration import propose
from markets.services.markets import create_market
from markets.services.received import receive_decision
from tests.factories.accounts import author
from tests.factories.markets import THOUSAND_HOURS, LotFactory, MarketFactory
from tests.factories.operations import OperationFactory

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

TAKEN = date(2026, 9, 1)


def receive(lot, hours=1200, legal_basis=LegalBasis.EXECUTION, decided_on=TAKEN):
    return receive_decision(lot=lot, legal_basis=legal_basis, hours=hours, decided_on=decided_on, by=author())


def test_a_lot_in_preparation_becomes_calibrated(territory, convention):
    market = create_market(market=MarketFactory.build(operation=OperationFactory()), territory=territory, by=author())
    lot = receive(market.lots.get())
    assert lot.state == LotState.CALIBRATED
    decision, version = lot.decision, lot.calibrations.get()
    assert decision.reason == "Décision reçue du logiciel du Département le 15/09/2026."
    assert (decision.decided_at.date(), decision.history.get().history_date.date()) == (TAKEN, date(2026, 9, 15))
    assert (version.proposed_hours, version.retained_hours, version.retained_by) == (1200, 1200, author())
    states = list(lot.history.order_by("history_id").values_list("state", flat=True))
    assert states == [LotState.PROGRAMMED, LotState.TO_REVIEW, LotState.RETAINED, LotState.CALIBRATED]


def test_hours_may_come_later():
    lot = receive(LotFactory(), hours=None)
    assert (lot.state, lot.calibrations.count()) == (LotState.RETAINED, 0)
    assert receive(lot).state == LotState.CALIBRATED


def test_the_same_decision_again_changes_nothing():
    lot = receive(LotFactory())
    receive(lot)
    assert (Calibration.objects.count(), ClauseDecision.history.count()) == (1, 1)
    assert Lot.history.filter(id=lot.pk).count() == 3


def test_other_hours_are_an_amendment():
    lot = receive(LotFactory())
    with pytest.raises(Conflict, match="un avenant les change"):
        receive(lot, hours=900)
    assert lot.calibrations.get().retained_hours == 1200


def test_another_basis_is_refused():
    lot = receive(LotFactory(), hours=None)
    with pytest.raises(Conflict, match="fondement"):
        receive(lot, legal_basis=LegalBasis.QUALIFICATION)


def test_a_lot_set_aside_is_not_taken_up_again():
    lot = LotFactory(set_aside=True)
    with pytest.raises(Conflict, match="autre décision"):
        receive(lot)
    assert Lot.objects.get().state == LotState.SET_ASIDE


def test_a_decision_is_not_taken_tomorrow():
    with pytest.raises(ValidationError, match="à venir"):
        receive(LotFactory(), decided_on=date(2026, 9, 16))


def test_no_hours_are_due_in_a_framework_agreement_alone():
    framework = LotFactory(market__technique=Technique.FRAMEWORK)
    assert receive(framework, hours=0).state == LotState.CALIBRATED
    with pytest.raises(ValidationError, match="différent de zéro"):
        receive(LotFactory(), hours=0)


def test_hours_that_were_proposed_here_give_way():
    lot = LotFactory(retained=True)
    propose(lot=lot, by=author(), **THOUSAND_HOURS)
    assert receive(lot).state == LotState.CALIBRATED
    assert lot.calibrations.retained().get().version == 2
