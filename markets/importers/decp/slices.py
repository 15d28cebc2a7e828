"""A slice of the file written in a fixed number of statements, whatever the number of its records."""

from dataclasses import dataclass, field

from markets.enums import Source, Technique
from markets.importers.decp.awards import AwardWriter
from markets.importers.decp.grouping import DecpLot, free_number
from markets.importers.decp.identity import letters
from markets.importers.decp.report import Line, Outcome
from markets.importers.decp.state import State
from markets.importers.decp.told import NO_NUMBER, guess_kind, market_values, ordered, remarks
from markets.importers.decp.writing import Overlay, insert
from markets.models import Lot, LotFinancials, Market


@dataclass(slots=True)
class Placed:
    """A contract of the file and its lot in the portal."""

    contract: DecpLot
    lot: Lot
    created: bool = False
    changed: bool = False
    notes: list[str] = field(default_factory=list)

    def lines(self):
        """The first record of the contract tells what became of it, the others that they say the same."""
        outcome = Outcome.CREATED if self.created else Outcome.UPDATED if self.changed else Outcome.UNCHANGED
        first, *others = self.contract.records
        notes = (*remarks(self.contract), *self.notes)
        yield Line(first.position, first.market_id, outcome, notes=notes)
        reason = f"même contrat que l’enregistrement {first.position}"
        for record in others:
            yield Line(record.position, record.market_id, Outcome.UNCHANGED, reason)


class Slice:
    """Writes some `DecpMarket`s. A value or a row that is refused stops the whole slice (see `apply`)."""

    def __init__(self, groups, territories, by):
        self.groups, self.territories, self.by = groups, territories, by
        self.state = State(groups)
        self.placed = []
        self.new_markets, self.new_lots = [], []
        self.markets = Overlay(Market, blanks={"technique": Technique.NONE})
        self.lots = Overlay(Lot)

    def write(self):
        """Return the `Line`s of the report."""
        for group in self.groups:
            self._place(group)
        insert(self.new_markets, self.by)
        insert(self.new_lots, self.by)
        self._settle(self.markets, lambda lot: lot.market_id)
        self._settle(self.lots, lambda lot: lot.pk)
        self._write_amounts()
        AwardWriter(self.state, self.by).write(self.placed)
        return [line for placed in self.placed for line in placed.lines()]

    def _place(self, group):
        told = market_values([contract.record for contract in group.lots])
        market = self._market_of(group)
        if market is None:
            market = self._new_market(group, told)
        else:
            self._offer_market(market, group, told)
        lots = list(self.state.lots_of[market.pk]) if market.pk else []
        for contract in group.lots:
            self._place_lot(contract, group, market, lots)

    def _market_of(self, group):
        """Where its lots already are; else the market of this key; else the one typed under this number."""
        for contract in group.lots:
            if contract.stored_key:
                return self.state.lots[contract.stored_key].market
        typed = self.state.typed.get((group.buyer_siret, letters(group.number)))
        return self.state.market_by_key.get(group.key) or typed

    def _new_market(self, group, told):
        market = Market(
            buyer_siret=group.buyer_siret,
            number=group.number[:40] or NO_NUMBER,
            title=group.title,
            source=Source.DECP,
            source_key=group.key,
            **{"kind": guess_kind(group.title)} | told,
        )
        self.new_markets.append(market)
        return market

    def _offer_market(self, market, group, told):
        """A single contract speaks for its market; of several, each only fills what is still blank."""
        keys = [lot.source_key for lot in self.state.lots_of[market.pk]]
        alone = len(group.lots) == 1 and keys == [group.lots[0].stored_key]
        social = told.pop("social_considerations")
        if social and not alone:
            social = ordered({*market.social_considerations, *social})
        self.markets.offer(market, social_considerations=social)
        self.markets.offer(market, fill_only=not alone, **told)
        self.markets.offer(market, fill_only=True, source_key=group.key)

    def _place_lot(self, contract, group, market, lots):
        lot = self.state.lots.get(contract.stored_key) or self._typed_lot(contract, group, lots)
        if lot is None:
            self._new_lot(contract, market, lots)
        else:
            self.lots.offer(lot, source_key=contract.key)
            self.placed.append(Placed(contract, lot))

    def _typed_lot(self, contract, group, lots):
        """A lot typed by a person, with the same number, or alone like the contract, not yet recognised."""
        free = [lot for lot in lots if lot.pk and not lot.source_key]
        if free:
            taken = {placed.lot.pk for placed in self.placed}
            free = [lot for lot in free if lot.pk not in taken]
        if len(lots) == len(group.lots) == 1:
            return next(iter(free), None)
        return next((lot for lot in free if lot.number == contract.record.lot_number), None)

    def _new_lot(self, contract, market, lots):
        territory, note = self.territories.of(contract.record)
        lot = Lot(
            market=market,
            number=free_number(contract.record.lot_number, {other.number for other in lots}),
            title=contract.title,
            territory=territory,
            source_key=contract.key,
        )
        lots.append(lot)
        self.new_lots.append(lot)
        self.placed.append(Placed(contract, lot, created=True, notes=[note] if note else []))

    def _write_amounts(self):
        """The amount at the award. Those of the modifications are not sure totals (ADR 0006)."""
        amounts, fresh = Overlay(LotFinancials), []
        for placed in self.placed:
            amount, row = placed.contract.record.amount, self.state.financials.get(placed.lot.pk)
            if row is not None:
                amounts.offer(row, awarded_amount=amount)
            elif amount is not None:
                fresh.append(LotFinancials(lot=placed.lot, awarded_amount=amount))
                placed.changed = True
        insert(fresh, self.by)
        row_of_lot = {lot: row.pk for lot, row in self.state.financials.items()}
        self._settle(amounts, lambda lot: row_of_lot.get(lot.pk))

    def _settle(self, overlay, row_of):
        """Write an overlay and tell each contract concerned what was changed or left to the person."""
        written, kept = overlay.settle(self.by)
        for placed in self.placed:
            pk = row_of(placed.lot)
            placed.changed |= pk in written
            if pk in kept:
                labels = sorted(str(overlay.model._meta.get_field(name).verbose_name) for name in kept[pk])
                placed.notes.append(f"laissé tel que saisi : {', '.join(labels)}")
