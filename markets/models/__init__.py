from markets.models.alert import Alert
from markets.models.award import Award
from markets.models.calibration import Calibration, CalibrationMethod
from markets.models.clause import ClauseDecision
from markets.models.company import Company, CompanyContact
from markets.models.consultation import BidderQuestion
from markets.models.counting_rule import CountingRule
from markets.models.documents import ContractDocument, DocumentJob, DocumentTemplate
from markets.models.financials import LotFinancials, MarketFinancials
from markets.models.imports import DecpWatch, ImportRun
from markets.models.ledger import HoursTransfer, ObjectiveEntry
from markets.models.link import CompanyLink, CompanyReminder
from markets.models.market import Lot, Market
from markets.models.meeting import Meeting, MeetingGuest, MeetingMinutes, PlannedHire
from markets.models.opening import OpeningBalance
from markets.models.penalty import PenaltyCase, PenaltyLetter
from markets.models.preparation import DceDocument, LotPhase, PhaseFinancials
from markets.models.programme import CalendarFeed, ColumnMapping, ProgrammeImport
from markets.models.progress import PhysicalProgress
from markets.models.references import CpvCode, HourlyRate, LegalThreshold, PenaltyRule, RomeCode, Trade, TradeParameters
from markets.models.referents import ReferentAssignment
from markets.models.review import ClauseReview, CriteriaGrid, Criterion, FacilitatorOpinion, ReviewAnswer
from markets.models.totals import MarketTotal

__all__ = [
    "Alert",
    "Award",
    "BidderQuestion",
    "CalendarFeed",
    "Calibration",
    "CalibrationMethod",
    "ClauseDecision",
    "ClauseReview",
    "ColumnMapping",
    "Company",
    "CompanyContact",
    "CompanyLink",
    "CompanyReminder",
    "ContractDocument",
    "CountingRule",
    "CpvCode",
    "CriteriaGrid",
    "Criterion",
    "DceDocument",
    "DocumentJob",
    "DocumentTemplate",
    "FacilitatorOpinion",
    "HourlyRate",
    "HoursTransfer",
    "DecpWatch",
    "ImportRun",
    "LegalThreshold",
    "Lot",
    "LotFinancials",
    "LotPhase",
    "Market",
    "MarketFinancials",
    "MarketTotal",
    "Meeting",
    "MeetingGuest",
    "MeetingMinutes",
    "ObjectiveEntry",
    "OpeningBalance",
    "PenaltyCase",
    "PenaltyLetter",
    "PenaltyRule",
    "PhaseFinancials",
    "PlannedHire",
    "PhysicalProgress",
    "ProgrammeImport",
    "ReferentAssignment",
    "ReviewAnswer",
    "RomeCode",
    "Trade",
    "TradeParameters",
]
