"""A month cut by day, and hours a facilitator sets aside (invariant 2; domain.md §4.4, §12 n° 6, 12, 14)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import CHANGED_MEANWHILE, Conflict, DomainError
from markets.models import MarketTotal
from participants.enums import RejectionReason
from participants.models import EligibilityValidation, HoursEntry
from participants.services import hours
from participants.services.consistency import fate_differences, total_differences
from participants.services.hours.ceilings import FAR_TOO_MANY
from participants.services.hours.recording import IS_SPLIT
from tests.factories.accounts import author
from tests.factories.participants import EligibilityValidationFactory, EmploymentContractFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MARCH, MID = date(2026, 3, 1), date(2026, 3, 16)


@pytest.fixture
def contract():
    """Validated from 16 March on: 80 h of March wait."""
    contract = EmploymentContractFactory()
    EligibilityValidationFactory(participant=contract.participant, starts_on=MID, granted=True)
    hours.record_month(contract=contract, month=MARCH, declared=Decimal(80), by=author())
    return contract


def split(contract, first_day=MID, before=30, from_then=50, **options):
    return hours.split_month(
        contract=contract,
        month=MARCH,
        first_day=first_day,
        before=Decimal(before),
        from_then=Decimal(from_then),
        by=author(),
        **options,
    )


def parts():
    rows = HoursEntry.objects.order_by("starts_on")
    return [(row.starts_on.day, row.ends_on.day, row.counted, row.rejected) for row in rows]


def test_hours_from_the_validated_day_count_those_before_do_not(contract):
    outcome = split(contract)
    assert parts() == [(1, 15, 0, 30), (16, 31, 50, 0)]
    assert (outcome.status, outcome.declared, outcome.counted, outcome.version) == ("partial", 80, 50, 3)
    assert MarketTotal.objects.values_list("declared", "counted").get() == (80, 50)
    assert total_differences() == fate_differences() == []


def test_a_split_month_is_cut_anew(contract):
    split(contract)
    split(contract, first_day=date(2026, 3, 20), before=40, from_then=45)
    assert parts() == [(1, 19, 0, 0), (20, 31, 45, 0)]
    assert MarketTotal.objects.values_list("declared", "counted").get() == (85, 45)


@pytest.mark.parametrize("day", [MARCH, date(2026, 2, 28), date(2026, 4, 1)])
def test_one_cuts_at_a_later_day_of_the_month(contract, day):
    with pytest.raises(ValidationError, match="Indiquez un jour du 02/03/2026 au 31/03/2026"):
        split(contract, first_day=day)
    assert len(parts()) == 1


def test_a_split_month_is_typed_part_by_part(contract):
    split(contract)
    with pytest.raises(DomainError, match=IS_SPLIT):
        hours.record_month(contract=contract, month=MARCH, declared=Decimal(90), by=author())


def test_the_second_to_split_is_told(contract):
    split(contract, version=1)
    with pytest.raises(Conflict, match=CHANGED_MEANWHILE):
        split(contract, version=1)
    split(contract, version=3)


def test_an_empty_month_may_be_split_at_once():
    contract = EmploymentContractFactory()
    assert split(contract).declared == 80


def test_both_parts_are_put_together_again(contract):
    split(contract)
    outcome = hours.join_month(contract=contract, month=MARCH, by=author())
    assert (outcome.status, outcome.declared, outcome.version) == ("pending", 80, 4)
    assert parts() == [(1, 31, 0, 0)]
    assert total_differences() == []


def test_a_closed_month_is_not_split(contract, close_quarter):
    close_quarter(contract.territory, "2026-T1")
    for act in (split, lambda contract: hours.join_month(contract=contract, month=MARCH, by=author())):
        with pytest.raises(Conflict, match="clôturé"):
            act(contract)


def withhold(number, reason=RejectionReason.NOT_WORKED, **options):
    entry = HoursEntry.objects.order_by("starts_on").last()
    return hours.withhold(entry=entry, hours=Decimal(number), reason=reason, by=author(), **options)


@pytest.fixture
def counted():
    """100 h of March that count."""
    contract = EmploymentContractFactory(validated=True)
    hours.record_month(contract=contract, month=MARCH, declared=Decimal(100), by=author())
    return contract


def test_hours_set_aside_stay_so_at_each_recount(counted):
    withhold(30)
    for act in (lambda: None, lambda: hours.recount(participant=counted.participant, by=author())):
        act()
        entry = HoursEntry.objects.get()
        assert (entry.counted, entry.rejected, entry.rejection_reason) == (70, 30, RejectionReason.NOT_WORKED)
    assert hours.sentence_of(entry) == "Heures écartées par le facilitateur : absence non travaillée."
    withhold(0)
    assert HoursEntry.objects.get().counted == 100
    assert total_differences() == fate_differences() == []


def test_hours_typed_again_keep_what_was_set_aside(counted):
    withhold(30)
    hours.record_month(contract=counted, month=MARCH, declared=Decimal(50), by=author())
    entry = HoursEntry.objects.get()
    assert (entry.counted, entry.withheld) == (20, 30)
    hours.record_month(contract=counted, month=MARCH, declared=Decimal(10), by=author())
    entry = HoursEntry.objects.get()
    assert (entry.counted, entry.withheld, entry.rejected) == (0, 10, 10)


def test_one_sets_aside_what_there_is_with_a_reason(counted):
    with pytest.raises(DomainError, match="On ne peut pas écarter"):
        withhold("100.01")
    for reason in ("", RejectionReason.NOT_VALIDATED):
        with pytest.raises(ValidationError, match="Choisissez un motif"):
            withhold(10, reason)
    with pytest.raises(Conflict, match=CHANGED_MEANWHILE):
        withhold(10, version=7)
    assert HoursEntry.objects.get().withheld == 0


def test_hours_set_aside_are_not_worked(counted):
    """A double declaration leaves room under the ceiling; giving it back is weighed again."""
    withhold(100, RejectionReason.DUPLICATE)
    second = EmploymentContractFactory(award=counted.award, participant=counted.participant, job_title="Peintre")
    hours.record_month(contract=second, month=MARCH, declared=Decimal(200), by=author())
    first = HoursEntry.objects.get(contract=counted)
    with pytest.raises(DomainError) as refused:
        hours.withhold(entry=first, hours=Decimal(0), reason="", by=author())
    assert refused.value.message == FAR_TOO_MANY


def test_hours_set_aside_of_a_person_no_longer_validated_say_the_law_first(counted):
    withhold(30)
    validation = EligibilityValidation.objects.granted().get()
    hours.release(validation=validation, by=author())
    entry = HoursEntry.objects.get()
    assert (entry.rejected, entry.rejection_reason, entry.withheld) == (100, RejectionReason.NOT_VALIDATED, 30)
