"""Withdrawing a validation from under the hours it covers (invariant 7)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from clauses_portal.core.services import lock
from markets.models import Award
from participants.counting import ZERO
from participants.enums import ContractType
from participants.models import EligibilityValidation, HoursEntry, Participant
from participants.services.hours.corrections import book, opposite_of, total_of
from participants.services.hours.fates import READ_WITH, fate_of
from participants.services.hours.months import closed_quarters, is_frozen
from participants.services.hours.recounting import recount_entries
from participants.services.hours.writing import Shifts, store

REVOKED = "Validation révoquée"
SHORTENED = "Validation écourtée"


@transaction.atomic
def release(*, validation, by, from_day=None):
    """Stop counting the hours that a granted validation covers, all or from `from_day` on, before it is withdrawn.

    Open months are recounted. Of those that were sent nothing changes: corrections booked in the first open month take
    away what they counted, and cancel them (ADR 0013). Raises DomainError when no month is open.
    """
    lock(Participant.objects, validation.participant_id)
    granted = {validation.participant_id: _days_left(validation, from_day)}
    lost_from = max(from_day or validation.starts_on, validation.starts_on)
    rows = HoursEntry.objects.filter(
        participant=validation.participant_id, starts_on__lte=validation.ends_on, ends_on__gte=lost_from
    )
    _lock_prehire_awards(rows)
    _correct(rows, granted, SHORTENED if from_day else REVOKED, by=by)
    recount_entries(rows, by=by, granted=granted)


def _days_left(validation, from_day):
    """[(first day, last day)] of the person's granted validations, without the days withdrawn."""
    others = EligibilityValidation.objects.granted().filter(participant=validation.participant_id)
    days = list(others.exclude(pk=validation.pk).values_list("starts_on", "ends_on"))
    if from_day and from_day > validation.starts_on:
        days.append((validation.starts_on, from_day - timedelta(days=1)))
    return sorted(days)


def _lock_prehire_awards(rows):
    """Who shares the budget of an award waits before the entries themselves are locked."""
    own = rows.filter(contract__contract_type=ContractType.PREHIRE_TRAINING).order_by()
    for award in own.values_list("contract__award", flat=True).distinct().order_by("contract__award"):
        lock(Award.objects, award)


def _correct(rows, granted, reason, *, by):
    """Bring to nothing what is counted in months sent, corrections included, row by row.

    A row and what cancels it are a pair that no longer moves. Of the others, a correction still open changes itself;
    a row that was sent gets its opposite. A negative one that was sent is undone by a positive one, cancelled by it.
    """
    paired = Exists(HoursEntry.objects.filter(cancellation=OuterRef("pk")))
    alive = rows.exclude(counted=0).filter(~paired, cancellation__isnull=True)
    entries = list(alive.select_related(READ_WITH).select_for_update(of=("self",)).order_by("pk"))
    closed = closed_quarters({entry.territory_id for entry in entries})
    shifts = Shifts()
    for entry in sorted(entries, key=lambda entry: entry.counted < 0):
        fate = _fate_of_days(entry, granted)
        if fate.counted:
            continue  # other validations still cover every day
        if is_frozen(entry, closed):
            _cancel(entry, fate, reason, shifts, by=by)
        elif entry.booked_in:
            _empty(entry, fate, shifts, by=by)
    shifts.apply()


def _fate_of_days(entry, granted):
    """What would become today of an hour of these days: their own `Counting`, nothing set aside."""
    entry_of_one_hour = HoursEntry(
        contract=entry.contract, nature=entry.nature, starts_on=entry.starts_on, ends_on=entry.ends_on
    )
    return fate_of(entry_of_one_hour, granted=granted[entry.participant_id], declared=total_of([entry])[1].copy_abs())


def _cancel(entry, fate, reason, shifts, *, by):
    correction = opposite_of(entry, fate=fate, reason=reason)
    if entry.counted < 0:
        correction.cancellation = entry
        book(correction, shifts, by=by)
        return
    book(correction, shifts, by=by)
    entry.cancellation = correction
    store(entry, by=by)


def _empty(entry, fate, shifts, *, by):
    """A correction not sent yet: what it counts becomes what `fate` says."""
    lost = entry.counted
    entry.counted = ZERO
    if fate.pending:
        entry.pending += lost
    else:
        entry.rejected += lost
    entry.rejection_reason = (fate.reason or entry.rejection_reason) if entry.rejected else ""
    entry.version += 1
    store(entry, by=by)
    shifts.add(entry, declared=ZERO, counted=-lost)
