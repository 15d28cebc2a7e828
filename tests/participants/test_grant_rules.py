"""What must be true to grant: the evidence and its age, where the person lives, the start, the 24 months."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from markets.models import CountingRule
from participants.enums import ValidationState
from participants.models import EligibilityValidation
from participants.services.grant_rules import NOT_IN_QPV, NOT_SEEN, TWO_PEOPLE, checks_of
from participants.services.validations import ask_evidence, extend, grant, propose, refuse, revise
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import LotFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY, YEAR_END = date(2026, 9, 15), date(2026, 12, 31)


def request_of(**fields):
    return EligibilityValidationFactory(**{"starts_on": TODAY, "ends_on": YEAR_END} | fields)


def granted(validation, **kwargs):
    return grant(validation=validation, by=author(), **kwargs)


def refused(validation, **kwargs):
    with pytest.raises(DomainError) as error:
        granted(validation, **kwargs)
    assert EligibilityValidation.objects.get(pk=validation.pk).state == ValidationState.PROPOSED
    return error.value.message


def test_the_evidence_must_have_been_seen():
    assert refused(request_of(evidence_dated_on=None)) == NOT_SEEN


def test_an_old_document_is_renewed_before_the_decision():
    validation = request_of(evidence_dated_on=date(2026, 6, 14))
    assert refused(validation).startswith("Le justificatif du 14/06/2026 est trop ancien")
    validation.evidence_dated_on = date(2026, 6, 15)
    revise(validation=validation, by=author())
    assert granted(validation).state == ValidationState.GRANTED


def test_the_age_of_some_documents_does_not_matter():
    category = EligibilityCategoryFactory(evidence_months=None)
    assert granted(request_of(category=category, evidence_dated_on=date(2012, 1, 1))).decided_by == author()


def test_a_document_of_tomorrow_is_refused():
    with pytest.raises(ValidationError, match="dans l’avenir"):
        request_of(evidence_dated_on=TODAY + timedelta(days=1))


def test_whoever_renews_the_evidence_has_seen_it():
    validation, other = request_of(), UserFactory()
    validation.evidence_kind = "Attestation CAF"
    assert revise(validation=validation, by=other).evidence_seen_by == author()
    validation.evidence_dated_on = TODAY
    assert revise(validation=validation, by=other).evidence_seen_by == other


def test_a_pass_that_is_over_does_not_do():
    category = EligibilityCategoryFactory(requirement="structure")
    over = request_of(category=category, iae_number="999991234567", iae_ends_on=date(2026, 9, 14))
    assert refused(over) == "Le PASS IAE a pris fin le 14/09/2026."


def test_an_attestation_of_the_structure_does_without_a_pass():
    category = EligibilityCategoryFactory(requirement="structure", evidence_months=None)
    assert granted(request_of(category=category)).number == "V-2026-000001"


@pytest.mark.parametrize("lives_there", [None, False])
def test_a_market_for_residents_asks_where_one_lives(lives_there):
    rule = CountingRule.objects.create(market=LotFactory().market, qpv_required=True)
    person = ParticipantFactory(lives_in_qpv=lives_there)
    assert refused(request_of(participant=person, lot=rule.market.lots.get())) == NOT_IN_QPV
    assert granted(request_of(participant=person)).state == ValidationState.GRANTED


def test_residents_are_validated_for_such_a_market():
    rule = CountingRule.objects.create(market=LotFactory().market, qpv_required=True)
    assert granted(request_of(lot=rule.market.lots.get())).state == ValidationState.GRANTED


def test_the_decider_sets_the_period():
    validation = request_of(starts_on=date(2026, 9, 1))
    decided = granted(validation, starts_on=TODAY, ends_on=date(2027, 1, 31))
    assert (decided.starts_on, decided.ends_on) == (TODAY, date(2027, 1, 31))


def test_numbers_follow_one_another_within_a_year():
    assert [granted(request_of()).number for _ in range(2)] == ["V-2026-000001", "V-2026-000002"]


def at_work_since(person, day):
    return EmploymentContractFactory(participant=person, starts_on=day)


def test_the_24_months_run_from_the_first_contract():
    person = ParticipantFactory()
    at_work_since(person, date(2026, 3, 1))
    at_work_since(person, date(2025, 3, 1))
    assert granted(request_of(participant=person, ends_on=date(2027, 2, 28))).state == ValidationState.GRANTED
    beyond = request_of(participant=person, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 2))
    assert "vont jusqu’au 28/02/2027" in refused(beyond)


def test_contracts_of_another_territory_count_and_are_not_named():
    """The same identity has a file elsewhere: its months are counted, its territory never said."""
    person = ParticipantFactory(last_name="N’Diaye", first_name="Éloïse", birth_date=date(1988, 2, 29))
    twin = ParticipantFactory(last_name="NDIAYE", first_name="eloise", birth_date=date(1988, 2, 29))
    at_work_since(twin, date(2024, 11, 1))
    validation = request_of(participant=person)
    detail = next(check.detail for check in checks_of(validation, TODAY) if check.label == "24 mois")
    assert detail == "22 mois déjà ouverts, validation possible jusqu’au 31/10/2026"
    assert "vont jusqu’au 31/10/2026" in refused(validation)


def test_a_homonym_has_her_own_clock():
    person = ParticipantFactory(last_name="N’Diaye", first_name="Éloïse", birth_date=date(1988, 2, 29))
    other = ParticipantFactory(last_name="N’Diaye", first_name="Éloïse", birth_date=date(1988, 3, 1))
    at_work_since(other, date(2024, 1, 1))
    assert granted(request_of(participant=person)).state == ValidationState.GRANTED


def test_a_pass_that_ends_later_opens_the_window():
    person, category = ParticipantFactory(), EligibilityCategoryFactory(requirement="structure")
    at_work_since(person, date(2024, 10, 1))
    given = {"iae_number": "999991234567", "iae_ends_on": date(2027, 6, 30)}
    validation = request_of(participant=person, category=category, ends_on=date(2027, 6, 30), **given)
    assert granted(validation).ends_on == date(2027, 6, 30)


def test_beyond_24_months_one_says_why():
    person = ParticipantFactory()
    at_work_since(person, date(2024, 1, 1))
    validation = request_of(participant=person)
    assert "accordez une prolongation" in refused(validation)
    with pytest.raises(ValidationError, match="Indiquez le motif"):
        granted(validation, extension_reason="senior")
    decided = granted(validation, extension_reason="senior", reason="59 ans, en fin de parcours.")
    assert decided.extension_reason == "senior"


def test_an_extension_follows_what_it_extends():
    former = EligibilityValidationFactory(granted=True)
    at_work_since(former.participant, date(2026, 2, 1))
    following = extend(
        validation=former, ends_on=date(2029, 1, 31), reason_kind="apprentice", reason="Apprentissage.", by=author()
    )
    assert (following.extends, following.starts_on, following.ends_on) == (
        former,
        date(2027, 1, 1),
        date(2029, 1, 31),
    )
    assert (following.number, following.evidence_dated_on) == ("V-2026-000002", former.evidence_dated_on)


def test_an_extension_of_what_is_over_begins_today():
    former = EligibilityValidationFactory(granted=True, ends_on=date(2026, 6, 30))
    following = extend(validation=former, ends_on=YEAR_END, reason_kind="other", reason="Chantier.", by=author())
    assert following.starts_on == TODAY


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"reason": ""}, ValidationError), ({"ends_on": YEAR_END}, ValidationError), ({}, None)],
)
def test_an_extension_is_explained_and_goes_further(changes, error):
    former = EligibilityValidationFactory(granted=True)
    given = {"ends_on": date(2027, 1, 1), "reason_kind": "senior", "reason": "50 ans."} | changes
    if error is None:
        assert extend(validation=former, by=author(), **given).state == ValidationState.GRANTED
        with pytest.raises(DomainError, match="déjà une validation"):
            extend(validation=former, by=author(), **given)
        return
    with pytest.raises(error):
        extend(validation=former, by=author(), **given)


def test_only_what_was_granted_is_extended():
    with pytest.raises(Conflict):
        extend(validation=request_of(), ends_on=date(2027, 1, 1), reason_kind="senior", reason="x", by=author())


def test_by_default_nothing_is_retroactive_whatever_is_said():
    assert "jour de la décision" in refused(request_of(starts_on=date(2026, 9, 14)), reason="Oubli.")


def test_the_office_may_open_a_few_days_backwards(settings):
    settings.RETROACTIVE_VALIDATION_DAYS = 30
    validation, other = request_of(starts_on=date(2026, 8, 16)), UserFactory()
    with pytest.raises(ValidationError, match="Indiquez le motif"):
        grant(validation=validation, by=other)
    assert refused(validation, reason="Oubli.") == TWO_PEOPLE
    assert grant(validation=validation, by=other, reason="Oubli.").state == ValidationState.GRANTED
    too_late = request_of(starts_on=date(2026, 8, 15))
    assert refused(too_late, reason="Oubli.") == "La validation prend effet au plus 30 jours avant la décision."


def test_a_change_of_situation_does_not_end_a_validation():
    """She no longer receives the RSA, the category is closed, the evidence has expired: what was granted goes on."""
    validation = EligibilityValidationFactory(granted=True)
    category = validation.category
    category.valid_until = date(2026, 2, 1)
    category.save()
    validation.participant.receives_rsa = False
    validation.participant.save()
    assert EligibilityValidation.objects.granted().get() == validation


def test_a_request_waits_for_what_is_missing():
    validation = request_of()
    waiting = ask_evidence(validation=validation, missing="Attestation RSA", by=author())
    assert waiting.state == ValidationState.INCOMPLETE
    with pytest.raises(Conflict, match="attend des pièces"):
        granted(waiting)
    completed = revise(validation=EligibilityValidation.objects.get(), by=author())
    assert (completed.state, completed.missing) == (ValidationState.PROPOSED, "")


def test_what_waits_can_be_refused():
    waiting = ask_evidence(validation=request_of(), missing="Attestation RSA", by=author())
    assert refuse(validation=waiting, reason="Jamais reçue.", by=author()).state == ValidationState.REFUSED


def test_what_was_decided_is_not_revised():
    validation = EligibilityValidationFactory(granted=True)
    with pytest.raises(Conflict):
        revise(validation=validation, by=author())


def test_a_request_says_who_asked_and_when():
    asked = propose(
        validation=EligibilityValidationFactory.build(
            participant=ParticipantFactory(), category=EligibilityCategoryFactory(), starts_on=TODAY
        ),
        by=author(),
    )
    assert (asked.requested_by, asked.requested_at is not None) == (author(), True)
