"""The lot of a line: found or made, changed as long as nobody has begun to review it."""

from clauses_portal.core.errors import DomainError
from clauses_portal.core.text import search_key
from markets.enums import LotState
from markets.importers.decp.report import Outcome
from markets.models import LotFinancials
from markets.programme.overlay import is_settled, overlay
from markets.services.markets import add_lot, change_lot, set_lot_amounts

SEVERAL = "Ce marché a plusieurs lots : indiquez le numéro ou l’intitulé du lot."
SAME_TITLE = "Plusieurs lots ont cet intitulé : indiquez le numéro du lot."
SETTLED = "Ce marché est déjà notifié : ajoutez-lui un lot depuis sa fiche."
SEVERAL_TERRITORIES = "Les communes relèvent de plusieurs territoires : indiquez le territoire du lot."
UNKNOWN_TRADE = "corps de métier inconnu, laissé vide"


class LotWriter:
    def __init__(self, market, operation, group, places, by):
        self.market, self.operation, self.group, self.places, self.by = market, operation, group, places, by
        self.lines = {}  # {lot id: position of the line that tells it}

    def write(self, line):
        """(outcome, notes) of a line. Raises DomainError or ValidationError when it is refused."""
        lot = self._find(line)
        if lot is None:
            return self._create(line)
        first = self.lines.setdefault(lot.pk, line.position)
        if first != line.position:
            raise DomainError(f"Même lot que la ligne {first}, seule importée.")
        if lot.state != LotState.PROGRAMMED:
            return Outcome.UNCHANGED, (f"lot {lot.number} déjà à l’instruction ou au-delà, laissé tel quel",)
        return self._change(lot, line)

    def _find(self, line):
        lots = list(self.market.lots.all())
        if line.lot_number:
            return next((lot for lot in lots if search_key(lot.number) == search_key(line.lot_number)), None)
        found = [lot for lot in lots if search_key(lot.title) == search_key(line.lot_title or line.title)]
        if len(found) > 1:
            raise DomainError(SAME_TITLE)
        if not line.lot_title and not found:
            if len(lots) > 1:
                raise DomainError(SEVERAL)
            found = lots
        return next(iter(found), None)

    def _create(self, line):
        if is_settled(self.market):
            raise DomainError(SETTLED)
        details, notes = self._details(line)
        lot = add_lot(
            market=self.market,
            by=self.by,
            number=line.lot_number or self._next_number(),
            title=line.lot_title or line.title,
            territory=self._territory(line),
            estimated_amount=line.lot_amount,
            # those of the trade, until the direction says which ones
            occupations=details["trade"].occupations.all() if details["trade"] else (),
            **{name: value for name, value in details.items() if value is not None},
        )
        self.lines[lot.pk] = line.position
        return Outcome.CREATED, notes

    def _next_number(self):
        numbers = self.market.lots.values_list("number", flat=True)
        return str(1 + max((int(number) for number in numbers if number.isdecimal()), default=0))

    def _change(self, lot, line):
        details, notes = self._details(line)
        told = details | {"title": line.lot_title or ("" if line.lot_number else line.title)}
        if line.territory:
            told["territory"] = self.places.territory(line.territory)
        written = overlay(lot, told)
        if written:
            change_lot(lot=lot, by=self.by)
        written = self._write_amount(lot, line) or written
        return (Outcome.UPDATED if written else Outcome.UNCHANGED), notes

    def _write_amount(self, lot, line):
        """The estimate of the lot, kept apart; returns True when it changed."""
        current = LotFinancials.objects.filter(lot=lot).values_list("estimated_amount", flat=True).first()
        if line.lot_amount in (None, current):
            return False
        set_lot_amounts(lot=lot, by=self.by, estimated_amount=line.lot_amount)
        return True

    def _details(self, line):
        """({field: value}, notes): what is told of the lot beside its name and its place."""
        trade = self.places.trade(line.trade)
        notes = (UNKNOWN_TRADE,) if line.trade and trade is None else ()
        names = ("firm_months", "starts_on", "ends_on")
        return {"trade": trade} | {name: getattr(line, name) for name in names}, notes

    def _territory(self, line):
        """The territory told, or else the one of the communes: of the line, of the market, of the operation."""
        if line.territory:
            return self.places.territory(line.territory)
        told = line.communes or self.group.communes
        communes = self.places.communes(told) or self.operation.communes.select_related("territory")
        territories = {commune.territory for commune in communes}
        if len(territories) != 1:
            raise DomainError(SEVERAL_TERRITORIES)
        return territories.pop()
