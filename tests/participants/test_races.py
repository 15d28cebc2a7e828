"""Two people at the same instant, with real threads and real connections (security.md §4.2)."""

from datetime import date
from decimal import Decimal

import pytest

from clauses_portal.core.errors import Conflict, DomainError
from markets.enums import ClauseOutcome, LegalBasis, ObjectiveKind
from markets.models import ClauseDecision, Lot, MarketTotal
from markets.services.awards import add_objective
from markets.services.clause import decide_clause
from participants.enums import ValidationState
from participants.models import HoursEntry
from participants.services.consistency import total_differences
from participants.services.hours import record_month
from participants.services.merging import merge_persons
from participants.services.validations import grant
from tests.factories.accounts import author
from tests.factories.markets import LotFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

# With every row lock taken away, the races run ITERATIONS times (or a part of it) were lost at six already.
ITERATIONS = 8
# The others are not held by a row lock alone: nothing says that fewer would be enough.
MANY = 20
MARCH = date(2026, 3, 1)


def test_two_people_fill_the_cells_of_one_market():
    """Both are kept, and so is their sum, from the very first row of the totals."""
    first = EmploymentContractFactory(validated=True)
    second, who = EmploymentContractFactory(award=first.award, validated=True), author()
    for hours in range(1, MANY + 1):
        _, refused = sort_out(
            race(
                lambda hours=hours: record_month(contract=first, month=MARCH, declared=Decimal(hours), by=who),
                lambda hours=hours: record_month(contract=second, month=MARCH, declared=Decimal(2 * hours), by=who),
            )
        )
        assert refused == []
    assert MarketTotal.objects.values_list("declared", "counted").get() == (3 * MANY, 3 * MANY)
    assert total_differences() == []


def test_objectives_of_two_lots_move_the_same_totals():
    who = author()
    for _ in range(5):
        one = LotFactory(awarded=True)
        other = LotFactory(awarded=True, market=one.market, territory=one.territory)
        awards = [one.awards.get(), other.awards.get()]
        MarketTotal.objects.filter(market=one.market).delete()  # the race to create the row is the hard one

        def owe(award, hours):
            return lambda: add_objective(
                award=award, kind=ObjectiveKind.ORDER, hours=hours, effective_on=MARCH, reason="Bon", by=who
            )

        for number in range(4):
            _, refused = sort_out(race(owe(awards[0], 10), owe(awards[1], 7)))
            assert refused == []
            assert MarketTotal.objects.get(market=one.market).required == 17 * (number + 1)


def test_a_request_is_granted_once(today):
    who, category = author(), EligibilityCategoryFactory()
    for _ in range(ITERATIONS):
        validation = EligibilityValidationFactory(
            participant=ParticipantFactory(), category=category, starts_on=today, ends_on=date(2027, 1, 1)
        )
        granted, refused = sort_out(race(*[lambda v=validation: grant(validation=v, by=who)] * 2))
        assert (len(granted), [type(error) for error in refused]) == (1, [Conflict])
        assert validation.history.filter(state=ValidationState.GRANTED).count() == 1


def test_two_grants_at_once_have_two_numbers(today):
    who, category = author(), EligibilityCategoryFactory()
    for _ in range(ITERATIONS):
        requests = [
            EligibilityValidationFactory(category=category, starts_on=today, ends_on=date(2027, 1, 1)) for _ in range(2)
        ]
        granted, refused = sort_out(race(*[lambda v=request: grant(validation=v, by=who) for request in requests]))
        assert refused == []
        assert len({row.number for row in granted}) == 2


def test_two_files_are_merged_once():
    """Each into the other at the same instant: one is done, the other is told."""
    who = author()
    for _ in range(ITERATIONS // 2):
        one, other = ParticipantFactory(), ParticipantFactory()
        done, refused = sort_out(
            race(
                lambda a=one, b=other: merge_persons(kept=a, merged=b, by=who),
                lambda a=one, b=other: merge_persons(kept=b, merged=a, by=who),
            )
        )
        assert (len(done), [type(error) for error in refused]) == (1, [Conflict])


def test_hours_typed_while_their_person_is_merged_follow_her():
    """Whoever types is told when the file changed hands meanwhile; what was saved is with the file kept."""
    who = author()
    for _ in range(ITERATIONS // 2):
        contract = EmploymentContractFactory(validated=True)
        kept = ParticipantFactory(territory=contract.territory)
        _, refused = sort_out(
            race(
                lambda k=kept, c=contract: merge_persons(kept=k, merged=c.participant, by=who),
                lambda c=contract: record_month(contract=c, month=MARCH, declared=Decimal(50), by=who),
            )
        )
        assert {type(error) for error in refused} <= {Conflict}
        entries = HoursEntry.objects.filter(contract=contract).values_list("participant", "counted")
        assert list(entries) == [(kept.pk, 50)] * (1 - len(refused))
    assert total_differences() == []


def test_overlapping_requests_are_not_both_granted(today):
    who, category = author(), EligibilityCategoryFactory()
    for _ in range(ITERATIONS):
        person = ParticipantFactory()
        requests = [
            EligibilityValidationFactory(
                participant=person, category=category, starts_on=today, ends_on=date(2027, month, 1)
            )
            for month in (1, 2)
        ]
        granted, refused = sort_out(race(*[lambda v=request: grant(validation=v, by=who) for request in requests]))
        assert (len(granted), [type(error) for error in refused]) == (1, [DomainError])


def test_a_lot_is_decided_once():
    who = author()
    choices = (
        {"outcome": ClauseOutcome.CLAUSE, "legal_basis": LegalBasis.EXECUTION},
        {"outcome": ClauseOutcome.NO_CLAUSE, "reason": "Fourniture pure."},
    )
    for _ in range(ITERATIONS):
        lot = LotFactory()
        decided, refused = sort_out(
            race(*[lambda lot=lot, choice=choice: decide_clause(lot=lot, by=who, **choice) for choice in choices])
        )
        assert [type(error) for error in refused] == [Conflict]
        assert ClauseDecision.objects.get(lot=lot).outcome == decided[0].outcome
        assert Lot.objects.get(pk=lot.pk).state in {"retained", "set_aside"}
