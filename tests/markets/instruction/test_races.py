"""Two people at the same instant, with real threads and real connections."""

import pytest

from clauses_portal.core.errors import Conflict
from facilitators.enums import Role
from facilitators.permissions import grant
from markets.enums import LotState, OpinionOutcome
from markets.models import ClauseDecision, ClauseReview, FacilitatorOpinion, Lot
from markets.services import batch
from markets.services.clause import decide_clause, undo
from markets.services.opinion import ask_opinion, give_opinion
from markets.services.review import open_review
from markets.services.visa import give_visa
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import ConventionFactory, TerritoryFactory
from tests.factories.markets import LotFactory, MarketFinancialsFactory
from tests.support.instructed import grid_in_force, weighted
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

# With every row lock taken away, the races run ITERATIONS times (or a part of it) were lost at six already.
ITERATIONS = 6
# The others are not held by a row lock alone: nothing says that fewer would be enough.
MANY = 5
CLAUSE = {"outcome": "clause", "legal_basis": "execution", "reason": "Oui."}
EXEMPT = {"outcome": "no_clause", "reason": "Non.", "exemption": 2, "exemption_reason": "Aucun lien."}


def obliged():
    lot = LotFactory(market__kind="services")
    MarketFinancialsFactory(market=lot.market, estimated_amount=216_000)
    return lot


def refusals(results):
    return [type(error) for error in sort_out(results)[1]]


def test_a_lot_is_decided_once_whoever_asks_what():
    who = author()
    for _ in range(ITERATIONS):
        lot = obliged()
        results = race(
            lambda lot=lot: decide_clause(lot=lot, by=who, **CLAUSE),
            lambda lot=lot: decide_clause(lot=lot, by=who, **EXEMPT),
        )
        assert refusals(results) == [Conflict]
        decision = ClauseDecision.objects.get(lot=lot)
        expected = LotState.RETAINED if decision.outcome == "clause" else LotState.AWAITING_VISA
        assert Lot.objects.get(pk=lot.pk).state == expected
        assert decision.history.count() == 1


def test_a_visa_is_given_once():
    who, one, other = author(), UserFactory(), UserFactory()
    for _ in range(ITERATIONS):
        lot = obliged()
        decide_clause(lot=lot, by=who, **EXEMPT)
        results = race(
            lambda lot=lot: give_visa(lot=lot, granted=True, by=one),
            lambda lot=lot: give_visa(lot=lot, granted=False, note="Non.", by=other),
        )
        assert refusals(results) == [Conflict]
        granted = ClauseDecision.objects.get(lot=lot).visa_granted
        assert Lot.objects.get(pk=lot.pk).state == (LotState.SET_ASIDE if granted else LotState.TO_REVIEW)


def test_a_visa_and_an_undo_do_not_cross():
    who, legal = author(), UserFactory()
    for _ in range(ITERATIONS):
        lot = obliged()
        decide_clause(lot=lot, by=who, **EXEMPT)
        results = race(
            lambda lot=lot: give_visa(lot=lot, granted=True, by=legal), lambda lot=lot: undo(lot=lot, by=who)
        )
        assert refusals(results) == [Conflict]
        visa_stands = ClauseDecision.objects.filter(lot=lot).exists()
        assert Lot.objects.get(pk=lot.pk).state == (LotState.SET_ASIDE if visa_stands else LotState.TO_REVIEW)


def test_an_opinion_is_asked_once_and_given_once():
    who, facilitator, territory = author(), UserFactory(), TerritoryFactory()
    ConventionFactory(territories=[territory])
    grant(user=facilitator, role=Role.FACILITATOR, territory=territory, by=None)
    for _ in range(ITERATIONS):
        lot = LotFactory(territory=territory)
        assert refusals(race(*[lambda lot=lot: ask_opinion(lot=lot, by=who)] * 2)) == [Conflict]
        opinion = FacilitatorOpinion.objects.get(lot=lot)
        give = {"opinion": opinion, "outcome": OpinionOutcome.FAVOURABLE, "by": facilitator}
        assert refusals(race(*[lambda give=give: give_opinion(**give)] * 2)) == [Conflict]
        assert opinion.history.count() == 2


def test_two_people_open_the_same_review():
    who = author()
    grid_in_force(*(weighted(code, 10) for code in ("adequacy", "calendar", "saturation")))
    for _ in range(ITERATIONS):
        lot = LotFactory()
        assert refusals(race(*[lambda lot=lot: open_review(lot=lot, by=who)] * 2)) == []
        assert ClauseReview.objects.get(lot=lot).answers.count() == 3


def test_two_batches_share_their_lots_without_blocking_each_other():
    who, other = author(), UserFactory()
    for _ in range(MANY):
        lots = LotFactory.create_batch(4)
        results = race(
            lambda lots=lots: batch.decide_many(lots=lots, by=who, **CLAUSE),
            lambda lots=lots: batch.decide_many(lots=lots[::-1], by=other, **CLAUSE),
        )
        assert refusals(results) == []
        done = [sum(line.done for line in lines) for lines in results]
        assert sum(done) == 4
        assert ClauseDecision.objects.filter(lot__in=lots).count() == 4
