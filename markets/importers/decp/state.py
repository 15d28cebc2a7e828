"""What the database already knows of a slice of the file, in a fixed number of queries."""

from collections import defaultdict

from django.db.models import Q

from markets.enums import Source
from markets.importers.decp.awards import named
from markets.importers.decp.identity import letters
from markets.models import Award, Company, Lot, LotFinancials, Market


def stored_keys(buyers):
    """Keys of the contracts already imported for these buyers."""
    lots = Lot.objects.filter(market__buyer_siret__in=buyers, source_key__isnull=False)
    return list(lots.values_list("source_key", flat=True))


class State:
    """Markets, lots, awards, companies and amounts that the slice may touch. One instance per row."""

    def __init__(self, groups):
        contracts = [contract for group in groups for contract in group.lots]
        keys = {contract.stored_key for contract in contracts} - {None}
        self._load_markets(groups, keys)
        lots = self._load_lots()
        self.financials = {row.lot_id: row for row in LotFinancials.objects.filter(lot__in=lots)}
        self.awards = defaultdict(list)
        for award in Award.objects.filter(lot__in=lots).select_related("company").order_by("pk"):
            self.awards[award.lot_id].append(award)
        sirets = {holder.siret for contract in contracts for holder in named(contract.record)}
        self.companies = {company.siret: company for company in Company.objects.filter(siret__in=sirets)}

    def _load_markets(self, groups, keys):
        """Imported markets by key, and the markets typed by a person under one of the numbers of the file."""
        numbers = {(group.buyer_siret, letters(group.number)) for group in groups if letters(group.number)}
        typed = Market.objects.filter(source=Source.MANUAL, buyer_siret__in={buyer for buyer, _ in numbers})
        told = typed.values_list("pk", "buyer_siret", "number")
        alike = {pk for pk, buyer, number in told if _number(buyer, number) in numbers}
        known = Q(source_key__in={group.key for group in groups}) | Q(lots__source_key__in=keys)
        markets = Market.objects.filter(known | Q(pk__in=alike)).distinct()
        self.markets = {market.pk: market for market in markets}
        self.market_by_key = {market.source_key: market for market in markets if market.source_key}
        self.typed = {_number(m.buyer_siret, m.number): m for m in markets if m.pk in alike}

    def _load_lots(self):
        self.lots, self.lots_of = {}, defaultdict(list)
        for lot in Lot.objects.filter(market__in=self.markets).order_by("pk"):
            lot.market = self.markets[lot.market_id]
            self.lots_of[lot.market_id].append(lot)
            if lot.source_key:
                self.lots[lot.source_key] = lot
        return [lot.pk for lots in self.lots_of.values() for lot in lots]


def _number(buyer, number):
    return buyer, letters(number)
