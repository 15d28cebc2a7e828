"""Who works on which lot, from when to when."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import DomainError
from markets.enums import LotState
from markets.models import Company, Lot
from markets.services.companies import known_company
from participants.models import EmploymentContract, Participant
from participants.services.contracts import end_contract, sign_contract
from participants.services.persons import save_person
from tests.factories.accounts import author
from tests.factories.facilitators import TerritoryFactory, siret
from tests.factories.markets import AwardFactory, CompanyFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory, ParticipantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_the_first_contract_starts_the_lot():
    contract = EmploymentContractFactory()
    assert Lot.objects.get(pk=contract.lot_id).state == LotState.RUNNING
    EmploymentContractFactory(award=contract.award)
    assert Lot.objects.get(pk=contract.lot_id).state == LotState.RUNNING


@pytest.mark.parametrize(
    ("born", "accepted"), [(date(2010, 2, 1), True), (date(2010, 2, 2), False), (date(2012, 1, 1), False)]
)
def test_nobody_works_before_sixteen(born, accepted):
    """The contract begins on 1 February 2026."""
    person = ParticipantFactory(birth_date=born)
    if accepted:
        assert EmploymentContractFactory(participant=person).pk
        return
    with pytest.raises(DomainError, match="il faut avoir au moins 16 ans"):
        EmploymentContractFactory(participant=person)
    assert not EmploymentContract.objects.exists()


def test_somebody_born_on_29_february_is_sixteen_on_1_march():
    person = ParticipantFactory(birth_date=date(2008, 2, 29))
    with pytest.raises(DomainError):
        EmploymentContractFactory(participant=person, starts_on=date(2024, 2, 28))
    assert EmploymentContractFactory(participant=person, starts_on=date(2024, 2, 29)).pk


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": date(2026, 1, 31)},
        {"end_reason": "term"},
        {"rome_code": "Z1703"},
        {"rome_code": "F17"},
        {"job_title": "Aide\nmaçon"},
        {"modality": "9"},
        {"contract_type": "stage"},
    ],
)
def test_a_contract_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValidationError):
        EmploymentContractFactory(**wrong)
    assert not EmploymentContract.objects.exists()
    assert set(Lot.objects.values_list("state", flat=True)) == {LotState.AWARDED}


def employer_of(award, modality="1", **options):
    person = ParticipantFactory(territory=award.lot.territory)
    contract = EmploymentContractFactory.build(award=award, participant=person, employer=None, modality=modality)
    return sign_contract(contract=contract, by=author(), **options).employer


def test_the_employer_is_the_company_of_the_lot_unless_told():
    award, known = AwardFactory(), CompanyFactory(name="Intérim Sud", kind="etti")
    assert employer_of(award) == award.company
    assert employer_of(award, modality="2", employer_siret=known.siret) == known
    new = employer_of(award, modality="2", employer_siret=siret(777), lender_kind="ett")
    assert (new.siret, new.name, new.history.last().history_user) == (siret(777), "", author())
    with pytest.raises(ValidationError, match="sa clé ne correspond pas"):
        employer_of(award, employer_siret="22130001500248")


def test_the_name_of_a_known_company_is_completed_and_never_replaced():
    nameless = known_company(siret=siret(777), name="", by=author())
    assert known_company(siret=siret(777), name="", by=author()).name == ""
    assert known_company(siret=siret(777), name="Intérim Sud", by=author()).name == "Intérim Sud"
    assert known_company(siret=siret(777), name="Autre", by=author()).name == "Intérim Sud"
    assert Company.objects.get() == nameless


def test_nobody_is_born_tomorrow(today):
    with pytest.raises(ValidationError, match="n’est pas crédible"):
        ParticipantFactory(birth_date=date(2026, 9, 16))
    assert ParticipantFactory(birth_date=today).pk


def test_a_contract_ends_early():
    contract = EmploymentContractFactory()
    ended = end_contract(contract=contract, ends_on=date(2026, 4, 10), end_reason="hired", by=author())
    assert (ended.ends_on, ended.end_reason) == (date(2026, 4, 10), "hired")


def test_a_contract_does_not_end_before_hours_that_are_declared():
    contract = HoursEntryFactory(month=date(2026, 3, 1)).contract
    with pytest.raises(DomainError, match="Des heures sont déclarées après cette date"):
        end_contract(contract=contract, ends_on=date(2026, 3, 30), end_reason="trial", by=author())
    assert end_contract(contract=contract, ends_on=date(2026, 3, 31), end_reason="term", by=author()).ends_on


def test_a_person_is_written_tidily_and_found_without_accents():
    person = ParticipantFactory(first_name="  Éloïse ", last_name="D’Arc\u00a0 Œrle", birth_name="Le  Goff")
    assert (person.first_name, person.last_name, person.birth_name) == ("Éloïse", "D’Arc Œrle", "Le Goff")
    assert person.search_name == "d arc oerle le goff eloise"
    for text in ("eloise", "ELOÏSE goff", "d'arc", "oerle elo", ""):
        assert list(Participant.objects.search(text)) == [person], text
    assert not Participant.objects.search("eloise martin").exists()


def test_a_person_is_followed_once_in_a_territory():
    known = ParticipantFactory(first_name="Éloïse", last_name="Le Goff")
    same = {"first_name": "ELOISE", "last_name": "Le  Goff", "birth_date": known.birth_date}
    with pytest.raises(ValidationError, match="est déjà suivie ici"):
        ParticipantFactory(territory=known.territory, commune=known.commune, **same)
    assert ParticipantFactory(territory=TerritoryFactory(), **same).pk


@pytest.mark.parametrize("name", ["Je\x07an", "Je\u202ean", "Jean\x00", ""])
def test_a_name_is_plain_text(name):
    with pytest.raises(ValidationError):
        ParticipantFactory(last_name=name)


def test_a_person_corrected_keeps_her_former_name_in_the_trail():
    person = ParticipantFactory(last_name="Bérengr")
    person.last_name = "Bérenger"
    save_person(person=person, by=author())
    assert list(person.history.values_list("last_name", flat=True)) == ["Bérenger", "Bérengr"]
