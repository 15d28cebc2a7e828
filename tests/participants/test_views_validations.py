"""The facilitator's word: asked, granted, refused, revoked, and what it does to hours."""

from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from participants.enums import ValidationState
from participants.models import EligibilityValidation, HoursEntry
from participants.services.validations import ALREADY_DECIDED
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.support.pages import assert_done, assert_refused, submit, table, told, typed, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
OVERLAP = "Cette personne a déjà une validation sur cette période."
BEFORE_DECISION = "La validation ne peut pas prendre effet avant le jour de la décision."
QUEUE = "/validations/"
TODAY, YEAR_END = date(2026, 9, 15), date(2026, 12, 31)


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def person(territory):
    return ParticipantFactory(territory=territory)


def ask(person, starts_on=TODAY, **kwargs):
    return EligibilityValidationFactory(participant=person, starts_on=starts_on, ends_on=YEAR_END, **kwargs)


def url(name, row):
    return reverse(f"participants:validation_{name}", args=[row.pk])


def page(person):
    return reverse("participants:person", args=[person.pk])


def grant(client, validation):
    """Press « Valider » in the queue."""
    return submit(client, QUEUE, action=url("grant", validation))


def state_of(validation):
    return EligibilityValidation.objects.get(pk=validation.pk).state


def test_a_validation_is_asked(facilitator, person):
    category = EligibilityCategoryFactory(label="Bénéficiaire du RSA")
    response = submit(facilitator, url("request", person), category=category.pk, evidence_dated_on="2026-09-01")
    assert_done(response, "La demande est dans la file des validations.")
    asked = EligibilityValidation.objects.get()
    assert (asked.starts_on, asked.ends_on) == (TODAY, date(2028, 9, 14))
    assert asked.evidence_seen_by == facilitator.user
    assert "daté du 01/09/2026, vu par" in words(response)


def test_a_wrong_request_is_not_kept(facilitator, person):
    category = EligibilityCategoryFactory()
    for wrong, sentence in [
        ({"category": ""}, REQUIRED),
        ({"starts_on": ""}, REQUIRED),
        ({"ends_on": "2026-09-14"}, "La fin de la validation précède son début."),
        ({"evidence_dated_on": "2026-09-31"}, "Saisissez une date valide."),
        ({"ends_on": "9999-12-31"}, "Cette date est hors de portée (1990 à 2100)."),
    ]:
        response = submit(facilitator, url("request", person), **{"category": category.pk} | wrong)
        assert_refused(response, sentence)
        name, value = next(iter(wrong.items()))
        assert typed(response)[name] == value
        assert not EligibilityValidation.objects.exists()


def test_a_closed_category_is_no_longer_offered(facilitator, person):
    EligibilityCategoryFactory(label="Ancienne", valid_until=date(2026, 9, 14))
    assert "Ancienne" not in words(facilitator.get(url("request", person)))


def test_the_earliest_start_comes_first(facilitator, territory):
    for name, start in (("Second", date(2026, 10, 1)), ("Premier", TODAY)):
        ask(ParticipantFactory(territory=territory, last_name=name), starts_on=start)
    assert [row[0].split()[0] for row in table(facilitator.get(QUEUE))] == ["Premier", "Second"]


def test_a_validation_is_granted_from_the_queue(facilitator, person):
    validation = ask(person)
    response = grant(facilitator, validation)
    assert_done(response, f"{person} : validation accordée.")
    assert "Aucune demande en attente" in words(response)
    assert EligibilityValidation.objects.get().decided_by == facilitator.user


def test_a_validation_is_granted_from_the_page_of_the_person(facilitator, person):
    validation = ask(person)
    response = submit(facilitator, page(person), action=url("grant", validation))
    assert_done(response, f"{person} : validation accordée.")
    assert response.request["PATH_INFO"] == page(person)


def test_granting_counts_the_hours_that_waited(facilitator, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory, starts_on=date(2026, 9, 15))
    HoursEntryFactory(contract=contract, month=date(2026, 9, 1), declared=80)
    grant(facilitator, ask(contract.participant))
    assert HoursEntry.objects.get().counted == 80


def test_a_validation_never_looks_back(facilitator, person):
    validation = ask(person, starts_on=date(2026, 9, 14))
    assert told(grant(facilitator, validation)) == [BEFORE_DECISION]
    assert state_of(validation) == ValidationState.PROPOSED


def test_two_validations_never_overlap(facilitator, person):
    EligibilityValidationFactory(participant=person, granted=True)
    validation = ask(person)
    assert told(grant(facilitator, validation)) == [OVERLAP]
    assert state_of(validation) == ValidationState.PROPOSED


@pytest.mark.parametrize("trait", ["granted", "refused", "revoked"])
def test_a_decision_is_taken_once(facilitator, person, trait):
    validation = EligibilityValidationFactory(participant=person, **{trait: True})
    response = facilitator.post(url("grant", validation), follow=True)
    assert told(response) == [ALREADY_DECIDED]
    assert state_of(validation) == trait


def test_a_refusal_says_why(facilitator, person):
    validation = ask(person)
    response = submit(facilitator, url("refuse", validation), reason="Justificatif périmé.")
    assert_done(response, "La demande est refusée.")
    assert "Refusée 15/09/2026" in words(response)
    assert "Justificatif périmé." in words(response)


@pytest.mark.parametrize(("name", "trait"), [("refuse", None), ("revoke", "granted")])
@pytest.mark.parametrize(
    ("reason", "sentence"), [("  ", REQUIRED), ("\u202e", "Ce texte contient un caractère invisible ou interdit.")]
)
def test_without_a_reason_nothing_changes(facilitator, person, name, trait, reason, sentence):
    validation = ask(person, **({trait: True} if trait else {}))
    assert_refused(submit(facilitator, url(name, validation), reason=reason), sentence)
    assert state_of(validation) == (trait or "proposed")


@pytest.mark.parametrize(("name", "trait"), [("refuse", "granted"), ("revoke", "refused"), ("revoke", None)])
def test_an_impossible_decision_is_told(facilitator, person, name, trait):
    validation = ask(person, **({trait: True} if trait else {}))
    response = submit(facilitator, url(name, validation), reason="Trop tard.")
    assert_refused(response, ALREADY_DECIDED)
    assert typed(response)["reason"] == "Trop tard."


def test_revoking_stops_counting_the_hours(facilitator, territory):
    entry = HoursEntryFactory(contract__award__lot__territory=territory)
    validation = entry.participant.validations.get()
    response = submit(facilitator, url("revoke", validation), reason="Justificatif falsifié.")
    assert_done(response, "La validation est révoquée ; les heures qu’elle couvrait ont été recalculées.")
    entry = HoursEntry.objects.get()
    assert (entry.counted, entry.rejected, entry.rejection_reason) == (0, 100, "not_validated")


def test_hours_already_sent_keep_their_validation(facilitator, territory, close_quarter):
    entry = HoursEntryFactory(contract__award__lot__territory=territory)
    close_quarter(territory, "2026-T1")
    response = submit(facilitator, url("revoke", entry.participant.validations.get()), reason="Falsifié.")
    assert_refused(response, "Des heures couvertes par cette validation figurent dans un état publié.")
    assert HoursEntry.objects.get().counted == 100


def test_the_queue_of_a_neighbour_is_not_ours(facilitator, elsewhere):
    validation = ask(ParticipantFactory(territory=elsewhere))
    assert table(facilitator.get(QUEUE)) == []
    assert facilitator.post(url("grant", validation)).status_code == 404
    assert state_of(validation) == ValidationState.PROPOSED
