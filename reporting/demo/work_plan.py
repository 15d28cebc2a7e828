"""Who will work when and how much, on paper: a pure function of the lots, the calendar and the dice."""

import math
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from clauses_portal.core.periods import month_end
from reporting.demo.calendar import DemoCalendar
from reporting.demo.sites import Site

FULL_TIME = 151.67
# Hours a month: full time, shorter weeks, missions.
RHYTHMS = [FULL_TIME, FULL_TIME, 140, 130, 121.33, 104, 86.67]
LEAST_HOURS = 20
START_DAYS = [1, 1, 1, 2, 5, 8]
# Part of a usual month really worked: holidays, bad weather, missions that stop for a week.
PRESENCE = [1, 1, 1, 0.95, 0.9, 0.85]
HOURS_A_DAY = 7


@dataclass
class Stint:
    """One contract to be: its days (no last one when it goes on), its hours as (first day, last day, hours)."""

    site: Site
    starts_on: date
    ends_on: date | None
    months: list[tuple[date, date, Decimal]] = field(default_factory=list)

    @property
    def last_day(self):
        """Last day with hours."""
        return self.months[-1][1]


@dataclass(frozen=True)
class Planner:
    """Plans the stints of a lot."""

    calendar: DemoCalendar
    dice: random.Random

    def plan(self, site, stints):
        """Share the hours to reach among this number of stints, from the first month of the lot to the last known."""
        weights = [self.dice.uniform(0.6, 1.4) for _ in range(stints)]
        window = list(self.calendar.months_worked(site.start, site.months))
        planned, owed = [], 0.0
        for rank, weight in enumerate(weights):
            wanted = max(site.target * weight / sum(weights) + owed, LEAST_HOURS)
            stint = self._stint(site, wanted, window, rank / (stints - 1))
            planned.append(stint)
            owed = wanted - float(sum(hours for _, _, hours in stint.months))
        return planned

    def _stint(self, site, wanted, window, progress):
        """One stint: the first of a lot (progress 0) begins with it, the last (1) ends with the window of months."""
        length = max(1, min(round(wanted / self.dice.choice(RHYTHMS) + 0.3), len(window)))
        rank = round(progress * (len(window) - length))
        starts_on = self.calendar.day(window[rank], self.dice.choice(START_DAYS))
        stint = Stint(site, starts_on, None)
        days = [self._days(offset, starts_on) for offset in window[rank : rank + length]]
        shares = [((last - first).days + 1) / last.day * self.dice.choice(PRESENCE) for first, last in days]
        for (first, last), share in zip(days, shares, strict=True):
            hours = min(max(wanted * share / sum(shares), LEAST_HOURS), FULL_TIME * min(share, 1))
            stint.months.append((first, last, quarter_hours(hours)))
        self._finish(stint)
        return stint

    def _days(self, offset, starts_on):
        first = self.calendar.month(offset)
        return max(first, starts_on), month_end(first)

    def _finish(self, stint):
        """A stint that reaches the last known month may go on; the others end once their last hours are made."""
        first, last, hours = stint.months[-1]
        if last == month_end(self.calendar.month(-1)) and stint.site.is_going_on:
            return
        days = math.ceil(float(hours) / HOURS_A_DAY)
        stint.ends_on = min(last, first + timedelta(days=days * 7 // 5 + 2))
        stint.months[-1] = (first, stint.ends_on, hours)


def quarter_hours(hours):
    """Hours to the quarter, except the full month of 151.67 h."""
    if abs(hours - FULL_TIME) < 0.01:
        return Decimal("151.67")
    return Decimal(math.floor(hours * 4)) / 4


def stints_per_lot(sites, stints):
    """Share the stints among the lots by the hours to reach, two at least: [(site, number)]."""
    total = sum(site.target for site in sites)
    return [(site, max(2, round(stints * site.target / total))) for site in sites]
