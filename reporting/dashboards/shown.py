"""A figure as it is told: the same number on the screen, in a file and in the data."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from clauses_portal.core import french
from reporting.indicators.definition import Unit
from reporting.suppression import Suppressed

STEPS = {Unit.HOURS: Decimal("0.01"), Unit.PERCENT: Decimal("0.1"), Unit.DAYS: Decimal("0.1")}


@dataclass(frozen=True)
class Shown:
    """A value of a figure, or of one part of it (`detail`): a Decimal, an int, None (no whole), or `Suppressed`.

    `opens`: its reader may read the rows it counts.
    """

    figure: object
    value: object
    detail: str = ""
    opens: bool = False

    @property
    def number(self):
        """The number told, rounded as its unit wants, or None when there is none or it is kept secret."""
        if self.value is None or self.is_secret:
            return None
        step = STEPS.get(self.figure.unit)
        return int(self.value) if step is None else Decimal(self.value).quantize(step, ROUND_HALF_UP)

    @property
    def is_secret(self):
        return isinstance(self.value, Suppressed)

    @property
    def mention(self):
        """« < 5 » or « n. c. » when it is kept secret, else nothing."""
        return str(self.value) if self.is_secret else ""

    @property
    def text(self):
        """« 1 234,5 h », « 52,4 % », « 12 », « < 5 », « – »."""
        if self.is_secret:
            return self.mention
        if self.figure.unit == Unit.HOURS:
            return french.hours(self.number)
        return french.percent(self.number, 1) if self.figure.unit == Unit.PERCENT else french.number(self.number, 1)
