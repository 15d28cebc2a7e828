"""Where the declaration of a market disagrees with the portal: the buyer profile is to correct (§11, n° 41)."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q

from markets.declared import contradiction, labels
from markets.enums import LotState, SocialConsideration
from markets.models import Lot, Market, MarketTotal

UNDECIDED = {LotState.PROGRAMMED, LotState.TO_REVIEW, LotState.AWAITING_VISA}
NOT_DECLARED = (
    "Des heures d’insertion sont comptabilisées et le marché ne déclare rien : « Clause sociale » est à déclarer."
)
HOURS_WITHOUT_CLAUSE = (
    "Des heures d’insertion sont comptabilisées et le marché déclare « {} » : « Clause sociale » est à déclarer."
)
EXPLAINED = {SocialConsideration.CLAUSE, SocialConsideration.RESERVED}


@dataclass(frozen=True)
class Finding:
    """A market and what contradicts its declaration, in French."""

    market: Market
    declared: str
    sentence: str

    @property
    def territories(self):
        """Names of the territories of its lots, each once."""
        return ", ".join(sorted({lot.territory.name for lot in self.market.lots.all()}))


def candidates(markets):
    """Of these markets, those that declared something or have hours: the others contradict nothing."""
    counted = MarketTotal.objects.filter(market=OuterRef("pk"), counted__gt=0)
    rows = markets.annotate(has_hours=Exists(counted)).filter(Q(has_hours=True) | ~Q(social_considerations=[]))
    lots = Prefetch("lots", Lot.objects.select_related("decision", "territory").order_by("number"))
    return rows.select_related("operation__directorate").prefetch_related(lots).newest_first()


def findings(markets):
    """[Finding] of these `candidates`, in their order; three queries."""
    found = []
    for market in markets:
        if sentence := sentence_of(market):
            found.append(Finding(market, labels(market.social_considerations, market.kind), sentence))
    return found


def sentence_of(market):
    """What contradicts the declaration of a candidate, « » when nothing does."""
    lots = list(market.lots.all())
    decided = [lot for lot in lots if lot.state not in UNDECIDED and hasattr(lot, "decision")]
    told = contradiction(market, [lot.decision for lot in decided], all_decided=len(decided) == len(lots))
    if told or not market.has_hours:
        return told
    declared = set(market.social_considerations)
    if not declared:
        return NOT_DECLARED
    return "" if declared & EXPLAINED else HOURS_WITHOUT_CLAUSE.format(labels(sorted(declared), market.kind))
