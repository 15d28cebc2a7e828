"""Deciding which lots get a clause, and by whom."""

import pytest
from django.core.exceptions import ValidationError
from django_fsm import TransitionNotAllowed

from clauses_portal.core.errors import Conflict
from markets.enums import ClauseOutcome, LegalBasis, LotState
from markets.models import ClauseDecision, Lot
from markets.services.clause import ALREADY_DECIDED, decide_clause, reopen
from markets.services.markets import close_lot
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import LotFactory

pytestmark = pytest.mark.django_db

CLAUSE = {"outcome": ClauseOutcome.CLAUSE, "legal_basis": LegalBasis.EXECUTION}
NO_CLAUSE = {"outcome": ClauseOutcome.NO_CLAUSE, "reason": "Fourniture pure, sans main-d’œuvre."}


def state_of(lot):
    return Lot.objects.get(pk=lot.pk).state


def test_a_clause_is_retained_on_a_legal_basis():
    lot, officer = LotFactory(), UserFactory()
    decision = decide_clause(lot=lot, by=officer, **CLAUSE)
    assert state_of(lot) == LotState.RETAINED
    assert (decision.decided_by, decision.legal_basis) == (officer, LegalBasis.EXECUTION)
    assert decision.decided_at is not None


def test_a_lot_is_set_aside_for_a_reason():
    lot = LotFactory()
    decision = decide_clause(lot=lot, by=author(), legal_basis=LegalBasis.EXECUTION, **NO_CLAUSE)
    assert state_of(lot) == LotState.SET_ASIDE
    assert decision.legal_basis == ""


@pytest.mark.parametrize(
    "incomplete",
    [{"outcome": ClauseOutcome.CLAUSE}, {"outcome": ClauseOutcome.NO_CLAUSE}, {"outcome": "perhaps", "reason": "?"}],
)
def test_a_decision_without_its_why_leaves_nothing(incomplete):
    lot = LotFactory()
    with pytest.raises(ValidationError):
        decide_clause(lot=lot, by=author(), **incomplete)
    assert state_of(lot) == LotState.TO_REVIEW
    assert not ClauseDecision.objects.exists()


@pytest.mark.parametrize("trait", ["retained", "set_aside", "calibrated", "awarded", "running"])
@pytest.mark.parametrize("decision", [CLAUSE, NO_CLAUSE], ids=["clause", "no clause"])
def test_a_decided_lot_is_not_decided_again(trait, decision):
    lot = LotFactory(**{trait: True})
    with pytest.raises(Conflict, match=ALREADY_DECIDED):
        decide_clause(lot=lot, by=author(), **decision)


def test_a_stale_page_does_not_decide_twice():
    """Two people had the lot on screen: the second is told."""
    lot = LotFactory()
    seen_by_second = Lot.objects.get(pk=lot.pk)
    decide_clause(lot=lot, by=author(), **CLAUSE)
    with pytest.raises(Conflict):
        decide_clause(lot=seen_by_second, by=UserFactory(), **NO_CLAUSE)
    assert ClauseDecision.objects.get().decided_by == author()


@pytest.mark.parametrize("trait", ["retained", "set_aside"])
def test_a_decision_is_taken_up_again(trait):
    lot = LotFactory(**{trait: True})
    reopen(lot=lot, by=author())
    assert state_of(lot) == LotState.TO_REVIEW
    decide_clause(lot=lot, by=UserFactory(), **CLAUSE)
    decision = ClauseDecision.objects.get(lot=lot)
    assert decision.outcome == ClauseOutcome.CLAUSE
    assert decision.reason == ""
    assert decision.history.count() == 2


@pytest.mark.parametrize("trait", ["calibrated", "awarded"])
def test_a_calibrated_lot_is_not_reopened(trait):
    with pytest.raises(Conflict, match="déjà calibré"):
        reopen(lot=LotFactory(**{trait: True}), by=author())


def test_a_running_lot_is_closed_once():
    lot = LotFactory(running=True)
    assert close_lot(lot=lot, by=author()).state == LotState.CLOSED
    with pytest.raises(Conflict, match="Seul un lot en exécution"):
        close_lot(lot=lot, by=author())


@pytest.mark.parametrize("trait", [None, "set_aside", "retained", "calibrated", "awarded"])
def test_a_lot_that_does_not_run_is_not_closed(trait):
    with pytest.raises(Conflict):
        close_lot(lot=LotFactory(**({trait: True} if trait else {})), by=author())


def test_the_trail_names_the_author():
    lot, officer = LotFactory(), UserFactory()
    decide_clause(lot=lot, by=officer, **CLAUSE)
    last = lot.history.first()
    assert (last.state, last.history_user) == (LotState.RETAINED, officer)
    assert ClauseDecision.objects.get().history.get().history_user == officer


def test_a_state_is_not_written_by_hand():
    lot = LotFactory()
    with pytest.raises(AttributeError):
        lot.state = LotState.CLOSED
    with pytest.raises(TransitionNotAllowed):
        lot.close()


def test_the_queue_holds_what_is_to_decide():
    waiting = LotFactory()
    LotFactory(retained=True)
    LotFactory(set_aside=True)
    assert list(Lot.objects.to_review()) == [waiting]
    assert set(Lot.objects.with_clause().values_list("state", flat=True)) == {LotState.RETAINED}
