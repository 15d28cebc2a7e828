"""Working days (jours ouvrés): Monday to Friday, French public holidays aside (domain.md §12 n° 60).

The holidays are those of metropolitan France (Code du travail, art. L. 3133-1), without those of Alsace-Moselle.
"""

import datetime as dt
from functools import cache

from holidays import country_holidays

SATURDAY = 5
DAY = dt.timedelta(days=1)


@cache
def public_holidays(year):
    """The dates of the public holidays of a civil year."""
    return frozenset(country_holidays("FR", years=year))


def is_working_day(day):
    """True from Monday to Friday, except on a public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


def next_working_day(day):
    """`day` itself when one works on it, otherwise the first working day that follows."""
    while not is_working_day(day):
        day += DAY
    return day


def add_working_days(day, n):
    """The n-th working day after `day`, which does not count; `n` = 0 gives `next_working_day(day)`.

    Raises ValueError when `n` is negative.
    """
    if n < 0:
        raise ValueError("A deadline is not counted backwards.")
    for _ in range(n):
        day = next_working_day(day + DAY)
    return next_working_day(day)


def due_after_weeks(day, weeks):
    """The same weekday `weeks` weeks later, moved to the next working day when nobody works on it."""
    return next_working_day(day + dt.timedelta(weeks=weeks))
