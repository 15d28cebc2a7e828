"""Two people move or owe hours at the same instant, with real threads and real connections."""

from datetime import date

import pytest

from clauses_portal.core.errors import Conflict, DomainError
from markets.models import MarketTotal
from markets.services.award_ends import end_award
from markets.services.awards import add_objective, objective_of
from markets.services.openings import record_opening_balance
from markets.services.transfers import transfer_hours
from participants.services.consistency import objective_differences, total_differences
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory, LotFactory
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

ITERATIONS = 4
DAY = date(2026, 9, 1)
AGREED = {"effective_on": DAY, "source_agreed_on": DAY, "target_agreed_on": DAY, "reason": "Un même parcours."}


def moving(source, target, hours, who):
    return lambda: transfer_hours(source=source, target=target, hours=hours, by=who, **AGREED)


def test_two_transfers_that_empty_an_award_one_wins():
    who = author()
    for _ in range(ITERATIONS):
        source, first, second = AwardFactory(), AwardFactory(), AwardFactory()
        done, refused = sort_out(race(moving(source, first, 1000, who), moving(source, second, 1000, who)))
        assert (len(done), [type(error) for error in refused]) == (1, [DomainError])
        assert objective_of(source) == 0
        assert objective_of(done[0].target) == 2000
    assert objective_differences() == total_differences() == []


def test_crossed_transfers_never_wait_for_one_another():
    """Four lots of two markets: the lots are locked in order, the totals of the markets too."""
    who = author()
    for _ in range(ITERATIONS):
        one, other = AwardFactory(), AwardFactory()
        beside_one, beside_other = (
            AwardFactory(
                lot=LotFactory(calibrated=True, market=award.lot.market, territory=award.lot.territory),
                company=award.company,
            )
            for award in (one, other)
        )
        _, refused = sort_out(
            race(
                moving(one, other, 100, who),
                moving(beside_other, beside_one, 40, who),
                moving(other, one, 10, who),
            )
        )
        assert refused == []
        due = MarketTotal.objects.filter(market__in=[one.lot.market_id, other.lot.market_id])
        assert sum(due.values_list("required", flat=True)) == 4000
    assert total_differences() == []


def test_hours_are_not_neutralised_and_moved_at_once():
    who = author()
    for _ in range(ITERATIONS):
        source, target = AwardFactory(), AwardFactory()
        neutralise = {"kind": "neutralised", "hours": -600, "effective_on": DAY, "reason": "Intempéries"}
        _, refused = sort_out(
            race(
                moving(source, target, 600, who),
                lambda source=source, neutralise=neutralise: add_objective(award=source, by=who, **neutralise),
            )
        )
        assert [type(error) for error in refused] == [DomainError]
        assert objective_of(source) == 400


def test_a_company_does_not_receive_hours_as_it_leaves():
    who = author()
    for _ in range(ITERATIONS):
        source, target = AwardFactory(), AwardFactory()
        _, refused = sort_out(
            race(
                moving(source, target, 100, who),
                lambda target=target: end_award(award=target, ended_on=DAY, by=who),
            )
        )
        assert len(refused) <= 1
        assert objective_of(target) == (1000 if refused else 1100)


def test_what_was_done_before_is_taken_over_once():
    who, figures = author(), {"hours": 300, "persons": 2, "until": date(2026, 6, 30), "source": "Tableur"}
    for _ in range(ITERATIONS):
        award = AwardFactory()
        twice = [lambda award=award: record_opening_balance(award=award, by=who, **figures)] * 2
        done, refused = sort_out(race(*twice))
        assert (len(done), [type(error) for error in refused]) == (1, [Conflict])
        assert objective_of(award) == 700
    assert objective_differences() == total_differences() == []
