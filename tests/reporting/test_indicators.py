"""Every figure of every output, against a world counted by hand (see small_world)."""

from datetime import date
from decimal import Decimal

import pytest

from clauses_portal.core.periods import Quarter
from reporting.indicators import activity, contracts, hours, people, progress
from reporting.indicators.definition import compute, percentage, split, value_of
from reporting.indicators.scope import Scope
from tests.reporting.small_world import small_world
from tests.support.shared import for_the_module

pytestmark = pytest.mark.usefixtures("today")

T1, T2, T3 = (Quarter(2026, number) for number in (1, 2, 3))


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with for_the_module(django_db_blocker):
        yield small_world()


@pytest.fixture(params=["territory", "market"])
def scope(request, world, db):
    """The territory and its only market hold the same rows."""
    if request.param == "territory":
        return Scope(territory_id=world.territory.pk)
    return Scope(market_id=world.market.pk)


def test_hours_of_the_quarter_in_their_three_fates(scope):
    fates = (hours.DECLARED, hours.COUNTED, hours.REJECTED, hours.PENDING)
    assert list(compute(fates, scope, T2).values()) == [300, 210, 50, 40]
    assert list(compute(fates, scope, T1).values()) == [200, 200, 0, 0]
    assert list(compute(fates, scope, T3).values()) == [0, 0, 0, 0]


def test_hours_since_the_beginning(scope):
    assert [value_of(hours.COUNTED_TO_DATE, scope, quarter) for quarter in (T1, T2, T3)] == [200, 410, 410]


def test_rejected_hours_say_why(scope):
    assert split(hours.BY_REASON, scope, T2) == [("Non validé", 50)]
    assert split(hours.BY_REASON, scope, T1) == []


def test_hours_of_the_last_twelve_months(scope):
    months = hours.counted_by_month(scope, T2)
    assert [month for month, _ in months] == [
        *(date(2025, number, 1) for number in range(7, 13)),
        *(date(2026, number, 1) for number in range(1, 7)),
    ]
    assert [total for _, total in months] == [0] * 7 + [100, 100, 120, 0, 90]


def test_hours_of_each_company(scope, world):
    assert hours.counted_by_award(scope, T2) == {world.one.pk: (180, 380), world.two.pk: (30, 30)}
    assert hours.due_by_award(scope, T2) == {world.one.pk: 1200, world.two.pk: 1000}
    assert hours.due_by_award(scope, T3) == {world.one.pk: 1700, world.two.pk: 1000}


def test_a_person_is_hired_once(scope, world):
    first, second, third = world.persons
    assert set(people.hired(scope, T1)) == {first}
    assert set(people.hired(scope, T2)) == {second, third}
    assert not people.hired(scope, T3)


def test_persons_in_post_and_at_work_count_once(scope):
    assert [value_of(people.IN_POST, scope, quarter) for quarter in (T1, T2, T3)] == [1, 2, 2]
    assert [value_of(people.AT_WORK, scope, quarter) for quarter in (T1, T2, T3)] == [1, 2, 0]


def test_the_typology_tells_unknown_from_no(scope):
    assert compute(people.PROFILE, scope, T2) == {
        "persons_hired": 2,
        "persons_women": 1,
        "persons_men": 1,
        "persons_qpv": 0,
        "persons_qpv_unknown": 1,
        "persons_rsa": 0,
        "persons_rsa_unknown": 1,
    }
    assert set(compute(people.PROFILE, scope, T3).values()) == {0}


def test_categories_are_those_of_granted_validations(scope):
    assert split(people.BY_CATEGORY, scope, T2) == [("Jeune sans qualification", 1), ("Sans validation accordée", 1)]


def test_contracts_of_the_quarter(scope):
    assert split(contracts.BY_TYPE, scope, T2) == [("CDD", 3), ("CDD d’insertion (CDDI)", 1)]
    assert split(contracts.ENDED_BY_REASON, scope, T2) == [("Fin du contrat", 1)]
    assert value_of(contracts.GOING_ON, scope, T2) == 3
    assert split(contracts.ENDED_BY_REASON, scope, T3) == []


def test_alerts_of_the_quarter_by_the_clock_of_paris(scope):
    seen = [alert.description for alert in activity.alerts_of_period(scope, T2)]
    assert seen == ["Ancienne, ouverte", "Close dans le trimestre", "Close le lendemain"]


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 100, "0.0"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (Decimal("0.05"), 100, "0.1"),
        (150, 100, "150.0"),
        (5, 0, None),
        (5, None, None),
    ],
)
def test_a_percentage_is_to_the_tenth(part, whole, expected):
    assert percentage(part, whole) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-12-31", "0.0"),
        ("2026-01-01", "10.0"),
        ("2026-01-05", "50.0"),
        ("2026-01-10", "100.0"),
        ("2027-01-01", "100.0"),
    ],
)
def test_the_time_elapsed_counts_both_days(day, expected):
    assert progress.expected_percentage(date(2026, 1, 1), date(2026, 1, 10), date.fromisoformat(day)) == Decimal(
        expected
    )


@pytest.mark.parametrize("bounds", [(None, None), (date(2026, 1, 1), None), (None, date(2026, 1, 1))])
def test_without_dates_nothing_is_expected(bounds):
    assert progress.expected_percentage(*bounds, date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("done", "expected", "word"),
    [
        (50, 50, "À l’heure"),
        (60, 50, "À l’heure"),
        (40, 50, "À l’heure"),
        ("39.9", 50, "À surveiller"),
        (30, 50, "À surveiller"),
        ("29.9", 50, "En retard"),
        (100, 100, "Atteint"),
        (120, 10, "Atteint"),
        (None, 50, "Sans repère"),
        (50, None, "Sans repère"),
    ],
)
def test_the_pace_in_a_word(done, expected, word):
    as_decimal = [None if value is None else Decimal(value) for value in (done, expected)]
    assert progress.light(*as_decimal) == word
