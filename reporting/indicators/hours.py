"""Hours: due, declared, counted, rejected, waiting. All in hours, to the hundredth."""

from decimal import Decimal

from django.db.models import F, Q, Sum

from clauses_portal.core.periods import Lifetime, month_name, month_start, months_before, months_of
from markets.enums import ObjectiveKind
from participants.enums import HoursNature, Modality, RejectionReason
from reporting.indicators.definition import Breakdown, Family, Indicator, Share, Unit

IN_THE_MONTHS = "Sur les mois de la période, quel que soit le jour de la saisie"
TO_DATE = "Depuis l’origine, jusqu’au dernier jour de la période"
RULE = "Convention, article 2-2 (C14) ; règles de comptage du marché"


def hours_of_period(scope, period):
    """Rows: the hours of the months of the period, its régularisations included."""
    return scope.hours().of_period(period)


def hours_to_date(scope, period):
    """Rows: the hours of the period and of all before."""
    return scope.hours().up_to(period)


def regularisations_of_period(scope, period):
    """Rows: the corrections of months already sent, booked in the period."""
    return hours_of_period(scope, period).regularisations()


def objectives_to_date(scope, period):
    """Rows: the lines of the objectives in effect at the end of the period."""
    return scope.objectives().filter(effective_on__lte=period.end)


def _hours(code, label, definition, rows, measure, *, moment=IN_THE_MONTHS, source=RULE):
    return Indicator(code, label, Unit.HOURS, Family.HOURS, definition, moment, source, rows, measure)


def total(field, **options):
    return Sum(field, default=Decimal(0), **options)


DECLARED = _hours(
    "hours_declared",
    "Heures déclarées",
    "Heures déclarées par les employeurs : comptabilisées, rejetées et en attente.",
    hours_of_period,
    total("declared"),
)
COUNTED = _hours(
    "hours_counted",
    "Heures comptabilisées",
    "Heures de personnes validées par le facilitateur avant le premier jour travaillé, régularisations comprises.",
    hours_of_period,
    total("counted"),
)
REJECTED = _hours(
    "hours_rejected",
    "Heures rejetées",
    "Heures déclarées qui ne comptent pas, pour un motif écrit.",
    hours_of_period,
    total("rejected"),
)
PENDING = _hours(
    "hours_pending",
    "Heures en attente",
    "Heures déclarées qui attendent la décision du facilitateur ; elles ne comptent pas.",
    hours_of_period,
    total("pending"),
)
TRAINING = _hours(
    "hours_training",
    "Heures de formation comptabilisées",
    "Part des heures comptabilisées passée en formation, quand la règle du marché l’admet.",
    hours_of_period,
    total("counted", filter=Q(nature=HoursNature.TRAINING)),
)
REGULARISED = _hours(
    "hours_regularised",
    "Régularisations de périodes déjà envoyées",
    "Solde des corrections de mois clos, inscrites dans la période : compris dans les heures comptabilisées.",
    regularisations_of_period,
    total("counted"),
    source="Convention (C19) ; ce qui est envoyé ne change pas",
)
COUNTED_TO_DATE = _hours(
    "hours_counted_to_date",
    "Heures comptabilisées depuis l’origine",
    "Heures comptabilisées de tous les lots, soldés compris.",
    hours_to_date,
    total("counted"),
    moment=TO_DATE,
)
DUE = _hours(
    "hours_due",
    "Heures dues",
    "Objectif en vigueur : engagement initial, avenants, options, bons de commande, transferts, heures neutralisées, "
    "reprises d’antériorité déduites.",
    objectives_to_date,
    total("hours"),
    moment="Au dernier jour de la période",
    source="Convention (C23) ; registre des objectifs",
)
BEFORE_THE_PORTAL = _hours(
    "hours_before_the_portal",
    "Heures reprises",
    "Reprises d’antériorité : faites avant le portail, sans détail par personne. Elles ne sont pas comptabilisées ; "
    "les heures dues en tiennent déjà compte.",
    objectives_to_date,
    -total("hours", filter=Q(kind=ObjectiveKind.OPENING)),
    moment="Au dernier jour de la période",
    source="Convention (C14) ; registre des objectifs",
)
DONE_SHARE = Share(
    "hours_done_share",
    "Part réalisée de l’objectif",
    Family.HOURS,
    "Heures comptabilisées depuis l’origine ÷ heures dues, reprises d’antériorité déduites. Elle peut dépasser 100 %.",
    "Au dernier jour de la période",
    RULE,
    COUNTED_TO_DATE,
    DUE,
)
BY_REASON = Breakdown(
    "hours_rejected_by_reason",
    "Heures rejetées, par motif",
    Unit.HOURS,
    Family.HOURS,
    "Heures rejetées selon le motif retenu par le facilitateur ou par les règles de comptage.",
    IN_THE_MONTHS,
    RULE,
    hours_of_period,
    total("rejected"),
    F("rejection_reason"),
    dict(RejectionReason.choices),
)
BY_MONTH = Breakdown(
    "hours_by_month",
    "Heures comptabilisées, par mois",
    Unit.HOURS,
    Family.HOURS,
    "Heures comptabilisées selon le mois où elles sont inscrites.",
    IN_THE_MONTHS,
    RULE,
    hours_of_period,
    total("counted"),
    F("month"),
    name=month_name,
)
BY_MODALITY = Breakdown(
    "hours_by_modality",
    "Heures comptabilisées, par modalité",
    Unit.HOURS,
    Family.HOURS,
    "Embauche directe, mise à disposition, sous-traitance ou cotraitance avec une structure d’insertion.",
    IN_THE_MONTHS,
    "Convention (C9) ; article 10.1 du CCAP type",
    hours_of_period,
    total("counted"),
    F("contract__modality"),
    dict(Modality.choices),
)
BY_COMPANY = Breakdown(
    "hours_by_company",
    "Heures comptabilisées, par entreprise attributaire",
    Unit.HOURS,
    Family.HOURS,
    "Heures de chaque entreprise du marché, sous-traitants à part.",
    IN_THE_MONTHS,
    RULE,
    hours_of_period,
    total("counted"),
    F("contract__award__company__name"),
)
BY_TRADE = Breakdown(
    "hours_by_trade",
    "Heures comptabilisées, par corps de métier",
    Unit.HOURS,
    Family.HOURS,
    "Heures selon le corps de métier du lot.",
    IN_THE_MONTHS,
    RULE,
    hours_of_period,
    total("counted"),
    F("lot__trade__label"),
)
BY_TERRITORY = Breakdown(
    "hours_by_territory",
    "Heures comptabilisées, par territoire",
    Unit.HOURS,
    Family.HOURS,
    "Heures selon le territoire de référence du lot.",
    IN_THE_MONTHS,
    RULE,
    hours_of_period,
    total("counted"),
    F("territory__name"),
)
ON_THE_LAST_DAY = "Au dernier jour de la période"


