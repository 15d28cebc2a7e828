"""Validations by key: asked, granted, refused, withdrawn; nobody dates one back (C14; security.md A6, A19)."""

from datetime import date

import pytest

from facilitators.enums import KeyScope
from participants.models import EligibilityValidation
from tests.factories.facilitators import TerritoryFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    HoursEntryFactory,
    ParticipantFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

M9 = "Cette personne a déjà une validation sur cette période."
M10 = "La validation ne peut pas prendre effet avant le jour de la décision."


@pytest.fixture
def writer(as_key):
    return as_key(KeyScope.WRITE_PERSONS)


@pytest.fixture
def person(territory):
    return ParticipantFactory(territory=territory)


@pytest.fixture
def category(db):
    return EligibilityCategoryFactory(code="RSA")


def sent(person, **fields):
    period = {"starts_on": "2026-09-15", "ends_on": "2027-09-14"}
    return {"participant": person.pk, "category": "RSA", "evidence_dated_on": "2026-09-01"} | period | fields


def decide(client, row, verb, **fields):
    return client.write(f"/validations/{row['id']}/{verb}", {"version": row["version"]} | fields)


def refusal(response):
    """(status, code, sentence) of a problem."""
    body = response.json()
    return response.status_code, body["code"], body["detail"]


@pytest.mark.usefixtures("category")
def test_a_request_is_deposited_then_granted(writer, person):
    asked = writer.write("/validations", sent(person, evidence_kind="Attestation CAF", external_reference="V-1"))
    assert asked.status_code == 201, asked.json()
    row = asked.json()
    assert (row["state"], row["number"], row["category"], row["decided_at"]) == ("proposed", None, "RSA", None)
    granted = decide(writer, row, "grant").json()
    assert (granted["state"], granted["number"]) == ("granted", "V-2026-000001")
    assert writer.read(f"/validations/{row['id']}").json() == granted
    kept = EligibilityValidation.objects.get()
    assert (kept.requested_by, kept.evidence_seen_by, kept.decided_by) == (writer.account,) * 3


@pytest.mark.usefixtures("category")
def test_a_request_may_be_granted_at_once(writer, person):
    row = writer.write("/validations", sent(person, grant=True)).json()
    assert (row["state"], row["starts_on"]) == ("granted", "2026-09-15")


@pytest.mark.usefixtures("category")
def test_a_validation_never_starts_before_its_decision(writer, person):
    at_once = writer.write("/validations", sent(person, grant=True, starts_on="2026-09-14"))
    assert refusal(at_once) == (422, "before_decision", M10)
    assert not EligibilityValidation.objects.exists()
    row = writer.write("/validations", sent(person)).json()
    assert refusal(decide(writer, row, "grant", starts_on="2026-09-14")) == (422, "before_decision", M10)
    assert EligibilityValidation.objects.get().state == "proposed"


@pytest.mark.usefixtures("category")
def test_two_validations_do_not_overlap(writer, person):
    writer.write("/validations", sent(person, grant=True))
    again = writer.write("/validations", sent(person, grant=True, starts_on="2027-09-14", ends_on="2027-12-31"))
    assert refusal(again) == (422, "validation_overlap", M9)
    assert EligibilityValidation.objects.count() == 1


@pytest.mark.usefixtures("category")
def test_the_evidence_is_asked_as_on_the_page(writer, person):
    unseen = writer.write("/validations", sent(person, grant=True, evidence_dated_on=None))
    assert refusal(unseen)[::2] == (422, "Le justificatif n’a pas été vu : indiquez sa date dans la demande.")
    old = writer.write("/validations", sent(person, grant=True, evidence_dated_on="2026-05-01"))
    assert "est trop ancien" in old.json()["detail"]
    to_come = writer.write("/validations", sent(person, evidence_dated_on="2026-09-16"))
    assert to_come.json()["errors"] == [{"field": "evidence_dated_on", "message": "Cette date est dans l’avenir."}]
    assert not EligibilityValidation.objects.exists()


@pytest.mark.usefixtures("category")
def test_a_request_is_refused_then_no_longer_decided(writer, person):
    row = writer.write("/validations", sent(person)).json()
    refused = decide(writer, row, "refuse", reason="Hors catégorie.").json()
    assert (refused["state"], refused["reason"]) == ("refused", "Hors catégorie.")
    late = decide(writer, refused, "grant")
    assert refusal(late) == (409, "already_decided", "Cette demande a déjà reçu une décision.")
    assert [row["state"] for row in writer.read("/validations", {"state": "refused"}).json()["items"]] == ["refused"]


def test_a_validation_is_withdrawn_with_its_hours(writer, territory):
    entry = HoursEntryFactory(contract__award__lot__territory=territory)
    validation = entry.participant.validations.get()
    row = writer.read(f"/validations/{validation.pk}").json()
    without = decide(writer, row, "withdraw")
    assert (without.status_code, without.json()["errors"][0]["field"]) == (400, "reason")
    shorter = decide(writer, row, "withdraw", reason="Fausse pièce.", from_day="2026-03-16").json()
    assert (shorter["state"], shorter["ends_on"], shorter["first_ends_on"]) == ("granted", "2026-03-15", "2026-12-31")
    entry.refresh_from_db()
    assert (entry.counted, entry.pending) == (0, 100)
    revoked = decide(writer, shorter, "withdraw", reason="Fausse pièce.").json()
    entry.refresh_from_db()
    assert (revoked["state"], entry.counted, entry.rejected) == ("revoked", 0, 100)


