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
        """Share the hours to reach among this number of stints, spread over the months of the lot."""
        weights = [self.dice.uniform(0.6, 1.4) for _ in range(stints)]
        window = list(self.calendar.months_worked(site.start, site.months))
        planned, owed = [], 0.0
        for rank, weight in enumerate(weights):
            wanted = site.target * weight / sum(weights) + owed
            stint = self._stint(site, wanted, window, rank / stints)
            planned.append(stint)
            owed = wanted - float(sum(hours for _, _, hours in stint.months))
        return planned

    def _stint(self, site, wanted, window, progress):
        """One stint that starts about `progress` (0 to 1) of the way through the window (offsets of months)."""
        rhythm, length = self._rhythm(wanted, len(window))
        rank = round(progress * (len(window) - length))
        starts_on = self.calendar.day(window[rank], self.dice.choice([1, 1, 2, 5, 8, 12]))
        stint = Stint(site, starts_on, None)
        for offset in window[rank:]:
            if wanted < LEAST_HOURS and stint.months:
                break
            wanted -= self._work(stint, offset, wanted, rhythm)
        self._finish(stint)
        return stint

    def _rhythm(self, wanted, longest):
        """A number of hours a month, and the months it takes, that fit in the window."""
        rhythm = self.dice.choice(RHYTHMS)
        length = math.ceil(wanted / (rhythm * 0.9)) + 1
        if length > longest:
            rhythm, length = FULL_TIME, min(longest, math.ceil(wanted / (FULL_TIME * 0.9)) + 1)
        return rhythm, length

    def _work(self, stint, offset, wanted, rhythm):
        """Add the hours of a month to the stint; return them."""
        first = self.calendar.month(offset)
        last = month_end(first)
        first = max(first, stint.starts_on)
        share = ((last - first).days + 1) / last.day
        hours = min(wanted, rhythm * share * self.dice.choice([1, 1, 1, 0.95, 0.9, 0.83]))
        hours = max(hours, LEAST_HOURS)
        stint.months.append((first, last, quarter_hours(hours)))
        return float(stint.months[-1][2])

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
