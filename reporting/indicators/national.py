"""What the national network asks every year, and what tells the activity apart by support (domain.md §6, §9.12)."""

from datetime import timedelta

from django.db.models import Case, Count, F, IntegerField, Q, Sum, Value, When

from markets.enums import CompanySize, EmployerKind, LegalBasis, MarketKind, ObjectiveKind, SocialConsideration
from operations.models import Operation
from participants.enums import EntrySituation
from participants.models import EligibilityValidation
from reporting.indicators.closing import penalties_found
from reporting.indicators.contracts import started
from reporting.indicators.definition import Breakdown, Family, Indicator, Unit
from reporting.indicators.hours import hours_of_period, total
from reporting.indicators.markets import SOCIAL, employers, followed, notified
from reporting.indicators.people import hired

AVE = "Consolidation nationale (AVE)"
DURING = "Sur la période"
AT_ENTRY = "À l’entrée dans le dispositif"
SPASER = "Schéma de promotion des achats socialement et écologiquement responsables (SPASER)"
FIRST_HOURS = [ObjectiveKind.INITIAL, ObjectiveKind.OFFER, ObjectiveKind.RENEWAL, ObjectiveKind.ORDER]
# Days from the first to the last, above which a contract is of the next band: about one, three, six, twelve months.
LENGTHS = {
    0: "Sans terme",
    1: "Moins de 1 mois",
    31: "1 à 3 mois",
    92: "3 à 6 mois",
    183: "6 à 12 mois",
    366: "Plus de 12 mois",
}


def operations(scope, period):
    """Rows: operations one lot of which is followed in the period."""
    return Operation.objects.filter(pk__in=followed(scope, period).values("market__operation"))


def engaged(scope, period):
    """Rows: the lines of the objectives that take effect in the period, among those that bring new hours."""
    return scope.objectives().filter(kind__in=FIRST_HOURS, effective_on__range=(period.start, period.end))


def granted(scope, period):
    """Rows: validations granted that begin in the period, of persons who had a contract of the scope at some time."""
    persons = scope.contracts().order_by().values("participant")
    rows = EligibilityValidation.objects.granted().filter(starts_on__range=(period.start, period.end))
    return rows.filter(participant__in=persons) if scope.is_narrow else rows


def penalties_decided(scope, period):
    """Rows: penalty cases ended in the period, by a decision or by being dropped."""
    return scope.penalties().filter(decided_at__date__range=(period.start, period.end))


def _markets(code, label, unit, definition, rows, measure, source=AVE):
    return Indicator(code, label, unit, Family.MARKETS, definition, DURING, source, rows, measure)


OPERATIONS = _markets(
    "operations_followed",
    "Opérations suivies",
    Unit.OPERATIONS,
    "Opérations dont au moins un lot est suivi dans la période.",
    operations,
    Count("pk"),
)
NPNRU = _markets(
    "operations_npnru",
    "dont opérations de renouvellement urbain",
    Unit.OPERATIONS,
    "Opérations suivies, financées au titre du NPNRU.",
    operations,
    Count("pk", filter=Q(npnru=True)),
)
PENALTIES_FOUND = _markets(
    "penalties_found",
    "Manquements constatés",
    Unit.EVENTS,
    "Dossiers de pénalité dont le constat date de la période. Aucun montant n’est compté ici.",
    penalties_found,
    Count("pk"),
    source="Convention (C23)",
)
PENALTIES_DECIDED = _markets(
    "penalties_decided",
    "Dossiers de pénalité décidés",
    Unit.EVENTS,
    "Dossiers appliqués, réduits, exonérés ou abandonnés dans la période.",
    penalties_decided,
    Count("pk"),
    source="Convention (C23)",
)
ENGAGED = Indicator(
    "hours_engaged",
    "Heures prévues des nouveaux engagements",
    Unit.HOURS,
    Family.HOURS,
    "Heures du marché, heures offertes en plus, reconductions et bons de commande qui prennent effet dans la période.",
    DURING,
    AVE,
    engaged,
    Sum("hours", default=0),
)
VALIDATIONS = Indicator(
    "validations_granted",
    "Validations accordées",
    Unit.VALIDATIONS,
    Family.PERSONS,
    "Validations accordées qui commencent dans la période. Une personne validée deux fois compte deux fois : une "
    "validation n’est ni une personne ni un contrat.",
    DURING,
    AVE,
    granted,
    Count("pk"),
)


def _of_markets(code, label, unit, definition, rows, measure, by, labels, source=AVE, **options):
    return Breakdown(
        code, label, unit, Family.MARKETS, definition, DURING, source, rows, measure, by, labels, **options
    )


