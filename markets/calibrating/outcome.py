"""A result as it is read on screen: hours, why, what they amount to, what to look at twice. Confidential (C27)."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from clauses_portal.core import french
from markets import calibration
from markets.calibrating.plausibility import warnings
from markets.calibration import METHODS, CalibrationError, Equivalents, equivalents


@dataclass(frozen=True)
class Outcome:
    """Hours before and after rounding, the sentences of the computation, equivalents, advice."""

    raw_hours: Decimal
    hours: int
    clause_possible: bool
    explanation: tuple[str, ...]
    equivalents: Equivalents
    warnings: list[str]


@dataclass(frozen=True)
class Line:
    """A method in the comparison: its outcome, or why the known data do not allow it."""

    method: str
    label: str
    outcome: Outcome | None = None
    reason: str = ""

    @property
    def equivalent(self):
        return spoken(self.outcome.hours) if self.outcome else ""


def compute(known, method, *, rounding="nearest", floor_hours=None, **parameters):
    """Outcome of a method on a subject, without saving anything. Raises CalibrationError."""
    result = calibration.compute(method, rounding=rounding, floor_hours=floor_hours, **parameters)
    return Outcome(
        result.raw_hours,
        result.rounded_hours,
        result.clause_possible,
        result.explanation,
        amount_to(result.rounded_hours),
        warnings(known, method, parameters, result.rounded_hours),
    )


def compute_amendment(known, *, amount_delta, rounding, **parameters):
    """Outcome (± h) of a change of amount (± €), without saving anything. Raises CalibrationError."""
    delta = calibration.amendment_delta(amount_delta=amount_delta, rounding=rounding, **parameters)
    advice = warnings(known, "", parameters, delta.hours)
    explanation = delta.explanation
    return Outcome(delta.raw_hours, delta.hours, bool(delta.hours), explanation, amount_to(delta.hours), advice)


def usual_floor(known, method):
    """Hours below which a clause is not worth writing: the higher of the office's floor and the method's.

    None for a phase or an order: they add their hours, few as they are, to a clause that exists.
    """
    return max(settings.CALIBRATION_FLOOR_HOURS, int(METHODS[method].floor)) if known.subject.is_firm else None


def compare(known):
    """Every method with what is known, in their order (list of Line): nothing is saved, nothing is guessed."""
    return [computed_with(known, method) for method in METHODS]


def computed_with(known, method):
    """A method with what is known (Line), rounded to the nearest hour, below the usual floor no clause."""
    label, given = METHODS[method].label, known.parameters(method)
    try:
        return Line(method, label, compute(known, method, floor_hours=usual_floor(known, method), **given))
    except CalibrationError as error:
        return Line(method, label, reason=str(error))


def amount_to(hours):
    """Equivalents of hours of either sign, at the hours a year of the office."""
    return equivalents(abs(hours), annual_hours=settings.ANNUAL_HOURS)


def spoken(hours):
    """« 23,81 semaines de 35 h, 0,52 ETP, 1,04 contrat de six mois »: for the pages that everybody reads."""
    said = amount_to(hours)
    return ", ".join(
        (
            _counted(said.weeks, "semaine", f"de {french.HOURS_IN_A_WEEK}{french.NBSP}h"),
            f"{french.number(said.full_time_years)}{french.NBSP}ETP",
            _counted(said.six_month_contracts, "contrat", "de six mois"),
        )
    )


def _counted(value, noun, rest):
    return f"{french.number(value)}{french.NBSP}{noun}{'s' if value >= 2 else ''} {rest}"
