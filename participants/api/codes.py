"""Stable codes of the refusals about persons and hours (security.md §3)."""

from participants.counting import NOT_VALIDATED
from participants.services import validations
from participants.services.hours import CLOSED, NOT_BEGUN, NOT_CLOSED, OUTSIDE_CONTRACT
from participants.services.hours.ceilings import FAR_TOO_MANY
from participants.services.hours_deposits import ALREADY_THERE
from participants.services.persons import ALREADY_FOLLOWED, MERGED

CODES = {
    CLOSED: "month_closed",
    NOT_CLOSED: "month_not_closed",
    NOT_BEGUN: "month_to_come",
    NOT_VALIDATED: "not_validated",
    OUTSIDE_CONTRACT: "outside_contract",
    FAR_TOO_MANY: "too_many_hours",
    ALREADY_THERE: "hours_already_there",
    ALREADY_FOLLOWED: "already_followed",
    MERGED: "file_merged",
    validations.OVERLAP: "validation_overlap",
    validations.BEFORE_DECISION: "before_decision",
    validations.ALREADY_DECIDED: "already_decided",
    validations.TO_COMPLETE: "evidence_awaited",
}
