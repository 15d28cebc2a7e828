"""Persons by key: followed by one structure, invisible to the others (C13, C22; security.md A6, A8)."""

from datetime import date

import pytest

from facilitators.enums import KeyScope
from participants.enums import InformationMeans
from participants.models import Participant
from participants.services.merging import merge_persons
from tests.factories.accounts import author
from tests.factories.facilitators import CommuneFactory, TerritoryFactory
from tests.factories.participants import ParticipantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

IDENTITY = {"first_name": "Zoé", "last_name": "Garcia", "birth_date": date(1990, 5, 4)}
ALREADY_FOLLOWED = "Une personne de ce nom et de cette date de naissance est déjà suivie ici."
NIR = "1 85 07 13 055 123 47"
COMPACT = {("phone", NIR.replace(" ", ""))}


@pytest.fixture
def writer(as_key):
    return as_key(KeyScope.WRITE_PERSONS)


def sent(territory, **fields):
    commune = territory.communes.first().pk
    person = IDENTITY | {"birth_date": "1990-05-04", "territory": territory.code, "sex": "female", "commune": commune}
    return person | fields


def test_a_person_is_deposited_and_read_again(writer, territory):
    more = {"lives_in_qpv": True, "receives_rsa": None, "prescriber": "plie", "informed": "mail", "phone": "0442000000"}
    response = writer.write("/participants", sent(territory, external_reference="P-7", **more))
    assert response.status_code == 201, response.json()
    told = response.json()
    assert writer.read(f"/participants/{told['id']}").json() == told
    assert {name: told[name] for name in more} == more
    assert (told["external_reference"], told["merged_into"]) == ("P-7", None)
    person = Participant.objects.get()
    assert (person.history.first().history_user, person.informed_by) == (writer.account, writer.account)


