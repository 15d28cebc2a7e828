"""What a computation gives."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Computed:
    """What a method finds: hours before rounding, the sentences that lead to them, why there is no clause if so."""

    hours: Decimal
    steps: tuple[str, ...]
    refusal: str = ""


@dataclass(frozen=True)
class CalibrationResult:
    """Hours before and after rounding (0 when there is no clause), whether a clause is possible, and why."""

    method: str
    raw_hours: Decimal
    rounded_hours: int
    clause_possible: bool
    explanation: tuple[str, ...]
