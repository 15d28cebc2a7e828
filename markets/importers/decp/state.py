"""What the database already knows of a slice of the file, in a fixed number of queries."""

from collections import defaultdict

from django.db.models import Q

from markets.enums import Source
from markets.importers.decp.identity import letters
from markets.models import Award, Company, Lot, LotFinancials, Market


def stored_keys(buyers):
    """Keys of the contracts already imported for these buyers."""
    lots = Lot.objects.filter(market__buyer_siret__in=buyers, source_key__isnull=False)
    return list(lots.values_list("source_key", flat=True))


class State:
    """Markets, lots, awards, companies and amounts that the slice may touch. One instance per row."""

    def __init__(self, groups):
        contracts = [lot for group in groups for lot in group.lots]
        self._load_lots({lot.stored_key for lot in contracts} - {None}, groups)
        lots = [lot.pk for lot in self._all_lots]
        self.financials = {row.lot_id: row for row in LotFinancials.objects.filter(lot__in=lots)}
        self.awards = defaultdict(list)
        for award in Award.objects.filter(lot__in=lots).select_related("company").order_by("pk"):
            self.awards[award.lot_id].append(award)
        sirets = {siret for lot in contracts for siret in sirets_of(lot.record)}
        self.companies = {company.siret: company for company in Company.objects.filter(siret__in=sirets)}

    def _load_lots(self, keys, groups):
        by_number = {(group.buyer_siret, letters(group.number)) for group in groups}
        manual = Q(source=Source.MANUAL, buyer_siret__in={buyer for buyer, _ in by_number})
        known = Q(source_key__in={group.key for group in groups}) | Q(lots__source_key__in=keys)
        self.markets = {market.pk: market for market in Market.objects.filter(manual | known).distinct()}
        self.market_by_key = {m.source_key: m for m in self.markets.values() if m.source_key}
        self.manual = {
            (m.buyer_siret, letters(m.number)): m
            for m in self.markets.values()
            if m.source == Source.MANUAL and (m.buyer_siret, letters(m.number)) in by_number
        }
        wanted = {market.pk for market in self.manual.values()} | {
            market.pk for market in self.market_by_key.values()
        }
        self._all_lots = list(Lot.objects.filter(Q(market__in=wanted) | Q(source_key__in=keys)).order_by("pk"))
        self.lots = {lot.source_key: lot for lot in self._all_lots if lot.source_key}
        self.lots_of = defaultdict(list)
        for lot in self._all_lots:
            lot.market = self.markets[lot.market_id]
            self.lots_of[lot.market_id].append(lot)


def sirets_of(record):
    """Every SIRET a record names: holders, holders after a modification, subcontractors."""
    named = [*record.holders, *(act.holder for act in record.subcontracts)]
    named += [holder for change in record.modifications for holder in change.holders]
    return {holder.siret for holder in named if holder.siret}
