"""What domain.md §4.6 says of hours, in plain Python, day by day: no database, nothing of `participants`.

A month worked is cut in parts; what stands of each part is (declared, counted, rejected, pending). Months not sent are
judged anew each time; a part that was sent keeps what stood, until a correction or a revocation changes it.
"""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

NOTHING = (Decimal(0),) * 4


class Refused(Exception):
    """A rule says no: nothing changes."""


@dataclass
class Work:
    """A contract: who, in which market, on which days, is its training counted?"""

    person: str
    market: str
    starts_on: date
    ends_on: date | None = None


@dataclass
class Part:
    """Hours of some days of a month. `sent`: what stands once its quarter is closed."""

    days: tuple
    declared: Decimal
    withheld: Decimal = Decimal(0)
    sent: tuple | None = None


@dataclass
class Oracle:
    works: dict
    windows: dict  # market: (first day or None, last day or None)
    validated: dict = field(default_factory=dict)  # person: [(first, last)]
    months: dict = field(default_factory=dict)  # (work, first of month): [Part]
    closed: set = field(default_factory=set)  # (year, quarter)

    def days_of(self, work, month):
        last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        every = [month + timedelta(days=n) for n in range((last - month).days + 1)]
        contract = self.works[work]
        within = [d for d in every if contract.starts_on <= d and (contract.ends_on is None or d <= contract.ends_on)]
        if not within:
            raise Refused
        return within[0], within[-1]

    def fate(self, work, days, declared, withheld=Decimal(0)):
        """Invariants 1, 2, 6 and 10: every day must be validated and within the execution; never pro rata."""
        contract, withheld = self.works[work], min(withheld, declared)
        first, last = self.windows[contract.market]
        every = [days[0] + timedelta(days=n) for n in range((days[1] - days[0]).days + 1)]
        valid = [any(a <= d <= b for a, b in self.validated.get(contract.person, [])) for d in every]
        inside = [(first is None or first <= d) and (last is None or d <= last) for d in every]
        good = [one and other for one, other in zip(valid, inside, strict=True)]
        if not any(good):
            return declared, Decimal(0), declared, Decimal(0)
        if all(good):
            return declared, declared - withheld, withheld, Decimal(0)
        return declared, Decimal(0), withheld, declared - withheld

    def stands(self, work, part):
        return part.sent or self.fate(work, part.days, part.declared, part.withheld)

    def is_closed(self, month):
        return (month.year, (month.month - 1) // 3) in self.closed

    def _check_ceiling(self, work, month, difference):
        """Invariant 3: 260 h in a month over all the contracts of a person."""
        person = self.works[work].person
        worked = sum(
            self.stands(other, part)[0] - part.withheld
            for (other, day), parts in self.months.items()
            for part in parts
            if self.works[other].person == person and day == month
        )
        if worked + difference > 260 and difference > 0:
            raise Refused

    def _open(self, work, month):
        days = self.days_of(work, month)
        if self.is_closed(month):
            raise Refused
        return days

    def record(self, work, month, declared):
        days = self._open(work, month)
        parts = self.months.get((work, month), [])
        if len(parts) > 1:
            raise Refused
        before = parts[0] if parts else Part(days, Decimal(0))
        if declared is None:
            self.months.pop((work, month), None)
            return
        withheld = min(before.withheld, declared)
        self._check_ceiling(work, month, declared - withheld - before.declared + before.withheld)
        self.months[work, month] = [Part(days, declared, withheld)]

    def split(self, work, month, first_day, before, from_then):
        first, last = self._open(work, month)
        if not first < first_day <= last:
            raise Refused
        parts = self.months.get((work, month), [])
        worked = sum(part.declared - part.withheld for part in parts)
        self._check_ceiling(work, month, before + from_then - worked)
        cut = first_day - timedelta(days=1)
        self.months[work, month] = [Part((first, cut), before), Part((first_day, last), from_then)]

    def join(self, work, month):
        days = self._open(work, month)
        parts = self.months.get((work, month), [])
        if len(parts) > 1:
            total = sum(part.declared for part in parts)
            self._check_ceiling(work, month, sum(part.withheld for part in parts))
            self.months[work, month] = [Part(days, total)]

    def withhold(self, work, month, hours):
        self._open(work, month)
        parts = self.months.get((work, month), [])
        if not parts or hours > parts[0].declared:
            raise Refused
        self._check_ceiling(work, month, parts[0].withheld - hours)
        parts[0].withheld = hours

    def close(self, quarter):
        """Invariant 8: what was sent no longer moves."""
        self.closed.add(quarter)
        for (work, month), parts in self.months.items():
            for part in parts:
                if self.is_closed(month) and part.sent is None:
                    part.sent = self.stands(work, part)

    def regularise(self, work, month, hours):
        days = self.days_of(work, month)
        if not self.is_closed(month):
            raise Refused
        parts = self.months.setdefault((work, month), [])
        if not parts:
            parts.append(Part(days, Decimal(0), sent=NOTHING))
        part = parts[0]
        self._check_ceiling(work, month, hours - part.sent[0])
        right = self.fate(work, part.days, hours, part.withheld)
        if right == part.sent:
            raise Refused
        part.sent = right

    def validate(self, person, first, last):
        days = self.validated.setdefault(person, [])
        if any(first <= b and last >= a for a, b in days):
            raise Refused
        days.append((first, last))

    def revoke(self, person, from_day=None):
        """Invariant 7: hours that lose one validated day count no more, sent or not. The first validation ends."""
        days = self.validated.get(person, [])
        if not days:
            raise Refused
        days.sort()
        first, last = days.pop(0)
        if from_day and first < from_day <= last:
            days.append((first, from_day - timedelta(days=1)))
        for (work, _), parts in self.months.items():
            for part in parts:
                if self.works[work].person == person and part.sent and part.sent[1]:
                    part.sent = self._without_count(work, part)

    def _without_count(self, work, part):
        declared, counted, rejected, pending = part.sent
        _, still, lost, waits = self.fate(work, part.days, counted)
        if still:
            return part.sent
        return declared, Decimal(0), rejected + (lost and counted), pending + (waits and counted)

    def totals(self):
        """{market: (declared, counted)}: invariant 9."""
        sums = {}
        for (work, _), parts in self.months.items():
            for part in parts:
                declared, counted = self.stands(work, part)[:2]
                market = self.works[work].market
                before = sums.get(market, (Decimal(0), Decimal(0)))
                sums[market] = before[0] + declared, before[1] + counted
        return sums
