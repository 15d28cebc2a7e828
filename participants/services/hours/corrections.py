"""Régularisations: a month that was sent is corrected in the first open one, never changed (invariant 8, ADR 0013)."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import CHANGED_MEANWHILE, Conflict, DomainError
from clauses_portal.core.periods import Quarter
from participants.counting import ZERO, count
from participants.enums import HoursSource
from participants.models.hours import MOST_HOURS_A_MONTH, OUT_OF_BOUNDS
from participants.services.hours import prehire
from participants.services.hours.desk import Desk, new_entry
from participants.services.hours.fates import terms_of_contract
from participants.services.hours.months import days_of_month, first_open_month
from participants.services.hours.writing import REFUSALS, Shifts, check_hours, store

NOT_CLOSED = "Ce mois n’est pas clôturé : corrigez-le dans la grille."
NOTHING_NEW = "Ce total est déjà celui du mois : il n’y a rien à régulariser."
NEEDS_A_REASON = "Indiquez le motif de la régularisation."
FIGURES = ("declared", "counted", "rejected", "pending")


@refusals(REFUSALS)
def regularise(*, contract, month, hours, reason, by, nature=None, days=None, version=None, source=HoursSource.GRID):
    """Book what brings a month that was sent to its right total: `hours` (h, 0 or more).

    `days`: (first, last) of the days corrected, those of the month within the contract unless given; a month split by
    day is corrected part by part. The difference with what stands is booked in the first open month of the territory,
    with its fate under the rules of today. Returns the correction (HoursEntry). `version`: `version_of_month` of what
    the person saw. Raises DomainError (month not closed, nothing to correct, other days stand, above 260 h), Conflict
    (changed meanwhile), ValidationError.
    """
    if not reason.strip():
        raise ValidationError({"reason": NEEDS_A_REASON})
    desk = Desk([contract.pk], [month])
    sheet = desk.sheet(contract.pk, month, nature)
    if Quarter.of(month).start not in sheet.contract.closed:
        raise DomainError(NOT_CLOSED)
    if version is not None and version != version_of_month(sheet):
        raise Conflict(CHANGED_MEANWHILE)
    days = _days(sheet, days)
    booked_in = first_open_month(sheet.contract.territory_id, days[1])
    correction = correction_of(sheet, days, reason, desk, hours, booked_in=booked_in)
    if correction is None:
        raise DomainError(NOTHING_NEW)
    correction.source = source
    shifts = Shifts()
    book(correction, shifts, by=by)
    if prehire.is_capped(sheet.contract):
        prehire.settle({sheet.contract.award_id}, shifts, by=by)
    shifts.apply()
    return correction


def version_of_month(sheet):
    """What a person saw of a month and of its corrections: it grows whatever is booked."""
    return sheet.version + len(sheet.corrections)


def standing_parts(sheet):
    """{(first day, last day): [entries and corrections of these days]} of a month, in order."""
    parts = {}
    for entry in [*sheet.parts, *sheet.corrections]:
        parts.setdefault((entry.starts_on, entry.ends_on), []).append(entry)
    return dict(sorted(parts.items()))


def total_of(entries):
    """[declared, counted, rejected, pending] (h) of entries and their corrections."""
    return [sum((getattr(entry, name) for entry in entries), ZERO) for name in FIGURES]


def _days(sheet, days):
    """The days to correct. Raises DomainError when others, that they cross, still have hours."""
    whole = days_of_month(sheet.contract, sheet.month)
    standing = {key: entries for key, entries in standing_parts(sheet).items() if any(total_of(entries))}
    if days is None:
        days = next(iter(standing)) if len(standing) == 1 else whole
    if not whole[0] <= days[0] <= days[1] <= whole[1]:
        raise ValidationError({"days": f"Indiquez des jours du {french.date(whole[0])} au {french.date(whole[1])}."})
    for first, last in standing:
        if (first, last) != days and first <= days[1] and last >= days[0]:
            hours = french.hours(total_of(standing[first, last])[0])
            raise DomainError(
                f"{hours} sont déjà enregistrées du {french.date(first)} au {french.date(last)} : "
                "corrigez ces jours-là, ou ramenez-les d’abord à zéro."
            )
    return days


def correction_of(sheet, days, reason, desk, hours, *, booked_in):
    """The unsaved correction of these days of a month, which then total `hours`; None when they do already.

    `booked_in`: first day of the month that bears it. Raises DomainError above 260 h, ValidationError.
    """
    same_days = standing_parts(sheet).get(days, [])
    stands = total_of(same_days)
    correction = new_entry(sheet, HoursSource.GRID)
    correction.starts_on, correction.ends_on = days
    correction.booked_in = booked_in
    correction.correction_reason = reason.strip()
    check_hours(correction, hours)
    if hours:
        desk.refuse_taken_over(sheet.contract, days[0])
    withheld = sum((entry.withheld for entry in same_days), ZERO)
    desk.workload.check(correction.participant_id, sheet.month, hours - stands[0])
    fate = count(
        declared=hours,
        starts_on=days[0],
        ends_on=days[1],
        granted=desk.granted[correction.participant_id],
        terms=terms_of_contract(sheet.contract, sheet.nature, _allowance(correction, same_days)),
        withheld=min(withheld, hours),
        withheld_reason=next((entry.withheld_reason for entry in same_days if entry.withheld), ""),
    )
    wanted = hours, fate.counted, fate.rejected, fate.pending
    differences = [right - there for right, there in zip(wanted, stands, strict=True)]
    if not any(differences):
        return None
    _give(correction, differences, fate.reason or _reason_of(same_days))
    return correction


def _allowance(correction, same_days):
    """What the cap leaves to these days: what they count already is theirs (h)."""
    left = prehire.allowance_of(correction)
    return None if left is None else left + total_of(same_days)[1]


def _reason_of(entries):
    return next((entry.rejection_reason for entry in reversed(entries) if entry.rejection_reason), "")


def _give(correction, figures, reason):
    for name, hours in zip(FIGURES, figures, strict=True):
        setattr(correction, name, hours)
    correction.rejection_reason = reason if correction.rejected else ""


def book(correction, shifts, *, by):
    """Save a correction. Raises DomainError when it passes what a month can hold."""
    if abs(correction.declared) > MOST_HOURS_A_MONTH:
        raise DomainError(OUT_OF_BOUNDS)
    correction.version = 1
    store(correction, by=by)
    shifts.add(correction, declared=correction.declared, counted=correction.counted)


def opposite_of(entry, *, fate, reason):
    """The unsaved correction that takes away the counted hours of a frozen entry: they become what `fate` says.

    `fate`: the `Counting` of the days today, nothing of them being counted any more.
    """
    correction = type(entry)(
        **{
            name: getattr(entry, name) for name in ("contract", "participant_id", "territory_id", "market_id", "lot_id")
        },
        nature=entry.nature,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        booked_in=first_open_month(entry.territory_id, entry.ends_on),
        correction_reason=f"{reason} (le {french.date(timezone.localdate())}).",
        source=HoursSource.GRID,
    )
    lost = entry.counted
    waits = lost if fate.pending else Decimal(0)
    _give(correction, [Decimal(0), -lost, lost - waits, waits], fate.reason)
    return correction
