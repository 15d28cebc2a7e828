"""The data `make bench` compares on is sound: what it measures is what the portal really holds."""

import pytest

from facilitators.models import Convention
from markets.models import Lot
from participants.grid import SHOWN_MONTHS
from participants.models import HoursEntry
from reporting.consistency import CHECKS, differences
from tests.bench.generator import fill
from tests.bench.sizes import Size
from tests.bench.tenders import GRID_TITLE

TINY = Size("tiny", hours=360, territories=8)


@pytest.fixture
def filled(db):
    fill(TINY)


@pytest.mark.usefixtures("filled")
def test_the_generated_data_shows_no_difference():
    assert differences() == {label: [] for label in CHECKS}


@pytest.mark.usefixtures("filled")
def test_the_generated_data_is_as_many_as_asked_and_of_every_fate():
    assert HoursEntry.objects.count() == TINY.hours
    assert HoursEntry.history.count() == TINY.hours
    assert HoursEntry.objects.filter(rejected__gt=0).exists()
    assert HoursEntry.objects.filter(counted__gt=0).exists()
    assert Convention.objects.get().territories.count() == TINY.territories


@pytest.mark.usefixtures("filled")
def test_the_measured_grid_has_thirty_persons_and_six_months():
    lot = Lot.objects.get(title=GRID_TITLE)
    assert (lot.contracts.count(), lot.hours.count()) == (30, 30 * SHOWN_MONTHS)
