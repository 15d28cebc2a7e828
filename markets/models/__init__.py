from markets.models.alert import Alert
from markets.models.award import Award, Company, ObjectiveEntry
from markets.models.calibration import Calibration, CalibrationMethod
from markets.models.clause import ClauseDecision
from markets.models.financials import LotFinancials, MarketFinancials
from markets.models.imports import ImportRun
from markets.models.market import Lot, Market
from markets.models.totals import MarketTotal

__all__ = [
    "Alert",
    "Award",
    "Calibration",
    "CalibrationMethod",
    "ClauseDecision",
    "Company",
    "ImportRun",
    "Lot",
    "LotFinancials",
    "Market",
    "MarketFinancials",
    "MarketTotal",
    "ObjectiveEntry",
]
