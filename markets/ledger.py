"""The ledger of a company as its page tells it: line after line, with what was due after each."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from markets.models import Award, ObjectiveEntry
from markets.services.awards import counted_by


@dataclass(frozen=True)
class Line:
    """A line of the ledger, the objective (h) once it is written, and the other end of a transfer when the reader may
    see it (None: there is none, or it is out of sight)."""

    entry: ObjectiveEntry
    balance: int
    other: Award | None


@dataclass(frozen=True)
class Ledger:
    """Lines in the order of their dates of effect; minimum, offered, current, counted and left hours."""

    lines: list[Line]
    minimum: int | None
    offered: int | None
    current: int
    counted: Decimal

    @property
    def left(self):
        """Hours still to be done, never below 0."""
        return max(self.current - self.counted, 0)


def ledger_of(award, user):
    """The Ledger of an award, in three queries."""
    rows = ObjectiveEntry.objects.filter(award=award).select_related("decided_by", "transfer")
    entries = list(rows.order_by("effective_on", "pk"))
    balances = list(accumulate(entry.hours for entry in entries))
    ends = {entry.pk: _other_end(entry) for entry in entries if entry.transfer_id}
    seen = Award.objects.visible_to(user).select_related("company", "lot__market").in_bulk(ends.values())
    lines = [
        Line(entry, balance, seen.get(ends.get(entry.pk))) for entry, balance in zip(entries, balances, strict=True)
    ]
    current = balances[-1] if balances else 0
    return Ledger(lines, award.hours_minimum, award.hours_offered, current, counted_by([award])[award.pk])


def _other_end(entry):
    transfer = entry.transfer
    return transfer.target_id if transfer.source_id == entry.award_id else transfer.source_id
