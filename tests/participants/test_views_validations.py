"""The facilitator's word: asked, granted, refused, revoked, and what it does to hours."""

from datetime import date

import pytest
from django.urls import reverse

from clauses_portal.core.versions import version_of
from facilitators.enums import Role
from markets.models import CountingRule
from participants.enums import ValidationState
from participants.models import EligibilityValidation, HoursEntry
from participants.services.validations import ALREADY_DECIDED, TO_COMPLETE, extend
from tests.factories.markets import LotFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.support.pages import assert_done, assert_refused, submit, table, typed, words

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


def grant(client, validation, **values):
    """Press « Accorder » in the page of the request."""
    return submit(client, url("grant", validation), **values)


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
    assert url("grant", validation) in facilitator.get(QUEUE).content.decode()
    response = grant(facilitator, validation)
    assert_done(response, f"{person} : validation accordée.")
    assert "Aucune demande en attente" in words(response)
    granted = EligibilityValidation.objects.get()
    assert (granted.decided_by, granted.number) == (facilitator.user, "V-2026-000001")
    assert "n° V-2026-000001" in words(facilitator.get(page(person)))


def test_granting_counts_the_hours_that_waited(facilitator, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory, starts_on=date(2026, 9, 15))
    HoursEntryFactory(contract=contract, month=date(2026, 9, 1), declared=80)
    grant(facilitator, ask(contract.participant))
    assert HoursEntry.objects.get().counted == 80


def test_a_validation_never_looks_back(facilitator, person):
    validation = ask(person)
    assert_refused(grant(facilitator, validation, starts_on="2026-09-14"), BEFORE_DECISION)
    assert state_of(validation) == ValidationState.PROPOSED


def test_what_was_asked_yesterday_is_granted_from_today(facilitator, person):
    """The period is the decider's: a request that waited in the queue is not refused for it."""
    validation = ask(person, starts_on=date(2026, 9, 10))
    grant(facilitator, validation)
    granted = EligibilityValidation.objects.get()
    assert (granted.state, granted.starts_on, granted.ends_on) == ("granted", TODAY, YEAR_END)


def test_the_page_of_a_request_says_what_to_verify(facilitator, territory):
    lot = LotFactory(territory=territory)
    CountingRule.objects.create(market=lot.market, qpv_required=True)
    person = ParticipantFactory(territory=territory, lives_in_qpv=None, prescriber="company")
    category = EligibilityCategoryFactory(evidence_months=3)
    validation = ask(person, lot=lot, category=category, evidence_dated_on=date(2026, 6, 14), tie_declared=True)
    response = facilitator.get(url("grant", validation))
    constats = {row[0]: row[2] for row in table(response, "Ce que demande")}
    assert constats["Justificatif"].startswith("Bloquant Le justificatif du 14/06/2026 est trop ancien")
    assert constats["Quartier prioritaire"].startswith("Bloquant Ce marché est réservé")
    assert constats["24 mois"] == "Conforme"
    assert "Lien déclaré" in words(response)
    assert "Proposée par une entreprise" in words(response)


def test_a_request_waits_for_papers_then_comes_back(facilitator, person):
    validation = ask(person)
    response = submit(facilitator, url("missing", validation), missing="Attestation de la CAF")
    assert_done(response, "La demande attend les pièces demandées.")
    assert "Il manque : Attestation de la CAF" in words(response)
    assert_refused(facilitator.post(url("grant", validation), {"starts_on": TODAY, "ends_on": YEAR_END}), TO_COMPLETE)
    response = submit(facilitator, url("edit", validation), evidence_dated_on="2026-09-14")
    assert_done(response, "La demande est enregistrée.")
    assert_done(grant(facilitator, validation), f"{person} : validation accordée.")


def test_a_request_is_not_changed_behind_somebody(facilitator, person):
    validation = ask(person)
    read = typed(facilitator.get(url("edit", validation)))
    submit(facilitator, url("edit", validation), evidence_kind="Attestation CAF")
    response = facilitator.post(url("edit", validation), read | {"evidence_kind": "Autre"})
    assert "modifiée entre-temps" in words(response)
    assert EligibilityValidation.objects.get().evidence_kind == "Attestation CAF"


def test_what_was_decided_is_no_longer_edited(facilitator, person):
    validation = ask(person)
    read = typed(facilitator.get(url("edit", validation)))
    grant(facilitator, validation)
    read["seen"] = version_of(validation)
    assert_refused(facilitator.post(url("edit", validation), read), ALREADY_DECIDED)


