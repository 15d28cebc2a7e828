"""The lender and the user company declare the same person; fixed-term contracts are taken up again."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from participants.enums import ContractType, Modality, RejectionReason
from participants.models import EmploymentContract, HoursEntry
from participants.services import hours
from participants.services.renewals import first_day_after, renew, to_renew
from tests.factories.accounts import author
from tests.factories.markets import CompanyFactory
from tests.factories.participants import EmploymentContractFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MARCH = date(2026, 3, 1)


@pytest.fixture
def user():
    """A contract with the company of the lot."""
    return EmploymentContractFactory(validated=True)


@pytest.fixture
def lender(user):
    """A mission of the same person, lent to the company of the lot."""
    return EmploymentContractFactory(
        award=user.award,
        participant=user.participant,
        employer=CompanyFactory(kind="etti"),
        modality=Modality.SECONDMENT,
        contract_type=ContractType.TEMPORARY,
    )


def record(contract, number=100):
    hours.record_month(contract=contract, month=MARCH, declared=Decimal(number), by=author())
    return HoursEntry.objects.get(contract=contract)


def test_the_same_days_declared_by_both_are_seen(user, lender):
    lent, own = record(lender), record(user)
    assert hours.double_declarations(user.lot, MARCH) == [(lent, own)]
    assert hours.double_declarations(user.lot, date(2026, 4, 1)) == []


def test_once_set_aside_it_is_over(user, lender):
    lent, own = record(lender), record(user)
    hours.withhold(entry=own, hours=own.declared, reason=RejectionReason.DUPLICATE, by=author())
    assert hours.double_declarations(user.lot, MARCH) == []
    assert HoursEntry.objects.get(pk=lent.pk).counted == 100


def test_two_jobs_of_one_person_are_not_one_declared_twice(user):
    other = EmploymentContractFactory(award=user.award, participant=user.participant, job_title="Peintre")
    record(user), record(other)
    assert hours.double_declarations(user.lot, MARCH) == []


def test_another_person_is_another_declaration(user):
    record(user)
    stranger = EmploymentContractFactory(
        award=user.award, employer=CompanyFactory(kind="etti"), modality=Modality.SECONDMENT, validated=True
    )
    record(stranger)
    assert hours.double_declarations(user.lot, MARCH) == []


def mission(**fields):
    last_month = {"starts_on": date(2026, 8, 3), "ends_on": date(2026, 8, 28)}
    return EmploymentContractFactory(**{"contract_type": ContractType.CDD} | last_month | fields)


def renewable(month=date(2026, 9, 1)):
    return list(to_renew(EmploymentContract.objects.all(), month))


def test_fixed_terms_that_ended_last_month_are_proposed():
    ended = mission()
    mission(contract_type=ContractType.CDI)
    mission(ends_on=date(2026, 7, 31), starts_on=date(2026, 7, 1))
    mission(ends_on=date(2026, 9, 4))
    assert renewable() == [ended]
    assert first_day_after(ended, date(2026, 9, 1)) == date(2026, 9, 1)


def test_a_contract_that_goes_on_is_not_proposed_again():
    ended = mission()
    (signed,) = renew(lines=[(ended, date(2026, 9, 1), date(2026, 9, 30))], by=author())
    assert (signed.participant, signed.award, signed.employer, signed.job_title, signed.ends_on) == (
        ended.participant, ended.award, ended.employer, ended.job_title, date(2026, 9, 30),
    )  # fmt: skip
    assert renewable() == []


def test_all_are_taken_up_or_none():
    first, second = mission(), mission()
    with pytest.raises(ValidationError, match="précède"):
        renew(lines=[(first, date(2026, 9, 1), None), (second, date(2026, 9, 30), date(2026, 9, 1))], by=author())
    assert EmploymentContract.objects.count() == 2
