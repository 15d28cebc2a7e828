"""Markets, lots and companies; the share of contracts with a social consideration (PNAD, domain.md §2.4)."""

from django.db.models import Count, F, Q

from markets.enums import LotState, MarketKind, SocialConsideration
from reporting.indicators.definition import Breakdown, Family, Indicator, Share, Unit

DURING = "Sur la période"
LAST_DAY = "Au dernier jour de la période"
PNAD = "Plan national pour des achats durables : part des contrats avec une considération sociale"


def followed(scope, period):
    """Rows: lots with a clause that run in the period: begun, and not over before it."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=period.end)
    not_over = Q(ends_on__isnull=True) | Q(ends_on__gte=period.start)
    states = [LotState.AWARDED, LotState.RUNNING, LotState.CLOSED]
    return scope.lots().filter(begun, not_over, state__in=states)


def notified(scope, period):
    """Rows: markets notified in the period, with a clause or not."""
    return scope.markets().filter(notified_on__range=(period.start, period.end))


def employers(scope, period):
    """Rows: contracts that run in the period, to count those who employ."""
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=period.start)
    return scope.contracts().filter(still, starts_on__lte=period.end)


LOTS = Indicator(
    "lots_followed",
    "Lots suivis",
    Unit.LOTS,
    Family.MARKETS,
    "Lots attribués avec une clause, dont l’exécution recoupe la période.",
    DURING,
    "Convention (C19)",
    followed,
    Count("pk"),
)
MARKETS = Indicator(
    "markets_followed",
    "Marchés suivis",
    Unit.MARKETS,
    Family.MARKETS,
    "Marchés dont au moins un lot est suivi.",
    DURING,
    "Convention (C19)",
    followed,
    Count("market", distinct=True),
)
NOTIFIED = Indicator(
    "markets_notified",
    "Marchés notifiés",
    Unit.MARKETS,
    Family.MARKETS,
    "Marchés notifiés dans la période, avec ou sans clause.",
    DURING,
    PNAD,
    notified,
    Count("pk", distinct=True),
)
SOCIAL = [SocialConsideration.CLAUSE, SocialConsideration.CRITERION, SocialConsideration.RESERVED]
CONSIDERATE = Indicator(
    "markets_considerate",
    "Marchés notifiés avec une considération sociale",
    Unit.MARKETS,
    Family.MARKETS,
    "Marchés notifiés qui déclarent une clause sociale, un critère social ou une réserve.",
    DURING,
    PNAD,
    notified,
    Count("pk", distinct=True, filter=Q(social_considerations__overlap=SOCIAL)),
)
CONSIDERATE_SHARE = Share(
    "markets_considerate_share",
    "Part des contrats avec une considération sociale",
    Family.MARKETS,
    "Marchés notifiés avec une considération sociale ÷ marchés notifiés, en nombre.",
    DURING,
    PNAD,
    CONSIDERATE,
    NOTIFIED,
)
COMPANIES = Indicator(
    "companies_employing",
    "Entreprises qui emploient",
    Unit.COMPANIES,
    Family.MARKETS,
    "Employeurs distincts d’un contrat en cours dans la période.",
    DURING,
    "Consolidation nationale (AVE)",
    employers,
    Count("employer", distinct=True),
)
SIAE = Indicator(
    "siae_employing",
    "dont structures d’insertion",
    Unit.COMPANIES,
    Family.MARKETS,
    "Employeurs distincts, structures d’insertion par l’activité économique.",
    DURING,
    "Consolidation nationale (AVE)",
    employers,
    Count("employer", distinct=True, filter=Q(employer__is_siae=True)),
)
BY_KIND = Breakdown(
    "markets_notified_by_kind",
    "Marchés notifiés, par nature",
    Unit.MARKETS,
    Family.MARKETS,
    "Marchés notifiés dans la période : travaux, services, fournitures.",
    DURING,
    PNAD,
    notified,
    Count("pk", distinct=True),
    F("kind"),
    dict(MarketKind.choices),
)
