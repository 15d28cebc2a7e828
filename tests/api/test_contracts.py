"""Contracts by key: on a lot of the key's territories, for a person who is an identifier (domain.md §4.4)."""

import pytest

from facilitators.enums import KeyScope
from markets.enums import EmployerKind
from markets.models import Company
from participants.models import EmploymentContract
from tests.factories.facilitators import TerritoryFactory
from tests.factories.markets import AwardFactory, CompanyFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory, ParticipantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

NOT_FOUND = "Cet élément n’existe pas ou vous n’y avez pas accès."
TERMS = {"modality": "1", "contract_type": "cdd", "job_title": "Aide-maçonne", "starts_on": "2026-03-02"}
NAME = "ZZCANARINOM"


@pytest.fixture
def writer(as_key):
    return as_key(KeyScope.WRITE_PERSONS)


@pytest.fixture
def award(territory):
    return AwardFactory(lot__territory=territory)


@pytest.fixture
def person(territory):
    return ParticipantFactory(territory=territory, last_name=NAME)


@pytest.fixture
def contract(award, person):
    return EmploymentContractFactory(award=award, participant=person)


def sent(award, person, **fields):
    return {"award": award.pk, "participant": person.pk} | TERMS | fields


def act(client, contract, verb="", **fields):
    """Change the contract, or do what the verb says, with the version that stands."""
    path = f"/contracts/{contract.pk}"
    fields = {"version": client.read(path).json()["version"]} | fields
    return client.write(f"{path}/{verb}", fields) if verb else client.change(path, fields)


def test_a_contract_is_deposited_and_read_again(writer, award, person):
    response = writer.write("/contracts", sent(award, person, weekly_hours="35", external_reference="C-1"))
    assert response.status_code == 201, response.json()
    told = response.json()
    assert writer.read(f"/contracts/{told['id']}").json() == told
    assert (told["employer_siret"], told["host_siret"], told["lot"]) == (award.company.siret, None, award.lot_id)
    assert (told["weekly_hours"], told["external_reference"]) == ("35.00", "C-1")
    assert EmploymentContract.objects.get().history.first().history_user == writer.account


def test_the_person_may_be_named_by_the_reference_of_the_caller(writer, award, territory):
    identity = {"first_name": "Zoé", "last_name": "Garcia", "birth_date": "1990-05-04", "sex": "female"}
    place = {"territory": territory.code, "commune": territory.communes.first().pk}
    person = writer.write("/participants", identity | place | {"external_reference": "P-9"}).json()
    body = {"award": award.pk, "participant": "P-9"} | TERMS
    assert writer.write("/contracts", body).json()["participant"] == person["id"]


def test_a_lender_is_named_by_its_siret(writer, award, person):
    lender = CompanyFactory.build()
    loan = {"modality": "2", "employer_siret": lender.siret}
    unknown = writer.write("/contracts", sent(award, person, **loan))
    assert (unknown.status_code, unknown.json()["code"]) == (422, "refused")
    assert not Company.objects.filter(siret=lender.siret).exists()
    row = writer.write("/contracts", sent(award, person, **loan, lender_kind="etti")).json()
    assert (row["employer_siret"], row["host_siret"]) == (lender.siret, award.company.siret)
    assert Company.objects.get(siret=lender.siret).kind == EmployerKind.ETTI


def test_the_terms_change_and_the_parties_of_the_signature_stay(writer, contract, award):
    changed = act(writer, contract, job_title="Maçonne", host_siret=None)
    assert (changed.status_code, changed.json()["job_title"]) == (200, "Maçonne")
    assert changed.json()["employer_siret"] == award.company.siret
    for name in ("participant", "award"):
        moved = act(writer, contract, **{name: 1})
        assert moved.json()["errors"] == [{"field": name, "message": "Champ inconnu."}]


def test_a_contract_ends_then_no_hour_follows(writer, territory):
    entry = HoursEntryFactory(contract__award__lot__territory=territory)
    early = act(writer, entry.contract, "end", ends_on="2026-03-15", end_reason="agreed")
    assert (early.status_code, early.json()["detail"]) == (
        422, "Des heures sont déclarées après cette date : corrigez-les d’abord.",
    )  # fmt: skip
    ended = act(writer, entry.contract, "end", ends_on="2026-03-31", end_reason="agreed").json()
    assert (ended["ends_on"], ended["end_reason"]) == ("2026-03-31", "agreed")


def test_a_contract_is_continued_by_a_lasting_one(writer, contract):
    response = act(writer, contract, "convert", on="2026-06-01", contract_type="cdi")
    assert response.status_code == 201, response.json()
    row = response.json()
    assert (row["continues"], row["contract_type"], row["starts_on"]) == (contract.pk, "cdi", "2026-06-01")
    former = writer.read(f"/contracts/{contract.pk}").json()
    assert (former["ends_on"], former["end_reason"]) == ("2026-05-31", "hired")


