"""Progress against time: not only the share done, but the share one could expect (domain.md §9.9)."""

from datetime import date
from decimal import Decimal

from reporting.indicators.definition import percentage

# Behind the expected share by more than this (points), a lot is late; by half of it, to be watched.
LATE = Decimal(20)


def expected_percentage(starts_on: date | None, ends_on: date | None, day: date):
    """Share (%) of the execution time elapsed on `day`, both days included, or None without dates."""
    if not starts_on or not ends_on:
        return None
    length = (ends_on - starts_on).days + 1
    elapsed = min(max((day - starts_on).days + 1, 0), length)
    return percentage(elapsed, length)


def light(done, expected):
    """A word on the pace: « Atteint », « En avance ou à l’heure », « À surveiller », « En retard », « Sans repère »."""
    if done is None or expected is None:
        return "Sans repère"
    if done >= 100:
        return "Atteint"
    gap = expected - done
    if gap > LATE:
        return "En retard"
    return "À surveiller" if gap > LATE / 2 else "À l’heure"
