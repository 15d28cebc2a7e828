"""How hours are rounded (domain.md §3.5)."""

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from markets.calibration.numbers import CalibrationError

# An unrounded result is kept to the hundredth of a minute: enough to explain, never a false precision.
EXACT = Decimal("0.0001")
ROUNDINGS = {
    "none": "Sans arrondi (partie entière)",
    "nearest": "À l’heure la plus proche",
    "floor": "À l’heure inférieure",
    "5": "Aux 5 heures les plus proches",
    "10": "Aux 10 heures les plus proches",
    "35": "À la semaine de 35 heures la plus proche",
}


def check_rounding(rounding):
    """The key of a rule of `ROUNDINGS`, from itself or from the integer 5, 10 or 35. Raises CalibrationError."""
    rule = str(rounding) if type(rounding) is int and rounding in {5, 10, 35} else rounding
    if not isinstance(rule, str) or rule not in ROUNDINGS:
        raise CalibrationError("Règle d’arrondi inconnue.")
    return rule


def round_hours(raw, rounding):
    """Round hours (Decimal) by one of `ROUNDINGS`; halves go up. Raises CalibrationError on an unknown rule."""
    rule = check_rounding(rounding)
    if rule in {"floor", "none"}:
        return int(raw.to_integral_value(ROUND_FLOOR))
    step = Decimal(1) if rule == "nearest" else Decimal(rule)
    return int((raw / step).to_integral_value(ROUND_HALF_UP) * step)
