"""Totals are kept by difference: whatever people do, in whatever order, they equal the sum of the rows."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses_portal.core.errors import DomainError
from facilitators.models import Territory
from markets.enums import ObjectiveKind
from markets.models import MarketTotal, ObjectiveEntry
from markets.services.awards import add_objective
from participants.models import ClosedPeriod, EligibilityValidation, HoursEntry
from participants.services.hours import record_month
from participants.services.validations import grant, propose, revoke
from tests.factories.accounts import author
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    EmploymentContractFactory,
)

pytestmark = pytest.mark.django_db

MONTHS = [date(2026, month, 1) for month in (2, 3, 4)]
CONTRACTS = 3
contracts, months = st.integers(0, CONTRACTS - 1), st.sampled_from(MONTHS)
hours = st.one_of(st.none(), st.decimals(0, 310, places=2))
operations = st.lists(
    st.one_of(
        st.tuples(st.just("record"), contracts, months, hours),
        st.tuples(st.just("validate"), contracts, months, st.integers(0, 80)),
        st.tuples(st.just("revoke"), contracts, st.none(), st.none()),
        st.tuples(st.just("objective"), contracts, st.none(), st.integers(-1200, 400)),
        st.tuples(st.just("close"), st.none(), st.none(), st.none()),
    ),
    min_size=3,
    max_size=12,
)


@pytest.fixture
def people():
    """Three contracts: two of the same market, the third elsewhere; nobody is validated yet."""
    first = EmploymentContractFactory()
    return [first, EmploymentContractFactory(award=first.award), EmploymentContractFactory()]


def record(contract, month, declared):
    record_month(contract=contract, month=month, declared=declared, by=author())


def validate(contract, month, length):
    """Validate the person for `length` days more than one, from the middle of a month."""
    starts_on = month.replace(day=1 + length % 20)
    validation = EligibilityValidationFactory.build(
        participant=contract.participant,
        category=EligibilityCategoryFactory(),
        starts_on=starts_on,
        ends_on=date.fromordinal(starts_on.toordinal() + length),
    )
    with time_machine.travel(f"{starts_on}T09:00:00+01:00"):
        grant(validation=propose(validation=validation, by=author()), by=author())


def withdraw(contract, _, __):
    validation = EligibilityValidation.objects.granted().filter(participant=contract.participant).first()
    if validation:
        revoke(validation=validation, by=author(), reason="Fin de droits.")


def owe(contract, _, more):
    add_objective(
        award=contract.award,
        kind=ObjectiveKind.AMENDMENT,
        hours=more or 1,
        effective_on=date(2026, 3, 1),
        reason="Avenant",
        by=author(),
    )


def close(_, __, ___):
    for territory in Territory.objects.all():
        ClosedPeriod.objects.get_or_create(territory=territory, quarter_start=date(2026, 1, 1))


ACTIONS = {"record": record, "validate": validate, "revoke": withdraw, "objective": owe, "close": close}


def sums(model, *columns, place):
    rows = model.objects.order_by().values_list(*place).annotate(*(Sum(column) for column in columns))
    return {tuple(row[:2]): tuple(row[2:]) for row in rows}


def assert_totals_are_the_sums():
    worked = sums(HoursEntry, "declared", "counted", place=("market", "territory"))
    due = sums(ObjectiveEntry, "hours", place=("award__lot__market", "award__lot__territory"))
    nothing = (Decimal(0), Decimal(0))
    kept = {
        (row.market_id, row.territory_id): (row.required, row.declared, row.counted)
        for row in MarketTotal.objects.all()
    }
    assert kept == {key: (*due.get(key, (0,)), *worked.get(key, nothing)) for key in due.keys() | worked.keys()}


def assert_hours_add_up():
    """Counted hours are validated every day: the database would not hold them otherwise."""
    for entry in HoursEntry.objects.all():
        assert entry.declared == entry.counted + entry.rejected + entry.pending
        assert bool(entry.rejection_reason) == (entry.rejected > 0)


@settings(max_examples=25)
@given(plan=operations)
def test_totals_follow_any_sequence(people, plan):
    with transaction.atomic():
        for name, number, month, value in plan:
            contract = None if number is None else people[number]
            with suppress(DomainError):  # refused: nothing must have moved
                ACTIONS[name](contract, month, value)
            assert_totals_are_the_sums()
        assert_hours_add_up()
        transaction.set_rollback(True)
