"""What the next period can be expected to bring, from the contracts that go on (domain.md §9.9, part 8)."""

from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, DateField, DecimalField, ExpressionWrapper, F, Func, IntegerField, Sum, Value
from django.db.models.functions import Coalesce, Least

from clauses_portal.core.periods import Lifetime
from reporting.indicators import contracts
from reporting.indicators.definition import Breakdown, Family, Indicator, Unit, split

EXPECTED = DecimalField(max_digits=12, decimal_places=2)
MOMENT = "Sur la période à venir, selon les contrats connus la veille"
SOURCE = "Convention, état trimestriel (C19)"
A_WEEK = 7


def _before(period):
    """The day before the period: what is known when it begins."""
    day = period.start - timedelta(days=1)
    return Lifetime(day, day)


def going_on(scope, period):
    """Rows: contracts running the day before the period and beyond it, their weekly hours being known.

    Each has `expected_hours`: weekly hours × weeks until the end of the contract, of the lot or of the period.
    """
    rows = contracts.going_on(scope, _before(period)).filter(weekly_hours__isnull=False)
    last = Value(period.end, output_field=DateField())
    until = Least(Coalesce(F("ends_on"), last), Coalesce(F("lot__ends_on"), last), last)
    first = Value(period.start, output_field=DateField())
    length = Func(until, first, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()) + 1
    hours = ExpressionWrapper(length * F("weekly_hours") / A_WEEK, output_field=EXPECTED)
    return rows.alias(until=until).filter(until__gte=period.start).annotate(expected_hours=hours)


def of_unknown_length(scope, period):
    """Rows: contracts running the day before the period and beyond, without their weekly hours."""
    return contracts.going_on(scope, _before(period)).filter(weekly_hours__isnull=True)


UNKNOWN_LENGTH = Indicator(
    "contracts_without_weekly_hours",
    "Contrats dont la durée hebdomadaire manque",
    Unit.CONTRACTS,
    Family.CONTRACTS,
    "Contrats qui se poursuivent, dont la durée hebdomadaire n’est pas renseignée : ils n’entrent pas dans la "
    "prévision d’heures.",
    MOMENT,
    SOURCE,
    of_unknown_length,
    Count("pk"),
)
EXPECTED_BY_LOT = Breakdown(
    "hours_expected_by_lot",
    "Heures attendues des contrats en cours, par lot",
    Unit.HOURS,
    Family.HOURS,
    "Durée hebdomadaire × semaines restantes du contrat, dans la période et dans les dates du lot. Le total d’un lot "
    "est plafonné aux heures qui lui restent à réaliser.",
    MOMENT,
    SOURCE,
    going_on,
    Sum("expected_hours", default=Decimal(0)),
    F("lot"),
    name=str,
)


def expected_hours(scope, period, remaining):
    """Hours (Decimal) expected in a period to come; `remaining` are {lot id: hours left}, the most each can bring.

    A lot that is not in `remaining` owes nothing: nothing is expected of it.
    """
    expected = split(EXPECTED_BY_LOT, scope, period)
    return sum((min(hours, remaining.get(int(lot), Decimal(0))) for lot, hours in expected), Decimal(0))
