"""How many hours to ask for: pure functions, confidential results (C3, C27; domain.md §3).

`compute("standard", amount=…, labour_share=…, insertion_rate=…, hourly_cost=…)` is the standard formula; each other
method of `METHODS` says its own parameters. Nothing here knows the database.
"""

from markets.calibration.amendment import AmendmentDelta, amendment_delta
from markets.calibration.engine import compute
from markets.calibration.equivalents import Equivalents, equivalents
from markets.calibration.methods import METHODS
from markets.calibration.numbers import CalibrationError
from markets.calibration.parameters import PARAMETER_LABELS
from markets.calibration.result import CalibrationResult
from markets.calibration.rounding import ROUNDINGS, round_hours

__all__ = [
    "METHODS",
    "PARAMETER_LABELS",
    "ROUNDINGS",
    "AmendmentDelta",
    "CalibrationError",
    "CalibrationResult",
    "Equivalents",
    "amendment_delta",
    "compute",
    "equivalents",
    "round_hours",
]
