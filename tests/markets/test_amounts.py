"""The amounts of an avant-projet: kept apart, summed up, never copied in silence (C6, C27)."""

from decimal import Decimal

import pytest

from clauses_portal.core.errors import DomainError
from clauses_portal.core.versions import Stale, version_of
from markets.estimates import agree, disagreement
from markets.models import LotFinancials, MarketFinancials, PhaseFinancials
from markets.services.amounts import estimates_of, known_amounts, set_estimates, version_of_estimates
from markets.services.markets import add_lot, create_market, set_lot_amounts
from tests.factories.accounts import author
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFactory, MarketFinancialsFactory
from tests.factories.preparation import LotPhaseFactory

pytestmark = pytest.mark.django_db

TOTAL = Decimal(500_000)


@pytest.fixture
def lots(territory):
    first = LotFactory(territory=territory, number="1")
    return [first, LotFactory(territory=territory, market=first.market, number="2")]


@pytest.mark.parametrize(
    ("total", "amounts", "agreed"),
    [
        (None, [300_000, 200_000], True),
        (500_000, [None, None], True),
        (500_000, [], True),
        (500_000, [300_000, 200_000], True),
        (500_000, [300_000, 180_000], False),
        (500_000, [300_000, 220_000], False),
        (500_000, [300_000, None], True),
        (500_000, [500_000, None], False),
        (Decimal("0.30"), [Decimal("0.10"), Decimal("0.20")], True),
    ],
)
def test_the_lots_make_the_market(total, amounts, agreed):
    amounts = [amount if amount is None else Decimal(amount) for amount in amounts]
    assert agree(total if total is None else Decimal(total), amounts) is agreed


def test_the_disagreement_is_said_in_euros():
    assert disagreement(TOTAL, [Decimal(480_000)]).replace("\u00a0", " ") == (
        "Les lots font 480 000,00 €, le marché 500 000,00 € : corrigez l’un ou l’autre, l’écart est de 20 000,00 €."
    )
    assert disagreement(TOTAL, [Decimal(500_000), None]).replace("\u00a0", " ") == (
        "Les lots renseignés font déjà 500 000,00 €, le marché 500 000,00 € : il ne reste rien pour les autres lots."
    )


def test_every_amount_is_recorded_at_once(lots):
    market, phase = lots[0].market, LotPhaseFactory(lot=lots[1])
    shares = {lots[0].pk: Decimal(300_000), lots[1].pk: Decimal(200_000)}
    set_estimates(market=market, total=TOTAL, lots=shares, phases={phase.pk: Decimal(9_000)}, by=author())
    assert estimates_of(market) == (TOTAL, shares, {phase.pk: Decimal(9_000)})
    known = known_amounts(market)
    assert (known.market, known.lots, known.phases, known.agree) == (True, set(shares), {phase.pk}, True)


def test_amounts_that_do_not_add_up_leave_everything_as_it_was(lots):
    market = lots[0].market
    MarketFinancialsFactory(market=market, estimated_amount=Decimal(10))
    with pytest.raises(DomainError, match="corrigez l’un ou l’autre"):
        set_estimates(market=market, total=TOTAL, lots={lots[0].pk: TOTAL, lots[1].pk: Decimal(1)}, by=author())
    assert MarketFinancials.objects.get().estimated_amount == 10
    assert not LotFinancials.objects.exists()


def test_a_single_lot_takes_the_amount_of_its_market():
    lot = LotFactory()
    set_estimates(market=lot.market, total=TOTAL, lots={lot.pk: None}, by=author())
    assert lot.financials.estimated_amount == TOTAL


def test_only_what_changes_is_written_in_the_history(lots):
    market = lots[0].market
    shares = {lots[0].pk: Decimal(300_000), lots[1].pk: Decimal(200_000)}
    set_estimates(market=market, total=TOTAL, lots=shares, by=author())
    set_estimates(market=market, total=TOTAL, lots=shares, by=author())
    assert (MarketFinancials.history.count(), LotFinancials.history.count()) == (1, 2)
    assert not PhaseFinancials.history.exists()


