"""The life of each lot: closed when it is over, and its history dated step by step."""

from datetime import timedelta

from clauses_portal.core.services import validated_save
from markets.enums import LotState
from markets.models import Lot
from reporting.demo.calendar import at


def end_lots(world, sites):
    """Close the lots that are over."""
    for site in sites:
        if site.state == LotState.CLOSED:
            lot = Lot.objects.get(pk=site.lot.pk)
            lot.close()
            validated_save(lot, by=world.officer)


def date_lots(world, sites):
    """Give each state of a lot, in its history, the day it was reached."""
    for site in sites:
        for state, day in _days(world, site).items():
            site.lot.history.filter(state=state).update(history_date=at(min(day, world.calendar.ago(1)), 11))


def _days(world, site):
    """{state: day} of the states a lot went through; those it never reached match nothing."""
    calendar, start = world.calendar, site.start
    decided = min(calendar.day(start - 8, 6), calendar.ago(12))
    return {
        LotState.PROGRAMMED: min(calendar.day(start - 10, 5), calendar.ago(40)),
        LotState.TO_REVIEW: min(calendar.day(start - 9, 5), calendar.ago(25)),
        LotState.SET_ASIDE: decided,
        LotState.RETAINED: decided,
        LotState.CALIBRATED: min(calendar.day(start - 6, 20), calendar.ago(4)),
        LotState.AWARDED: site.lot.market.notified_on or calendar.today,
        LotState.RUNNING: calendar.day(start, 1),
        LotState.CLOSED: site.lot.ends_on + timedelta(days=20),
    }
