"""Hours a program deposits: what stands is never overwritten unknowingly (C22; security.md §3, A16, A25 and M11)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import Conflict, DomainError
from participants.enums import HoursSource
from participants.services.hours.desk import Desk
from participants.services.hours.outcomes import outcome_of, sentence_of
from participants.services.hours.recording import Recording
from participants.services.hours.writing import REFUSALS

ALREADY_THERE = "Des heures existent déjà pour ce contrat et ce mois."
MOST_REFUSED = 100


@dataclass(frozen=True)
class DepositedMonth:
    """Hours (h; None erases) of a contract (id) for the month that starts on `month`; `version`: the one read, or None
    for a program that read nothing. Without `nature`, the usual one of the contract."""

    contract_id: int
    month: date
    declared: Decimal | None
    version: int | None = None
    nature: str = ""


class LinesNotKept(Exception):
    """Some lines were refused, and nothing was recorded: `refused` is [(index of the line, the refusal)]."""

    def __init__(self, refused):
        super().__init__(f"{len(refused)} lignes refusées")
        self.refused = refused


@transaction.atomic
def deposit_month(*, line, by):
    """Record one `DepositedMonth`. Returns its CellOutcome.

    Raises Conflict (M11) when other hours stand and no version was read, and as `record_month`. The same hours again
    change nothing.
    """
    recording = _open([line], by)
    outcome = _deposit(recording, line)
    recording.shifts.apply()
    return outcome


@transaction.atomic
def deposit_months(*, lines, by):
    """Record these `DepositedMonth` together, or none. Returns their CellOutcomes, in the order of the lines.

    Raises LinesNotKept, with what `deposit_month` would have raised of each line.
    """
    recording, outcomes, refused = _open(lines, by), [], []
    for index, line in enumerate(lines):
        try:
            outcomes.append(_deposit(recording, line))
        except (DomainError, ValidationError) as error:
            refused.append((index, error))
        if len(refused) >= MOST_REFUSED:
            break
    if refused:
        raise LinesNotKept(refused)
    recording.shifts.apply()
    return outcomes


def _open(lines, by):
    desk = Desk({line.contract_id for line in lines}, {line.month for line in lines})
    return Recording(desk, HoursSource.API, by)


def _deposit(recording, line):
    sheet = recording.desk.sheet(line.contract_id, line.month, line.nature)
    if line.version is None and sheet.parts:
        if sheet.declared != line.declared:
            raise Conflict(ALREADY_THERE)
        return outcome_of(sheet, next(filter(None, map(sentence_of, sheet.parts)), ""))
    with refusals(REFUSALS):
        outcome = recording.record(line.contract_id, line.month, line.declared, line.version, line.nature)
    recording.keep()
    return outcome
