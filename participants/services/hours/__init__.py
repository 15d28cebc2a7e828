"""Hours: recorded, judged, recounted, split, set aside, corrected; the totals follow in the same transaction."""

from participants.services.hours.corrections import NOT_CLOSED, regularise, standing_parts, total_of, version_of_month
from participants.services.hours.desk import Desk, Sheet, read_sheet
from participants.services.hours.doubles import double_declarations, doubles_among
from participants.services.hours.fates import fate_of, granted_by_person, granted_days, terms_of_contract
from participants.services.hours.months import (
    CLOSED,
    NOT_BEGUN,
    OUTSIDE_CONTRACT,
    closed_quarters,
    days_of_month,
    first_open_month,
    is_closed,
    is_frozen,
    was_sent,
)
from participants.services.hours.moved import recount_moved_lots
from participants.services.hours.outcomes import CellOutcome, sentence_of, status_of
from participants.services.hours.recording import record_cells, record_month
from participants.services.hours.recounting import recount, recount_lot
from participants.services.hours.releasing import release
from participants.services.hours.splitting import BY_HAND, join_month, split_month, withhold
from participants.services.hours.writing import REFUSALS

__all__ = [
    "BY_HAND",
    "CLOSED",
    "CellOutcome",
    "Desk",
    "NOT_BEGUN",
    "NOT_CLOSED",
    "OUTSIDE_CONTRACT",
    "REFUSALS",
    "Sheet",
    "closed_quarters",
    "days_of_month",
    "double_declarations",
    "doubles_among",
    "fate_of",
    "first_open_month",
    "granted_by_person",
    "granted_days",
    "is_closed",
    "is_frozen",
    "join_month",
    "read_sheet",
    "record_cells",
    "record_month",
    "recount",
    "recount_lot",
    "recount_moved_lots",
    "regularise",
    "release",
    "sentence_of",
    "split_month",
    "standing_parts",
    "status_of",
    "terms_of_contract",
    "total_of",
    "version_of_month",
    "was_sent",
    "withhold",
]
