"""Hours that an amendment of the amount adds or takes away (domain.md §3.5): a proposal, with its sign."""

from dataclasses import dataclass
from decimal import Decimal

from clauses_portal.core import french
from markets.calibration.methods import an_hour, percent
from markets.calibration.numbers import CalibrationError, number
from markets.calibration.parameters import CENT, HIGHEST_AMOUNT, HIGHEST_HOURS, PARAMETERS
from markets.calibration.rounding import EXACT, round_hours


@dataclass(frozen=True)
class AmendmentDelta:
    """Hours to add (above zero) or to take away (below zero), before and after rounding, and the arithmetic."""

    raw_hours: Decimal
    hours: int
    explanation: tuple[str, ...]


def amendment_delta(*, amount_delta, labour_share, insertion_rate, hourly_cost, rounding="nearest"):
    """Hours = change of amount (€ without tax, of either sign, or 0) × labour share × insertion rate ÷ hourly cost.

    The size is rounded, then signed: an amendment and its contrary cancel out. Raises CalibrationError.
    """
    change = number(amount_delta, "Variation du montant (€ HT)", HIGHEST_AMOUNT, CENT)
    share = PARAMETERS["labour_share"](labour_share)
    rate = PARAMETERS["insertion_rate"](insertion_rate)
    cost = PARAMETERS["hourly_cost"](hourly_cost)
    exact = change * share * rate / cost
    if abs(exact) > HIGHEST_HOURS:
        raise CalibrationError("Le résultat dépasse un million d’heures : vérifiez les paramètres.")
    size = round_hours(abs(exact), rounding)
    hours = -size if exact < 0 else size
    explanation = (
        f"Variation : {french.euros(change)} × {percent(share)} de main-d’œuvre × {percent(rate)} ÷ {an_hour(cost)}",
        f"Résultat : {french.hours(exact)}, arrondi à {french.hours(hours)}",
    )
    return AmendmentDelta(exact.quantize(EXACT), hours, explanation)
