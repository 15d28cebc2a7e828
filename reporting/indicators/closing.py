"""What only the end of a market tells: how its objective moved, hours of each person, what is still awaited (C20)."""

from django.db.models import Aggregate, Case, Count, DecimalField, F, FloatField, Max, Min, Q, Sum, When
from django.db.models.functions import Cast

from markets.enums import AlertCategory, ObjectiveKind, PenaltyOutcome, PenaltyState
from markets.models.market import UNDER_WAY
from participants.enums import ContractType
from reporting.indicators.activity import alerts_raised
from reporting.indicators.contracts import C20, MEAN_LENGTH, ended
from reporting.indicators.definition import Breakdown, Family, Indicator, Unit
from reporting.indicators.hours import hours_of_period, objectives_to_date, total
from reporting.indicators.people import AT_ENTRY, hired

LAST_DAY = "Au dernier jour de la période"
LEDGER = "Convention (C23) ; registre des objectifs"
PENALTIES = "Convention (C23) ; chaîne de décision des pénalités"
DEPARTMENT = "13"


def hours_of_each_person(scope, period):
    """Rows: one per person with hours counted in the period, with her `worked` hours."""
    rows = hours_of_period(scope, period).order_by().values("participant").annotate(worked=Sum("counted"))
    return rows.filter(worked__gt=0)


def exits_unanswered(scope, period):
    """Rows: situations whose day has come and that nobody has answered."""
    return scope.exits().filter(due_on__lte=period.end, situation="")


def exits_to_come(scope, period):
    """Rows: situations whose day is after the period."""
    return scope.exits().filter(due_on__gt=period.end)


def lots_not_over(scope, period):
    """Rows: lots under way whose last day is unknown, or not past."""
    return scope.lots().filter(Q(ends_on__isnull=True) | Q(ends_on__gte=period.end), state__in=UNDER_WAY)


def penalties_found(scope, period):
    """Rows: breaches found in the period, those that were dropped included."""
    return scope.penalties().filter(found_on__range=(period.start, period.end))


def _per_person(code, label, definition, measure):
    return Indicator(
        code, label, Unit.HOURS, Family.PERSONS, definition, "Sur la période", C20, hours_of_each_person, measure
    )


