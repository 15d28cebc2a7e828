"""« Un nombre d’heures, ça ne parle pas » : the same hours in weeks, jobs, contracts and persons (domain.md §1.3)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from clauses_portal.core.french import HOURS_IN_A_WEEK, HOURS_IN_A_YEAR
from markets.calibration.numbers import Parameter, zero_or_more
from markets.calibration.parameters import HIGHEST_WORK, PARAMETERS

# National averages: 395 h a participant (AVE 2015), 400 h (ANRU); domain.md §3.3.
HOURS_OF_A_PERSON = 400
HUNDREDTH = Decimal("0.01")
HOURS = Parameter("Heures", zero_or_more(HIGHEST_WORK))


@dataclass(frozen=True)
class Equivalents:
    """Weeks of 35 h, full-time years, full-time contracts of six months, persons at 400 h; to the hundredth."""

    weeks: Decimal
    full_time_years: Decimal
    six_month_contracts: Decimal
    persons: Decimal


def equivalents(hours, *, annual_hours=HOURS_IN_A_YEAR):
    """What hours (0 or more) amount to, a full-time job being `annual_hours` (h a year, a setting of the office).

    Raises CalibrationError on nonsense.
    """
    total, year = HOURS(hours), PARAMETERS["annual_hours"](annual_hours)

    def share(unit):
        return (total / unit).quantize(HUNDREDTH, ROUND_HALF_UP)

    return Equivalents(share(HOURS_IN_A_WEEK), share(year), share(year / 2), share(HOURS_OF_A_PERSON))
