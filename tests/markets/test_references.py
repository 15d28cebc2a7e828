"""Dated reference tables: a new value closes the former one, and nothing is lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from markets.models import LegalThreshold, PenaltyRule, TradeParameters
from markets.services.references import add_penalty, correct, end_on, replace_from
from tests.factories.accounts import author
from tests.factories.preparation import LegalThresholdFactory, PenaltyRuleFactory, TradeParametersFactory
from tests.support.threads import race, sort_out

pytestmark = pytest.mark.django_db

NEW_YEAR, EVE = date(2028, 1, 1), date(2027, 12, 31)


def threshold(**changes):
    fields = {"category": "works", "value": Decimal(5_500_000), "valid_from": NEW_YEAR, "source": "Avis 2028"}
    return LegalThreshold(**fields | changes)


def replace(row, same=("category",)):
    return replace_from(row, same=same, by=author())


@pytest.fixture
def current():
    return LegalThresholdFactory(category="works", valid_from=date(2026, 1, 1))


def test_a_new_value_ends_the_former_one_the_day_before(current):
    row = replace(threshold())
    current.refresh_from_db()
    assert (current.valid_until, row.valid_from, row.valid_until) == (EVE, NEW_YEAR, None)
    assert LegalThreshold.objects.valid_on(EVE).get() == current
    assert LegalThreshold.objects.valid_on(NEW_YEAR).get() == row
    assert [version.history_user for version in LegalThreshold.history.all()[:2]] == [author(), author()]


def test_the_first_value_has_nothing_to_end():
    assert replace(threshold()).valid_until is None


def test_another_category_is_left_alone(current):
    replace(threshold(category="concession"))
    current.refresh_from_db()
    assert current.valid_until is None


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2020, 1, 1)])
def test_a_value_that_begins_before_the_last_one_is_refused(current, day):
    with pytest.raises(DomainError) as refused:
        replace(threshold(valid_from=day))
    assert str(refused.value) == ("La dernière valeur s’applique à compter du 01/01/2026 : la nouvelle commence après.")
    assert LegalThreshold.objects.get().valid_until is None


def test_a_second_value_the_same_day_is_refused(current):
    with pytest.raises(ValidationError) as refused:
        replace(threshold(valid_from=current.valid_from))
    assert refused.value.messages == ["Cette catégorie a déjà un seuil à cette date."]


def test_an_overlap_with_a_value_that_has_an_end_is_refused():
    LegalThresholdFactory(category="works", valid_from=date(2026, 1, 1), valid_until=NEW_YEAR)
    with pytest.raises(DomainError) as refused:
        replace(threshold())
    assert str(refused.value) == "La dernière valeur s’applique jusqu’au 01/01/2028 : la nouvelle commence après."
    assert replace(threshold(valid_from=date(2028, 1, 2))).pk


def test_a_wrong_value_ends_nothing(current):
    with pytest.raises(ValidationError):
        replace(threshold(value=0))
    current.refresh_from_db()
    assert current.valid_until is None


def test_the_same_rule_serves_the_parameters_of_a_trade():
    former = TradeParametersFactory()
    TradeParametersFactory()
    row = TradeParameters(
        trade=former.trade, valid_from=NEW_YEAR, source="Usage", hourly_cost_low=1, hourly_cost_high=2
    )
    replace(row, same=["trade"])
    assert list(TradeParameters.objects.filter(valid_until=EVE)) == [former]


def test_a_correction_keeps_the_dates_and_the_former_figure(current):
    replace(threshold())
    current.value, current.valid_from = Decimal(217_000), date(2000, 1, 1)
    correct(current, by=author())
    current.refresh_from_db()
    assert (current.value, current.valid_from, current.valid_until) == (217_000, date(2026, 1, 1), EVE)
    assert [version.value for version in current.history.all()] == [217_000, 216_000, 216_000]


def test_a_penalty_stops_being_applied_after_a_day():
    rule = PenaltyRuleFactory()
    end_on(rule, last_day=EVE, by=author())
    assert not PenaltyRule.objects.valid_on(NEW_YEAR).exists()
    with pytest.raises(Conflict) as refused:
        end_on(rule, last_day=NEW_YEAR, by=author())
    assert str(refused.value) == "Cette valeur prend déjà fin le 31/12/2027."


def test_a_penalty_does_not_end_before_it_begins():
    with pytest.raises(ValidationError) as refused:
        end_on(PenaltyRuleFactory(), last_day=date(2025, 12, 31), by=author())
    assert refused.value.messages == ["La fin de validité précède son début."]


def test_two_penalties_of_the_same_name_are_two_penalties():
    made = [add_penalty(PenaltyRuleFactory.build(breach="Réunion manquée"), by=author()) for _ in range(3)]
    assert [rule.code for rule in made] == ["reunion-manquee", "reunion-manquee-2", "reunion-manquee-3"]


@pytest.mark.django_db(transaction=True)
def test_two_people_give_the_first_value_at_the_same_instant():
    """One is in force, the other is told: no row to lock can hold the second back."""
    who = author()

    def give(day):
        return lambda: replace_from(threshold(category="works", valid_from=day), same=["category"], by=who)

    _, refused = sort_out(race(give(NEW_YEAR), give(date(2028, 6, 1))))
    rows = list(LegalThreshold.objects.order_by("valid_from"))
    assert len(rows) + len(refused) == 2
    assert [row.valid_until for row in rows] in ([None], [date(2028, 5, 31), None])