class Median(Aggregate):
    """The middle value; halfway between the two middle ones when their number is even."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


LEAST_HOURS = _per_person(
    "hours_per_person_min",
    "Heures par personne, minimum",
    "Le moins d’heures comptabilisées d’une personne, parmi celles qui ont travaillé.",
    Min("worked"),
)
MEDIAN_HOURS = _per_person(
    "hours_per_person_median",
    "Heures par personne, médiane",
    "Autant de personnes ont travaillé moins que plus.",
    Cast(Median("worked"), DecimalField(max_digits=10, decimal_places=2)),
)
MOST_HOURS = _per_person(
    "hours_per_person_max",
    "Heures par personne, maximum",
    "Le plus d’heures comptabilisées d’une personne.",
    Max("worked"),
)
HOURS_PER_PERSON = (LEAST_HOURS, MEDIAN_HOURS, MOST_HOURS)

NEUTRALISED = Indicator(
    "hours_neutralised",
    "Heures neutralisées",
    Unit.HOURS,
    Family.HOURS,
    "Heures retirées de l’objectif sans faute de l’entreprise ; les heures dues en tiennent déjà compte.",
    LAST_DAY,
    LEDGER,
    objectives_to_date,
    -total("hours", filter=Q(kind=ObjectiveKind.NEUTRALISED)),
)
DUE_BY_KIND = Breakdown(
    "hours_due_by_kind",
    "Heures dues, par nature",
    Unit.HOURS,
    Family.HOURS,
    "Ce qui a ajouté ou retiré des heures à l’objectif depuis l’origine.",
    LAST_DAY,
    LEDGER,
    objectives_to_date,
    total("hours"),
    F("kind"),
    dict(ObjectiveKind.choices),
)

OUTSIDE = Indicator(
    "persons_outside_department",
    "Résidents d’un autre département",
    Unit.PERSONS,
    Family.PERSONS,
    "Personnes embauchées dont la commune de résidence n’est pas dans les Bouches-du-Rhône (Pertuis, Saint-Zacharie…).",
    AT_ENTRY,
    "Convention, bilan (C20)",
    hired,
    Count("pk", filter=~Q(commune__department=DEPARTMENT)),
)
RSA_HERE = Indicator(
    "persons_rsa_department",
    "Bénéficiaires du RSA à la charge du Département",
    Unit.PERSONS,
    Family.PERSONS,
    "Personnes embauchées qui percevaient le RSA et résident dans les Bouches-du-Rhône.",
    AT_ENTRY,
    "Convention, listes nominatives (C21)",
    hired,
    Count("pk", filter=Q(commune__department=DEPARTMENT, receives_rsa=True)),
)
TAKEN_OVER = Indicator(
    "persons_taken_over",
    "Personnel repris",
    Unit.PERSONS,
    Family.PERSONS,
    "Personnes distinctes déjà en poste avant le marché et reprises avec lui : ce ne sont pas des embauches.",
    "Sur la période",
    "Reprise du personnel (règles de comptage du marché)",
    lambda scope, period: scope.contracts().filter(already_in_post=True, starts_on__lte=period.end),
    Count("participant", distinct=True),
)

LENGTH_BY_TYPE = Breakdown(
    "contracts_length_by_type",
    "Durée moyenne des contrats terminés, par type",
    Unit.DAYS,
    Family.CONTRACTS,
    "Moyenne, en jours calendaires, du premier au dernier jour compris, selon la nature du contrat.",
    "Sur la période",
    C20,
    ended,
    MEAN_LENGTH.measure,
    F("contract_type"),
    dict(ContractType.choices),
)

EXITS_UNANSWERED = Indicator(
    "exits_unanswered",
    "Situations à demander",
    Unit.SITUATIONS,
    Family.EXITS,
    "Situations dont l’échéance est arrivée et que personne n’a encore renseignées.",
    LAST_DAY,
    C20,
    exits_unanswered,
    Count("pk"),
)
EXITS_TO_COME = Indicator(
    "exits_to_come",
    "Situations à venir",
    Unit.SITUATIONS,
    Family.EXITS,
    "Situations à trois ou six mois dont l’échéance n’est pas arrivée.",
    LAST_DAY,
    C20,
    exits_to_come,
    Count("pk"),
)
NOT_OVER = Indicator(
    "lots_not_over",
    "Lots non terminés",
    Unit.LOTS,
    Family.MARKETS,
    "Lots attribués ou en exécution dont la fin est inconnue ou n’est pas passée.",
    LAST_DAY,
    "Convention, bilan (C20)",
    lots_not_over,
    Count("pk", distinct=True),
)
ALERTS_BY_CATEGORY = Breakdown(
    "alerts_raised_by_category",
    "Alertes signalées, par nature",
    Unit.EVENTS,
    Family.ACTIVITY,
    "Alertes signalées dans la période, selon leur nature.",
    "Sur la période",
    "Convention (C18)",
    alerts_raised,
    Count("pk", distinct=True),
    F("category"),
    dict(AlertCategory.choices),
)
PENALTIES_BY_OUTCOME = Breakdown(
    "penalties_by_outcome",
    "Pénalités, par suite donnée",
    Unit.EVENTS,
    Family.ACTIVITY,
    "Manquements constatés dans la période, selon la décision du Département ou, à défaut, leur avancement.",
    "Sur la période",
    PENALTIES,
    penalties_found,
    Count("pk", distinct=True),
    Case(When(outcome="", then=F("state")), default=F("outcome")),
    dict(PenaltyOutcome.choices) | dict(PenaltyState.choices),
)