def test_a_lasting_contract_is_signed_by_a_company_of_the_lot(writer, contract):
    stranger = CompanyFactory()
    answers = [
        act(writer, contract, "convert", on="2026-06-01", contract_type="cdi", employer_siret=siret)
        for siret in (stranger.siret, CompanyFactory.build().siret)
    ]
    assert [answer.json()["errors"] for answer in answers] == [[{"field": "employer_siret", "message": NOT_FOUND}]] * 2
    short = act(writer, contract, "convert", on="2026-06-01", contract_type="cdd")
    assert (short.status_code, short.json()["errors"][0]["field"]) == (400, "contract_type")


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("", {"job_title": "Maçonne"}),
        ("end", {"ends_on": "2026-06-30", "end_reason": "agreed"}),
        ("convert", {"on": "2026-06-01", "contract_type": "cdi"}),
    ],
)
def test_a_stale_version_is_refused(writer, contract, verb, fields):
    version = writer.read(f"/contracts/{contract.pk}").json()["version"]
    act(writer, contract, job_title="Coffreuse")
    stale = act(writer, contract, verb, version=version, **fields)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    blind = act(writer, contract, verb, **fields, version=None)
    assert (blind.status_code, blind.json()["errors"][0]["field"]) == (400, "version")
    assert list(EmploymentContract.objects.values_list("job_title", "ends_on")) == [("Coffreuse", None)]


def test_what_is_out_of_sight_is_unknown(writer, award, person):
    elsewhere = TerritoryFactory()
    person_there, award_there = ParticipantFactory(territory=elsewhere), AwardFactory(lot__territory=elsewhere)
    for name, pk in (("participant", person_there.pk), ("award", award_there.pk)):
        answers = [writer.write("/contracts", sent(award, person) | {name: value}) for value in (pk, 987654, "X", [])]
        assert {answer.status_code for answer in answers} == {400}
        assert [answer.json()["errors"] for answer in answers] == [[{"field": name, "message": NOT_FOUND}]] * 4
    assert not EmploymentContract.objects.exists()


def test_a_contract_elsewhere_does_not_exist(writer):
    outside = EmploymentContractFactory(award__lot__territory=TerritoryFactory())
    assert writer.read("/contracts").json()["items"] == []
    assert writer.read(f"/contracts/{outside.pk}").json() == writer.read("/contracts/987654").json()
    for verb in ("end", "convert"):
        answers = [writer.write(f"/contracts/{pk}/{verb}", {"version": 1}) for pk in (outside.pk, 987654)]
        assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("scope", [KeyScope.READ_PERSONS, KeyScope.READ_HOURS, KeyScope.WRITE_HOURS])
def test_only_a_key_that_writes_persons_signs(as_key, contract, award, person, scope):
    client = as_key(scope)
    assert client.write("/contracts", sent(award, person)).status_code == 403
    path = f"/contracts/{contract.pk}"
    assert client.change(path, {"version": 1}).status_code == 403
    assert {client.write(f"{path}/{verb}", {"version": 1}).status_code for verb in ("end", "convert")} == {403}


def test_a_key_of_hours_reads_no_name(as_key, contract):
    client = as_key(KeyScope.READ_HOURS)
    answers = [client.read("/contracts"), client.read(f"/contracts/{contract.pk}")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].json()["participant"] == contract.participant_id
    assert not [answer for answer in answers if NAME in answer.content.decode().upper()]
    assert client.read("/contracts", {"participant": contract.participant_id}).json()["items"] == [answers[1].json()]


WRITABLE = {
    "participant", "award", "modality", "contract_type", "job_title", "rome_code", "starts_on", "ends_on",
    "weekly_hours", "already_in_post",
}  # fmt: skip


def test_no_other_field_is_written(writer, award, person):
    for name in {field.name for field in EmploymentContract._meta.get_fields()} - WRITABLE | {"employer_id"}:
        response = writer.write("/contracts", sent(award, person, **{name: 1}))
        assert response.status_code == 400
        assert response.json()["errors"] == [{"field": name, "message": "Champ inconnu."}]
    assert not EmploymentContract.objects.exists()


WRONG = (
    ("weekly_hours", "NaN"),
    ("weekly_hours", "1,5"),
    ("weekly_hours", True),
    ("weekly_hours", []),
    ("weekly_hours", 1000),
    ("starts_on", "2026-02-30"),
    ("starts_on", "0001-01-01"),
    ("modality", 1),
    ("modality", "9"),
    ("contract_type", None),
    ("job_title", ["Maçonne"]),
    ("job_title", "1 85 07 13 055 123 47"),
    ("employer_siret", "12345678901234"),
    ("employer_siret", 5),
    ("lender_kind", "company"),
    ("already_in_post", "oui"),
)


def test_a_wrong_value_is_named(writer, award, person):
    for name, value in WRONG:
        response = writer.write("/contracts", sent(award, person) | {name: value})
        fields = [error["field"] for error in response.json()["errors"]]
        assert (response.status_code, fields) == (400, [name]), value
    assert not EmploymentContract.objects.exists()


def test_contracts_deposited_together_are_all_kept_or_none(writer, award, person):
    good = sent(award, person)
    refused = writer.write("/contracts/bulk", {"items": [good, good | {"award": 987654}, good | {"x": 1}]})
    assert refused.json()["errors"] == [
        {"line": 2, "field": "award", "message": NOT_FOUND},
        {"line": 3, "field": "x", "message": "Champ inconnu."},
    ]
    assert not EmploymentContract.objects.exists()
    assert len(writer.write("/contracts/bulk", {"items": [good]}).json()["items"]) == 1


def test_a_list_costs_the_same_whatever_its_length(writer, award, territory, count_queries):
    def one_more():
        EmploymentContractFactory(award=award)

    one_more()
    writer.read("/contracts")
    few = count_queries(lambda: writer.read("/contracts"))
    one_more(), one_more()
    assert count_queries(lambda: writer.read("/contracts")) == few
