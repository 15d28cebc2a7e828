"""The calendar of the quarterly statements: drafts from day 10, a reminder from day 20, on French working days."""

from datetime import date

import pytest
import time_machine

from clauses_portal.core.periods import Quarter
from facilitators.enums import Role
from facilitators.models import Notification
from reporting.models import Statement
from reporting.services.drafts import day_after, prepare_drafts
from reporting.tasks import prepare_drafts as every_morning
from tests.factories.facilitators import DirectorateFactory, TerritoryFactory
from tests.factories.markets import LotFactory
from tests.factories.reporting import StatementFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

T3 = Quarter(2026, 3)
# Day 10 after the third quarter of 2026 is a Saturday; day 20, a Tuesday.
FIRST_DAY, LAST_DAY = date(2026, 10, 12), date(2026, 10, 20)


def texts_told(client):
    rows = Notification.objects.filter(recipient=client.user, path__startswith="/etats/")
    return list(rows.values_list("text", flat=True))


def test_the_days_are_working_days():
    assert (day_after(T3, 10), day_after(T3, 20)) == (FIRST_DAY, LAST_DAY)
    # 1 May and Easter Monday move nothing here; 10 April 2026 is a Friday, 10 July a Friday
    assert day_after(Quarter(2026, 1), 10) == date(2026, 4, 10)
    # 20 April 2026 is a Monday; day 10 after the first quarter of 2023 is Easter Monday
    assert day_after(Quarter(2023, 1), 10) == date(2023, 4, 11)


@pytest.mark.parametrize(
    ("day", "opened"),
    [
        (date(2026, 10, 9), 0),
        (date(2026, 10, 10), 0),
        (date(2026, 10, 11), 0),
        (FIRST_DAY, 3),
        (date(2026, 10, 14), 3),
        (date(2026, 11, 11), 0),
        (date(2026, 11, 14), 0),
        (date(2026, 11, 12), 3),
    ],
)
def test_drafts_are_opened_on_a_working_day_from_the_tenth(territories, day, opened):
    TerritoryFactory()
    papers = prepare_drafts(day)
    assert len(papers) == Statement.objects.filter(period_code="2026-T3", prepared_on=day).count() == opened


def test_the_facilitator_is_told_once_and_the_morning_may_come_again(as_role, territories):
    facilitator = as_role(Role.FACILITATOR)
    for _ in range(2):
        with time_machine.travel("2026-10-12T06:10+02:00"):
            every_morning()
    assert Statement.objects.count() == 3
    told = "Brouillon prêt : état du 3e trimestre 2026, Pays d’Aix. À publier avant le 20/10/2026."
    assert texts_told(facilitator) == [told]


def test_a_draft_opened_by_hand_is_left_as_it_is(territory):
    mine = StatementFactory(territory=territory, period_code="2026-T3", comments="Commencé.")
    assert len(prepare_drafts(FIRST_DAY)) == 2
    mine.refresh_from_db()
    assert (mine.prepared_on, mine.comments) == (None, "Commencé.")


def test_a_direction_with_lots_under_way_has_its_draft(as_role):
    officer, followed = as_role(Role.MISSION_OFFICER), DirectorateFactory()
    LotFactory(market__operation__directorate=followed, awarded=True)
    LotFactory(market__operation__directorate=DirectorateFactory())
    opened = [paper for paper in prepare_drafts(FIRST_DAY) if paper.directorate_id]
    assert [paper.directorate for paper in opened] == [followed]
    assert len(texts_told(officer)) == 1


def test_a_territory_whose_convention_is_over_has_none(convention):
    convention.duration_months = 1
    convention.save()
    assert prepare_drafts(FIRST_DAY) == []


def test_what_is_late_is_recalled_until_it_is_published(as_role, territory, elsewhere):
    facilitator, officer = as_role(Role.FACILITATOR), as_role(Role.MISSION_OFFICER)
    StatementFactory(territory=elsewhere, period_code="2026-T3", published=True)
    prepare_drafts(FIRST_DAY)
    prepare_drafts(date(2026, 10, 19))
    assert texts_told(officer) == []
    for _ in range(2):
        prepare_drafts(LAST_DAY)
    late = "État du 3e trimestre 2026, Pays d’Aix : toujours en brouillon, il devait être publié."
    assert texts_told(facilitator)[0] == late
    assert (late in texts_told(officer), len(texts_told(officer))) == (True, 2)
    Statement.objects.filter(territory=territory).delete()
    StatementFactory(territory=territory, period_code="2026-T3", published=True)
    Notification.objects.update(read_on="2026-10-21T08:00Z")
    prepare_drafts(date(2026, 10, 21))
    assert late not in Notification.objects.unread().values_list("text", flat=True)
