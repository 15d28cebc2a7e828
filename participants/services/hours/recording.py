"""Recording the hours of months, one cell of the grid or many."""

from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from clauses_portal.core import french
from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import CHANGED_MEANWHILE, Conflict, DomainError
from participants.counting import ZERO
from participants.enums import HoursSource
from participants.services.hours import prehire
from participants.services.hours.desk import Desk, Sheet, new_entry
from participants.services.hours.fates import fate_of
from participants.services.hours.months import days_of_month, refuse_to_come
from participants.services.hours.outcomes import CellOutcome, outcome_of
from participants.services.hours.writing import REFUSALS, Shifts, check_hours, drop, save_entry

IS_SPLIT = "Ce mois est réparti par jours : modifiez ses deux parties."


@refusals(REFUSALS)
def record_month(*, contract, month, declared, by, version=None, source=HoursSource.GRID, nature=None):
    """Record the hours (h, Decimal; None erases) of a contract for the month that starts on `month`.

    The days are those of the month within the contract. `nature`: the usual one of the contract unless given.
    `version` is the one the person saw, 0 for an empty cell. Raises Conflict (M6 stale version, M7 closed month),
    DomainError (outside the contract, to come, split by day, above 260 h over all contracts), ValidationError.
    """
    recording = Recording(Desk([contract.pk], [month]), source, by)
    outcome = recording.record(contract.pk, month, declared, version, nature)
    recording.keep()
    recording.shifts.apply()
    return outcome


@transaction.atomic
def record_cells(*, cells, by):
    """Record several cells: [(contract, month, text, version)], or with a nature at the end, gives [CellOutcome].

    A refused cell says why and leaves the others saved. Text is French: « 7,5 », « 7h30 », empty to erase.
    """
    if not cells:
        return []
    desk = Desk({cell[0].pk for cell in cells}, {cell[1] for cell in cells})
    recording = Recording(desk, HoursSource.GRID, by)
    outcomes = [_record_cell(recording, *cell) for cell in cells]
    recording.shifts.apply()
    return outcomes


def _record_cell(recording, contract, month, text, version, nature=None):
    try:
        declared = french.parse_hours(text) if text.strip() else None
        with refusals(REFUSALS):
            outcome = recording.record(contract.pk, month, declared, version, nature)
        recording.keep()
        return outcome
    except DomainError as error:
        if error.message == CHANGED_MEANWHILE:
            return recording.conflict(contract, month, nature)
        refused = error.message
    except ValidationError as error:
        refused = " ".join(error.messages)
    except ValueError as error:
        refused = str(error)
    return CellOutcome(contract.pk, month, "refused", message=refused, nature=nature or "")


class Recording:
    """Months written one after the other by one person, on what the desk has read.

    `record` writes in the database; `keep`, once the database has taken it, tells the desk and the totals.
    """

    def __init__(self, desk, source, by):
        self.desk, self.source, self.by = desk, source, by
        self.shifts = Shifts()
        self.last_versions = None

    def record(self, contract_pk, month, declared, version, nature):
        sheet = self.desk.sheet(contract_pk, month, nature)
        days = days_of_month(sheet.contract, month)
        refuse_to_come(days[0])
        self.desk.refuse_closed(sheet.contract, month)
        if version is not None and version != sheet.version:
            raise Conflict(CHANGED_MEANWHILE)
        if len(sheet.parts) > 1:
            raise DomainError(IS_SPLIT)
        self.staged = Staged(sheet, Shifts())
        message = self._erase(sheet) if declared is None else self._write(sheet, days, declared)
        if prehire.is_capped(sheet.contract):
            prehire.settle({sheet.contract.award_id}, self.staged.shifts, by=self.by)
        return outcome_of(self.staged.sheet, message)

    def keep(self):
        """The database took what was recorded last."""
        self.shifts.take(self.staged.shifts)
        self.desk.keep(self.staged.sheet, self.staged.weight)
        self._keep_version(self.staged.sheet)

    def conflict(self, contract, month, nature):
        """What stands in the cell now, so that nobody overwrites anybody unknowingly (M6)."""
        stands = outcome_of(self.desk.sheet(contract.pk, month, nature), CHANGED_MEANWHILE)
        return replace(stands, status="conflict")

    def _write(self, sheet, days, declared):
        entry = copy(sheet.parts[0]) if sheet.parts else new_entry(sheet, self.source, self._last_version(sheet))
        before = entry.declared, entry.counted, entry.declared - entry.withheld
        entry.starts_on, entry.ends_on = days
        check_hours(entry, declared)
        if declared:
            self.desk.refuse_taken_over(sheet.contract, days[0])
        if entry.withheld > declared:
            entry.withheld, entry.withheld_reason = declared, entry.withheld_reason if declared else ""
        weight = declared - entry.withheld - before[2]
        warning = self.desk.workload.check(entry.participant_id, sheet.month, weight)
        granted = self.desk.granted[entry.participant_id]
        fate = fate_of(entry, granted=granted, allowance=prehire.allowance_of(entry))
        save_entry(entry, fate, self.staged.shifts, by=self.by, before=before[:2])
        self.staged.sheet, self.staged.weight = replace(sheet, parts=[entry]), weight
        return fate.message or warning

    def _last_version(self, sheet):
        """The version goes on where an erased one stopped."""
        if self.last_versions is None:
            self.last_versions = self.desk.last_versions()
        return self.last_versions[_key(sheet)]

    def _keep_version(self, sheet):
        """What was read of the versions, with this month; sharing a budget changes others: they are read again."""
        if prehire.is_capped(sheet.contract):
            self.last_versions = None
        elif self.last_versions is not None:
            self.last_versions[_key(sheet)] = max(self.last_versions[_key(sheet)], sheet.version)

    def _erase(self, sheet):
        """Empty a cell: an empty month is silence, not a zero."""
        for entry in sheet.parts:
            self.staged.weight -= entry.declared - entry.withheld
            drop(copy(entry), self.staged.shifts, by=self.by)
        self.staged.sheet = replace(sheet, parts=[])
        return ""


def _key(sheet):
    return sheet.contract.pk, sheet.nature, sheet.month


@dataclass
class Staged:
    """A month as it will be, what it adds to the totals and to the workload of the person (h)."""

    sheet: Sheet
    shifts: Shifts
    weight: Decimal = ZERO