@pytest.mark.usefixtures("category")
def test_a_request_that_waits_is_corrected(writer, person):
    row = writer.write("/validations", sent(person)).json()
    path = f"/validations/{row['id']}"
    changed = writer.change(path, {"ends_on": "2027-01-31", "version": row["version"]})
    assert (changed.status_code, changed.json()["ends_on"]) == (200, "2027-01-31")
    other = writer.change(path, {"participant": person.pk, "version": changed.json()["version"]})
    assert other.json()["errors"] == [{"field": "participant", "message": "Champ inconnu."}]


@pytest.mark.usefixtures("category")
@pytest.mark.parametrize(("verb", "fields"), [("grant", {}), ("refuse", {"reason": "Non."})])
def test_a_decision_is_about_the_version_that_was_read(writer, person, verb, fields):
    row = writer.write("/validations", sent(person)).json()
    writer.change(f"/validations/{row['id']}", {"evidence_kind": "Autre", "version": row["version"]})
    assert refusal(decide(writer, row, verb, **fields))[:2] == (409, "stale_version")
    assert writer.write(f"/validations/{row['id']}/{verb}", fields).json()["errors"][0]["field"] == "version"
    assert EligibilityValidation.objects.get().state == "proposed"


def test_a_withdrawal_is_about_the_version_that_was_read(writer, person):
    validation = EligibilityValidationFactory(participant=person, granted=True)
    stale = {"id": validation.pk, "version": 1}
    assert refusal(decide(writer, stale, "withdraw", reason="Faux."))[:2] == (409, "stale_version")


@pytest.mark.usefixtures("category")
def test_a_person_out_of_sight_is_an_unknown_one(writer):
    outside = ParticipantFactory(territory=TerritoryFactory())
    answers = [writer.write("/validations", sent(outside, participant=pk)) for pk in (outside.pk, 987654, "X", True)]
    assert {answer.status_code for answer in answers} == {400}
    assert len({str(answer.json()) for answer in answers}) == 1
    assert answers[0].json()["errors"] == [
        {"field": "participant", "message": "Cet élément n’existe pas ou vous n’y avez pas accès."}
    ]


@pytest.mark.parametrize("verb", ["grant", "refuse", "withdraw"])
def test_a_validation_out_of_sight_does_not_exist(writer, verb):
    outside = EligibilityValidationFactory(participant__territory=TerritoryFactory())
    answers = [decide(writer, {"id": pk, "version": 1}, verb) for pk in (outside.pk, 987654)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert writer.read("/validations").json()["items"] == []


@pytest.mark.usefixtures("category")
def test_a_key_that_reads_does_not_decide(as_key, person):
    reader, validation = as_key(KeyScope.READ_PERSONS), EligibilityValidationFactory(participant=person)
    row = reader.read(f"/validations/{validation.pk}").json()
    answers = [decide(reader, row, verb, reason="Non.") for verb in ("grant", "refuse", "withdraw")]
    assert {answer.status_code for answer in [*answers, reader.write("/validations", sent(person))]} == {403}
    assert EligibilityValidation.objects.get().state == "proposed"


def test_a_key_of_hours_reads_no_validation(as_key, person):
    client, validation = as_key(KeyScope.WRITE_HOURS), EligibilityValidationFactory(participant=person)
    assert client.read("/validations").status_code == 403
    assert client.read(f"/validations/{validation.pk}").status_code == 403


@pytest.mark.usefixtures("category")
def test_a_category_out_of_use_is_unknown(writer, person):
    EligibilityCategoryFactory(code="ANCIEN", valid_until=date(2026, 9, 14))
    for code in ("ANCIEN", "RIEN", [], 4):
        answer = writer.write("/validations", sent(person, category=code))
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "category")


WRITABLE = {
    "participant", "category", "lot", "evidence_kind", "evidence_dated_on", "iae_number", "iae_ends_on",
    "opinion_from", "opinion", "tie_declared", "starts_on", "ends_on",
}  # fmt: skip


@pytest.mark.usefixtures("category")
def test_no_other_field_is_written(writer, person):
    for name in {field.name for field in EligibilityValidation._meta.get_fields()} - WRITABLE | {"valide_par"}:
        for body in (sent(person, **{name: "granted"}), sent(person, grant=True, **{name: "2026-01-01"})):
            response = writer.write("/validations", body)
            assert response.json()["errors"] == [{"field": name, "message": "Champ inconnu."}]
    assert not EligibilityValidation.objects.exists()


WRONG = (
    ("starts_on", "9999-12-31"),
    ("ends_on", None),
    ("ends_on", 20270101),
    ("grant", "oui"),
    ("grant", 1),
    ("iae_number", 12),
    ("opinion", "1 85 07 13 055 123 47"),
    ("lot", 987654),
)


@pytest.mark.usefixtures("category")
def test_a_wrong_value_is_named(writer, person):
    for name, value in WRONG:
        response = writer.write("/validations", sent(person) | {name: value})
        assert (response.status_code, response.json()["errors"][0]["field"]) == (400, name), value
    assert not EligibilityValidation.objects.exists()


def test_a_list_costs_the_same_whatever_its_length(writer, territory, count_queries):
    def one_more():
        EligibilityValidationFactory(participant__territory=territory)

    one_more()
    writer.read("/validations")
    few = count_queries(lambda: writer.read("/validations"))
    one_more(), one_more()
    assert count_queries(lambda: writer.read("/validations")) == few
