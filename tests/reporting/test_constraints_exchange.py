"""What the database holds about packages, imports, their lines and the reading of foreign files."""

from datetime import date

import pytest

from clauses_portal.core.jobs import JobState
from facilitators.enums import KeyDirection
from reporting.enums import ExchangeOutcome, ExchangeTable
from reporting.models import DataImport, ExchangeLine, PackageExport, SourceMapping
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import DAY, NOW, World, pair, the

pytestmark = pytest.mark.django_db


def package(world, **changes):
    fields = {"structure": world.structure, "direction": KeyDirection.TO_FACILITATOR}
    return PackageExport(**fields | {"asked_at": NOW, "asked_by": world.author} | changes)


def run(world, **changes):
    fields = {"structure": world.structure, "system": "ABC", "file_name": "a.zip", "content": b"x"}
    return DataImport(**fields | {"sha256": "0" * 64, "asked_at": NOW, "asked_by": world.author} | changes)


def a_run(world):
    made = DataImport.objects.first() or run(world)
    made.save()
    return made


def line(world, **changes):
    fields = {"source": a_run(world), "table": ExchangeTable.HOURS, "row": 2, "outcome": ExchangeOutcome.NEW}
    return ExchangeLine(**fields | {"data": {"contrat": "C-1"}} | changes)


def mapping(world, **changes):
    fields = {"structure": world.structure, "system": "ABC", "table": ExchangeTable.PERSONS, "signature": "0" * 64}
    read = {"columns": {"nom": 0}, "values": {"sexe": {"F": "female"}}, "saved_at": NOW, "saved_by": world.author}
    return SourceMapping(**fields | read | changes)


RULES = [
    Rule("packageexport_asked_pair", package, **pair("asked"), seen_by_forms=False),
    Rule(
        "package_period_ordered",
        package,
        accepted=[{"starts_on": DAY}, {"ends_on": DAY}, {"starts_on": DAY, "ends_on": DAY}],
        refused=[{"starts_on": DAY, "ends_on": date(2026, 9, 14)}],
    ),
    Rule(
        "one_package_at_a_time",
        package,
        existing={},
        accepted=[{"state": JobState.DONE}, {"direction": KeyDirection.TO_DEPARTMENT}, {"asked_by": the("user")}],
        refused=[{}, {"state": JobState.RUNNING}],
    ),
    Rule("dataimport_asked_pair", run, **pair("asked"), seen_by_forms=False),
    Rule(
        "package_recorded_once",
        run,
        existing={"recorded_on": NOW},
        accepted=[{}, {"recorded_on": NOW, "sha256": "1" * 64}],
        refused=[{"recorded_on": NOW}],
    ),
    Rule(
        "exchange_line_once",
        line,
        existing={},
        accepted=[{"row": 3}, {"table": ExchangeTable.CONTRACTS}],
        refused=[{}],
    ),
    Rule(
        "source_mapping_once",
        mapping,
        existing={},
        accepted=[{"system": "Tableur"}, {"signature": "1" * 64}, {"table": ExchangeTable.HOURS}],
        refused=[{}],
    ),
    Rule("sourcemapping_saved_pair", mapping, **pair("saved"), seen_by_forms=False),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
