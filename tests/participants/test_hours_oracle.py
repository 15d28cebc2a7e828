"""Whatever people do, in whatever order, the database says what the plain rules of §4.6 say (see oracle.py)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses_portal.core.errors import DomainError
from markets.models import Lot, Market, MarketTotal
from participants.enums import RejectionReason, ValidationState
from participants.models import ClosedPeriod, EligibilityValidation, HoursEntry
from participants.services import consistency, hours
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)
from tests.participants.oracle import Oracle, Refused, Work
from tests.support.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MONTHS = [date(2026, month, 1) for month in range(1, 8)]
WORKS = ("one", "two", "other")
works, months = st.sampled_from(WORKS), st.sampled_from(MONTHS)
hours_of_a_month = st.one_of(st.sampled_from([Decimal(100), Decimal(200), Decimal(0)]), st.decimals(0, 290, places=2))
days = st.integers(0, 215).map(lambda number: date(2026, 1, 1) + timedelta(days=number))
persons = st.sampled_from(["Ana", "Bob"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("record"), works, months, hours_of_a_month),
        st.tuples(st.just("record"), works, months, st.none()),
        st.tuples(st.just("split"), works, days, hours_of_a_month, hours_of_a_month),
        st.tuples(st.just("join"), works, months),
        st.tuples(st.just("withhold"), works, months, hours_of_a_month),
        st.tuples(st.just("close"), st.integers(0, 1)),
        st.tuples(st.just("regularise"), works, months, hours_of_a_month),
        st.tuples(st.just("validate"), persons, days, st.integers(0, 200)),
        st.tuples(st.just("revoke"), persons),
        st.tuples(st.just("shorten"), persons, days),
        st.tuples(st.just("window"), st.sampled_from(["North", "South"]), days, st.integers(0, 200)),
        st.tuples(st.just("recount"), persons),
    ),
    min_size=4,
    max_size=16,
)


# Hours that count in a quarter about to be sent: what follows is then about something.
BEGINNING = (
    ("validate", "Ana", date(2026, 1, 1), 215),
    ("validate", "Bob", date(2026, 1, 20), 190),
    ("record", "one", date(2026, 2, 1), Decimal(120)),
    ("record", "other", date(2026, 3, 1), Decimal(90)),
    ("close", 0),
    ("regularise", "one", date(2026, 2, 1), Decimal(60)),
    ("close", 1),
    ("regularise", "one", date(2026, 2, 1), Decimal(70)),
)
beginnings = st.integers(0, len(BEGINNING)).map(lambda number: list(BEGINNING[:number]))


class Portal:
    """The same acts, by the services."""

    def __init__(self):
        north, south = AwardFactory(), None
        territory = north.lot.territory
        south = AwardFactory(lot__territory=territory)
        self.persons = {name: ParticipantFactory(territory=territory) for name in ("Ana", "Bob")}
        ana, bob = self.persons.values()
        make = EmploymentContractFactory
        self.works = {
            "one": make(award=north, participant=ana, starts_on=date(2026, 1, 10)),
            "two": make(award=south, participant=ana, starts_on=date(2026, 2, 1), ends_on=date(2026, 5, 20)),
            "other": make(award=south, participant=bob, starts_on=date(2025, 12, 1)),
        }
        self.territory, self.category, self.by = territory, EligibilityCategoryFactory(), author()
        self.markets = {"North": north.lot, "South": south.lot}
        for lot in self.markets.values():
            Lot.objects.filter(pk=lot.pk).update(starts_on=None, ends_on=None)
            Market.objects.filter(pk=lot.market_id).update(starts_on=None, ends_on=None)

    def oracle(self):
        facts = {name: (row.starts_on, row.ends_on) for name, row in self.works.items()}
        place = {"one": ("Ana", "North"), "two": ("Ana", "South"), "other": ("Bob", "South")}
        open_ended = dict.fromkeys(self.markets, (None, None))
        return Oracle({name: Work(*place[name], *facts[name]) for name in WORKS}, open_ended)

    def record(self, work, month, declared):
        hours.record_month(contract=self.works[work], month=month, declared=declared, by=self.by)

    def split(self, work, month, first_day, before, from_then):
        contract = self.works[work]
        hours.split_month(
            contract=contract, month=month, first_day=first_day, before=before, from_then=from_then, by=self.by
        )

    def join(self, work, month):
        hours.join_month(contract=self.works[work], month=month, by=self.by)

    def withhold(self, work, month, number):
        entry = HoursEntry.objects.typed().filter(contract=self.works[work], month=month).first()
        if entry is None:
            raise DomainError("rien")
        hours.withhold(entry=entry, hours=number, reason=RejectionReason.NOT_WORKED, by=self.by)

    def close(self, quarter):
        ClosedPeriod.objects.get_or_create(
            territory=self.territory,
            quarter_start=date(2026, 3 * quarter[1] + 1, 1),
            defaults={"closed_at": NOW, "closed_by": self.by},
        )

    def regularise(self, work, month, number):
        contract = self.works[work]
        first = HoursEntry.objects.filter(contract=contract, starts_on__year=2026, starts_on__month=month.month)
        first = first.order_by("starts_on").first()
        part = (first.starts_on, first.ends_on) if first else None
        hours.regularise(contract=contract, month=month, hours=number, reason="Relevé corrigé.", by=self.by, days=part)

    def validate(self, person, first, last):
        EligibilityValidation(
            participant=self.persons[person],
            category=self.category,
            starts_on=first,
            ends_on=last,
            state=ValidationState.GRANTED,
            decided_at=NOW,
            decided_by=self.by,
        ).save()
        hours.recount(participant=self.persons[person], by=self.by)

    def revoke(self, person, from_day=None):
        rows = EligibilityValidation.objects.granted().filter(participant=self.persons[person])
        row = rows.order_by("starts_on").first()
        if from_day and not row.starts_on < from_day <= row.ends_on:
            from_day = None
        hours.release(validation=row, by=self.by, from_day=from_day)
        if from_day:
            rows.filter(pk=row.pk).update(ends_on=from_day - timedelta(days=1))
        else:
            rows.filter(pk=row.pk).update(state=ValidationState.REVOKED, reason="Faux.")

    def window(self, market, first, last):
        Lot.objects.filter(pk=self.markets[market].pk).update(starts_on=first, ends_on=last)
        hours.recount_lot(lot_id=self.markets[market].pk, by=self.by)

    def recount(self, person):
        hours.recount(participant=self.persons[person], by=self.by)


def act(portal, oracle, step):
    """Do one step on both sides: they agree on what is refused."""
    name, *values = step
    calls = {
        "split": lambda side: side.split(values[0], values[1].replace(day=1), values[1], *values[2:]),
        "close": lambda side: side.close((2026, values[0])),
        "validate": lambda side: side.validate(values[0], values[1], values[1] + timedelta(days=values[2])),
        "shorten": lambda side: side.revoke(*values),
    }
    call = calls.get(name) or (lambda side: getattr(side, name)(*values))
    if name == "recount":
        return portal.recount(*values)
    if name == "window":
        last = values[1] + timedelta(days=values[2])
        oracle.windows[values[0]] = (values[1], last)
        return portal.window(values[0], values[1], last)
    try:
        call(oracle)
    except Refused:
        if name in {"validate", "revoke", "shorten"}:
            return None  # nothing to revoke, or an overlap that another test asks of the database
        with pytest.raises((DomainError, ValidationError)):
            call(portal)
        return None
    return call(portal)


def stands_in_the_database(portal):
    """{(work, first day, last day): (declared, counted, rejected, pending)}, corrections added."""
    names = {row.pk: name for name, row in portal.works.items()}
    rows = HoursEntry.objects.order_by().values_list("contract_id", "starts_on", "ends_on")
    sums = rows.annotate(Sum("declared"), Sum("counted"), Sum("rejected"), Sum("pending"))
    return {(names[pk], first, last): tuple(figures) for pk, first, last, *figures in sums if any(figures)}


def stands_by_the_rules(oracle):
    parts = {(work, *part.days): oracle.stands(work, part) for (work, _), ps in oracle.months.items() for part in ps}
    return {key: figures for key, figures in parts.items() if any(figures)}


def sent(portal):
    """{month: (declared, counted)} of the quarters sent."""
    closed = ClosedPeriod.objects.values_list("quarter_start", flat=True)
    rows = HoursEntry.objects.filter(month__lt=max(closed, default=date(2020, 1, 1)) + timedelta(days=89))
    months = [m for m in MONTHS if any(start.month <= m.month <= start.month + 2 for start in closed)]
    sums = rows.filter(month__in=months).order_by().values_list("month").annotate(Sum("declared"), Sum("counted"))
    return {month: tuple(figures) for month, *figures in sums}


@settings(max_examples=25)
@given(beginning=beginnings, plan=steps)
def test_the_database_says_what_the_rules_say(beginning, plan):
    with transaction.atomic():
        portal = Portal()
        oracle = portal.oracle()
        for step in [*beginning, *plan]:
            before = sent(portal)
            act(portal, oracle, step)
            after = sent(portal)
            assert {month: after.get(month) for month in before} == before, step
            assert stands_in_the_database(portal) == stands_by_the_rules(oracle), step
        totals = {name: MarketTotal.objects.get(market=lot.market_id) for name, lot in portal.markets.items()}
        by_rules = oracle.totals()
        for name, row in totals.items():
            assert (row.declared, row.counted) == by_rules.get(name, (0, 0))
        for check in consistency.CHECKS.values():
            assert check() == []
        transaction.set_rollback(True)
