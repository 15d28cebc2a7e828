"""Recording hours, and keeping the totals with them in the same transaction (design.md §1)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import CHANGED_MEANWHILE, Conflict, DomainError
from clauses_portal.core.periods import Quarter, month_range
from clauses_portal.core.services import lock
from markets.services import totals
from participants.counting import NOT_VALIDATED, count
from participants.enums import HoursSource
from participants.models import (
    ClosedPeriod,
    EligibilityValidation,
    EmploymentContract,
    HoursEntry,
    Participant,
)
from participants.models.hours import MOST_HOURS_A_MONTH, OUT_OF_BOUNDS

CLOSED = "Ce mois est clôturé : ses heures ne peuvent plus être modifiées."
NOT_BEGUN = "Ce mois n’a pas commencé : ses heures se saisissent une fois faites."
OUTSIDE_CONTRACT = "Ce mois est en dehors du contrat de cette personne."
# What the database says when a service is by-passed or overtaken, by constraint name or SQLSTATE.
REFUSALS = {"hours_need_a_validation": NOT_VALIDATED, "23R02": CLOSED}
COPIED = ["contract", "participant", "territory", "market", "lot"]


@dataclass(frozen=True)
class CellOutcome:
    """What became of one cell of the grid: hours in their three fates, a version, a sentence."""

    contract_id: int
    month: date
    status: str
    declared: Decimal | None = None
    counted: Decimal = Decimal(0)
    version: int = 0
    message: str = ""


def granted_days(participant_id):
    """[(first day, last day)] of the granted validations of a person."""
    granted = EligibilityValidation.objects.granted().filter(participant=participant_id)
    return list(granted.values_list("starts_on", "ends_on"))


def is_closed(territory_id, day):
    """True when the quarter of `day` was sent for this territory."""
    start = Quarter.of(day).start
    return ClosedPeriod.objects.filter(territory=territory_id, quarter_start=start).exists()


def closed_quarters(territory_ids):
    """{(territory id, first day of the quarter)} of the quarters sent for these territories."""
    closed = ClosedPeriod.objects.filter(territory__in=territory_ids)
    return set(closed.values_list("territory_id", "quarter_start"))


@transaction.atomic
def record_month(*, contract, month, declared, by, version=None, source=HoursSource.GRID):
    """Record the hours (h, Decimal; None erases) of a contract for the month that starts on `month`.

    The days are those of the month within the contract. `version` is the one the person saw, 0 for an empty cell.
    Raises Conflict (M6 stale version, M7 closed month), DomainError (outside the contract, to come), ValidationError.
    """
    contract = lock(EmploymentContract.objects, contract.pk)
    lock(Participant.objects, contract.participant_id)
    first, last = days_of_month(contract, month)
    if first > timezone.localdate():
        raise DomainError(NOT_BEGUN)
    if is_closed(contract.territory_id, first):
        raise Conflict(CLOSED)
    entry = HoursEntry.objects.filter(contract=contract, month=month).first()
    if version is not None and version != (entry.version if entry else 0):
        raise Conflict(CHANGED_MEANWHILE)
    if declared is None:
        return _erase(entry, contract, month, by=by)
    entry = entry or _new_entry(contract, month, source)
    entry.starts_on, entry.ends_on = first, last
    return _set_hours(entry, declared, by=by)


def days_of_month(contract, month):
    """(first, last) day of the month within the contract. Raises DomainError when there is none."""
    first, last = month_range(month)
    first = max(first, contract.starts_on)
    last = min(last, contract.ends_on) if contract.ends_on else last
    if first > last:
        raise DomainError(OUTSIDE_CONTRACT)
    return first, last


def _new_entry(contract, month, source):
    """An entry to fill. Its version goes on where an erased one stopped: a stale page is always told (M6)."""
    erased = HoursEntry.history.filter(contract=contract.pk, starts_on__range=month_range(month))
    return HoursEntry(
        contract=contract,
        participant_id=contract.participant_id,
        territory_id=contract.territory_id,
        market_id=contract.market_id,
        lot_id=contract.lot_id,
        source=source,
        declared=Decimal(0),
        version=erased.aggregate(last=Max("version", default=0))["last"],
    )


def _set_hours(entry, declared, *, by, granted=None):
    """Give an entry its hours and their fate; shift the totals by the difference."""
    before = (entry.declared, entry.counted) if entry.pk else (Decimal(0), Decimal(0))
    granted = granted_days(entry.participant_id) if granted is None else granted
    fate = count(declared=declared, starts_on=entry.starts_on, ends_on=entry.ends_on, granted=granted)
    entry.declared = declared
    entry.counted, entry.rejected, entry.pending = fate.counted, fate.rejected, fate.pending
    entry.rejection_reason = fate.reason
    entry.version += 1
    entry.clean_fields(exclude=COPIED)
    if not 0 <= declared <= MOST_HOURS_A_MONTH:
        raise DomainError(OUT_OF_BOUNDS)  # said here: negative hours break several constraints at once
    entry._history_user = by
    with refusals(REFUSALS):
        entry.save()
    _shift(entry, declared=entry.declared - before[0], counted=entry.counted - before[1])
    return outcome_of(entry, fate.message)


def _shift(entry, *, declared, counted):
    totals.shift(market_id=entry.market_id, territory_id=entry.territory_id, declared=declared, counted=counted)


def _erase(entry, contract, month, *, by):
    """Empty a cell: an empty month is silence, not a zero. The history keeps what was there."""
    if entry is not None:
        entry._history_user = by
        _shift(entry, declared=-entry.declared, counted=-entry.counted)
        entry.delete()
    return CellOutcome(contract.pk, month, "empty")


def status_of(entry):
    """The fate of an entry in one word: counted, rejected or pending."""
    if entry.rejected:
        return "rejected"
    return "pending" if entry.pending else "counted"


def outcome_of(entry, message=""):
    """The CellOutcome of an entry that was saved."""
    return CellOutcome(
        entry.contract_id,
        entry.starts_on.replace(day=1),
        status_of(entry),
        entry.declared,
        entry.counted,
        entry.version,
        message,
    )


def record_cells(*, cells, by):
    """Record several cells, each on its own: [(contract, month, text, version)] gives [CellOutcome].

    A refused cell says why and leaves the others saved. Text is French: « 7,5 », « 7h30 », empty to erase.
    """
    ordered = sorted(enumerate(cells), key=lambda item: (item[1][0].pk, item[1][1]))
    outcomes = {index: _record_cell(*cell, by=by) for index, cell in ordered}
    return [outcomes[index] for index in range(len(cells))]


def _record_cell(contract, month, text, version, *, by):
    try:
        declared = french.parse_hours(text) if text.strip() else None
        return record_month(contract=contract, month=month, declared=declared, by=by, version=version)
    except DomainError as error:
        if error.message == CHANGED_MEANWHILE:
            return _conflict(contract, month)
        return CellOutcome(contract.pk, month, "refused", message=error.message)
    except ValidationError as error:
        return CellOutcome(contract.pk, month, "refused", message=" ".join(error.messages))
    except ValueError as error:
        return CellOutcome(contract.pk, month, "refused", message=str(error))


def _conflict(contract, month):
    """What stands in the cell now, so that nobody overwrites anybody unknowingly (M6)."""
    entry = HoursEntry.objects.filter(contract=contract, month=month).first()
    if entry is None:
        return CellOutcome(contract.pk, month, "conflict", message=CHANGED_MEANWHILE)
    return replace(outcome_of(entry, CHANGED_MEANWHILE), status="conflict")


def recount(*, participant, by):
    """Decide again the fate of a person's hours in the months still open. Call it when validations change."""
    granted = granted_days(participant.pk)
    for entry in _open_entries(participant):
        fate = count(declared=entry.declared, starts_on=entry.starts_on, ends_on=entry.ends_on, granted=granted)
        if fate.counted != entry.counted or fate.pending != entry.pending or fate.reason != entry.rejection_reason:
            _set_hours(entry, entry.declared, by=by, granted=granted)


def release(*, validation, by):
    """Stop counting the hours this validation covers, before it is revoked.

    Raises Conflict when some were sent in a statement.
    """
    covered = HoursEntry.objects.filter(
        participant=validation.participant_id,
        counted__gt=0,
        starts_on__lte=validation.ends_on,
        ends_on__gte=validation.starts_on,
    )
    granted = granted_days(validation.participant_id)
    granted.remove((validation.starts_on, validation.ends_on))
    entries = list(covered.select_for_update(of=("self",)).order_by("pk"))
    closed = closed_quarters({entry.territory_id for entry in entries})
    for entry in entries:
        if (entry.territory_id, Quarter.of(entry.starts_on).start) in closed:
            raise Conflict("Des heures couvertes par cette validation figurent dans un état publié.")
        _set_hours(entry, entry.declared, by=by, granted=granted)


def _open_entries(participant):
    entries = list(HoursEntry.objects.filter(participant=participant).select_for_update(of=("self",)).order_by("pk"))
    closed = closed_quarters({entry.territory_id for entry in entries})
    return [entry for entry in entries if (entry.territory_id, Quarter.of(entry.starts_on).start) not in closed]
