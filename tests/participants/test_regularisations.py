"""A month that was sent is corrected later, and never changes (invariants 7 and 8; ADR 0013)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import CHANGED_MEANWHILE, Conflict, DomainError
from clauses_portal.core.periods import Quarter
from markets.models import MarketTotal
from participants.models import ClosedPeriod, EligibilityValidation, HoursEntry
from participants.services import consistency, hours
from participants.services.hours.ceilings import FAR_TOO_MANY
from participants.services.hours.corrections import NEEDS_A_REASON, NOT_CLOSED, NOTHING_NEW
from participants.services.hours.months import NO_OPEN_MONTH
from participants.services.validations import revoke, shorten
from reporting.indicators.definition import compute, split, value_of
from reporting.indicators.hours import BY_REASON, COUNTED, DECLARED, PENDING, REJECTED
from reporting.indicators.people import AT_WORK
from reporting.indicators.scope import Scope
from tests.factories.accounts import author
from tests.factories.participants import EligibilityValidationFactory, EmploymentContractFactory
from tests.support.sql import execute, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MARCH, APRIL, JULY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 7, 1)
WHOLE_MARCH = (MARCH, date(2026, 3, 31))
Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)


@pytest.fixture
def contract(close_quarter):
    """100 h of March counted, and sent."""
    contract = EmploymentContractFactory(validated=True)
    record(contract, 100)
    close_quarter(contract.territory, "2026-T1")
    return contract


def record(contract, number, month=MARCH):
    hours.record_month(contract=contract, month=month, declared=Decimal(number), by=author())


def regularise(contract, number, month=MARCH, reason="Relevé corrigé par l’entreprise.", **options):
    return hours.regularise(
        contract=contract, month=month, hours=Decimal(number), reason=reason, by=author(), **options
    )


def figures(quarter, contract):
    values = compute((DECLARED, COUNTED, REJECTED, PENDING), Scope(territory_id=contract.territory_id), quarter)
    return {code.removeprefix("hours_"): value for code, value in values.items()}


def assert_consistent():
    assert {name: check() for name, check in consistency.CHECKS.items()} == {name: [] for name in consistency.CHECKS}


@pytest.mark.parametrize(("right", "difference"), [(120, 20), (60, -40), (0, -100)])
def test_the_difference_is_booked_in_the_first_open_month(contract, right, difference):
    before = figures(Q1, contract)
    correction = regularise(contract, right)
    assert (correction.declared, correction.counted) == (difference, difference)
    assert (correction.starts_on, correction.ends_on) == WHOLE_MARCH
    correction.refresh_from_db()
    assert (correction.month, correction.booked_in) == (APRIL, APRIL)
    assert figures(Q1, contract) == before
    assert figures(Q2, contract)["counted"] == difference
    assert MarketTotal.objects.values_list("declared", "counted").get() == (right, right)
    assert_consistent()


def test_a_second_correction_counts_from_the_first(contract):
    regularise(contract, 120)
    assert regularise(contract, 110).declared == -10
    with pytest.raises(DomainError, match=NOTHING_NEW):
        regularise(contract, 110)


def test_what_is_added_needs_a_validation(close_quarter):
    contract = EmploymentContractFactory()
    close_quarter(contract.territory, "2026-T1")
    correction = regularise(contract, 50)
    assert (correction.counted, correction.rejected, correction.rejection_reason) == (0, 50, "not_validated")
    assert_consistent()


def test_a_month_never_typed_is_corrected_by_days(close_quarter):
    contract = EmploymentContractFactory()
    EligibilityValidationFactory(participant=contract.participant, starts_on=date(2026, 3, 16), granted=True)
    close_quarter(contract.territory, "2026-T1")
    assert regularise(contract, 50).pending == 50
    with pytest.raises(DomainError, match="ramenez-les d’abord à zéro"):
        regularise(contract, 40, days=(date(2026, 3, 16), date(2026, 3, 31)))
    regularise(contract, 0)
    assert regularise(contract, 40, days=(date(2026, 3, 16), date(2026, 3, 31))).counted == 40
    assert_consistent()


def test_what_cannot_be_booked_is_said(contract):
    for number, options, sentence in [
        (50, {"month": APRIL}, NOT_CLOSED),
        (100, {}, NOTHING_NEW),
        (301, {}, "comprises entre 0 et 300"),
        (-1, {}, "comprises entre 0 et 300"),
        (261, {}, FAR_TOO_MANY[:30]),
    ]:
        with pytest.raises(DomainError, match=sentence):
            regularise(contract, number, **options)
    for options in ({"reason": " "}, {"days": (date(2026, 2, 28), date(2026, 3, 31))}):
        with pytest.raises(ValidationError):
            regularise(contract, 50, **options)
    assert NEEDS_A_REASON
    assert not HoursEntry.objects.regularisations().exists()


def test_the_second_to_correct_is_told(contract):
    regularise(contract, 120, version=1)
    with pytest.raises(Conflict, match=CHANGED_MEANWHILE):
        regularise(contract, 130, version=1)
    regularise(contract, 130, version=2)


def test_it_waits_when_no_quarter_is_open(contract, close_quarter):
    for quarter in ("2026-T2", "2026-T3"):
        close_quarter(contract.territory, quarter)
    with pytest.raises(DomainError, match=NO_OPEN_MONTH):
        regularise(contract, 50)


def test_closed_quarters_are_passed_over(contract, close_quarter):
    close_quarter(contract.territory, "2026-T2")
    assert regularise(contract, 50).booked_in == JULY


@pytest.mark.parametrize("act", ["UPDATE participants_hoursentry SET declared = -30, counted = -30", "DELETE FROM"])
def test_a_correction_that_was_sent_no_longer_changes(contract, close_quarter, act):
    regularise(contract, 60)
    close_quarter(contract.territory, "2026-T2")
    if act == "DELETE FROM":
        act = "DELETE FROM participants_hoursentry"
    with refused("23R02"):
        execute(f"{act} WHERE booked_in IS NOT NULL")


def withdraw(contract, from_day=None):
    validation = EligibilityValidation.objects.granted().get(participant=contract.participant)
    if from_day:
        return shorten(validation=validation, from_day=from_day, by=author(), reason="Fin de droits.")
    return revoke(validation=validation, by=author(), reason="Justificatif falsifié.")


def test_a_revocation_cancels_what_was_sent_without_touching_it(contract):
    before = figures(Q1, contract)
    withdraw(contract)
    assert figures(Q1, contract) == before
    sent = HoursEntry.objects.typed().get()
    assert (sent.counted, sent.cancellation.counted, sent.cancellation.rejected) == (100, -100, 100)
    assert figures(Q2, contract) == {"declared": 0, "counted": -100, "rejected": 100, "pending": 0}
    assert MarketTotal.objects.values_list("declared", "counted").get() == (100, 0)
    assert_consistent()


def test_a_revocation_undoes_corrections_sent_and_corrections_open(contract, close_quarter):
    regularise(contract, 60)
    close_quarter(contract.territory, "2026-T2")
    regularise(contract, 70)
    withdraw(contract)
    assert MarketTotal.objects.values_list("declared", "counted").get() == (70, 0)
    assert hours.total_of(HoursEntry.objects.all()) == [70, 0, 70, 0]
    assert_consistent()


def test_a_validation_cut_short_in_a_month_sent_makes_it_wait(contract):
    withdraw(contract, from_day=date(2026, 3, 16))
    assert hours.total_of(HoursEntry.objects.all()) == [100, 0, 0, 100]
    assert_consistent()


def test_open_months_are_recounted_in_place(contract):
    record(contract, 80, month=JULY)
    withdraw(contract)
    july = HoursEntry.objects.typed().get(month=JULY)
    assert (july.counted, july.rejected, july.cancellation) == (0, 80, None)
    assert_consistent()


def test_a_month_revoked_then_corrected_stays_right(contract):
    withdraw(contract)
    correction = regularise(contract, 40)
    assert (correction.declared, correction.counted, correction.rejected) == (-60, 0, -60)
    assert hours.total_of(HoursEntry.objects.all()) == [40, 0, 40, 0]


def test_what_only_takes_away_makes_nobody_work(contract):
    """Distinct persons, and reasons of rejection, of the quarter of the correction."""
    scope = Scope(territory_id=contract.territory_id)
    regularise(contract, 60)
    assert (value_of(AT_WORK, scope, Q1), value_of(AT_WORK, scope, Q2)) == (1, 0)
    record(contract, 80, month=date(2026, 5, 1))
    assert value_of(AT_WORK, scope, Q2) == 1
    withdraw(contract)
    assert value_of(AT_WORK, scope, Q2) == 0
    assert dict(split(BY_REASON, scope, Q2)) == {"Non validé": 140}


def test_the_database_checks_what_cancels(contract):
    correction = regularise(contract, 60)
    with refused("23R03"):
        execute("UPDATE participants_hoursentry SET cancellation_id = %s WHERE booked_in IS NULL", correction.pk)
    assert ClosedPeriod.objects.count() == 1
