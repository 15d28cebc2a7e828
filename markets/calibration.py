"""How many hours to ask for: pure functions, confidential results (C3, C27; domain.md §3).

`compute("standard", amount=…, labour_share=…, insertion_rate=…, hourly_cost=…)` is the standard formula;
each method is one function of `METHODS`. Amounts are euros without tax, shares and rates fractions in ]0; 1].
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation

from clauses_portal.core import french

# An unrounded result is kept to the hundredth of a minute: enough to explain, never a false precision.
EXACT = Decimal("0.0001")
# Decimals of a rate in an explanation: « 2,5 % » must not read « 3 % » beside the amount it gives.
EXPLAINED = 4
HIGHEST_HOURS = 1_000_000
# From a ten-billionth to some tens of billions: beyond, a number is a typing error or an attack on the arithmetic.
HIGHEST_POWER = 10


class CalibrationError(ValueError):
    """The parameters make no sense: the message is the French sentence that says which."""


@dataclass(frozen=True)
class CalibrationResult:
    """What a method gives: hours before and after rounding, whether a clause is possible, and why."""

    method: str
    raw_hours: Decimal
    rounded_hours: int
    clause_possible: bool
    explanation: tuple[str, ...]


@dataclass(frozen=True)
class Method:
    label: str
    function: Callable[..., tuple[Decimal, list[str]]]
    parameters: dict[str, Callable]


def _number(value, name):
    if isinstance(value, bool) or value is None:
        raise CalibrationError(f"{name} : indiquez un nombre.")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise CalibrationError(f"{name} : « {str(value)[:40]} » n’est pas un nombre.") from None
    if not number.is_finite():
        raise CalibrationError(f"{name} : « {value} » n’est pas un nombre.")
    if abs(number.adjusted()) > HIGHEST_POWER:
        raise CalibrationError(f"{name} : « {number:.2E} » est hors de portée.")
    return number


def positive(value, name):
    """A number above zero."""
    number = _number(value, name)
    if number <= 0:
        raise CalibrationError(f"{name} : la valeur doit être supérieure à zéro.")
    return number


def fraction(value, name):
    """A share or a rate in ]0; 1]: 5 % is written 0.05."""
    number = _number(value, name)
    if not 0 < number <= 1:
        raise CalibrationError(f"{name} : la valeur est comprise entre 0 (exclu) et 1, par exemple 0,05 pour 5 %.")
    return number


def _standard(*, amount, labour_share, insertion_rate, hourly_cost):
    """hours = amount × labour share × insertion rate ÷ loaded hourly cost (domain.md §3.1)."""
    labour = amount * labour_share
    effort = labour * insertion_rate
    return effort / hourly_cost, [
        f"Part de main-d’œuvre : {french.euros(amount)} × {french.percent(labour_share * 100, EXPLAINED)} "
        f"= {french.euros(labour)}",
        f"Effort d’insertion : {french.euros(labour)} × {french.percent(insertion_rate * 100, EXPLAINED)} "
        f"= {french.euros(effort)}",
        f"Heures : {french.euros(effort)} ÷ {french.euros(hourly_cost)} de l’heure",
    ]


METHODS = {
    "standard": Method(
        "Formule standard",
        _standard,
        {"amount": positive, "labour_share": fraction, "insertion_rate": fraction, "hourly_cost": positive},
    ),
}
PARAMETER_LABELS = {
    "amount": "Montant (€ HT)",
    "labour_share": "Part de main-d’œuvre",
    "insertion_rate": "Taux d’insertion",
    "hourly_cost": "Coût horaire chargé (€)",
}
ROUNDINGS = {
    "none": "Sans arrondi (partie entière)",
    "nearest": "À l’heure la plus proche",
    "floor": "À l’heure inférieure",
    "5": "Aux 5 heures les plus proches",
    "10": "Aux 10 heures les plus proches",
    "35": "À la semaine de 35 heures la plus proche",
}


def _checked(method, parameters):
    expected = METHODS[method].parameters
    unknown = sorted(set(parameters) - set(expected))
    missing = [name for name in expected if name not in parameters]
    if unknown:
        raise CalibrationError(f"Paramètre inconnu pour cette méthode : {', '.join(unknown)}.")
    if missing:
        labels = ", ".join(PARAMETER_LABELS[name] for name in missing)
        raise CalibrationError(f"Il manque : {labels}.")
    return {name: check(parameters[name], PARAMETER_LABELS[name]) for name, check in expected.items()}


def round_hours(raw, rounding):
    """Round hours by one of `ROUNDINGS`; halves go up. Raises CalibrationError on an unknown rule."""
    if rounding not in ROUNDINGS:
        raise CalibrationError(f"Règle d’arrondi inconnue : « {rounding} ».")
    if rounding in {"floor", "none"}:
        return int(raw.quantize(Decimal(1), ROUND_FLOOR))
    step = Decimal(1) if rounding == "nearest" else Decimal(rounding)
    return int((raw / step).quantize(Decimal(1), ROUND_HALF_UP) * step)


def compute(method, *, rounding="nearest", floor_hours=None, **parameters):
    """Compute the hours of a lot.

    `floor_hours` (h): below it there is no clause; at it there is one. Returns a CalibrationResult whose
    `rounded_hours` is 0 when no clause is possible. Raises CalibrationError (French sentence) on nonsense.
    """
    if method not in METHODS:
        raise CalibrationError(f"Méthode de calcul inconnue : « {method} ».")
    exact, explanation = METHODS[method].function(**_checked(method, parameters))
    if exact > HIGHEST_HOURS:
        raise CalibrationError("Le résultat dépasse un million d’heures : vérifiez les paramètres.")
    raw = exact.quantize(EXACT)
    rounded = round_hours(exact, rounding)
    floor = positive(floor_hours, "Plancher") if floor_hours is not None else Decimal(1)
    possible = exact >= floor and rounded > 0
    explanation = [*explanation, f"Résultat : {french.hours(raw)}, arrondi à {french.hours(rounded)}"]
    if not possible:
        explanation.append(f"Sous le plancher de {french.hours(floor)} : pas de clause.")
    return CalibrationResult(method, raw, rounded if possible else 0, possible, tuple(explanation))
