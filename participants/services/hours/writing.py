"""Writing entries and, with them, the totals: by difference, in the same transaction (design.md §1)."""

from collections import defaultdict

from clauses_portal.core.errors import DomainError
from markets.services import totals
from participants.counting import NOT_VALIDATED, ZERO
from participants.models.hours import MOST_HOURS_A_MONTH, OUT_OF_BOUNDS
from participants.services.hours.fates import has_fate
from participants.services.hours.months import CLOSED, OUTSIDE_CONTRACT

# What the database says when a service is by-passed or overtaken, by constraint name or SQLSTATE.
REFUSALS = {
    "hours_need_a_validation": NOT_VALIDATED,
    "hours_within_contract": OUTSIDE_CONTRACT,
    "23R02": CLOSED,
}
COPIED = ("contract", "participant", "territory", "market", "lot", "cancellation")


class Shifts:
    """Differences to add to the totals, once, in the order of their rows: two savings never wait for one another."""

    def __init__(self):
        self.sums = defaultdict(lambda: [ZERO, ZERO])

    def add(self, entry, *, declared, counted):
        sums = self.sums[entry.market_id, entry.territory_id]
        sums[0] += declared
        sums[1] += counted

    def take(self, other):
        """Add those of another."""
        for key, (declared, counted) in other.sums.items():
            self.sums[key][0] += declared
            self.sums[key][1] += counted

    def apply(self):
        for (market, territory), (declared, counted) in sorted(self.sums.items()):
            totals.shift(market_id=market, territory_id=territory, declared=declared, counted=counted)
        self.sums.clear()


def save_entry(entry, fate, shifts, *, by, before=None):
    """Save an entry with this fate. `before`: the (declared, counted) of the row it replaces, its own unless given."""
    before = before or (entry.declared, entry.counted)
    entry.counted, entry.rejected, entry.pending = fate.counted, fate.rejected, fate.pending
    entry.rejection_reason = fate.reason
    entry.version += 1
    store(entry, by=by)
    shifts.add(entry, declared=entry.declared - before[0], counted=entry.counted - before[1])


def check_hours(entry, declared):
    """Raise ValidationError or DomainError when these hours cannot be those of a month."""
    entry.declared = declared
    entry.clean_fields(exclude=(*COPIED, "counted", "rejected", "pending", "withheld"))
    if not 0 <= declared <= MOST_HOURS_A_MONTH:
        raise DomainError(OUT_OF_BOUNDS)  # said here: negative hours break several constraints at once


def store(entry, *, by):
    """Save with `by` as the author of the history."""
    entry._history_user = by
    entry.save()


def revise(entry, fate, shifts, *, by):
    """Give an entry this fate, unless it is its own already."""
    if not has_fate(entry, fate):
        save_entry(entry, fate, shifts, by=by)


def drop(entry, shifts, *, by):
    """Delete an entry; its history keeps what was there."""
    shifts.add(entry, declared=-entry.declared, counted=-entry.counted)
    entry._history_user = by
    entry.delete()
