from participants.models.certificate import EligibilityCertificate, WorkCertificate
from participants.models.contract import EmploymentContract
from participants.models.data_request import AccessExport, DataRequest, ParticipantHold
from participants.models.declaration import (
    DeclarationLine,
    HoursImport,
    ImportedLine,
    MonthlyDeclaration,
    StatementMapping,
)
from participants.models.european import EuropeanAnswers
from participants.models.exits import ExitSituation
from participants.models.hours import ClosedPeriod, HoursEntry
from participants.models.participant import Participant
from participants.models.posting import JobPosting, Referral
from participants.models.validation import EligibilityCategory, EligibilityValidation

__all__ = [
    "AccessExport",
    "ClosedPeriod",
    "DataRequest",
    "DeclarationLine",
    "EligibilityCategory",
    "EligibilityCertificate",
    "EligibilityValidation",
    "EmploymentContract",
    "EuropeanAnswers",
    "ExitSituation",
    "HoursEntry",
    "HoursImport",
    "ImportedLine",
    "JobPosting",
    "MonthlyDeclaration",
    "Participant",
    "ParticipantHold",
    "Referral",
    "StatementMapping",
    "WorkCertificate",
]
