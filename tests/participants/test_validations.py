"""The facilitator's word: proposed, granted, refused, revoked; and what becomes of the hours."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from markets.models import Alert, MarketTotal
from participants.enums import ValidationState
from participants.models import ClosedPeriod, EligibilityValidation, HoursEntry
from participants.services.validations import (
    ALREADY_DECIDED,
    BEFORE_DECISION,
    OVERLAP,
    grant,
    propose,
    refuse,
    revoke,
    shorten,
)
from tests.factories.accounts import UserFactory, author
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    at_the_first_day,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

M9 = "Cette personne a déjà une validation sur cette période."
M10 = "La validation ne peut pas prendre effet avant le jour de la décision."
MARCH, APRIL, MAY = (date(2026, month, 1) for month in (3, 4, 5))


def totals(entry):
    row = MarketTotal.objects.get(market=entry.market_id, territory=entry.territory_id)
    return row.declared, row.counted


def fates(participant):
    entries = HoursEntry.objects.filter(participant=participant).order_by("month")
    return [(entry.counted, entry.rejected, entry.pending) for entry in entries]


def test_a_request_keeps_who_saw_the_evidence():
    seen = EligibilityValidationFactory()
    assert (seen.evidence_seen_by, seen.evidence_seen_at is not None) == (author(), True)
    unseen = EligibilityValidationFactory(evidence_dated_on=None)
    assert (unseen.evidence_seen_by, unseen.evidence_seen_at) == (None, None)


def test_a_request_with_reversed_dates_is_refused():
    validation = EligibilityValidationFactory.build(
        participant=HoursEntryFactory().participant,
        category=EligibilityValidationFactory().category,
        starts_on=MAY,
        ends_on=APRIL,
    )
    with pytest.raises(ValidationError, match="La fin de la validation précède son début"):
        propose(validation=validation, by=author())


def test_a_validation_is_granted_from_today(today):
    validation, facilitator = EligibilityValidationFactory(starts_on=today), UserFactory()
    granted = grant(validation=validation, by=facilitator)
    assert (granted.state, granted.decided_by) == (ValidationState.GRANTED, facilitator)


def test_a_validation_never_takes_effect_before_its_decision(today):
    validation = EligibilityValidationFactory(starts_on=today - timedelta(days=1))
    with pytest.raises(DomainError) as refused:
        grant(validation=validation, by=author())
    assert refused.value.message == BEFORE_DECISION == M10
    assert EligibilityValidation.objects.get().state == ValidationState.PROPOSED


@pytest.mark.parametrize("first_day", [date(2026, 12, 31), date(2026, 10, 1)])
def test_granted_periods_do_not_overlap(first_day):
    granted = EligibilityValidationFactory(granted=True)
    other = EligibilityValidationFactory(
        participant=granted.participant, starts_on=first_day, ends_on=date(2027, 6, 30)
    )
    with pytest.raises(DomainError) as refused:
        grant(validation=other, by=author())
    assert refused.value.message == OVERLAP == M9


def test_adjacent_periods_follow_one_another():
    granted = EligibilityValidationFactory(granted=True)
    following = EligibilityValidationFactory(
        participant=granted.participant, starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 30)
    )
    assert grant(validation=following, by=author()).state == ValidationState.GRANTED


@pytest.mark.parametrize(
    ("trait", "decide"),
    [
        ("granted", grant),
        ("granted", refuse),
        ("refused", grant),
        ("refused", refuse),
        ("refused", revoke),
        ("revoked", grant),
        ("revoked", refuse),
        ("revoked", revoke),
    ],
)
def test_what_was_decided_is_not_decided_again(trait, decide):
    validation = EligibilityValidationFactory(**{trait: True})
    reason = {} if decide is grant else {"reason": "Autre avis."}
    with pytest.raises(Conflict, match=ALREADY_DECIDED):
        decide(validation=validation, by=author(), **reason)


def test_a_request_is_not_revoked():
    with pytest.raises(Conflict):
        revoke(validation=EligibilityValidationFactory(), by=author(), reason="Faux.")


@pytest.mark.parametrize("decide", [refuse, revoke])
def test_a_refusal_and_a_revocation_say_why(decide):
    validation = EligibilityValidationFactory(granted=decide is revoke)
    with pytest.raises(ValidationError):
        decide(validation=validation, by=author(), reason="")
    assert EligibilityValidation.objects.get().reason == ""


def test_granting_counts_the_hours_that_waited_for_it():
    """Rejected hours of March become counted, those of a month begun too early wait for a split."""
    contract = EmploymentContractFactory()
    for month in (MARCH, APRIL, MAY):
        HoursEntryFactory(contract=contract, month=month)
    assert fates(contract.participant) == [(0, 100, 0)] * 3
    validation = EligibilityValidationFactory(participant=contract.participant, starts_on=date(2026, 4, 16))
    at_the_first_day(validation, grant)
    assert fates(contract.participant) == [(0, 100, 0), (0, 0, 100), (100, 0, 0)]
    assert totals(HoursEntry.objects.first()) == (300, 100)


def test_an_adjacent_validation_counts_the_hours_that_waited():
    contract = EmploymentContractFactory()
    EligibilityValidationFactory(
        participant=contract.participant, starts_on=date(2026, 4, 16), ends_on=date(2026, 12, 31), granted=True
    )
    entry = HoursEntryFactory(contract=contract, month=APRIL)
    assert entry.pending == 100
    before = EligibilityValidationFactory(
        participant=contract.participant, starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 15)
    )
    at_the_first_day(before, grant)
    entry.refresh_from_db()
    assert (entry.counted, entry.version) == (100, 2)


def test_granting_leaves_the_hours_of_others_alone():
    entry = HoursEntryFactory()
    other = HoursEntryFactory(contract=EmploymentContractFactory())
    at_the_first_day(EligibilityValidationFactory(participant=other.participant), grant)
    entry.refresh_from_db()
    assert (entry.counted, entry.version) == (100, 1)


def test_granting_does_not_touch_a_closed_quarter():
    contract = EmploymentContractFactory()
    HoursEntryFactory(contract=contract, month=MARCH)
    HoursEntryFactory(contract=contract, month=APRIL)
    ClosedPeriod.objects.create(territory=contract.territory, quarter_start=date(2026, 1, 1))
    at_the_first_day(EligibilityValidationFactory(participant=contract.participant), grant)
    assert fates(contract.participant) == [(0, 100, 0), (100, 0, 0)]


def test_revoking_rejects_the_hours_it_covered_in_the_same_transaction():
    entry = HoursEntryFactory()
    HoursEntryFactory(contract=entry.contract, month=APRIL)
    facilitator = UserFactory()
    revoke(validation=EligibilityValidation.objects.get(), by=facilitator, reason="Justificatif falsifié.")
    assert fates(entry.participant) == [(0, 100, 0)] * 2
    assert totals(entry) == (200, 0)
    assert HoursEntry.objects.first().history.first().history_user == facilitator


def test_revoking_keeps_the_hours_another_validation_covers():
    contract = EmploymentContractFactory()
    periods = [(date(2026, 1, 1), date(2026, 3, 31)), (APRIL, date(2026, 12, 31))]
    validations = [
        EligibilityValidationFactory(participant=contract.participant, starts_on=first, ends_on=last, granted=True)
        for first, last in periods
    ]
    entry = HoursEntryFactory(contract=contract, month=MARCH)
    HoursEntryFactory(contract=contract, month=APRIL)
    revoke(validation=validations[1], by=author(), reason="Fin de droits.")
    assert fates(contract.participant) == [(100, 0, 0), (0, 100, 0)]
    assert totals(entry) == (200, 100)


def test_revoking_half_of_a_month_makes_it_wait():
    contract = EmploymentContractFactory()
    for first, last in ((date(2026, 1, 1), date(2026, 3, 15)), (date(2026, 3, 16), date(2026, 12, 31))):
        validation = EligibilityValidationFactory(
            participant=contract.participant, starts_on=first, ends_on=last, granted=True
        )
    HoursEntryFactory(contract=contract, month=MARCH)
    revoke(validation=validation, by=author(), reason="Fin de droits.")
    assert fates(contract.participant) == [(0, 0, 100)]


def test_hours_already_sent_are_taken_away_by_a_correction():
    entry = HoursEntryFactory()
    ClosedPeriod.objects.create(territory=entry.territory, quarter_start=date(2026, 1, 1))
    revoke(validation=EligibilityValidation.objects.get(), by=author(), reason="Faux.")
    assert EligibilityValidation.objects.get().state == ValidationState.REVOKED
    sent, correction = HoursEntry.objects.order_by("pk")
    assert (sent.counted, correction.counted, correction.booked_in) == (100, -100, APRIL)
    assert totals(entry)[1] == 0


def test_a_revocation_is_told_to_the_lots_that_lose_hours_without_any_name():
    entry = HoursEntryFactory()
    person = entry.participant
    HoursEntryFactory(contract=EmploymentContractFactory(participant=person))
    EmploymentContractFactory(participant=person)
    revoke(validation=EligibilityValidation.objects.get(), by=author(), reason="Faux.")
    alerts = Alert.objects.filter(category="A06")
    assert {alert.lot for alert in alerts} == {row.lot for row in HoursEntry.objects.all()}
    for alert in alerts:
        assert "100\u00a0h de ce lot ne sont plus comptabilisées" in alert.description
        assert person.last_name not in alert.description


def test_a_validation_is_revoked_from_a_day_on():
    entry = HoursEntryFactory()
    HoursEntryFactory(contract=entry.contract, month=APRIL)
    shortened = shorten(
        validation=EligibilityValidation.objects.get(), from_day=APRIL, by=author(), reason="Fraude en avril."
    )
    assert (shortened.ends_on, shortened.first_ends_on) == (date(2026, 3, 31), date(2026, 12, 31))
    assert (shortened.state, shortened.shortened_by) == (ValidationState.GRANTED, author())
    assert fates(entry.participant) == [(100, 0, 0), (0, 100, 0)]
    assert totals(entry) == (200, 100)
    again = shorten(validation=shortened, from_day=date(2026, 2, 1), by=author(), reason="Fraude en février.")
    assert (again.ends_on, again.first_ends_on) == (date(2026, 1, 31), date(2026, 12, 31))


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2027, 1, 1), date(2025, 12, 31)])
def test_a_validation_is_shortened_within_itself(day):
    validation = EligibilityValidationFactory(granted=True)
    with pytest.raises(ValidationError, match="Indiquez un jour de la validation, après le premier"):
        shorten(validation=validation, from_day=day, by=author(), reason="Erreur.")


def test_a_person_revoked_is_validated_again():
    entry = HoursEntryFactory()
    revoke(validation=EligibilityValidation.objects.get(), by=author(), reason="Erreur de saisie.")
    at_the_first_day(EligibilityValidationFactory(participant=entry.participant), grant)
    assert fates(entry.participant) == [(100, 0, 0)]


def test_the_queue_holds_what_is_to_decide():
    waiting = EligibilityValidationFactory()
    for trait in ("granted", "refused", "revoked"):
        EligibilityValidationFactory(**{trait: True})
    assert list(EligibilityValidation.objects.to_decide()) == [waiting]
