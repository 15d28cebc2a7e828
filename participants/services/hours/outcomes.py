"""What became of a cell of the grid."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from participants.counting import SENTENCES, SET_ASIDE, TO_SPLIT, WINDOW_TO_SPLIT, within
from participants.services.hours.fates import terms_of_contract


@dataclass(frozen=True)
class CellOutcome:
    """What became of one cell of the grid: hours in their three fates, a version, a sentence.

    `status`: counted, partial, rejected, pending, empty; or refused, conflict when nothing was kept.
    """

    contract_id: int
    month: date
    status: str
    declared: Decimal | None = None
    counted: Decimal = Decimal(0)
    version: int = 0
    message: str = ""
    nature: str = ""


def status_of(*entries):
    """The fate of the entries of a month in one word: pending, rejected, partial, counted, or empty without entry."""
    if not entries:
        return "empty"
    if any(entry.pending for entry in entries):
        return "pending"
    if any(entry.rejected for entry in entries):
        return "partial" if any(entry.counted for entry in entries) else "rejected"
    return "counted"


def sentence_of(entry):
    """Why an entry does not count, or not all: « » when all does. Its contract was read with its lot and its market."""
    if entry.pending:
        terms = terms_of_contract(entry.contract, entry.nature)
        whole = [(entry.starts_on, entry.ends_on)]
        return TO_SPLIT if within(whole, terms) == whole else WINDOW_TO_SPLIT
    if not entry.rejected:
        return ""
    if entry.withheld and entry.rejection_reason == entry.withheld_reason:
        return f"{SET_ASIDE.rstrip('.')} : {entry.get_withheld_reason_display().lower()}."
    return SENTENCES[entry.rejection_reason]


def outcome_of(sheet, message=""):
    """The CellOutcome of a month as it stands."""
    return CellOutcome(
        sheet.contract.pk,
        sheet.month,
        status_of(*sheet.parts),
        sheet.declared,
        sum((entry.counted for entry in sheet.parts), Decimal(0)),
        sheet.version,
        message,
        sheet.nature,
    )
