"""What a breach costs (domain.md §10.2), as pure functions: nothing of the database, exact to the cent."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

from markets.enums import HourlyRateCode, PenaltyBasis

RATES = Path(__file__).parent / "data" / "hourly_rates.csv"
# Within these bounds every product below holds in DIGITS figures: nothing is rounded before the cents.
HIGHEST, DECIMALS, DIGITS = Decimal(10) ** 9, 20, 80
REFERENCE = {
    PenaltyBasis.CEILING_MULTIPLE: HourlyRateCode.CEILING,
    PenaltyBasis.WAGE_MULTIPLE: HourlyRateCode.WAGE,
}


class PenaltyError(ValueError):
    """The figures make no sense, or a legal value of that day is not known: the message is a French sentence."""


@dataclass(frozen=True)
class Rate:
    """A legal hourly value (€ an hour) in force from a day to another, both included, or until replaced (None)."""

    code: str
    value: Decimal
    valid_from: date
    valid_until: date | None
    source: str


def amount_due(*, required_hours, counted_hours, neutralised_hours=0, hourly_tariff, late_days=0, daily_tariff=0):
    """The penalty in euros, a Decimal rounded half up to the cent, never negative.

    max(0, required − counted − neutralised hours) × hourly tariff (€ an hour) + late days × daily tariff (€ a day).
    Each figure is a Decimal or an integer, zero or more; days are whole. A float is refused: 0.1 is not a tenth.
    Raises PenaltyError, a ValueError.
    """
    required = _figure(required_hours, "Heures dues")
    done = [_figure(counted_hours, "Heures comptabilisées"), _figure(neutralised_hours, "Heures neutralisées")]
    tariff, daily = _figure(hourly_tariff, "Tarif horaire"), _figure(daily_tariff, "Tarif par jour")
    days = _figure(late_days, "Jours de retard")
    if days != days.to_integral_value():
        raise PenaltyError("Jours de retard : indiquez un nombre entier.")
    with localcontext(prec=DIGITS):
        missing = max(Decimal(0), required - sum(done))
        return (missing * tariff + days * daily).quantize(Decimal("0.01"), ROUND_HALF_UP)


def hourly_tariff(formula, value, day, rates):
    """The tariff of an hour not done on `day`, in € an hour: an exact Decimal, which only `amount_due` rounds.

    `formula` is a PenaltyBasis: `per_hour` (`value` is the tariff), `ceiling_multiple` or `wage_multiple` (`value`
    times the social security ceiling or the gross minimum wage). `rates`: objects with the attributes of `Rate`.
    Raises PenaltyError for another formula, a value that is not above zero, a day without a known rate.
    """
    figure = _figure(value, "Tarif ou multiple")
    if figure == 0:
        raise PenaltyError("Tarif ou multiple : la valeur doit être supérieure à zéro.")
    if formula == PenaltyBasis.PER_HOUR:
        return figure
    if formula not in REFERENCE:
        raise PenaltyError("Cette assiette ne se compte pas à l’heure.")
    with localcontext(prec=DIGITS):
        return figure * rate_on(REFERENCE[formula], day, rates)


def rate_on(code, day, rates):
    """The legal hourly value (€) in force on `day`: the latest to begin, since an open row lasts until replaced.

    Raises PenaltyError when none is known.
    """
    known = [
        rate
        for rate in rates
        if rate.code == code and rate.valid_from <= day and (rate.valid_until is None or day <= rate.valid_until)
    ]
    if not known:
        label = HourlyRateCode(code).label
        raise PenaltyError(
            f"{label} : aucune valeur connue au {day:%d/%m/%Y}, complétez la table des valeurs horaires."
        )
    return max(known, key=lambda rate: rate.valid_from).value


def shipped_rates():
    """The rates that come with the portal, in the order of the file (markets/data/SOURCES.md)."""
    with RATES.open(encoding="utf-8", newline="") as file:
        return tuple(_rate(row) for row in csv.DictReader(file, delimiter=";"))


def _rate(row):
    return Rate(
        code=HourlyRateCode(row["code"]).value,
        value=Decimal(row["value"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        source=row["source"],
    )


def _figure(value, name):
    """A Decimal of this world, zero or more. No sentence repeats it: penalties are for a few (C27)."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PenaltyError(f"{name} : indiquez un nombre exact.")
    figure = Decimal(value)
    if not figure.is_finite():
        raise PenaltyError(f"{name} : indiquez un nombre exact.")
    if figure < 0:
        raise PenaltyError(f"{name} : la valeur ne peut pas être négative.")
    if figure > HIGHEST or figure.as_tuple().exponent < -DECIMALS:
        raise PenaltyError(f"{name} : ce nombre est hors de portée.")
    return figure.copy_abs()  # « -0 » is zero
