"""From a method and its parameters to hours, or to the reason why there is no clause."""

from clauses_portal.core import french
from markets.calibration.methods import METHODS
from markets.calibration.numbers import CalibrationError, Parameter, positive
from markets.calibration.parameters import HIGHEST_HOURS, PARAMETER_LABELS, PARAMETERS
from markets.calibration.result import CalibrationResult
from markets.calibration.rounding import EXACT, check_rounding, round_hours

FLOOR = Parameter("Plancher (h)", positive(HIGHEST_HOURS))


def _method(name):
    if not isinstance(name, str) or name not in METHODS:
        raise CalibrationError("Méthode de calcul inconnue.")
    return METHODS[name]


def _checked(method, given):
    """The parameters of a method, read, its defaults added."""
    unknown = sorted(set(given) - set(method.parameters))
    if unknown:
        raise CalibrationError(f"Paramètre inconnu pour cette méthode : {', '.join(unknown)[:80]}.")
    given = method.defaults | given
    missing = [PARAMETER_LABELS[name] for name in method.parameters if name not in given]
    if missing:
        raise CalibrationError(f"Il manque : {', '.join(missing)}.")
    return {name: PARAMETERS[name](given[name]) for name in method.parameters}


def _too_few(exact, rounded, floor):
    if exact < floor:
        return f"Sous le plancher de {french.hours(floor)} : pas de clause."
    return "" if rounded else "L’arrondi ramène le résultat à zéro : pas de clause."


def compute(method, *, rounding="nearest", floor_hours=None, **parameters):
    """Compute the hours of a lot by one of `METHODS`.

    Amounts in euros without tax, shares and rates as fractions in ]0; 1]. `floor_hours` (h) takes the place of the
    floor of the method (150 h for `pact`, 1 h otherwise): below it there is no clause, at it there is one.
    Returns a CalibrationResult: `raw_hours` is the result of the formula, which `pact` may leave negative, and
    `rounded_hours` is 0 if and only if no clause is possible. Raises CalibrationError (French sentence) on nonsense.
    """
    definition = _method(method)
    rule = check_rounding(rounding)
    floor = definition.floor if floor_hours is None else FLOOR(floor_hours)
    computed = definition.function(**_checked(definition, parameters))
    if abs(computed.hours) > HIGHEST_HOURS:
        raise CalibrationError("Le résultat dépasse un million d’heures : vérifiez les paramètres.")
    raw = computed.hours.quantize(EXACT)
    rounded = round_hours(computed.hours, rule)
    refusal = computed.refusal or _too_few(computed.hours, rounded, floor)
    if refusal:
        end = (f"Résultat : {french.hours(raw)}", refusal)
    else:
        end = (f"Résultat : {french.hours(raw)}, arrondi à {french.hours(rounded)}",)
    return CalibrationResult(method, raw, 0 if refusal else rounded, not refusal, (*computed.steps, *end))
