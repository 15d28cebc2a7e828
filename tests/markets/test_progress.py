"""How far the works of a lot have gone, told by those who go on site."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from facilitators.enums import Role
from markets.models import PhysicalProgress
from markets.services.progress import IN_THE_FUTURE, record_progress
from reporting.indicators.progress import capped, mean_share, physical_by_lot
from tests.factories.accounts import author
from tests.factories.markets import LotFactory
from tests.support.pages import assert_done, assert_refused, submit, table, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

APRIL, JUNE = date(2026, 4, 1), date(2026, 6, 30)


@pytest.fixture
def lot(territory):
    return LotFactory(awarded=True, territory=territory)


def observe(lot, percent, day):
    return record_progress(lot=lot, percent=percent, observed_on=day, by=author())


def test_the_last_observation_of_each_lot_is_the_one_known(lot):
    other = LotFactory()
    observe(lot, 40, JUNE)
    observe(lot, 20, APRIL)
    observe(other, 5, APRIL)
    lots = [lot.pk, other.pk]
    assert physical_by_lot(lots, date(2026, 6, 29)) == {lot.pk: (20, APRIL), other.pk: (5, APRIL)}
    assert physical_by_lot(lots, JUNE) == {lot.pk: (40, JUNE), other.pk: (5, APRIL)}
    assert physical_by_lot(lots, date(2026, 3, 31)) == {}


def test_a_day_observed_twice_is_corrected_and_its_history_kept(lot):
    observe(lot, 40, JUNE)
    again = observe(lot, 45, JUNE)
    assert list(PhysicalProgress.objects.values_list("percent", "observed_on")) == [(45, JUNE)]
    assert list(again.history.values_list("percent", flat=True)) == [45, 40]


def test_the_works_of_tomorrow_are_not_observed(lot):
    with pytest.raises(ValidationError, match=IN_THE_FUTURE):
        observe(lot, 50, date(2026, 9, 16))
    assert not PhysicalProgress.objects.exists()


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.MISSION_OFFICER])
def test_it_is_recorded_from_the_page_of_the_lot(as_role, lot, role):
    client, address = as_role(role), f"/lots/{lot.pk}/avancement/"
    assert "Aucun avancement n’est constaté" in words(client.get(f"/lots/{lot.pk}/"))
    assert_refused(submit(client, address, percent="30", observed_on="2026-09-16"), IN_THE_FUTURE)
    assert submit(client, address, percent="101", observed_on="2026-09-14").status_code == 422
    response = submit(client, address, percent="30", observed_on="2026-09-14")
    assert_done(response, "L’avancement est enregistré.")
    rows = [row[:2] for row in table(response, "Part des travaux réalisés, le dernier constat d’abord")]
    assert rows == [["14/09/2026", "30 %"]]


def test_shares_are_weighed_by_the_hours_due_and_capped():
    assert mean_share([("50", 300), ("10", 100), (None, 1000), ("99", 0)]) == 40
    assert mean_share([(None, 5), ("3", None)]) is None
    assert (capped(None), capped(150), capped(99)) == (None, 100, 99)
