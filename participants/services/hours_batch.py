"""Hours of several contracts written together: read once, each month kept or refused on its own.

What declarations and imports share. It stands on the desk of participants.services.hours: persons locked in order.
"""

from contextlib import contextmanager

from clauses_portal.core.db_errors import refusals
from participants.services.hours.desk import Desk
from participants.services.hours.recording import Recording
from participants.services.hours.writing import REFUSALS


class HoursBatch:
    """Months of contracts (ids) to write in this transaction. Call `close` at the end: it moves the totals."""

    def __init__(self, contract_ids, months, source, by):
        self.desk = Desk(contract_ids, months)
        self.recording = Recording(self.desk, source, by)

    @contextmanager
    def cell(self, contract_pk, month):
        """A block in its own savepoint, in which the `Cell` may be written with what goes with it."""
        cell = Cell(self.recording, contract_pk, month)
        with refusals(REFUSALS):
            yield cell
        if cell.written:
            self.recording.keep()

    def stands(self, contract_pk, month):
        """(hours, version) of the grid: None and 0 when nothing was typed (h)."""
        sheet = self.desk.sheet(contract_pk, month)
        return sheet.declared, sheet.version

    def close(self):
        self.recording.shifts.apply()


class Cell:
    """One month of one contract."""

    def __init__(self, recording, contract_pk, month):
        self.recording, self.contract_pk, self.month, self.written = recording, contract_pk, month, False

    def record(self, declared, version):
        """Write hours (h). `version`: the one seen, None to replace whatever stands. Returns the CellOutcome.

        Raises as `record_month`: Conflict, DomainError, ValidationError.
        """
        outcome = self.recording.record(self.contract_pk, self.month, declared, version, None)
        self.written = True
        return outcome