def test_awarded_amounts_are_left_alone(lots):
    LotFinancialsFactory(lot=lots[0], awarded_amount=Decimal(7))
    shares = {lots[0].pk: Decimal(300_000), lots[1].pk: Decimal(200_000)}
    set_estimates(market=lots[0].market, total=TOTAL, lots=shares, by=author())
    assert LotFinancials.objects.get(lot=lots[0]).awarded_amount == 7


def test_amounts_of_another_market_are_out_of_reach(lots):
    other = LotFactory()
    phase = LotPhaseFactory(lot=other)
    shares = {other.pk: Decimal(5), lots[0].pk: None, lots[1].pk: None}
    set_estimates(market=lots[0].market, total=TOTAL, lots=shares, phases={phase.pk: Decimal(5)}, by=author())
    assert not LotFinancials.objects.filter(lot=other).exists()
    assert not PhaseFinancials.objects.exists()


def test_amounts_changed_meanwhile_are_not_overwritten(lots):
    market = lots[0].market
    seen = version_of_estimates(market)
    set_lot_amounts(lot=lots[0], estimated_amount=Decimal(300_000), by=author())
    with pytest.raises(Stale, match="modifiés entre-temps") as refused:
        set_estimates(market=market, total=TOTAL, lots={}, seen=seen, by=author())
    assert "300" not in refused.value.message
    set_estimates(market=market, total=TOTAL, lots={}, seen=refused.value.version, by=author())
    assert market.financials.estimated_amount == TOTAL


def test_the_amounts_of_one_lot_are_not_overwritten_either():
    lot = LotFactory()
    set_lot_amounts(lot=lot, seen="", estimated_amount=Decimal(10), by=author())
    with pytest.raises(Stale):
        set_lot_amounts(lot=lot, seen="", estimated_amount=Decimal(11), by=author())
    seen = version_of(LotFinancials.objects.get())
    set_lot_amounts(lot=lot, seen=seen, estimated_amount=Decimal(12), by=author())
    with pytest.raises(Stale, match="montant estimé"):
        set_lot_amounts(lot=lot, seen=seen, estimated_amount=Decimal(13), by=author())
    assert LotFinancials.objects.get().estimated_amount == 12


def test_the_first_lot_does_not_keep_the_whole_estimate_once_there_are_two(territory):
    market = MarketFactory.build(operation=None)
    create_market(market=market, territory=territory, estimated_amount=TOTAL, by=author())
    first = market.lots.get()
    assert first.financials.estimated_amount == TOTAL
    add_lot(market=market, number="2", title="Peinture", territory=territory, by=author())
    first.financials.refresh_from_db()
    assert first.financials.estimated_amount is None
    assert first.financials.history.count() == 2
    known = known_amounts(market)
    assert (known.market, known.lots, known.agree) == (True, frozenset(), True)


def test_an_amount_of_one_s_own_is_not_emptied(territory):
    market = MarketFactory.build(operation=None)
    create_market(market=market, territory=territory, estimated_amount=TOTAL, by=author())
    first = market.lots.get()
    set_lot_amounts(lot=first, estimated_amount=Decimal(300_000), by=author())
    add_lot(market=market, number="2", title="P", territory=territory, estimated_amount=Decimal(200_000), by=author())
    assert known_amounts(market).agree
    add_lot(market=market, number="3", title="S", territory=territory, by=author())
    first.financials.refresh_from_db()
    assert first.financials.estimated_amount == 300_000
    assert not known_amounts(market).agree


def test_the_amount_of_a_decided_lot_stays_and_the_disagreement_is_known():
    lot = LotFactory(calibrated=True)
    for factory, place in ((MarketFinancialsFactory, {"market": lot.market}), (LotFinancialsFactory, {"lot": lot})):
        factory(**place, estimated_amount=TOTAL)
    add_lot(market=lot.market, number="2b", title="Peinture", territory=lot.territory, by=author())
    assert LotFinancials.objects.get(lot=lot).estimated_amount == TOTAL
    assert not known_amounts(lot.market).agree
