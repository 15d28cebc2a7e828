"""Which lots a statement speaks of, and what it costs to make."""

from datetime import date

import pytest

from reporting.statements.quarterly import build_snapshot
from tests.factories.markets import AlertFactory, LotFactory
from tests.factories.reporting import StatementFactory

pytestmark = pytest.mark.usefixtures("today")


def snapshot(**fields):
    return build_snapshot(StatementFactory(**fields), dated_on=date(2026, 7, 10))


def test_an_empty_quarter_has_figures_too(territory):
    data = snapshot(territory=territory)
    assert data["synthesis"]["counted_quarter"] == "0.00"
    assert data["synthesis"]["done"] is None
    assert (data["lots"], data["alerts"], data["convention"]) == ([], [], "")


@pytest.mark.parametrize(
    ("dates", "followed"),
    [
        ({"starts_on": date(2026, 6, 30), "ends_on": None}, True),
        ({"starts_on": None, "ends_on": date(2026, 4, 1)}, True),
        ({"starts_on": None, "ends_on": None}, True),
        ({"starts_on": date(2026, 7, 1), "ends_on": None}, False),
        ({"starts_on": None, "ends_on": date(2026, 3, 31)}, False),
    ],
)
def test_a_lot_is_followed_while_it_runs(territory, dates, followed):
    LotFactory(awarded=True, territory=territory, **dates)
    assert bool(snapshot(territory=territory)["lots"]) is followed


def test_a_lot_without_a_clause_is_not_followed(territory):
    LotFactory(territory=territory)
    LotFactory(territory=territory, set_aside=True)
    assert snapshot(territory=territory)["lots"] == []


def test_the_queries_of_a_snapshot_do_not_grow(territory, count_queries):
    AlertFactory(lot__territory=territory)
    few = count_queries(lambda: snapshot(territory=territory))
    for _ in range(4):
        AlertFactory(lot__territory=territory)
    assert count_queries(lambda: snapshot(territory=territory, period_code="2026-T1")) <= few
