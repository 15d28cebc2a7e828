"""Hours by key that nothing lets in: no validation, no right, no sense (security.md A6, A7, A18)."""

from datetime import date

import pytest

from facilitators.enums import KeyScope
from participants.models import HoursEntry
from participants.services.validations import revoke
from tests.factories.accounts import author
from tests.factories.facilitators import TerritoryFactory
from tests.factories.markets import AwardFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.support.deposits import close, counted, grid_line, refusal, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

NOT_FOUND = "Cet élément n’existe pas ou vous n’y avez pas accès."
M8 = "Heures refusées : cette personne n’était pas validée par le facilitateur à ces dates."
NAME = "ZZCANARINOM"


@pytest.fixture
def writer(as_key):
    return as_key(KeyScope.WRITE_HOURS)


@pytest.fixture
def award(territory):
    return AwardFactory(lot__territory=territory)


@pytest.fixture
def unvalidated(award):
    """A contract whose person nobody validated."""
    return EmploymentContractFactory(award=award, participant__last_name=NAME)


@pytest.fixture
def contract(unvalidated):
    EligibilityValidationFactory(participant=unvalidated.participant, granted=True)
    return unvalidated


# A18: whatever the way, hours of a person nobody validated are kept, rejected, and never counted.
def before_the_validation(contract):
    EligibilityValidationFactory(participant=contract.participant, starts_on=date(2026, 4, 1), granted=True)


def during_a_refusal(contract):
    EligibilityValidationFactory(participant=contract.participant, refused=True)


def after_its_end(contract):
    EligibilityValidationFactory(participant=contract.participant, ends_on=date(2026, 2, 28), granted=True)


def validated_elsewhere(contract):
    names = ("first_name", "last_name", "birth_name", "birth_date")
    identity = {name: getattr(contract.participant, name) for name in names}
    other = ParticipantFactory(territory=TerritoryFactory(), **identity)
    EligibilityValidationFactory(participant=other, granted=True)


def revoked_meanwhile(contract):
    EligibilityValidationFactory(participant=contract.participant, revoked=True)


def asked_only(contract):
    EligibilityValidationFactory(participant=contract.participant)


@pytest.mark.parametrize(
    "situation",
    [before_the_validation, during_a_refusal, after_its_end, validated_elsewhere, revoked_meanwhile, asked_only],
)
def test_hours_without_validation_never_count(writer, unvalidated, situation):
    situation(unvalidated)
    told = writer.write("/hours", sent(unvalidated)).json()
    assert (told["status"], told["counted"], told["message"]) == ("rejected", "0.00", M8)
    assert writer.write("/hours/bulk", {"items": [sent(unvalidated)]}).json()["items"] == [told]
    line = writer.read("/hours").json()["items"][0]
    assert (line["declared"], line["counted"], line["rejected"], line["rejection_reason"]) == (
        "100.00", "0.00", "100.00", "not_validated",
    )  # fmt: skip
    aside = {"version": line["version"], "hours": "100", "reason": "not_worked"}
    aside = writer.write(f"/hours/{line['id']}/withhold", aside).json()
    writer.write(f"/hours/{line['id']}/withhold", {"version": aside["version"], "hours": "0"})
    close(unvalidated)
    right = {"contract": unvalidated.pk, "month": "2026-03", "hours": "120", "reason": "Relevé corrigé."}
    assert writer.write("/hours/regularisations", right).json()["counted"] == "0.00"
    assert counted() == (0, 0)


def test_hours_deposited_then_revoked_no_longer_count(writer, contract):
    assert writer.write("/hours", sent(contract)).json()["counted"] == "100.00"
    revoke(validation=contract.participant.validations.get(), by=author(), reason="Fausse pièce.")
    assert counted() == (0, 0)
    assert writer.write("/hours", sent(contract)).json()["message"] == M8


def test_a_key_that_reads_does_not_write(as_key, contract):
    grid_line(contract)
    reader, pk = as_key(KeyScope.READ_HOURS), HoursEntry.objects.get().pk
    assert reader.read(f"/hours/{pk}").status_code == 200
    addresses = ("/hours", "/hours/bulk", "/hours/regularisations", f"/hours/{pk}/withhold")
    assert {reader.write(path, sent(contract)).status_code for path in addresses} == {403}
    persons = as_key(KeyScope.WRITE_PERSONS)
    assert {persons.write(path, sent(contract)).status_code for path in addresses} == {403}


