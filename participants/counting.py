"""Which declared hours count: one pure function, used by every entry point (C14; domain.md §4.6)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from participants.enums import RejectionReason

NOT_VALIDATED = "Heures refusées : cette personne n’était pas validée par le facilitateur à ces dates."
TO_SPLIT = "Validation en cours de mois : ces heures attendent. Indiquez celles faites à partir du premier jour validé."
ZERO = Decimal(0)


@dataclass(frozen=True)
class Counting:
    """The fate of declared hours: counted + rejected + pending = declared (hours, two decimals)."""

    counted: Decimal = ZERO
    rejected: Decimal = ZERO
    pending: Decimal = ZERO
    reason: str = ""
    message: str = ""


def count(*, declared, starts_on, ends_on, granted):
    """Decide the fate of hours declared from `starts_on` to `ends_on` (both included).

    `granted`: [(first day, last day)] of the person's granted validations, both included. Days that none covers
    reject the hours; a period covered in part waits for a split by day, never pro rata (invariant 2).
    """
    if declared == 0:
        return Counting()
    covered = _covered_days(starts_on, ends_on, granted)
    if covered == (ends_on - starts_on).days + 1:
        return Counting(counted=declared)
    if covered == 0:
        return Counting(rejected=declared, reason=RejectionReason.NOT_VALIDATED, message=NOT_VALIDATED)
    return Counting(pending=declared, message=TO_SPLIT)


def _covered_days(starts_on: date, ends_on: date, granted):
    """Number of days of the period covered by granted validations, which never overlap."""
    days = 0
    for first, last in granted:
        first, last = max(first, starts_on), min(last, ends_on)
        if first <= last:
            days += (last - first) // timedelta(days=1) + 1
    return days


def usual_period(first):
    """(first day, last day) of a validation that takes effect on `first`: 24 months (domain.md §4.3)."""
    return first, first + relativedelta(months=24, days=-1)