LOTS_BY_BASIS = _of_markets(
    "lots_followed_by_basis",
    "Lots suivis, par support juridique",
    Unit.LOTS,
    "Lots suivis selon le fondement de la décision de clause.",
    followed,
    Count("pk"),
    F("decision__legal_basis"),
    dict(LegalBasis.choices),
)
LOTS_BY_TRADE = _of_markets(
    "lots_followed_by_trade",
    "Lots suivis, par secteur",
    Unit.LOTS,
    "Lots suivis selon leur corps de métier.",
    followed,
    Count("pk"),
    F("trade__label"),
    None,
)
COMPANIES_BY_SIZE = _of_markets(
    "companies_by_size",
    "Entreprises qui emploient, par taille",
    Unit.COMPANIES,
    "Employeurs distincts d’un contrat en cours dans la période, selon leur taille.",
    employers,
    Count("employer", distinct=True),
    F("employer__size"),
    dict(CompanySize.choices),
)
COMPANIES_BY_KIND = _of_markets(
    "companies_by_kind",
    "Entreprises qui emploient, par nature",
    Unit.COMPANIES,
    "Employeurs distincts d’un contrat en cours dans la période, selon leur nature.",
    employers,
    Count("employer", distinct=True),
    F("employer__kind"),
    dict(EmployerKind.choices),
)
COMBINATION = Case(
    When(social_considerations=[], then=Value("")),
    When(social_considerations__contains=[SocialConsideration.RESERVED], then=Value("reserved")),
    When(
        social_considerations__contains=[SocialConsideration.CLAUSE, SocialConsideration.CRITERION],
        then=Value("both"),
    ),
    When(social_considerations__contains=[SocialConsideration.CLAUSE], then=Value("clause")),
    When(social_considerations__contains=[SocialConsideration.CRITERION], then=Value("criterion")),
    default=Value("none"),
)
BY_CONSIDERATION = _of_markets(
    "markets_notified_by_consideration",
    "Marchés notifiés, par considération sociale",
    Unit.MARKETS,
    "Marchés notifiés selon ce qu’ils déclarent ; un marché réservé en tout ou partie est compté comme réservé.",
    notified,
    Count("pk", distinct=True),
    COMBINATION,
    {
        "clause": "Clause sociale",
        "criterion": "Critère social",
        "both": "Clause et critère social",
        "reserved": "Marché réservé",
        "none": "Pas de considération sociale",
    },
    source=SPASER,
    unknown="Déclaration non renseignée",
)
CONSIDERATE_BY_KIND = _of_markets(
    "markets_considerate_by_kind",
    "Marchés avec une considération sociale, par nature",
    Unit.MARKETS,
    "Marchés notifiés qui déclarent une clause sociale, un critère social ou une réserve, selon leur nature.",
    notified,
    Count("pk", distinct=True, filter=Q(social_considerations__overlap=SOCIAL)),
    F("kind"),
    dict(MarketKind.choices),
    source=SPASER,
)


def with_length(scope, period):
    """Rows: contracts that start in the period, each with its `length` in days, both ends included; 0 without end."""
    days = F("ends_on") - F("starts_on") + Value(timedelta(days=1))
    return started(scope, period).annotate(length=days)


LENGTH_BAND = Case(
    When(ends_on__isnull=True, then=Value(0)),
    *(When(length__gte=timedelta(days=days), then=Value(days)) for days in sorted(LENGTHS, reverse=True) if days),
    output_field=IntegerField(),
)
STARTED_BY_LENGTH = Breakdown(
    "contracts_started_by_length",
    "Contrats conclus, par durée",
    Unit.CONTRACTS,
    Family.CONTRACTS,
    "Contrats qui commencent dans la période, personnel repris exclu, selon leur durée prévue en jours calendaires.",
    DURING,
    AVE,
    with_length,
    Count("pk"),
    LENGTH_BAND,
    LENGTHS,
)
BY_SITUATION = Breakdown(
    "persons_by_situation",
    "Personnes embauchées, par situation à l’entrée",
    Unit.PERSONS,
    Family.PERSONS,
    "Situation au regard de l’emploi. Demandeur d’emploi de longue durée : douze mois ou plus.",
    AT_ENTRY,
    AVE,
    hired,
    Count("pk", distinct=True),
    F("entry_situation"),
    dict(EntrySituation.choices),
)


def _of_hours(code, label, definition, by, labels=None, **options):
    return Breakdown(
        code,
        label,
        Unit.HOURS,
        Family.HOURS,
        definition,
        "Sur les mois de la période, quel que soit le jour de la saisie",
        AVE,
        hours_of_period,
        total("counted"),
        by,
        labels,
        **options,
    )


HOURS_BY_EMPLOYER = _of_hours(
    "hours_by_employer_kind",
    "Heures comptabilisées, par nature d’employeur",
    "Heures selon la nature de celui qui emploie la personne.",
    F("contract__employer__kind"),
    dict(EmployerKind.choices),
)
HOURS_BY_DIRECTORATE = _of_hours(
    "hours_by_directorate",
    "Heures comptabilisées, par direction",
    "Heures selon la direction opérationnelle de l’opération.",
    F("market__operation__directorate__name"),
    unknown="Sans opération",
)
HOURS_BY_BASIS = _of_hours(
    "hours_by_basis",
    "Heures comptabilisées, par support juridique",
    "Heures selon le fondement de la décision de clause du lot.",
    F("lot__decision__legal_basis"),
    dict(LegalBasis.choices),
)
