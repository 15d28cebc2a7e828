from participants.models.contract import EmploymentContract
from participants.models.hours import ClosedPeriod, HoursEntry
from participants.models.participant import Participant
from participants.models.validation import EligibilityCategory, EligibilityValidation

__all__ = [
    "ClosedPeriod",
    "EligibilityCategory",
    "EligibilityValidation",
    "EmploymentContract",
    "HoursEntry",
    "Participant",
]
