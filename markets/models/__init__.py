from markets.models.alert import Alert
from markets.models.award import Award, Company, ObjectiveEntry
from markets.models.calibration import Calibration, CalibrationMethod
from markets.models.clause import ClauseDecision
from markets.models.consultation import BidderQuestion
from markets.models.documents import ContractDocument, DocumentJob, DocumentTemplate
from markets.models.financials import LotFinancials, MarketFinancials
from markets.models.imports import ImportRun
from markets.models.market import Lot, Market
from markets.models.preparation import DceDocument, LotPhase, PhaseFinancials
from markets.models.programme import CalendarFeed, ColumnMapping, ProgrammeImport
from markets.models.references import CpvCode, LegalThreshold, PenaltyRule, RomeCode, Trade, TradeParameters
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
    "ContractDocument",
    "CpvCode",
    "CriteriaGrid",
    "Criterion",
    "DceDocument",
    "DocumentJob",
    "DocumentTemplate",
    "FacilitatorOpinion",
    "ImportRun",
    "LegalThreshold",
    "Lot",
    "LotFinancials",
    "LotPhase",
    "Market",
    "MarketFinancials",
    "MarketTotal",
    "ObjectiveEntry",
    "PenaltyRule",
    "PhaseFinancials",
    "ProgrammeImport",
    "ReferentAssignment",
    "ReviewAnswer",
    "RomeCode",
    "Trade",
    "TradeParameters",
]
