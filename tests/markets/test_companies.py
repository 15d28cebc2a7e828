"""Companies and the people one speaks to there: who sees them, what is kept up to date."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clauses_portal.core.errors import Conflict
from clauses_portal.core.versions import Stale, version_of
from facilitators.enums import Permission, Role
from markets.enums import SIAE_KINDS, EmployerKind
from markets.models import Company, CompanyContact
from markets.services.companies import (
    change_company,
    confirm_contact,
    contact_came_back,
    contact_left,
    known_company,
    save_contact,
    try_address_again,
)
from tests.factories.accounts import UserFactory, author
from tests.factories.companies import CompanyContactFactory
from tests.factories.facilitators import DirectorateFactory, siret
from tests.factories.markets import AwardFactory, CompanyFactory
from tests.factories.participants import EmploymentContractFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.mark.parametrize("kind", EmployerKind)
def test_a_structure_of_insertion_is_told_by_its_kind(kind):
    company = CompanyFactory(is_siae=kind not in SIAE_KINDS)
    company.kind = kind
    assert change_company(company=company, by=author()).is_siae is (kind in SIAE_KINDS)


def test_what_a_person_saves_is_verified():
    company, who = CompanyFactory(), UserFactory()
    seen = version_of(company)
    change_company(company=company, seen=seen, by=who)
    assert (company.verified_by, company.verified_at is not None) == (who, True)
    with pytest.raises(Stale):
        change_company(company=company, seen=seen, by=who)


def test_a_procedure_has_its_date():
    company = CompanyFactory()
    company.insolvency = "receivership"
    with pytest.raises(ValidationError, match="date de son jugement"):
        change_company(company=company, by=author())


def test_a_company_is_seen_by_those_who_follow_one_of_its_lots(as_role, territory, elsewhere):
    directorate = DirectorateFactory()
    here = AwardFactory(lot__territory=territory, lot__calibrated=True, lot__market__operation__directorate=directorate)
    there = AwardFactory(lot__territory=elsewhere, lot__calibrated=True)
    lonely = CompanyFactory()
    lender = EmploymentContractFactory(award=here, employer=CompanyFactory(kind="etti"), modality="2").employer
    contacts = {row.company: row for row in (CompanyContactFactory(company=one) for one in Company.objects.all())}
    for role, place, seen in [
        (Role.FACILITATOR, {}, {here.company, lender}),
        (Role.FACILITATOR, {"territory": elsewhere}, {there.company}),
        (Role.DIRECTORATE_AGENT, {"directorate": directorate}, {here.company, lender}),
        (Role.MISSION_OFFICER, {}, {here.company, there.company, lonely, lender}),
        (Role.DIRECTOR, {}, set()),
    ]:
        user = as_role(role, **place).user
        assert set(Company.objects.visible_to(user)) == seen
        assert set(CompanyContact.objects.visible_to(user)) == {contacts[company] for company in seen}


def test_contacts_are_kept_by_those_who_may(as_role, convention, territory):
    company = AwardFactory(lot__territory=territory, lot__calibrated=True).company
    may = {
        role: Company.objects.actionable_by(as_role(role).user, Permission.MANAGE_COMPANIES)
        .filter(pk=company.pk)
        .exists()
        for role in (Role.FACILITATOR, Role.MISSION_OFFICER, Role.LEGAL_OFFICER)
    }
    assert may == {Role.FACILITATOR: True, Role.MISSION_OFFICER: True, Role.LEGAL_OFFICER: False}


def test_a_contact_that_is_typed_is_confirmed(today):
    contact, who = CompanyContactFactory(), UserFactory()
    assert timezone.localdate(contact.confirmed_at) == today
    confirmed = confirm_contact(contact=contact, by=who)
    assert confirmed.confirmed_by == who


def test_somebody_who_is_gone_is_asked_for_nothing():
    contact = contact_left(contact=CompanyContactFactory(receives_reminders=True), by=author())
    assert (contact.left_on, contact.receives_reminders) == (date(2026, 9, 15), False)
    for act in (confirm_contact, contact_left, try_address_again):
        with pytest.raises(Conflict):
            act(contact=contact, by=author())
    with pytest.raises(Conflict):
        save_contact(contact=contact, by=author())
    assert contact_came_back(contact=contact, by=author()).left_on is None


def test_a_new_address_is_given_a_new_chance():
    contact = CompanyContactFactory(bounced_on=timezone.now())
    contact.job_title = "Directrice"
    assert save_contact(contact=contact, by=author()).bounced_on is not None
    assert try_address_again(contact=contact, by=author()).bounced_on is None
    CompanyContact.objects.update(bounced_on=timezone.now())
    contact.email = "autre@entreprise.example"
    assert save_contact(contact=contact, by=author()).bounced_on is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "", "phone": ""}, "une adresse électronique ou un téléphone"),
        ({"email": "", "receives_reminders": True}, "il faut une adresse électronique"),
    ],
)
def test_a_contact_can_be_reached(fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        CompanyContactFactory(**fields)


def test_two_contacts_who_are_still_there_are_enough():
    alone, enough, gone = CompanyFactory.create_batch(3)
    CompanyContactFactory(company=alone)
    for company in (enough, gone):
        CompanyContactFactory.create_batch(2, company=company)
    contact_left(contact=gone.contacts.first(), by=author())
    assert set(Company.objects.lacking_contacts()) == {alone, gone}
    numbers = Company.objects.with_live_contacts().values_list("pk", "live_contacts")
    assert dict(numbers) == {alone.pk: 1, enough.pk: 2, gone.pk: 1}


def test_companies_with_an_address_in_failure_are_found():
    bounced, gone, _ = (CompanyContactFactory() for _ in range(3))
    CompanyContact.objects.filter(pk__in=[bounced.pk, gone.pk]).update(bounced_on=timezone.now())
    contact_left(contact=gone, by=author())
    assert list(Company.objects.with_bounced_contact()) == [bounced.company]


def test_a_company_is_found_by_its_name_or_its_siret():
    company = CompanyFactory(siret=siret(900), name="Étanchéité du Midi")
    CompanyFactory(name="Alpha")
    spaced = f"{company.siret[:3]} {company.siret[3:6]} {company.siret[6:9]}"
    for asked in ("etanch", "ÉTANCHÉITÉ DU", company.siret, spaced):
        assert list(Company.objects.matching(asked)) == [company]


def test_a_company_is_recorded_once():
    first = known_company(siret=siret(901), name="Alpha", by=author())
    assert known_company(siret=siret(901), name="Bêta", by=author()) == first
    assert Company.objects.get().name == "Alpha"