def test_an_opinion_needs_its_text(facilitator, person):
    category = EligibilityCategoryFactory(requirement="opinion")
    response = submit(facilitator, url("request", person), category=category.pk)
    assert_refused(response, "Cette catégorie demande un avis motivé : indiquez de qui il vient et ce qu’il dit.")
    given = {"opinion_from": "Mission locale, A. Roux", "opinion": "Parcours à consolider."}
    response = submit(facilitator, url("request", person), category=category.pk, **given)
    assert_done(response, "La demande est dans la file des validations.")


def test_an_employee_of_a_structure_shows_a_pass_or_an_attestation(facilitator, person):
    category = EligibilityCategoryFactory(requirement="structure")
    response = submit(facilitator, url("request", person), category=category.pk)
    assert_refused(response, "Indiquez le PASS IAE et sa date de fin, ou l’attestation de la structure et sa date.")
    given = {"iae_number": "999991234567", "iae_ends_on": "2027-03-31"}
    response = submit(facilitator, url("request", person), category=category.pk, **given)
    assert_done(response, "La demande est dans la file des validations.")


def test_a_validation_is_extended(facilitator, person):
    EligibilityValidationFactory(participant=person, granted=True)
    validation = EligibilityValidation.objects.get()
    values = {"ends_on": "2027-06-30", "reason_kind": "training", "reason": "CAP en cours."}
    response = submit(facilitator, url("extend", validation), **values)
    assert_done(response, "La prolongation est accordée.")
    assert "du 01/01/2027 au 30/06/2027 prolongation : Parcours qualifiant en cours" in words(response)


def test_endings_are_listed_unless_something_follows(facilitator, territory):
    def until(name, ends_on):
        person = ParticipantFactory(territory=territory, last_name=name)
        return EligibilityValidationFactory(participant=person, granted=True, ends_on=ends_on)

    until("Loin", date(2026, 11, 15))
    until("Proche", date(2026, 11, 14))
    followed = until("Suivie", date(2026, 9, 30))
    extend(validation=followed, ends_on=YEAR_END, reason_kind="senior", reason="50 ans.", by=facilitator.user)
    rows = table(facilitator.get("/validations/bientot-echues/"))
    assert [row[0].split()[0] for row in rows] == ["Proche"]


def test_two_validations_never_overlap(facilitator, person):
    EligibilityValidationFactory(participant=person, granted=True)
    validation = ask(person)
    points = {row[0]: row[1:] for row in table(facilitator.get(url("grant", validation)), "Ce que demande")}
    assert points["Autre validation"] == ["du 01/01/2026 au 31/12/2026", f"Bloquant {OVERLAP}"]
    assert_refused(grant(facilitator, validation), OVERLAP)
    assert state_of(validation) == ValidationState.PROPOSED


@pytest.mark.parametrize("trait", ["granted", "refused", "revoked"])
def test_a_decision_is_taken_once(facilitator, person, trait):
    validation = EligibilityValidationFactory(participant=person, **{trait: True})
    response = facilitator.post(url("grant", validation), {"starts_on": TODAY, "ends_on": YEAR_END})
    assert_refused(response, ALREADY_DECIDED)
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


@pytest.mark.parametrize(("name", "trait"), [("refuse", "granted"), ("revoke", "refused")])
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


def test_revoking_from_a_day_keeps_what_came_before(facilitator, territory):
    entry = HoursEntryFactory(contract__award__lot__territory=territory)
    validation = entry.participant.validations.get()
    response = submit(facilitator, url("revoke", validation), from_day="2026-04-01", reason="Reprise d’emploi.")
    assert_done(response, "La validation est révoquée ; les heures qu’elle couvrait ont été recalculées.")
    assert HoursEntry.objects.get().counted == 100
    assert "du 01/01/2026 au 31/03/2026 accordée jusqu’au 31/12/2026, écourtée" in words(response)


def test_the_queue_of_a_neighbour_is_not_ours(facilitator, elsewhere):
    validation = ask(ParticipantFactory(territory=elsewhere))
    assert table(facilitator.get(QUEUE)) == []
    for name in ("grant", "missing", "edit", "extend"):
        assert facilitator.get(url(name, validation)).status_code == 404
    assert state_of(validation) == ValidationState.PROPOSED
