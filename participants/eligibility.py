"""How long a person may benefit from a clause, and what her validations cover. Pure: nothing of the database.

The clock (domain.md §4.3, §12 n° 7, 8): 24 months from the first day of her first contract on a market with a clause,
all markets, employers and territories together, whether its hours counted or not; a person who never had one gets 24
months from the first day of her validation. Who works in a structure d’insertion keeps the window of her PASS IAE when
it ends later. Beyond, only an extension, with its reason.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

MONTHS = 24
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """The window of a person. `opened_on` is the first day of her first contract, None when she had none."""

    opened_on: date | None = None

    def months_open(self, day):
        """Whole months gone by on `day` since it opened, from 0."""
        if self.opened_on is None or day < self.opened_on:
            return 0
        gone = relativedelta(day, self.opened_on)
        return 12 * gone.years + gone.months

    def last_day(self, starts_on, pass_ends_on=None):
        """The last day a validation that begins on `starts_on` may cover without an extension.

        It precedes `starts_on` when the 24 months are over. `pass_ends_on`: end of the PASS IAE, which wins if later.
        """
        usual = (self.opened_on or starts_on) + relativedelta(months=MONTHS) - ONE_DAY
        return max(usual, pass_ends_on or usual)


def is_fresh(dated_on, months, day):
    """True when a document of this date is recent enough on `day`; `months` None: its age does not matter."""
    return months is None or dated_on + relativedelta(months=months) >= day


def keep_apart(periods):
    """Cut periods so that none overlaps another and every covered day still is: [(first, last) or None], in order.

    A period within another gives None; of two that overlap, the earlier ends the day before the later begins. No
    period ever begins earlier than it did: a validation never takes effect before its decision.
    """
    kept = list(periods)
    before = None
    for index in sorted(range(len(kept)), key=lambda n: (kept[n][0], -kept[n][1].toordinal())):
        first, last = kept[index]
        if before is None or first > kept[before][1]:
            before = index
        elif last <= kept[before][1]:
            kept[index] = None
        else:
            kept[before] = (kept[before][0], first - ONE_DAY)
            before = index
    return kept
