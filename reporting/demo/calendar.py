"""Every date of the demonstration is counted from the day it is made, so that it never ages."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from clauses_portal.core.periods import Quarter, month_end

# Hours are known from this many months before the current one.
MONTHS_OF_HOURS = 18


@dataclass(frozen=True)
class DemoCalendar:
    """The dates that follow from `today`. Offsets are months from the current one, negative in the past."""

    today: date

    def month(self, offset):
        """First day of the month `offset` months from the current one."""
        months = self.today.year * 12 + self.today.month - 1 + offset
        return date(months // 12, months % 12 + 1, 1)

    def day(self, offset, number=1):
        """The given day (1 to 28) of the month `offset` months from the current one."""
        return self.month(offset).replace(day=number)

    def period(self, offset, months):
        """(first day, last day) of `months` whole months from `offset` on."""
        return self.month(offset), month_end(self.month(offset + months - 1))

    def months_worked(self, offset, months):
        """Offsets of the months of a period in which hours are known."""
        return range(max(offset, -MONTHS_OF_HOURS), min(offset + months, 0))

    def ago(self, days):
        return self.today - timedelta(days=days)

    @property
    def signature(self):
        """Day the conventions were signed: before the first hours, and in force for long after today."""
        return self.day(-MONTHS_OF_HOURS - 2, 15)

    @property
    def published(self):
        """The two quarters before the last complete one, the oldest first."""
        last = Quarter.of(self.today).previous
        return [last.previous.previous, last.previous]

    @property
    def open_from(self):
        """First day whose quarter is neither published nor before a published one."""
        return self.published[-1].next.start


def at(day, hour=10):
    """That day at that hour, in the time zone of the portal."""
    return timezone.make_aware(datetime.combine(day, time(hour)))
