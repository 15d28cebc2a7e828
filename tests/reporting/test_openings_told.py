"""What was done before the portal is told by the papers, and counted by none (ADR 0021)."""

from datetime import date

import pytest

from clauses_portal.core.periods import Quarter
from markets.services.openings import record_opening_balance
from reporting.indicators import hours
from reporting.indicators.definition import compute
from reporting.indicators.scope import Scope
from reporting.statements.closing import objective
from reporting.statements.quarterly_rows import lot_rows
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

BEFORE, AFTER = Quarter(2026, 1), Quarter(2026, 3)


@pytest.fixture
def award():
    """1 000 h due, 400 of them done by 30 June, 60 counted in July."""
    award = AwardFactory()
    figures = {"hours": 400, "persons": 12, "until": date(2026, 6, 30), "source": "Tableur"}
    record_opening_balance(award=award, by=author(), **figures)
    contract = EmploymentContractFactory(award=award, validated=True)
    HoursEntryFactory(contract=contract, month=date(2026, 7, 1), declared=60)
    return award


def test_a_figure_of_its_own_and_progress_over_what_remains_due(award):
    figures = (hours.BEFORE_THE_PORTAL, hours.DUE, hours.COUNTED_TO_DATE, hours.DONE_SHARE)
    scope = Scope(award_ids=[award.pk])
    assert list(compute(figures, scope, AFTER).values()) == [400, 600, 60, 10]
    assert list(compute(figures[:2], scope, BEFORE).values()) == [0, 1000]


def test_the_closing_report_tells_it_line_by_line(award):
    told = objective(Scope(award_ids=[award.pk]), AFTER)
    assert (told["due"], told["taken_over"]) == ("600.00", "400.00")
    assert [(line["kind"], line["hours"], line["detail"]) for line in told["lines"]] == [
        ("Heures du marché", "1000.00", ""),
        ("Reprise d’antériorité", "-400.00", "12 personnes, jusqu’au 30/06/2026"),
    ]


def test_the_quarterly_statement_tells_it_beside_what_is_due(award):
    scope = Scope(territory_ids=[award.lot.territory_id])
    [row] = lot_rows(scope, AFTER)
    assert (row["due"], row["taken_over"], row["done"]) == ("600.00", "400.00", "10.0")
    [row] = lot_rows(scope, BEFORE)
    assert (row["due"], row["taken_over"]) == ("1000.00", None)
