"""Two people calibrate at the same instant, with real threads and real connections."""

from datetime import date
from decimal import Decimal

import pytest

from clauses_portal.core.errors import Conflict
from markets.enums import LotState
from markets.models import Calibration, Lot, MarketTotal, ObjectiveEntry, TradeParameters
from markets.services.calibration import activate, propose, retain, return_to_facilitator
from markets.services.trade_parameters import replace
from tests.factories.accounts import author
from tests.factories.markets import THOUSAND_HOURS, LotFactory
from tests.factories.preparation import LotPhaseFactory, TradeFactory
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

ITERATIONS = 5


def test_two_facilitators_propose_two_versions():
    lot, who = LotFactory(retained=True), author()
    for done in range(ITERATIONS):
        versions, refused = sort_out(race(*[lambda: propose(lot=lot, by=who, **THOUSAND_HOURS)] * 2))
        assert refused == []
        assert {version.version for version in versions} == {2 * done + 1, 2 * done + 2}
    assert Calibration.objects.to_retain().count() == 1


def test_hours_are_retained_once():
    who = author()
    for _ in range(ITERATIONS):
        version = propose(lot=LotFactory(retained=True), by=who, **THOUSAND_HOURS)
        attempts = [
            lambda hours=hours, version=version: retain(version=version, hours=hours, gap_reason="Écart.", by=who)
            for hours in (900, 800)
        ]
        retained, refused = sort_out(race(*attempts))
        assert [type(error) for error in refused] == [Conflict]
        version.refresh_from_db()
        assert version.retained_hours == retained[0].retained_hours
        assert Lot.objects.get(pk=version.lot_id).state == LotState.CALIBRATED


def test_hours_are_not_retained_while_others_replace_them():
    """Either they were retained first, or the newer version waits: never both forgotten."""
    who = author()
    for _ in range(ITERATIONS):
        lot = LotFactory(retained=True)
        version = propose(lot=lot, by=who, **THOUSAND_HOURS)
        race(
            lambda version=version: retain(version=version, hours=1000, by=who),
            lambda lot=lot: propose(lot=lot, by=who, **THOUSAND_HOURS),
        )
        assert Calibration.objects.filter(lot=lot).to_retain().count() == 1
        version.refresh_from_db()
        expected = LotState.CALIBRATED if version.retained_at else LotState.RETAINED
        assert Lot.objects.get(pk=lot.pk).state == expected


def test_hours_go_back_or_are_retained():
    who = author()
    version = propose(lot=LotFactory(retained=True), by=who, **THOUSAND_HOURS)
    race(
        lambda: retain(version=version, hours=1000, by=who),
        lambda: return_to_facilitator(version=version, reason="À revoir.", by=who),
    )
    version.refresh_from_db()
    assert version.retained_hours == 1000


def test_hours_become_due_once():
    lot, who = LotFactory(awarded=True), author()
    award = lot.awards.get()
    for done in range(ITERATIONS):
        phase = LotPhaseFactory(lot=lot)
        version = propose(lot=lot, by=who, purpose="phase", phase=phase, method="flat", hours=Decimal(100))
        retain(version=version, hours=100, by=who)
        entries, refused = sort_out(
            race(
                *[
                    lambda version=version: activate(
                        version=version, award=award, effective_on=date(2026, 10, 1), by=who
                    )
                ]
                * 2
            )
        )
        assert [type(error) for error in refused] == [Conflict]
        assert ObjectiveEntry.objects.filter(calibration=version).get() == entries[0]
        assert MarketTotal.objects.get(market=lot.market).required == 1000 + 100 * (done + 1)


def test_usual_values_of_one_day_are_written_once():
    trade, who = TradeFactory(), author()
    given = {"labour_share_low": Decimal("0.4"), "labour_share_high": Decimal("0.4"), "source": "Note"}
    _, refused = sort_out(race(*[lambda: replace(trade=trade, valid_from=date(2026, 10, 1), by=who, **given)] * 2))
    assert len(refused) == 1
    assert TradeParameters.objects.count() == 1
