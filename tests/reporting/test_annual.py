"""The annual report: figures counted by hand (see small_world), told with the year before, without an euro."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from clauses_portal.core.pdf import checks
from clauses_portal.core.periods import Quarter
from reporting.enums import StatementKind
from reporting.indicators import hours, people
from reporting.indicators.definition import value_of
from reporting.indicators.scope import NOTHING, Scope
from reporting.models import Statement, StatementRatios
from reporting.statements.annual import build_annual
from reporting.statements.annual_documents import render_annual, restricted_files
from reporting.statements.parts import head_of
from tests.factories.markets import THOUSAND_HOURS
from tests.factories.reporting import StatementFactory
from tests.reporting.small_world import small_world
from tests.support.papers import parts_of
from tests.support.shared import for_the_module

pytestmark = pytest.mark.usefixtures("today")

DATED = date(2027, 1, 12)


@pytest.fixture(scope="module")
def small(django_db_setup, django_db_blocker):
    with for_the_module(django_db_blocker):
        yield small_world()


@pytest.fixture
def world(small, db):
    return small


def report(period="2026", **place):
    place = {"territory": None, **place}
    statement = StatementFactory(kind=StatementKind.ANNUAL, period_code=period, **place)
    statement.snapshot = build_annual(statement, dated_on=DATED)
    return statement


def values_of(data):
    """{code: (this year, the year before, difference)}."""
    rows = (row for part in data["parts"] for row in part["rows"])
    return {row["code"]: (row["value"], row["previous"], row["difference"]) for row in rows}


def group_of(data, code):
    """{name: line} of an activity table."""
    return {row["name"]: row for group in data["groups"] if group["code"] == code for row in group["rows"]}


def test_a_year_beside_the_year_before(world):
    values = values_of(report(territory=world.territory).snapshot)
    assert values["hours_declared"] == ("500.00", "0.00", "500.00")
    assert values["hours_counted"] == ("410.00", "0.00", "410.00")
    assert values["hours_rejected"] == ("50.00", "0.00", "50.00")
    assert values["hours_due"] == ("2700.00", "0.00", "2700.00")
    assert values["persons_hired"] == (3, 0, 3)
    assert values["persons_women_share"] == ("66.7", None, None)
    assert values["persons_rsa_share"] == ("33.3", None, None)
    assert values["contracts_started"] == (4, 0, 4)
    assert values["markets_followed"] == (1, 0, 1)
    assert values["alerts_raised"] == (5, 0, 5)


def test_the_next_year_tells_this_one_as_the_year_before(world):
    values = values_of(report("2027", territory=world.territory).snapshot)
    assert values["hours_counted"] == ("0.00", "410.00", "-410.00")
    assert values["persons_hired"] == (0, 3, -3)


def test_hours_are_those_of_the_four_quarters_and_persons_are_not(world):
    scope = Scope(territory_id=world.territory.pk)
    values = values_of(report(territory=world.territory).snapshot)
    quarters = [Quarter(2026, number) for number in range(1, 5)]
    assert sum(value_of(hours.COUNTED, scope, quarter) for quarter in quarters) == Decimal(values["hours_counted"][0])
    assert sum(value_of(people.AT_WORK, scope, quarter) for quarter in quarters) == 3
    assert values["persons_at_work"][0] == 2


def test_a_year_of_the_convention_is_twelve_months_of_its_own(world):
    data = report("2026-04_2027-03", territory=world.territory).snapshot
    values = values_of(data)
    assert values["hours_counted"] == ("210.00", "200.00", "10.00")
    assert values["persons_hired"] == (2, 1, 1)
    assert (data["period_label"], data["previous_label"]) == (
        "de avril 2026 à mars 2027",
        "de avril 2025 à mars 2026",
    )


def test_the_whole_departement_holds_every_territory(world):
    data = report().snapshot
    assert values_of(data)["hours_counted"][0] == "610.00"
    rows = group_of(data, "territory")
    assert [(row["hours_counted"], row["persons_hired"]) for row in rows.values()] == [("410.00", 3), ("200.00", 1)]
    assert data["subject"] == "Ensemble du Département"


@pytest.mark.parametrize("code", ["territory", "directorate", "trade", "legal_basis"])
def test_the_hours_of_each_table_add_up_to_the_total(world, code):
    rows = group_of(report().snapshot, code).values()
    assert sum(Decimal(row["hours_counted"]) for row in rows) == 610


def test_what_has_no_operation_is_a_line_of_its_own(world):
    type(world.market).objects.filter(pk=world.market.pk).update(operation=None)
    rows = group_of(report().snapshot, "directorate")
    assert rows["Sans opération"]["hours_counted"] == "410.00"
    assert value_of(hours.COUNTED, Scope(directorate_id=NOTHING), Quarter(2026, 2)) == 210


def test_a_paper_of_a_directorate_speaks_of_its_own(world):
    directorate = world.market.operation.directorate
    data = report(directorate=directorate).snapshot
    assert values_of(data)["hours_counted"][0] == "410.00"
    assert [group["code"] for group in data["groups"]] == ["territory", "trade", "legal_basis"]


@pytest.fixture(scope="module")
def printed(small, django_db_blocker):
    """(statement, PDF) of the whole Département."""
    with django_db_blocker.unblock(), transaction.atomic():
        statement = report(outlook="Deux chantiers à venir.", good_practice="Visites de site.")
        transaction.set_rollback(True)
    return statement, render_annual(statement, author=None)


def test_the_document_carries_its_tables_and_passes_its_checks(printed, db):
    statement, content = printed
    parts = parts_of(content)
    words = " ".join(parts["text"].split())
    for text in ("Bilan annuel", "610 h", "Deux chantiers à venir.", "Visites de site.", "ne s’additionnent pas"):
        assert text in words, text
    assert json.loads(parts["donnees.json"]) == json.loads(json.dumps(statement.snapshot))
    assert ";heures;610,00;0,00;610,00;hours_counted" in parts["indicateurs.csv"]
    assert "Par territoire;Pays d’Aix;2;2700,00;410,00;3;" in parts["repartition.csv"]
    assert checks.check(content, letterhead=head_of(statement.snapshot)) == []


def test_nothing_confidential_enters(printed, world):
    statement, content = printed
    parts = parts_of(content) | {"snapshot": json.dumps(statement.snapshot)}
    figures = {"918273", "564738", *(str(value) for value in THOUSAND_HOURS.values() if value > 100)}
    names = {name for person in world.persons for name in (person.last_name, person.search_name)}
    for part, text in parts.items():
        flat = re.sub(r"\s", "", text)
        assert [figure for figure in figures if figure in flat] == [], part
        assert [name for name in names if name in text] == [], part
        assert "€" not in text, part


def test_an_empty_year_is_a_paper_too_and_always_the_same(world):
    statement = report("2020", territory=world.territory)
    content = render_annual(statement, author=None)
    assert "Aucune activité sur ces deux années." in " ".join(parts_of(content)["text"].split())
    assert render_annual(statement, author=None) == content


def test_the_restricted_version_is_made_from_its_ratios(world):
    statement = report(territory=world.territory)
    ratios = {
        "schema": 1,
        "unknown": 2,
        "rows": [
            {"label": "Ensemble", "markets": 4, "share": "62.5", "hours": "1234.5"},
            {"label": "Travaux", "markets": 2, "share": None, "hours": None},
        ],
        "definitions": ["Part en montant."],
    }
    StatementRatios(statement=statement, data=ratios)
    (file,) = restricted_files(statement)
    words = " ".join(parts_of(file.content)["text"].split())
    assert (file.kind, file.name) == ("restricted", "BA-2026-pays-d-aix-1-restreint.pdf")
    for text in ("62,5 %", "1 234,5 h", "n. c.", "Document confidentiel"):
        assert text in words, text
    assert checks.check(file.content) == []
    assert Statement.objects.filter(ratios__isnull=False).count() == 0
