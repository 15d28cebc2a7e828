"""What was sent does not change: a closed quarter refuses every writing, even in raw SQL (error 23R02)."""

from datetime import date

import pytest

from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import DomainError
from participants.models import ClosedPeriod, HoursEntry
from participants.services.hours import REFUSALS
from tests.factories.facilitators import TerritoryFactory
from tests.factories.participants import HoursEntryFactory
from tests.support.sql import execute, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

INTO_THE_FIRST = "UPDATE participants_hoursentry SET starts_on = '2026-03-01', ends_on = '2026-03-31'"


@pytest.fixture
def entry():
    """100 h in March 2026."""
    return HoursEntryFactory()


def close(territory, quarter_start=date(2026, 1, 1)):
    return ClosedPeriod.objects.create(territory=territory, quarter_start=quarter_start)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE participants_hoursentry SET declared = 90, counted = 90",
        "UPDATE participants_hoursentry SET starts_on = '2026-04-01', ends_on = '2026-04-30'",
        "DELETE FROM participants_hoursentry",
        """INSERT INTO participants_hoursentry (contract_id, participant_id, territory_id, market_id, lot_id, starts_on,
               ends_on, declared, counted, rejected, pending, rejection_reason, source, version, nature, withheld,
               withheld_reason, correction_reason)
           SELECT contract_id, participant_id, territory_id, market_id, lot_id, '2026-02-01', '2026-02-28', 1, 1, 0, 0,
               '', 'grid', 1, 'worked', 0, '', '' FROM participants_hoursentry""",
    ],
    ids=["change", "move out", "delete", "insert"],
)
def test_a_closed_quarter_refuses_raw_sql(entry, sql):
    close(entry.territory)
    with refused("23R02"):
        execute(sql)
    assert HoursEntry.objects.get().declared == 100


def test_hours_do_not_move_into_a_closed_quarter():
    entry = HoursEntryFactory(month=date(2026, 4, 1))
    close(entry.territory)
    with refused("23R02"):
        execute(INTO_THE_FIRST)


@pytest.mark.parametrize("quarter_start", [date(2026, 4, 1), date(2025, 10, 1), date(2025, 1, 1)])
def test_the_other_quarters_stay_open(entry, quarter_start):
    close(entry.territory, quarter_start)
    execute("UPDATE participants_hoursentry SET declared = 90, counted = 90")
    assert HoursEntry.objects.get().declared == 90


def test_the_other_territories_stay_open(entry):
    close(TerritoryFactory())
    execute("DELETE FROM participants_hoursentry")
    assert not HoursEntry.objects.exists()


def test_what_moves_no_figure_may_still_be_written(entry):
    """Two files of one person are merged: her hours follow, in quarters that were sent too."""
    close(entry.territory)
    execute("UPDATE participants_hoursentry SET source = 'import'")
    assert HoursEntry.objects.get().source == "import"


def test_the_refusal_becomes_the_fixed_sentence(entry):
    close(entry.territory)
    with pytest.raises(DomainError) as refusal, refusals(REFUSALS):
        entry.delete()
    assert refusal.value.message == "Ce mois est clôturé : ses heures ne peuvent plus être modifiées."
