"""Progress against time: not only the share done, but the share one could expect (domain.md §9.9)."""

from datetime import date
from decimal import Decimal

from markets.models import PhysicalProgress
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


def capped(done):
    """The done share a contract knows (%): at most 100. The real one is never hidden (domain.md §12 n° 34)."""
    return None if done is None else min(done, Decimal(100))


def mean_share(pairs):
    """Mean of (share in %, hours due) pairs, weighted by the hours due; None when nothing is due or known."""
    known = [(Decimal(share), due) for share, due in pairs if share is not None and due]
    whole = sum(due for _, due in known)
    return percentage(sum(share * due for share, due in known) / 100, whole) if whole else None


def physical_by_lot(lots, day):
    """{lot id: (percent, day it was observed)}: how far the works of these lots are known to have gone on `day`."""
    rows = PhysicalProgress.objects.filter(lot__in=lots).known_on(day)
    return {lot: (percent, observed) for lot, percent, observed in rows.values_list("lot", "percent", "observed_on")}
