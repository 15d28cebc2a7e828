"""What a statement says: the figures of the indicators, and nothing that must stay confidential."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from participants.models import HoursEntry
from reporting.models import Statement
from reporting.statements.quarterly import build_snapshot
from tests.factories.facilitators import ConventionFactory
from tests.factories.markets import THOUSAND_HOURS
from tests.factories.reporting import StatementFactory
from tests.reporting.small_world import small_world
from tests.support.shared import for_the_module

pytestmark = pytest.mark.usefixtures("today")

DATED = date(2026, 7, 10)


@pytest.fixture(scope="module")
def small(django_db_setup, django_db_blocker):
    with for_the_module(django_db_blocker):
        yield small_world()


@pytest.fixture
def world(small, db):
    return small


@pytest.fixture
def territory(world):
    return world.territory


@pytest.fixture
def elsewhere(world):
    return world.elsewhere


def snapshot(**fields):
    return build_snapshot(StatementFactory(**fields), dated_on=DATED)


def test_the_synthesis_is_the_hours_of_the_database(world, territory):
    synthesis = snapshot(territory=territory)["synthesis"]
    hours = {name: value for name, value in synthesis.items() if name.endswith("_quarter")}
    assert hours == {
        "declared_quarter": "300.00",
        "counted_quarter": "210.00",
        "rejected_quarter": "50.00",
        "pending_quarter": "40.00",
        "regularised_quarter": "0.00",
    }
    in_database = HoursEntry.objects.filter(territory=territory, month__gte=date(2026, 4, 1))
    assert sum(in_database.values_list("counted", flat=True)) == Decimal(synthesis["counted_quarter"])
    assert (synthesis["markets"], synthesis["lots"]) == (1, 2)
    assert (synthesis["due"], synthesis["counted_to_date"], synthesis["remaining"]) == ("2200.00", "410.00", "1790.00")
    assert synthesis["done"] == "18.6"


def test_a_row_per_company_and_the_sums_below(world, territory):
    data = snapshot(territory=territory)
    rows = [(row["due"], row["counted_quarter"], row["counted_to_date"], row["done"]) for row in data["lots"]]
    assert sorted(rows) == [("1000.00", "30.00", "30.00", "3.0"), ("1200.00", "180.00", "380.00", "31.7")]
    assert {row["company"] for row in data["lots"]} == {str(world.one.company), str(world.two.company)}


def test_persons_and_contracts(world, territory):
    people = snapshot(territory=territory)["people"]
    assert (people["hired"]["total"], people["at_work"], people["in_post"], people["going_on"]) == (2, 2, 2, 3)
    assert people["contracts"] == [("CDD", 3), ("CDD d’insertion (CDDI)", 1)]


def test_alerts_are_dated_by_the_clock_of_paris(world, territory):
    rows = [(row["description"], row["raised_on"], row["closed_on"]) for row in snapshot(territory=territory)["alerts"]]
    assert rows == [
        ("Ancienne, ouverte", "2026-02-02", None),
        ("Close dans le trimestre", "2026-02-03", "2026-06-30"),
        ("Close le lendemain", "2026-04-01", None),
    ]


def test_nothing_confidential_enters(world, territory):
    """Neither amount, nor method, nor the name of a person: the paper goes to many hands (C27)."""
    text = json.dumps(snapshot(territory=territory), ensure_ascii=False)
    figures = {"918273", "564738", *(str(value) for value in THOUSAND_HOURS.values() if value > 100)}
    assert [figure for figure in figures if figure in text] == []
    names = {name for person in world.persons for name in (person.last_name, person.search_name)}
    assert [name for name in names if name in text] == []
    keys = set(re.findall(r'"(\w+)":', text))
    assert not {key for key in keys if re.search("amount|cost|rate|share|method|price|montant|taux", key)}


def test_the_neighbours_do_not_enter(world, elsewhere):
    data = snapshot(territory=elsewhere)
    assert data["synthesis"]["counted_quarter"] == "200.00"
    assert {row["market_id"] for row in data["lots"]}.isdisjoint({world.market.pk})


def test_the_statement_of_a_market(world):
    data = snapshot(territory=None, market=world.market)
    assert (data["scope"], data["synthesis"]["counted_quarter"]) == ("market", "210.00")
    assert data["subject"] == str(world.market)


def test_a_snapshot_is_plain_json_and_says_when_and_of_what(world, territory):
    ConventionFactory(reference="C-ANCIENNE", territories=[territory], signed_on=date(2020, 1, 1))
    ConventionFactory(reference="C-2026", territories=[territory], signed_on=date(2026, 1, 1))
    data = snapshot(territory=territory, comments="Bon trimestre.", outlook="Deux lots à venir.")
    assert json.loads(json.dumps(data))["dated_on"] == "2026-07-10"
    assert (data["quarter"], data["number"], data["convention"]) == ("2026-T2", "ET-2026-T2-pays-d-aix-1", "C-2026")
    assert (data["comments"], data["outlook"]) == ("Bon trimestre.", "Deux lots à venir.")


def test_the_same_rows_give_the_same_snapshot(world, territory):
    statement = StatementFactory(territory=territory)
    assert build_snapshot(statement, dated_on=DATED) == build_snapshot(
        Statement.objects.get(pk=statement.pk), dated_on=DATED
    )