def test_a_key_of_persons_alone_reads_no_hours(as_key):
    client = as_key(KeyScope.READ_PERSONS)
    assert {client.read(path).status_code for path in ("/hours", "/hours/1", "/hours/erased")} == {403}


def test_hours_elsewhere_do_not_exist(writer):
    outside = HoursEntryFactory(contract__award__lot__territory=TerritoryFactory())
    assert writer.read("/hours").json()["items"] == []
    assert writer.read(f"/hours/{outside.pk}").json() == writer.read("/hours/987654").json()
    aside = {"version": 1, "hours": "1", "reason": "duplicate"}
    answers = [writer.write(f"/hours/{pk}/withhold", aside) for pk in (outside.pk, 987654)]
    assert [answer.status_code for answer in answers] == [404, 404]
    right = {"hours": "1", "reason": "Relevé.", "month": "2026-03"}
    for contract in (outside.contract_id, 987654, "INCONNU"):
        for path, body in (
            ("/hours", {"month": "2026-03", "declared": 1}),
            ("/hours/regularisations", right),
        ):
            answer = writer.write(path, body | {"contract": contract})
            assert answer.status_code == 400
            assert answer.json()["errors"] == [{"field": "contract", "message": NOT_FOUND}]


def test_a_key_of_hours_reads_no_name(writer, contract):
    grid_line(contract)
    answers = [
        writer.read("/hours"),
        writer.read("/hours/erased"),
        writer.write("/hours", sent(contract, "90")),
        writer.write("/hours", sent(contract, "90", version=1)),
        writer.write("/hours", sent(contract, "270", version=2)),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 409, 200, 422]
    assert not [answer for answer in answers if NAME in answer.content.decode().upper()]


WRITABLE = {"contract", "month", "nature", "declared", "version"}


def test_no_other_field_is_written(writer, contract):
    for name in {field.name for field in HoursEntry._meta.get_fields()} - WRITABLE | {"valide_par"}:
        answer = writer.write("/hours", sent(contract, **{name: "1"}))
        assert answer.status_code == 400
        assert answer.json()["errors"] == [{"field": name, "message": "Champ inconnu."}]
    assert not HoursEntry.objects.exists()


WRONG = (
    ("declared", '"NaN"'),
    ("declared", "NaN"),
    ("declared", "1e400"),
    ("declared", "Infinity"),
    ("declared", "true"),
    ("declared", "[]"),
    ("declared", "{}"),
    ("declared", '"1,5"'),
    ("declared", '"1.005"'),
    ("declared", "1.005"),
    ("declared", "-1"),
    ("declared", '"-1"'),
    ("declared", '""'),
    ("declared", '"1_0"'),
    ("declared", "1000"),
    ("month", '"2026-13"'),
    ("month", '"2026-3"'),
    ("month", '"2026-03-01"'),
    ("month", '"1066-01"'),
    ("month", "202603"),
    ("month", "null"),
    ("nature", '"rest"'),
    ("nature", "[]"),
    ("version", '"1"'),
    ("version", "true"),
    ("version", "-1"),
    ("contract", "true"),
    ("contract", "[]"),
    ("contract", "0"),
    ("contract", "9223372036854775808"),
)


def test_a_wrong_value_is_refused(writer, contract):
    for name, value in WRONG:
        fields = {"contract": f"{contract.pk}", "month": '"2026-03"', "declared": "100"} | {name: value}
        body = ", ".join(f'"{key}": {text}' for key, text in fields.items())
        for path, content in (("/hours", f"{{{body}}}"), ("/hours/bulk", f'{{"items": [{{{body}}}]}}')):
            answer = writer.write(path, content)
            assert answer.status_code in {400, 422}, (path, name, value, answer.content)
            assert answer["Content-Type"] == "application/problem+json"
    assert not HoursEntry.objects.exists()


def test_hours_beyond_a_month_are_refused(writer, contract):
    for declared, sentence in (("300.01", "Les heures d’un mois sont comprises entre 0 et 300."), ("261", "260 h")):
        answer = writer.write("/hours", sent(contract, declared))
        assert answer.status_code == 422
        assert sentence in answer.json()["detail"]
    to_come = writer.write("/hours", sent(contract, month="2026-10"))
    assert refusal(to_come)[:2] == (422, "month_to_come")
    assert refusal(writer.write("/hours", sent(contract, month="2026-01")))[:2] == (422, "outside_contract")
    assert refusal(writer.write("/hours", sent(contract, nature="training")))[:2] == (422, "refused")
    assert not HoursEntry.objects.exists()