def _to_date(code, label, definition, rows, measure, by, moment):
    return Breakdown(code, label, Unit.HOURS, Family.HOURS, definition, moment, RULE, rows, measure, by)


DUE_BY_TRADE = _to_date(
    "hours_due_by_trade",
    "Heures dues, par corps de métier",
    "Objectif en vigueur, selon le corps de métier du lot.",
    objectives_to_date,
    total("hours"),
    F("award__lot__trade__label"),
    ON_THE_LAST_DAY,
)
TO_DATE_BY_TRADE = _to_date(
    "hours_counted_to_date_by_trade",
    "Heures comptabilisées depuis l’origine, par corps de métier",
    "Heures comptabilisées de tous les lots, selon le corps de métier du lot.",
    hours_to_date,
    total("counted"),
    F("lot__trade__label"),
    TO_DATE,
)
DUE_BY_TERRITORY = _to_date(
    "hours_due_by_territory",
    "Heures dues, par territoire",
    "Objectif en vigueur, selon le territoire de référence du lot.",
    objectives_to_date,
    total("hours"),
    F("award__lot__territory__name"),
    ON_THE_LAST_DAY,
)
TO_DATE_BY_TERRITORY = _to_date(
    "hours_counted_to_date_by_territory",
    "Heures comptabilisées depuis l’origine, par territoire",
    "Heures comptabilisées de tous les lots, selon le territoire de référence du lot.",
    hours_to_date,
    total("counted"),
    F("territory__name"),
    TO_DATE,
)
BY_YEAR = Breakdown(
    "hours_by_year",
    "Heures comptabilisées, par année",
    Unit.HOURS,
    Family.HOURS,
    "Heures selon l’année civile où elles sont inscrites.",
    IN_THE_MONTHS,
    RULE,
    hours_of_period,
    total("counted"),
    F("month__year"),
    name=str,
)


def counted_by_month(scope, period):
    """[(first day of the month, hours counted)] of the months of the period, and before it up to twelve."""
    last = month_start(period.end)
    span = Lifetime(min(month_start(period.start), months_before(last, 11)), period.end)
    rows = hours_of_period(scope, span).order_by().values_list("month")
    totals = dict(rows.annotate(total=Sum("counted")))
    return [(month, totals.get(month, Decimal(0))) for month in months_of(span)]


def counted_by_award(scope, period):
    """{award id: (hours counted in the period, hours counted to date)}."""
    rows = scope.hours().up_to(period).order_by().values_list("contract__award_id")
    totals = rows.annotate(
        during=total("counted", filter=Q(month__gte=month_start(period.start))), to_date=total("counted")
    )
    return {award: (during, to_date) for award, during, to_date in totals}


def due_by_award(scope, period):
    """{award id: hours due on the last day of the period}."""
    rows = objectives_to_date(scope, period).order_by().values_list("award_id")
    return dict(rows.annotate(total=Sum("hours")))


def taken_over_by_award(scope, period):
    """{award id: hours of its opening balance, in effect on the last day of the period}, those that have one."""
    rows = objectives_to_date(scope, period).filter(kind=ObjectiveKind.OPENING).order_by()
    return {award: -hours for award, hours in rows.values_list("award_id", "hours")}
