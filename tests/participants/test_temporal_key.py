"""The one rule that shapes everything, asked of the database itself: hours of a person not validated never count.

Everything here is raw SQL or the ORM without a service: the form, the API, the import and the admin do not exist.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import DomainError
from participants.models import EligibilityValidation, HoursEntry
from participants.services.hours import REFUSALS
from tests.factories.accounts import author
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.support.application_role import as_owner
from tests.support.sql import execute, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

KEY = "hours_need_a_validation"
INSERT = """
INSERT INTO participants_hoursentry (contract_id, participant_id, territory_id, market_id, lot_id, starts_on, ends_on,
    declared, counted, rejected, pending, rejection_reason, source, version, nature, withheld, withheld_reason,
    correction_reason)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, %s, 'grid', 1, 'worked', 0, '', '')
"""


def insert(contract, *, first="2026-03-01", last="2026-03-31", counted=100, rejected=0):
    place = (contract.pk, contract.participant_id, contract.territory_id, contract.market_id, contract.lot_id)
    reason = "not_validated" if rejected else ""
    execute(INSERT, *place, first, last, counted + rejected, counted, rejected, reason)


def valid(person, first, last):
    return EligibilityValidationFactory(
        participant=person, starts_on=date.fromisoformat(first), ends_on=date.fromisoformat(last), granted=True
    )


@pytest.fixture
def contract():
    return EmploymentContractFactory()


@pytest.fixture
def person(contract):
    return contract.participant


def test_a_person_never_validated(contract):
    with refused("23503", KEY):
        insert(contract)


@pytest.mark.parametrize("trait", [{}, {"refused": True}, {"revoked": True}])
def test_a_validation_that_is_not_granted(contract, person, trait):
    EligibilityValidationFactory(participant=person, **trait)
    with refused("23503", KEY):
        insert(contract)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-03-02", "2026-03-31"),
        ("2026-03-01", "2026-03-30"),
        ("2026-01-01", "2026-02-28"),
        ("2026-04-01", "2026-12-31"),
        ("2026-03-10", "2026-03-10"),
    ],
)
def test_days_outside_the_validation(contract, person, first, last):
    valid(person, first, last)
    with refused("23503", KEY):
        insert(contract)


def test_the_validation_of_another_person(contract):
    valid(ParticipantFactory(territory=contract.territory), "2026-01-01", "2026-12-31")
    with refused("23503", KEY):
        insert(contract)


def test_a_validation_with_a_hole(contract, person):
    valid(person, "2026-01-01", "2026-03-14")
    valid(person, "2026-03-16", "2026-12-31")
    with refused("23503", KEY):
        insert(contract)


def test_adjacent_validations_cover_together(contract, person):
    valid(person, "2026-01-01", "2026-03-14")
    valid(person, "2026-03-15", "2026-12-31")
    insert(contract)
    assert HoursEntry.objects.get().counted == 100


def test_rejected_hours_are_free_to_exist(contract):
    insert(contract, counted=0, rejected=100)
    assert HoursEntry.objects.get().counted_period is None


def test_rejected_hours_do_not_become_counted_by_hand(contract):
    insert(contract, counted=0, rejected=100)
    with refused("23503", KEY):
        execute("UPDATE participants_hoursentry SET counted = 100, rejected = 0, rejection_reason = ''")


def test_counted_hours_do_not_move_out_of_the_validation(contract, person):
    valid(person, "2026-03-01", "2026-03-31")
    insert(contract)
    with refused("23503", KEY):
        execute("UPDATE participants_hoursentry SET starts_on = '2026-04-01', ends_on = '2026-04-30'")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE participants_eligibilityvalidation SET state = 'revoked', reason = 'Faux'",
        "UPDATE participants_eligibilityvalidation SET ends_on = '2026-03-30'",
        "UPDATE participants_eligibilityvalidation SET starts_on = '2026-03-02'",
        "DELETE FROM participants_eligibilityvalidation",
    ],
    ids=["revoked", "shrunk at its end", "shrunk at its beginning", "deleted"],
)
def test_a_validation_that_covers_hours_stays(contract, person, sql):
    valid(person, "2026-01-01", "2026-12-31")
    insert(contract)
    with as_owner(), refused("23503", KEY):
        execute(sql)
    assert EligibilityValidation.objects.granted().count() == 1


def test_a_validation_does_not_change_hands(contract, person):
    validation = valid(person, "2026-01-01", "2026-12-31")
    insert(contract)
    other = ParticipantFactory(territory=contract.territory)
    with refused("23503", KEY):
        execute(
            "UPDATE participants_eligibilityvalidation SET participant_id = %s WHERE id = %s", other.pk, validation.pk
        )


def test_a_validation_shrinks_where_no_hour_needs_it(contract, person):
    valid(person, "2026-01-01", "2026-12-31")
    insert(contract)
    execute("UPDATE participants_eligibilityvalidation SET starts_on = '2026-03-01', ends_on = '2026-03-31'")
    assert HoursEntry.objects.get().counted == 100


def test_the_key_waits_for_the_end_of_the_transaction_when_told_to(contract, person):
    """What a revocation needs: hours recounted and validation revoked, in either order, in one transaction."""
    valid(person, "2026-01-01", "2026-12-31")
    insert(contract)
    with refused("23503", KEY):
        execute(f"SET CONSTRAINTS {KEY} DEFERRED")
        execute("UPDATE participants_eligibilityvalidation SET state = 'revoked', reason = 'Faux'")
        execute(f"SET CONSTRAINTS {KEY} IMMEDIATE")


def test_granted_periods_of_a_person_never_overlap(person):
    valid(person, "2026-01-01", "2026-06-30")
    later = EligibilityValidationFactory(participant=person, starts_on=date(2026, 6, 30))
    with refused("23P01", "validation_granted_once"):
        execute(
            "UPDATE participants_eligibilityvalidation SET state = 'granted', decided_at = now(), decided_by_id = %s "
            "WHERE id = %s",
            author().pk,
            later.pk,
        )


def test_proposals_and_refusals_may_overlap(person):
    for trait in ({}, {}, {"refused": True}, {"revoked": True}, {"granted": True}):
        EligibilityValidationFactory(participant=person, **trait)
    assert EligibilityValidation.objects.count() == 5


def test_two_persons_are_validated_at_the_same_time(person, contract):
    valid(person, "2026-01-01", "2026-12-31")
    valid(ParticipantFactory(territory=contract.territory), "2026-01-01", "2026-12-31")
    assert EligibilityValidation.objects.granted().count() == 2


def test_bulk_writing_meets_the_key_too(contract):
    entry = HoursEntry(
        contract=contract,
        participant=contract.participant,
        territory=contract.territory,
        market=contract.market,
        lot=contract.lot,
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 3, 31),
        declared=Decimal(10),
        counted=Decimal(10),
    )
    with refused("23503", KEY):
        HoursEntry.objects.bulk_create([entry])
    with refused("23503", KEY):
        entry.save()


def test_an_update_of_many_rows_meets_the_key(contract):
    insert(contract, counted=0, rejected=100)
    with refused("23503", KEY):
        HoursEntry.objects.update(counted=100, rejected=0, rejection_reason="")


def test_the_refusal_becomes_the_fixed_sentence(contract):
    with pytest.raises(DomainError) as refusal, refusals(REFUSALS):
        insert(contract)
    assert refusal.value.message == (
        "Heures refusées : cette personne n’était pas validée par le facilitateur à ces dates."
    )


@pytest.mark.parametrize(
    "fates",
    [
        {"counted": 99},
        {"counted": 101},
        {"counted": 50, "rejected": 50},
        {"rejected": 1, "rejection_reason": "'not_validated'"},
        {"pending": 1},
        {"counted": 101, "pending": -1},
    ],
)
def test_declared_hours_add_up_even_in_raw_sql(fates):
    HoursEntryFactory()
    with refused("23514"):
        execute(f"UPDATE participants_hoursentry SET {', '.join(f'{k} = {v}' for k, v in fates.items())}")  # noqa: S608


def test_the_server_knows_temporal_keys():
    assert connection.pg_version >= 180000
