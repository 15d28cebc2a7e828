"""The confidential amounts of an avant-projet: the market, its lots, what may be added to them (C27)."""

from django.db import transaction
from django.db.models import Max

from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.versions import Stale
from markets.completeness import Amounts
from markets.estimates import agree, disagreement
from markets.models import LotFinancials, LotPhase, Market, MarketFinancials, PhaseFinancials

CHANGED = (
    "Ces montants ont été modifiés entre-temps. Votre saisie est gardée : relisez-la, puis enregistrez de nouveau "
    "pour qu’elle remplace cette version."
)


@transaction.atomic
def set_estimates(*, market, total, lots, by, phases=None, seen=None):
    """Record the estimates in euros without tax, None for unknown: `total`, {lot id: amount}, {phase id: amount}.

    The single lot of a market takes its amount. Raises DomainError, with the amounts in its sentence, when the lots
    do not make the total; Stale when somebody changed an amount since the version `seen`.
    """
    market = lock(Market.objects, market.pk)
    if seen is not None and seen != version_of_estimates(market):
        raise Stale(CHANGED, version_of_estimates(market))
    estimates = {lot.pk: lots.get(lot.pk) for lot in market.lots.all()}
    if len(estimates) == 1 and not any(estimates.values()):
        estimates = dict.fromkeys(estimates, total)
    sentence = disagreement(total, list(estimates.values()))
    if sentence:
        raise DomainError(sentence)
    _record(MarketFinancials, "market", {market.pk: total}, by)
    _record(LotFinancials, "lot", estimates, by)
    own = LotPhase.objects.filter(lot__market=market).values_list("pk", flat=True)
    _record(PhaseFinancials, "phase", {pk: (phases or {}).get(pk) for pk in own}, by)


def _record(model, owner, estimates, by):
    """Write the estimates that change: a history says what was changed, not what was confirmed."""
    known = {getattr(row, f"{owner}_id"): row for row in model.objects.filter(**{f"{owner}__in": estimates})}
    for pk, amount in estimates.items():
        row = known.get(pk) or model(**{f"{owner}_id": pk})
        if row.estimated_amount != amount:
            row.estimated_amount = amount
            validated_save(row, by=by)


def estimates_of(market):
    """(estimate of the market, {lot id: estimate}, {phase id: estimate}), None for unknown. Confidential."""
    total = MarketFinancials.objects.filter(market=market).values_list("estimated_amount", flat=True).first()
    lots = LotFinancials.objects.filter(lot__market=market).values_list("lot", "estimated_amount")
    phases = PhaseFinancials.objects.filter(phase__lot__market=market).values_list("phase", "estimated_amount")
    return total, dict(lots), dict(phases)


def version_of_estimates(market):
    """Text naming the present version of all the amounts of a market (see core.versions)."""
    histories = (
        MarketFinancials.history.filter(market=market),
        LotFinancials.history.filter(lot__market=market),
        PhaseFinancials.history.filter(phase__lot__market=market),
    )
    return "-".join(str(rows.aggregate(last=Max("history_id"))["last"] or 0) for rows in histories)


def known_amounts(market):
    """Which amounts are known, for the completeness of the avant-projet: no amount leaves this function."""
    total, lots, phases = estimates_of(market)
    every = [lots.get(pk) for pk in market.lots.values_list("pk", flat=True)]
    return Amounts(
        market=total is not None,
        lots=frozenset(pk for pk, amount in lots.items() if amount is not None),
        phases=frozenset(pk for pk, amount in phases.items() if amount is not None),
        agree=agree(total, every),
    )
