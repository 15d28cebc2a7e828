"""The ten counting invariants of domain.md §4.6, one section each: what the portal does, and what holds it.

Their combinations are searched by test_hours_oracle.py; their races by test_hours_races.py.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.periods import Quarter
from markets.models import Alert, MarketTotal
from participants import grid
from participants.enums import ContractType, RejectionReason
from participants.models import EligibilityValidation, HoursEntry
from participants.services import hours
from participants.services.validations import revoke
from reporting.indicators.definition import value_of
from reporting.indicators.hours import COUNTED_TO_DATE, counted_by_award
from reporting.indicators.scope import Scope
from tests.factories.accounts import author
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)
from tests.support.sql import execute, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def record(contract, number=100, month=MARCH):
    hours.record_month(contract=contract, month=month, declared=Decimal(number), by=author())
    return HoursEntry.objects.typed().get(contract=contract, month=month)


# 1. No hour counts without a granted validation that covers its days.


@pytest.mark.parametrize(
    "validation",
    [
        None,
        {},
        {"refused": True},
        {"revoked": True},
        {"granted": True, "ends_on": date(2026, 2, 28)},
        {"granted": True, "starts_on": APRIL},
    ],
    ids=["none", "asked", "refused", "revoked", "over", "later"],
)
def test_1_hours_of_a_person_not_validated_at_these_dates_do_not_count(validation):
    contract = EmploymentContractFactory()
    if validation is not None:
        EligibilityValidationFactory(participant=contract.participant, **validation)
    entry = record(contract)
    assert (entry.counted, entry.rejection_reason) == (0, RejectionReason.NOT_VALIDATED)
    with refused("23503", "hours_need_a_validation"):
        execute("UPDATE participants_hoursentry SET counted = 100, rejected = 0, rejection_reason = ''")


# 2. A month that straddles the date waits for a split by day, never pro rata.


def test_2_a_month_validated_in_part_counts_nothing_until_it_is_split():
    contract = EmploymentContractFactory()
    EligibilityValidationFactory(participant=contract.participant, starts_on=date(2026, 3, 2), granted=True)
    assert (record(contract).counted, record(contract).pending) == (0, 100)
    day = date(2026, 3, 2)
    hours.split_month(
        contract=contract, month=MARCH, first_day=day, before=Decimal(7), from_then=Decimal(93), by=author()
    )
    assert HoursEntry.objects.aggregate(Sum("counted"))["counted__sum"] == 93


# 3. The hours of a person in a month, everywhere: a warning above 218 h, a refusal above 260 h.


def test_3_nobody_works_more_than_260_hours_in_a_month():
    first = EmploymentContractFactory(validated=True)
    second = EmploymentContractFactory(participant=first.participant, award=first.award, job_title="Peintre")
    record(first, 200)
    with pytest.raises(DomainError, match="260"):
        record(second, 61)
    assert HoursEntry.objects.aggregate(Sum("declared"))["declared__sum"] == 200


# 4. One entry per contract, nature and day.


def test_4_the_days_of_a_contract_are_declared_once():
    entry = record(EmploymentContractFactory(validated=True))
    with refused("23P01", "hours_once_per_day"):
        execute(
            """INSERT INTO participants_hoursentry (contract_id, participant_id, territory_id, market_id, lot_id,
                   starts_on, ends_on, declared, counted, rejected, pending, rejection_reason, source, version, nature,
                   withheld, withheld_reason, correction_reason)
               SELECT contract_id, participant_id, territory_id, market_id, lot_id, '2026-03-31', '2026-03-31', 1, 1, 0,
                   0, '', 'import', 1, 'worked', 0, '', '' FROM participants_hoursentry WHERE id = %s""",
            entry.pk,
        )


# 5. Sixteen years old at the start of the contract.


def test_5_a_child_has_no_contract():
    young = ParticipantFactory(birth_date=date(2010, 6, 2))
    with pytest.raises(DomainError):
        EmploymentContractFactory(participant=young, starts_on=date(2026, 6, 1))
    assert EmploymentContractFactory(participant=young, starts_on=date(2026, 6, 2)).pk


# 6. Hours only within the days of the contract and of the execution of the lot.


def test_6_hours_stay_within_the_contract():
    contract = EmploymentContractFactory(validated=True, starts_on=date(2026, 3, 10), ends_on=date(2026, 3, 20))
    entry = record(contract)
    assert (entry.starts_on.day, entry.ends_on.day) == (10, 20)
    with pytest.raises(DomainError, match=hours.OUTSIDE_CONTRACT):
        record(contract, month=APRIL)
    with refused("23503", "hours_within_contract"):
        execute("UPDATE participants_hoursentry SET ends_on = '2026-03-21'")
    with refused("23503", "hours_within_contract"):
        execute("UPDATE participants_employmentcontract SET ends_on = '2026-03-19'")


def test_6_hours_outside_the_execution_of_the_lot_do_not_count():
    contract = EmploymentContractFactory(
        validated=True, award__lot__starts_on=date(2026, 3, 16), award__lot__ends_on=date(2026, 12, 31)
    )
    assert record(contract, month=date(2026, 2, 1)).rejection_reason == RejectionReason.OUTSIDE_WINDOW
    assert record(contract).pending == 100
    assert record(contract, month=APRIL).counted == 100


# 7. A revocation recomputes every derived total, leaves a trace, raises an alert.


def test_7_a_revocation_is_felt_everywhere():
    contract = EmploymentContractFactory(validated=True)
    record(contract), record(contract, 80, APRIL)
    by = author()
    revoke(validation=EligibilityValidation.objects.granted().get(), by=by, reason="Justificatif falsifié.")
    assert HoursEntry.objects.aggregate(Sum("counted"), Sum("rejected")) == {"counted__sum": 0, "rejected__sum": 180}
    assert MarketTotal.objects.values_list("declared", "counted").get() == (180, 0)
    assert {row.history.first().history_user for row in HoursEntry.objects.all()} == {by}
    assert Alert.objects.filter(lot=contract.lot).exists()


# 8. What was sent does not change; a correction is booked later, with its reference.


def test_8_a_quarter_that_was_sent_is_corrected_by_a_regularisation(close_quarter):
    contract = EmploymentContractFactory(validated=True)
    record(contract)
    close_quarter(contract.territory, "2026-T1")
    with pytest.raises(Conflict, match=hours.CLOSED):
        record(contract, 90)
    correction = hours.regularise(
        contract=contract, month=MARCH, hours=Decimal(90), reason="Absence oubliée.", by=author()
    )
    assert (correction.declared, correction.booked_in, correction.starts_on) == (-10, APRIL, MARCH)
    assert HoursEntry.objects.of_period(Quarter(2026, 1)).aggregate(Sum("counted"))["counted__sum"] == 100


# 9. Every total comes from the same hours.


def test_9_the_grid_the_statement_and_the_market_say_the_same(close_quarter):
    contract = EmploymentContractFactory(validated=True)
    record(contract), record(EmploymentContractFactory(award=contract.award), 30)
    close_quarter(contract.territory, "2026-T1")
    hours.regularise(contract=contract, month=MARCH, hours=Decimal(120), reason="Oubli.", by=author())
    scope, quarter = Scope(territory_id=contract.territory_id), Quarter(2026, 2)
    of_lot = HoursEntry.objects.filter(lot=contract.lot)
    said = {
        value_of(COUNTED_TO_DATE, scope, quarter),
        counted_by_award(scope, quarter)[contract.award_id][1],
        MarketTotal.objects.get(market=contract.market).counted,
        grid.place_totals(of_lot, [])[0][1],
        sum(counted for _, counted in grid.place_totals(of_lot, [MARCH, APRIL])[1].values()),
    }
    assert said == {120}


# 10. Declared = counted + rejected + waiting, and rejected hours have one reason.


def test_10_every_declared_hour_has_its_fate():
    contract = EmploymentContractFactory(contract_type=ContractType.APPRENTICESHIP)
    EligibilityValidationFactory(participant=contract.participant, starts_on=date(2026, 3, 16), granted=True)
    record(contract, month=date(2026, 2, 1)), record(contract), record(contract, month=APRIL)
    hours.withhold(
        entry=HoursEntry.objects.get(month=APRIL),
        hours=Decimal(30),
        reason=RejectionReason.NO_EVIDENCE,
        by=author(),
    )
    rows = HoursEntry.objects.order_by("month").values_list("counted", "rejected", "pending", "rejection_reason")
    assert list(rows) == [(0, 100, 0, "not_validated"), (0, 0, 100, ""), (70, 30, 0, "no_evidence")]
    with refused("23514", "hours_add_up"):
        execute("UPDATE participants_hoursentry SET pending = 1")
    with refused("23514", "hours_rejection_explained"):
        execute("UPDATE participants_hoursentry SET rejection_reason = ''")
