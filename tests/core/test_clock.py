"""The night the hour changes, and a clock that jumps: what is planned for a moment is done once, never skipped."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery.schedules import crontab

from clauses_portal.celery import app

# The nights of 2026 when the hour changes in France, and an ordinary one (noon to noon, UTC).
NIGHTS = {
    "spring": datetime(2026, 3, 28, 12, tzinfo=UTC),
    "autumn": datetime(2026, 10, 24, 12, tzinfo=UTC),
    "ordinary": datetime(2026, 9, 14, 12, tzinfo=UTC),
}
MINUTE = timedelta(minutes=1)


# Planned between two and three, the hour that comes twice or never; each does nothing the second time.
MAY_RUN_TWICE = {"recount-lots-of-the-week", "apply-retention", "ask-forgotten-scans"}


def planned():
    """{name: its crontab} of what beat does at one moment of a day."""
    schedules = {name: entry["schedule"] for name, entry in app.conf.beat_schedule.items()}
    return {
        name: schedule
        for name, schedule in schedules.items()
        if isinstance(schedule, crontab) and len(schedule.hour) == len(schedule.minute) == 1
    }


def runs(name, start, hours=24, jumps=None):
    """Moments (UTC) at which beat sends this task, its clock read each minute; `jumps`: {moment: how far it jumps}."""
    schedule, moment, last, sent = planned()[name], start, start, []
    schedule.app = app
    while moment < start + timedelta(hours=hours):
        moment += (jumps or {}).pop(moment, timedelta()) + MINUTE
        with time_machine.travel(moment, tick=False):
            if schedule.is_due(last).is_due:
                sent.append(moment)
                last = moment
    return sent


def test_nothing_daily_is_planned_in_the_hour_that_comes_twice_or_never():
    assert {name for name, schedule in planned().items() if 2 in schedule.hour} <= MAY_RUN_TWICE


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("name", sorted(set(planned()) - MAY_RUN_TWICE))
def test_what_is_daily_is_sent_once(name, night):
    schedule = planned()[name]
    is_daily = len(schedule.day_of_month) == 31 and len(schedule.day_of_week) == 7
    assert int(is_daily) <= len(runs(name, NIGHTS[night])) <= 1


@pytest.mark.parametrize("night", NIGHTS)
def test_what_may_run_twice_is_never_skipped(night):
    assert 1 <= len(runs("recount-lots-of-the-week", NIGHTS[night])) <= 2


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)], ids=["forward", "back"])
def test_a_clock_that_jumps_skips_nothing(jump):
    """An hour ahead: done late. An hour back: done again at worst, and each of these tasks does nothing twice."""
    start = NIGHTS["ordinary"]
    sent = runs("raise-alerts", start, jumps={start + timedelta(hours=14): jump})
    assert 1 <= len(sent) <= 2
