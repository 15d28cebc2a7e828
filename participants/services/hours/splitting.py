"""A month cut in two by day, put together again; hours set aside by hand (invariant 2; domain.md §4.4)."""

from copy import copy
from dataclasses import replace
from datetime import timedelta

from django.core.exceptions import ValidationError

from clauses_portal.core import french
from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import CHANGED_MEANWHILE, Conflict, DomainError
from participants.counting import ZERO
from participants.enums import HoursSource, RejectionReason
from participants.models import HoursEntry
from participants.services.hours import prehire
from participants.services.hours.desk import Desk, new_entry
from participants.services.hours.fates import fate_of
from participants.services.hours.months import days_of_month, refuse_to_come
from participants.services.hours.outcomes import outcome_of
from participants.services.hours.writing import REFUSALS, Shifts, check_hours, drop, save_entry

ONE_DAY = timedelta(days=1)
MORE_THAN_DECLARED = "On ne peut pas écarter plus d’heures qu’il n’en est déclaré."
ITS_MONTH_IS_SENT = "Cette ligne est une régularisation : elle ne se corrige que par une autre."
# Why a facilitator sets hours aside: the other reasons are found by the rules themselves.
BY_HAND = (
    RejectionReason.DUPLICATE,
    RejectionReason.NOT_WORKED,
    RejectionReason.NO_EVIDENCE,
    RejectionReason.OUTSIDE_MARKET,
    RejectionReason.CEILING,
)


@refusals(REFUSALS)
def split_month(*, contract, month, first_day, before, from_then, by, version=None, nature=None):
    """Cut a month in two: `before` hours until the day before `first_day`, `from_then` from that day on (h).

    Split again, it is cut anew. Hours set aside by hand are so no longer: they belonged to the whole. Returns the
    CellOutcome of the month. Raises ValidationError when `first_day` is not a later day of the month within the
    contract, and as `record_month`.
    """
    desk, sheet = _open(contract, month, nature, version)
    first, last = days_of_month(sheet.contract, month)
    if not first < first_day <= last:
        allowed = f"du {french.date(first + ONE_DAY)} au {french.date(last)}"
        raise ValidationError({"first_day": f"Indiquez un jour {allowed}."})
    parts = [(first, first_day - ONE_DAY, before), (first_day, last, from_then)]
    return _rewrite(desk, sheet, parts, by=by)


@refusals(REFUSALS)
def join_month(*, contract, month, by, version=None, nature=None):
    """Put the two parts of a month together again. Returns its CellOutcome; raises as `record_month`."""
    desk, sheet = _open(contract, month, nature, version)
    if len(sheet.parts) < 2:
        return outcome_of(sheet)
    return _rewrite(desk, sheet, [(*days_of_month(sheet.contract, month), sheet.declared)], by=by)


def _open(contract, month, nature, version):
    """(desk, sheet) of a month that may be written. Raises Conflict, DomainError."""
    desk = Desk([contract.pk], [month])
    sheet = desk.sheet(contract.pk, month, nature)
    refuse_to_come(days_of_month(sheet.contract, month)[0])
    desk.refuse_closed(sheet.contract, month)
    if version is not None and version != sheet.version:
        raise Conflict(CHANGED_MEANWHILE)
    return desk, sheet


def _rewrite(desk, sheet, parts, *, by):
    """Replace the entries of a month by these [(first day, last day, hours)]: the version of the month goes on."""
    worked = sum((entry.declared - entry.withheld for entry in sheet.parts), ZERO)
    total = sum((hours for *_, hours in parts), ZERO)
    warning = desk.workload.check(sheet.contract.participant_id, sheet.month, total - worked)
    shifts, version = Shifts(), sheet.version or desk.last_versions()[sheet.contract.pk, sheet.nature, sheet.month]
    kept = copy(sheet.parts[0]) if sheet.parts else new_entry(sheet, HoursSource.GRID)
    before = kept.declared, kept.counted
    for entry in sheet.parts[1:]:
        drop(entry, shifts, by=by)
    written = [kept, *(new_entry(sheet, kept.source) for _ in parts[1:])]
    kept.version, kept.withheld, kept.withheld_reason = version, ZERO, ""
    messages = [
        _write(desk, entry, part, shifts, by=by, before=before if entry is kept else (ZERO, ZERO))
        for entry, part in zip(written, parts, strict=True)
    ]
    if prehire.is_capped(sheet.contract):
        prehire.settle({sheet.contract.award_id}, shifts, by=by)
    shifts.apply()
    return outcome_of(replace(sheet, parts=written), next(filter(None, messages), warning))


def _write(desk, entry, part, shifts, *, by, before):
    entry.starts_on, entry.ends_on, hours = part
    check_hours(entry, hours)
    if hours:
        desk.refuse_taken_over(entry.contract, entry.starts_on)
    fate = fate_of(entry, granted=desk.granted[entry.participant_id], allowance=prehire.allowance_of(entry))
    save_entry(entry, fate, shifts, by=by, before=before)
    return fate.message


@refusals(REFUSALS)
def withhold(*, entry, hours, reason, by, version=None):
    """Set `hours` (h) of an entry aside for this RejectionReason (one of `BY_HAND`): rejected, and so at each recount.

    0 gives them back. Returns the entry. Raises Conflict (closed month, changed meanwhile), DomainError when it is a
    correction or when there are not as many, or when giving them back passes 260 h, ValidationError without a reason.
    """
    if entry.booked_in:
        raise DomainError(ITS_MONTH_IS_SENT)
    if hours and reason not in BY_HAND:
        raise ValidationError({"reason": "Choisissez un motif."})
    desk, sheet = _open(entry.contract, entry.starts_on.replace(day=1), entry.nature, None)
    entry = next((part for part in sheet.parts if part.pk == entry.pk), None)
    if entry is None or (version is not None and version != entry.version):
        raise Conflict(CHANGED_MEANWHILE)
    if not 0 <= hours <= entry.declared:
        raise DomainError(MORE_THAN_DECLARED)
    desk.workload.check(entry.participant_id, sheet.month, entry.withheld - hours)
    entry.withheld, entry.withheld_reason = hours, reason if hours else ""
    entry.clean_fields(exclude=[name.name for name in HoursEntry._meta.fields if not name.name.startswith("withheld")])
    shifts = Shifts()
    fate = fate_of(entry, granted=desk.granted[entry.participant_id], allowance=prehire.allowance_of(entry))
    save_entry(entry, fate, shifts, by=by)
    if prehire.is_capped(entry.contract):
        prehire.settle({entry.contract.award_id}, shifts, by=by)
    shifts.apply()
    return entry
