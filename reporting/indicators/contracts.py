"""Contracts: each counts once, a person may have several."""

from django.db.models import Avg, Count, F, FloatField, Func, Q

from participants.enums import ContractType, EndReason
from reporting.indicators.definition import Breakdown, Family, Indicator, Unit
from reporting.indicators.scope import running_between

C20 = "Convention, bilan (C20)"
DURING = "Sur la période"


def started(scope, period):
    """Rows: contracts that start in the period, staff taken over excluded."""
    return scope.contracts().filter(starts_on__range=(period.start, period.end), already_in_post=False)


def running(scope, period):
    """Rows: contracts that run on at least one day of the period."""
    return scope.contracts().filter(running_between(period.start, period.end))


def ended(scope, period):
    """Rows: contracts whose last day is in the period."""
    return scope.contracts().filter(ends_on__range=(period.start, period.end))


def going_on(scope, period):
    """Rows: contracts that run beyond the period, on its morrow: the ground of the next one."""
    return scope.contracts().filter(Q(ends_on__isnull=True) | Q(ends_on__gt=period.end), starts_on__lte=period.end)


def _contracts(code, label, definition, rows, moment=DURING):
    measure = Count("pk")
    return Indicator(code, label, Unit.CONTRACTS, Family.CONTRACTS, definition, moment, C20, rows, measure)


STARTED = _contracts(
    "contracts_started",
    "Contrats conclus",
    "Contrats qui commencent dans la période, personnel repris exclu. Une personne peut en avoir plusieurs.",
    started,
)
RUNNING = _contracts(
    "contracts_running", "Contrats en cours", "Contrats en cours au moins un jour de la période.", running
)
ENDED = _contracts("contracts_ended", "Contrats terminés", "Contrats dont le dernier jour est dans la période.", ended)
GOING_ON = _contracts(
    "contracts_going_on",
    "Contrats qui se poursuivent",
    "Contrats commencés et non terminés au dernier jour de la période.",
    going_on,
    "Au lendemain de la période",
)
MEAN_LENGTH = Indicator(
    "contracts_mean_length",
    "Durée moyenne des contrats terminés",
    Unit.DAYS,
    Family.CONTRACTS,
    "Moyenne, en jours calendaires, du premier au dernier jour compris.",
    DURING,
    C20,
    ended,
    Avg(
        Func(F("ends_on"), F("starts_on"), template="(%(expressions)s)", arg_joiner=" - ", output_field=FloatField())
        + 1
    ),
)


def _breakdown(code, label, definition, rows, by, labels, **options):
    unit, family = Unit.CONTRACTS, Family.CONTRACTS
    return Breakdown(code, label, unit, family, definition, DURING, C20, rows, Count("pk"), by, labels, **options)


BY_TYPE = _breakdown(
    "contracts_by_type",
    "Contrats en cours, par type",
    "Contrats en cours au moins un jour de la période, selon leur nature.",
    running,
    F("contract_type"),
    dict(ContractType.choices),
)
STARTED_BY_TYPE = _breakdown(
    "contracts_started_by_type",
    "Contrats conclus, par type",
    "Contrats qui commencent dans la période, selon leur nature.",
    started,
    F("contract_type"),
    dict(ContractType.choices),
)
ENDED_BY_REASON = _breakdown(
    "contracts_ended_by_reason",
    "Contrats terminés, par motif",
    "Contrats dont le dernier jour est dans la période, selon le motif de fin.",
    ended,
    F("end_reason"),
    dict(EndReason.choices),
    unknown="Motif non renseigné",
)