def test_a_person_is_changed_with_her_version(writer, territory):
    row = writer.write("/participants", sent(territory)).json()
    changed = writer.change(f"/participants/{row['id']}", {"address": "2 rue du Port", "version": row["version"]})
    assert (changed.status_code, changed.json()["address"]) == (200, "2 rue du Port")
    stale = writer.change(f"/participants/{row['id']}", {"address": "Ailleurs", "version": row["version"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert stale.json()["detail"] == "Cette fiche a été modifiée entre-temps. Rechargez-la avant d’enregistrer."
    blind = writer.change(f"/participants/{row['id']}", {"address": "Ailleurs"})
    assert (blind.status_code, blind.json()["errors"][0]["field"]) == (400, "version")
    assert Participant.objects.get().address == "2 rue du Port"


def test_having_been_informed_is_recorded_once(writer, territory):
    row = writer.write("/participants", sent(territory)).json()
    told = writer.change(f"/participants/{row['id']}", {"informed": "paper", "version": row["version"]}).json()
    first = Participant.objects.get().informed_at
    writer.change(f"/participants/{row['id']}", {"informed": "", "sex": "male", "version": told["version"]})
    person = Participant.objects.get()
    assert (person.informed_how, person.informed_at, person.sex) == (InformationMeans.PAPER, first, "male")


def test_a_key_that_reads_does_not_write(as_key, territory):
    reader, person = as_key(KeyScope.READ_PERSONS), ParticipantFactory(territory=territory)
    assert reader.read(f"/participants/{person.pk}").status_code == 200
    for answer in (
        reader.write("/participants", sent(territory)),
        reader.change(f"/participants/{person.pk}", {"sex": "male", "version": 1}),
    ):
        assert (answer.status_code, answer.json()["detail"]) == (
            403, "Vous n’avez pas le droit d’effectuer cette action.",
        )  # fmt: skip


def test_a_key_of_hours_reads_no_person(as_key, territory):
    person = ParticipantFactory(territory=territory)
    for client in (as_key(KeyScope.WRITE_HOURS), as_key(KeyScope.READ_MARKETS)):
        assert client.read("/participants").status_code == 403
        assert client.read(f"/participants/{person.pk}").status_code == 403


def test_a_person_of_another_territory_does_not_exist(writer, territory):
    outside = ParticipantFactory(territory=TerritoryFactory())
    assert writer.read("/participants").json()["items"] == []
    assert writer.read(f"/participants/{outside.pk}").json() == writer.read("/participants/987654").json()
    unknown = writer.change("/participants/987654", {"sex": "male", "version": 1})
    there = writer.change(f"/participants/{outside.pk}", {"sex": "male", "version": 1})
    assert (there.status_code, there.json()) == (404, unknown.json())


def test_a_territory_out_of_sight_is_an_unknown_code(writer, territory):
    outside = TerritoryFactory(code="AILLEURS")
    codes = (outside.code, "RIEN", 3)
    answers = [writer.write("/participants", sent(territory) | {"territory": code}) for code in codes]
    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert answers[0].json() == answers[1].json() == answers[2].json()


def test_the_same_person_is_not_followed_twice_here(writer, territory):
    existing = writer.write("/participants", sent(territory)).json()["id"]
    again = sent(territory, first_name="ZOE", last_name="garcia", birth_name="Lopez")
    response = writer.write("/participants", again)
    assert (response.status_code, response.json()["code"]) == (409, "already_followed")
    assert (response.json()["detail"], response.json()["existing"]) == (ALREADY_FOLLOWED, existing)
    assert Participant.objects.count() == 1


@pytest.mark.parametrize("where", ["another structure", "another territory of the key"])
def test_nothing_is_said_of_the_same_person_elsewhere(writer, territory, elsewhere, where):
    other = TerritoryFactory() if where == "another structure" else elsewhere
    ParticipantFactory(territory=other, commune=CommuneFactory(), **IDENTITY)
    response = writer.write("/participants", sent(territory))
    assert response.status_code == 201
    assert "existing" not in response.json()


def test_a_name_taken_by_a_change_is_refused(writer, territory):
    ParticipantFactory(territory=territory, **IDENTITY)
    row = writer.write("/participants", sent(territory, first_name="Inès")).json()
    response = writer.change(f"/participants/{row['id']}", {"first_name": "Zoé", "version": row["version"]})
    assert (response.status_code, response.json()["errors"][0]["message"]) == (400, ALREADY_FOLLOWED)


def test_a_merged_file_names_the_one_that_is_kept(writer, territory):
    kept, merged = ParticipantFactory.create_batch(2, territory=territory)
    merge_persons(kept=kept, merged=merged, by=author())
    row = writer.read(f"/participants/{merged.pk}").json()
    assert row["merged_into"] == kept.pk
    response = writer.change(f"/participants/{merged.pk}", {"sex": "male", "version": row["version"]})
    assert (response.status_code, response.json()["code"]) == (409, "file_merged")


def test_no_text_takes_a_social_security_number(writer, territory):
    for name, number in dict.fromkeys(("last_name", "first_name", "birth_name", "address"), NIR).items() | COMPACT:
        response = writer.write("/participants", sent(territory, **{name: number}))
        assert (response.status_code, response.json()["errors"][0]["field"]) == (400, name)
    assert not Participant.objects.exists()


WRITABLE = {
    "territory", "first_name", "last_name", "birth_name", "birth_date", "sex", "commune", "address", "lives_in_qpv",
    "qpv_code", "phone", "email", "entered_on", "entry_situation", "education_level", "receives_rsa",
    "france_travail_id", "prescriber", "available_from",
}  # fmt: skip


def test_no_other_field_is_written(writer, territory):
    others = {"is_staff", "nir", "eligibility_reason", "territory_id", "created_by"}
    for name in {field.name for field in Participant._meta.get_fields()} - WRITABLE | others:
        response = writer.write("/participants", sent(territory, **{name: 1}))
        assert response.status_code == 400
        assert response.json()["errors"] == [{"field": name, "message": "Champ inconnu."}]
    assert not Participant.objects.exists()


WRONG = (
    ("birth_date", "1990-02-30"),
    ("birth_date", "0001-01-01"),
    ("birth_date", "2030-01-01"),
    ("birth_date", 19900504),
    ("birth_date", []),
    ("entered_on", "9999-12-31"),
    ("last_name", 3),
    ("last_name", "a" * 81),
    ("last_name", None),
    ("sex", "femme"),
    ("sex", {}),
    ("lives_in_qpv", "oui"),
    ("lives_in_qpv", 1),
    ("commune", "99999"),
    ("commune", {}),
    ("email", "personne"),
    ("informed", "fax"),
    ("external_reference", ""),
)


def test_a_wrong_value_is_named(writer, territory):
    for name, value in WRONG:
        response = writer.write("/participants", sent(territory) | {name: value})
        fields = [error["field"] for error in response.json()["errors"]]
        assert (response.status_code, fields) == (400, [name]), value
    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"qpv_code": "QX1"}, "Un code de quartier prioritaire s’écrit QN ou QP, puis six caractères."),
        ({"france_travail_id": "12"}, "Un identifiant France Travail compte 8 ou 11 caractères."),
        ({"birth_date": "1920-01-01", "qpv_code": "QN01300A", "lives_in_qpv": False},
         "Un code de quartier suppose que la personne y réside."),
    ],
)  # fmt: skip
def test_a_person_is_checked_as_on_the_page(writer, territory, fields, sentence):
    response = writer.write("/participants", sent(territory, **fields))
    assert (response.status_code, response.json()["errors"]) == (400, [{"field": "", "message": sentence}])


def test_persons_deposited_together_are_all_kept_or_none(writer, territory):
    lines = [sent(territory, first_name=name, external_reference=name) for name in ("Ana", "Bea", "Cleo")]
    wrong = [*lines[:2], sent(territory, first_name="Ana"), sent(territory, sex="autre")]
    refused = writer.write("/participants/bulk", {"items": wrong})
    assert refused.status_code == 422
    assert [(error["line"], error["field"]) for error in refused.json()["errors"]] == [(3, ""), (4, "sex")]
    assert not Participant.objects.exists()
    kept = writer.write("/participants/bulk", {"items": lines})
    assert [row["external_reference"] for row in kept.json()["items"]] == ["Ana", "Bea", "Cleo"]


def test_a_list_costs_the_same_whatever_its_length(writer, territory, count_queries):
    ParticipantFactory(territory=territory)
    writer.read("/participants")
    few = count_queries(lambda: writer.read("/participants"))
    ParticipantFactory.create_batch(5, territory=territory)
    assert count_queries(lambda: writer.read("/participants")) == few
