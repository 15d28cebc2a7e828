"""Writing one market of the programme, its operation and its lots, by the services people use."""

from django.core.exceptions import ValidationError

from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import NBSP
from markets.importers.decp.report import Line, Outcome
from markets.models import LotFinancials, MarketFinancials
from markets.programme.columns import LABELS
from markets.programme.lot_writer import LotWriter
from markets.programme.market_writer import MarketWriter
from operations.models import Operation
from operations.services import save_operation

REFUSED = (DomainError, ValidationError)
OTHER_DIRECTION = "Cette référence est celle d’une opération d’une autre direction."
SUM_DIFFERS = "la somme des lots diffère du montant du marché"


class NothingWritten(Exception):
    """Every line was refused: nothing is kept of what they said of their market and of its operation."""

    def __init__(self, lines):
        super().__init__()
        self.lines = lines


def write_group(group, *, directorate, places, by):
    """Write a `Group` in a savepoint; returns one `report.Line` per line. A refused lot leaves the others."""
    try:
        with refusals():
            return _Writer(group, directorate, places, by).write()
    except NothingWritten as nothing:
        return nothing.lines
    except REFUSED as error:
        return [refused(group, line, error) for line in group.lines]


def refused(group, line, error):
    return Line(line.position, line.identifier, Outcome.REFUSED, sentence(error), group.notes_of(line))


def sentence(error):
    """What refuses a line, in French; no amount is ever quoted by these sentences (C27)."""
    if isinstance(error, DomainError):
        return error.message
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    told = [(LABELS.get(name, ""), text) for name, texts in error.message_dict.items() for text in texts]
    return " ".join(f"{label}{NBSP}: {text}" if label else text for label, text in told)


class _Writer:
    def __init__(self, group, directorate, places, by):
        self.group, self.directorate, self.places, self.by = group, directorate, places, by

    def write(self):
        operation, moved = self._operation()
        markets = MarketWriter(operation, self.group, self.by)
        market = markets.find() or markets.create()
        lots = LotWriter(market, operation, self.group, self.places, self.by)
        lines = [self._write_lot(lots, line) for line in self.group.lines]
        if all(line.outcome == Outcome.REFUSED for line in lines):
            raise NothingWritten(lines)
        moved |= markets.complete()
        return self._told_of_market(lines, market, markets, moved)

    def _operation(self):
        """(operation, was it written)."""
        operation = Operation.objects.filter(reference__iexact=self.group.reference).first()
        communes = self.places.communes(self.group.communes)
        title = self.group.told["operation_title"]
        if operation is None:
            title = title or self.group.told["title"]
            operation = Operation(reference=self.group.reference, title=title, directorate=self.directorate)
        elif operation.directorate_id != self.directorate.pk:
            raise DomainError(OTHER_DIRECTION)
        else:
            known = list(operation.communes.all())
            communes = known + [commune for commune in communes if commune not in known]
            if title in ("", operation.title) and len(communes) == len(known):
                return operation, False
            operation.title = title or operation.title
        return save_operation(operation=operation, communes=communes, by=self.by), True

    def _write_lot(self, lots, line):
        """One line in a savepoint of its own."""
        try:
            with refusals():
                outcome, notes = lots.write(line)
        except REFUSED as error:
            return refused(self.group, line, error)
        return Line(line.position, line.identifier, outcome, "", (*self.group.notes_of(line), *notes))

    def _told_of_market(self, lines, market, markets, moved):
        """The first line answers for the market and its operation."""
        notes = markets.notes + ([SUM_DIFFERS] if sum_differs(market) else [])
        first, *others = lines
        outcome = first.outcome
        if moved and outcome == Outcome.UNCHANGED:
            outcome = Outcome.UPDATED
        first = Line(first.position, first.identifier, outcome, first.reason, (*first.notes, *notes))
        return [first, *others]


def sum_differs(market):
    """Do the estimates of the lots, all of them known, add up to something else than that of the market?"""
    whole = MarketFinancials.objects.filter(market=market).values_list("estimated_amount", flat=True).first()
    amounts = list(LotFinancials.objects.filter(lot__market=market).values_list("estimated_amount", flat=True))
    if whole is None or None in amounts or len(amounts) < max(2, market.lots.count()):
        return False
    return sum(amounts) != whole
