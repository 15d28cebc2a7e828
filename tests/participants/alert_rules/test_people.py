"""Persons, never named: unvalidated, validation ending, contract broken, refused, overworked, doubles."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from markets.models import Alert
from participants.alert_rules import people, run_rules
from participants.services.hours import withhold
from tests.factories.accounts import author
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)
from tests.support.alert_facts import at_work, facts, hours, likely_pair, posting, refuse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


def test_a_contract_begun_without_validation_is_reported(award):
    bare = EmploymentContractFactory(award=award, starts_on=date(2026, 3, 2))
    at_work(award)
    EmploymentContractFactory(award=award, starts_on=date(2026, 10, 1))
    assert facts(people.not_validated) == [
        (
            f"A06:{bare.pk}",
            "Contrat commencé le 02/03/2026 sans validation de la personne : ses heures ne comptent pas.",
        )
    ]


def test_a_validation_that_ends_before_the_contract_is_reported(award):
    contract = EmploymentContractFactory(award=award)
    year = EligibilityValidationFactory(participant=contract.participant, granted=True)
    short = at_work(award, ends_on=date(2026, 12, 31))
    assert facts(people.eligibility_ending) == []
    assert facts(people.eligibility_ending, date(2026, 11, 15)) == [
        (f"A08:{year.pk}", "La validation d’une personne prend fin le 31/12/2026, son contrat continue.")
    ]
    assert facts(people.eligibility_ending, date(2027, 2, 1))[0][0] == f"A08:{year.pk}"
    with time_machine.travel("2026-12-20T10:00+01:00"):
        EligibilityValidationFactory(
            participant=contract.participant,
            granted=True,
            evidence_dated_on=date(2026, 12, 15),
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 12, 31),
        )
    assert facts(people.eligibility_ending, date(2026, 11, 15)) == []
    assert short.ends_on == date(2026, 12, 31)


def test_a_contract_broken_lately_is_reported_and_never_closes_by_itself(award):
    broken = at_work(award, ends_on=date(2026, 9, 1), end_reason="trial")
    at_work(award, ends_on=date(2026, 9, 1), end_reason="term")
    at_work(award, ends_on=date(2026, 3, 1), end_reason="trial")
    assert facts(people.early_end) == [(f"A09:{broken.pk}", "Un contrat a pris fin avant son terme le 01/09/2026.")]
    run_rules()
    run_rules(today=date(2027, 1, 1))
    assert Alert.objects.get(category="A09").closed_on is None


def test_three_refusals_of_a_company_on_a_lot_are_reported(award):
    posts = [posting(award), posting(award)]
    for post, reason in zip([*posts, posts[0]], ["skills", "transport", "already_hired"], strict=True):
        refuse(post, reason)
    assert facts(people.repeated_refusals) == []
    refuse(posts[1], "language")
    assert facts(people.repeated_refusals) == [
        (f"A20:{award.lot_id}:{award.company_id}", "3 candidats refusés par la même entreprise sur ce lot.")
    ]


def test_too_many_hours_in_a_month_across_contracts_are_reported(award):
    one = at_work(award)
    other = EmploymentContractFactory(award=award, participant=one.participant)
    hours(one, 7, declared=150)
    assert facts(people.legal_ceiling) == []
    hours(other, 7, declared=70)
    assert facts(people.legal_ceiling) == [
        (
            f"A21:{one.participant_id}:2026-07",
            "Une personne a 220\u00a0h déclarées en 07/2026, tous contrats confondus.",
        )
    ]


def test_hours_set_aside_were_not_worked(award):
    one = at_work(award)
    other = EmploymentContractFactory(award=award, participant=one.participant)
    hours(one, 7, declared=150)
    hours(other, 7, declared=100)
    withhold(entry=other.hours.get(), hours=Decimal(90), reason="duplicate", by=author())
    assert facts(people.legal_ceiling) == []


def test_an_old_month_is_not_closed_for_being_old(award):
    one = at_work(award)
    other = EmploymentContractFactory(award=award, participant=one.participant)
    hours(one, 7, declared=150)
    hours(other, 7, declared=70)
    run_rules()
    run_rules(today=date(2028, 1, 1))
    assert Alert.objects.get(category="A21").closed_on is None
    hours_of_july = other.hours.get()
    hours_of_july.declared = hours_of_july.counted = Decimal(10)
    hours_of_july.save()
    run_rules()
    assert Alert.objects.get(category="A21").closed_on is not None


def test_likely_doubles_are_counted_in_each_territory(territory, elsewhere):
    ParticipantFactory(territory=territory, last_name="Durand", first_name="Paul", birth_date=date(1990, 5, 4))
    assert facts(people.likely_duplicates) == []
    likely_pair(territory, elsewhere)
    sentence = "Des fiches désignent peut-être la même personne : 1 rapprochement à examiner."
    assert set(facts(people.likely_duplicates)) == {
        (f"A22:{place.pk}:2026-09", sentence) for place in (territory, elsewhere)
    }
