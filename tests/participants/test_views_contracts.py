"""A person joins a lot, and leaves it."""

from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets.enums import LotState
from markets.models import Company, Lot
from participants.models import EmploymentContract
from tests.factories.facilitators import siret
from tests.factories.markets import AwardFactory, CompanyFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory, ParticipantFactory
from tests.support.pages import assert_done, assert_refused, submit, typed, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
NOT_IN_LIST = "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."
NEW = siret(700)


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def award(territory):
    return AwardFactory(lot=LotFactory(territory=territory, calibrated=True))


@pytest.fixture
def person(territory):
    return ParticipantFactory(territory=territory, birth_date=date(2000, 1, 1))


def create_url(award):
    return reverse("participants:contract_create", args=[award.lot_id])


def end_url(contract):
    return reverse("participants:contract_end", args=[contract.pk])


def a_contract(award, person):
    """What one types for a new contract."""
    return {
        "participant": person.pk,
        "award": award.pk,
        "modality": "1",
        "contract_type": "cddi",
        "job_title": "Peintre",
        "rome_code": " f1606 ",
        "starts_on": "2026-09-01",
        "ends_on": "2027-02-28",
    }


def test_a_person_joins_a_lot(facilitator, award, person):
    response = submit(facilitator, create_url(award), **a_contract(award, person))
    assert_done(response, f"Le contrat de {person} est enregistré.")
    contract = EmploymentContract.objects.get()
    assert (contract.employer, contract.rome_code, contract.territory) == (
        award.company,
        "F1606",
        award.lot.territory,
    )
    assert Lot.objects.get().state == LotState.RUNNING
    assert str(person) in words(response)


@pytest.mark.parametrize("known", [True, False])
def test_the_employer_may_be_another_company(facilitator, award, person, known):
    if known:
        CompanyFactory(siret=NEW, name="Intérim Sud", kind="etti")
    values = a_contract(award, person) | {"employer_siret": f"{NEW[:9]} {NEW[9:]}", "modality": "2"}
    values |= {} if known else {"lender_kind": "ett"}
    submit(facilitator, create_url(award), **values)
    contract = EmploymentContract.objects.get()
    assert contract.employer.siret == NEW
    assert contract.award == award


def test_a_wrong_contract_is_not_kept(facilitator, award, person):
    for wrong, sentence in [
        ({"participant": ""}, REQUIRED),
        ({"award": ""}, REQUIRED),
        ({"job_title": ""}, REQUIRED),
        ({"starts_on": "2026-09-31"}, "Saisissez une date valide."),
        ({"ends_on": "2026-08-31"}, "La fin du contrat précède son début."),
        ({"rome_code": "Z99"}, "Un code ROME s’écrit une lettre de A à N et quatre chiffres."),
        ({"employer_siret": "123"}, "Un SIRET compte 14 chiffres."),
        ({"employer_siret": NEW[:-1] + "x"}, "Un SIRET compte 14 chiffres."),
        ({"employer_siret": "22130001500248"}, "Ce SIRET est inexact : sa clé ne correspond pas."),
        (
            {"starts_on": "2015-12-31"},
            "Cette personne a 15 ans au début du contrat : il faut avoir au moins 16 ans.",
        ),
        ({"starts_on": "0001-01-01"}, "Cette date est hors de portée (1990 à 2100)."),
        ({"ends_on": "9999-12-31"}, "Cette date est hors de portée (1990 à 2100)."),
    ]:
        response = submit(facilitator, create_url(award), **a_contract(award, person) | wrong)
        assert_refused(response, sentence)
        assert typed(response)["contract_type"] == "cddi"
        assert not EmploymentContract.objects.exists()
        assert Company.objects.count() == 1


def test_the_person_and_the_company_are_of_this_place(facilitator, award, person, elsewhere):
    stranger, other = ParticipantFactory(territory=elsewhere), AwardFactory()
    for wrong in ({"participant": stranger.pk}, {"award": other.pk}, {"participant": 10**6}):
        assert_refused(facilitator.post(create_url(award), a_contract(award, person) | wrong), NOT_IN_LIST)
    assert not EmploymentContract.objects.exists()


def test_a_contract_is_ended(facilitator, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory)
    response = submit(facilitator, end_url(contract), ends_on="2026-09-10", end_reason="hired")
    assert_done(response, "La fin du contrat est enregistrée.")
    contract.refresh_from_db()
    assert (contract.ends_on, contract.end_reason) == (date(2026, 9, 10), "hired")


def test_a_wrong_end_changes_nothing(facilitator, territory):
    contract = HoursEntryFactory(contract__award__lot__territory=territory).contract
    for values, sentence in [
        ({"ends_on": ""}, REQUIRED),
        ({"ends_on": "2026-03-15"}, "Des heures sont déclarées après cette date : corrigez-les d’abord."),
        ({"ends_on": "2026-06-30", "end_reason": "bored"}, "Sélectionnez un choix valide. bored n’en fait pas partie."),
    ]:
        response = facilitator.post(end_url(contract), {"end_reason": "term"} | values)
        assert_refused(response, sentence)
        assert typed(response)["ends_on"] == values["ends_on"]
        contract.refresh_from_db()
        assert contract.ends_on is None


def test_a_contract_does_not_end_before_it_starts(facilitator, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory)
    response = submit(facilitator, end_url(contract), ends_on="2026-01-31")
    assert_refused(response, "La fin du contrat précède son début.")


def test_a_contract_elsewhere_does_not_exist(facilitator, elsewhere):
    contract = EmploymentContractFactory(award__lot__territory=elsewhere)
    assert facilitator.get(end_url(contract)).status_code == 404
    assert facilitator.post(end_url(contract), {"ends_on": "2026-09-10"}).status_code == 404
