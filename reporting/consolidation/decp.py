"""What each market is to declare in the essential data, and where its declaration disagrees (domain.md §11, n° 41).

The database says which markets agree (a page is cut before anything is computed); the sentences are made for the
markets of the page. Both are compared by the tests.
"""

from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, Value, When

from markets.declared import EXPLAINED, contradiction, expected_of, labels, ordered
from markets.enums import ClauseOutcome, ConsiderationNature, LegalBasis, LotState, SocialConsideration
from markets.legal import declared_considerations
from markets.models import Lot, Market, MarketTotal
from reporting.enums import DeclarationState

UNDECIDED = {LotState.PROGRAMMED, LotState.TO_REVIEW, LotState.AWAITING_VISA}
NOT_DECLARED = (
    "Des heures d’insertion sont comptabilisées et le marché ne déclare rien : « Clause sociale » est à déclarer."
)
HOURS_WITHOUT_CLAUSE = (
    "Des heures d’insertion sont comptabilisées et le marché déclare « {} » : « Clause sociale » est à déclarer."
)
CLAUSE, CRITERION, RESERVED, NONE = (SocialConsideration[name] for name in ("CLAUSE", "CRITERION", "RESERVED", "NONE"))
DECIDED = ~Q(state__in=UNDECIDED) & Q(decision__isnull=False)


@dataclass(frozen=True)
class Finding:
    """A market, what it is to declare as far as it is decided, what it declares, and what contradicts it (French)."""

    market: Market
    expected: str
    declared: str
    sentence: str

    @property
    def state(self):
        """The DeclarationState of the market."""
        return DeclarationState(self.market.declaration)

    @property
    def territories(self):
        """Names of the territories of its lots, each once."""
        return ", ".join(sorted({lot.territory.name for lot in self.market.lots.all()}))


def declarations(markets):
    """Of these markets, those that are decided, declared or have hours, each with its `declaration` state.

    The last notified first; lots, decisions and directorates are read with them (three queries).
    """
    lots = Prefetch("lots", Lot.objects.select_related("decision", "territory").order_by("number"))
    rows = _with_facts(markets).filter(Q(is_decided=True) | Q(has_hours=True) | ~Q(social_considerations=[]))
    rows = rows.annotate(declaration=_state())
    return rows.select_related("operation__directorate").prefetch_related(lots).newest_first()


def _with_facts(markets):
    lots = Lot.objects.filter(market=OuterRef("pk"))
    decided = lots.filter(DECIDED)
    return markets.annotate(
        has_hours=Exists(MarketTotal.objects.filter(market=OuterRef("pk"), counted__gt=0)),
        is_decided=Exists(decided),
        all_decided=~Exists(lots.filter(~DECIDED)),
        **{f"expects_{value}": Exists(decided.filter(_leads_to(value))) for value in (CLAUSE, CRITERION, RESERVED)},
    )


def _leads_to(value):
    """Condition on a decided lot: its decision is to be declared as this value (`markets.declared.to_declare`)."""
    bases = [basis for basis in LegalBasis.values if value in declared_considerations(True, basis)]
    by_clause = Q(decision__outcome=ClauseOutcome.CLAUSE, decision__legal_basis__in=bases)
    otherwise = ~Q(decision__outcome=ClauseOutcome.CLAUSE)
    if value == RESERVED:
        return by_clause | otherwise & Q(decision__nature=ConsiderationNature.RESERVED)
    if value == CLAUSE:
        return by_clause | otherwise & ~Q(decision__nature__in=["", ConsiderationNature.RESERVED])
    return by_clause


def _state():
    """The DeclarationState, as `sentence_of` tells it in words."""
    nothing = Q(social_considerations=[])
    contradicted = ~nothing & Q(is_decided=True) & ~_agrees()
    unexplained = Q(has_hours=True) & ~_says(CLAUSE) & ~_says(RESERVED)
    return Case(
        When(contradicted | unexplained, then=Value(DeclarationState.TO_CORRECT)),
        When(is_decided=False, has_hours=False, then=Value(DeclarationState.UNDECIDED)),
        When(nothing, then=Value(DeclarationState.TO_DECLARE)),
        default=Value(DeclarationState.AGREES),
    )


def _agrees():
    """Condition: the declaration is that of the decisions, or holds it while some lots wait for theirs."""
    expected = {value: Q(**{f"expects_{value}": True}) for value in (CLAUSE, CRITERION, RESERVED)}
    expected[CLAUSE] |= Q(has_hours=True, expects_reserved=False)
    expected[NONE] = reduce(and_, (~condition for condition in expected.values()))
    same = reduce(and_, ((wanted & _says(value)) | (~wanted & ~_says(value)) for value, wanted in expected.items()))
    held = reduce(and_, (~wanted | _says(value) for value, wanted in expected.items() if value != NONE))
    return Q(all_decided=True) & same | Q(all_decided=False) & held


def _says(value):
    return Q(social_considerations__contains=[value])


def findings(markets):
    """[Finding] of these `declarations`, in their order."""
    return [_finding(market) for market in markets]


def _finding(market):
    expected = ordered(expected_of(_decisions(market), has_hours=market.has_hours))
    declared = labels(ordered(market.social_considerations), market.kind)
    return Finding(market, labels(expected, market.kind), declared, sentence_of(market))


def _decisions(market):
    return [lot.decision for lot in market.lots.all() if lot.state not in UNDECIDED and hasattr(lot, "decision")]


def sentence_of(market):
    """What contradicts the declaration of a market, « » when nothing does."""
    decisions = _decisions(market)
    all_decided = len(decisions) == len(market.lots.all())
    told = contradiction(market, decisions, all_decided=all_decided, has_hours=market.has_hours)
    if told or not market.has_hours:
        return told
    declared = set(market.social_considerations)
    if not declared:
        return NOT_DECLARED
    return "" if declared & EXPLAINED else HOURS_WITHOUT_CLAUSE.format(labels(sorted(declared), market.kind))
