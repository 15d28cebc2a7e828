"""The company that holds the market, the one that employs, the one that hosts; and what a contract becomes."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.versions import Stale, version_of
from markets.models import Company
from participants.models import EmploymentContract, ExitSituation
from participants.services.contracts import change_contract, convert_to_permanent, end_contract, sign_contract
from participants.services.employers import possible_employers
from participants.services.hiring import hire
from participants.services.referrals import answer
from participants.services.signing import is_validated_at_start
from tests.factories.accounts import author
from tests.factories.companies import CountingRuleFactory
from tests.factories.facilitators import siret
from tests.factories.markets import AwardFactory, CompanyFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory, ParticipantFactory
from tests.factories.work import ReferralFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def award():
    return AwardFactory()


@pytest.fixture
def lender():
    return CompanyFactory(name="Intérim Sud", kind="etti")


def test_a_loan_is_by_a_lender_to_the_company_of_the_lot(award, lender):
    contract = EmploymentContractFactory(award=award, employer=lender, modality="2")
    assert (contract.employer, contract.host) == (lender, award.company)
    other = EmploymentContractFactory(award=award, employer=lender, modality="2", host=CompanyFactory(name="Chantier"))
    assert other.host.name == "Chantier"


def test_who_lends_nobody_does_not_lend(award):
    with pytest.raises(DomainError, match="indiquez la nature"):
        EmploymentContractFactory(award=award, employer=CompanyFactory(), modality="2")
    with pytest.raises(DomainError, match="indiquez la nature"):
        EmploymentContractFactory(award=award, modality="2")
    with pytest.raises(DomainError, match="deux entreprises différentes"):
        EmploymentContractFactory(award=award, employer=(own := CompanyFactory(kind="geiq")), host=own, modality="2")


def test_the_facilitator_says_what_a_new_lender_is(award):
    contract = EmploymentContractFactory.build(
        award=award, participant=ParticipantFactory(territory=award.lot.territory), employer=None, modality="2"
    )
    sign_contract(contract=contract, employer_siret=siret(777), lender_kind="etti", by=author())
    known = Company.objects.get(siret=siret(777))
    assert (known.kind, known.is_siae, contract.host) == ("etti", True, award.company)


def test_a_direct_hire_is_by_a_company_of_the_lot(award):
    with pytest.raises(DomainError, match="n’est pas une entreprise de ce lot"):
        EmploymentContractFactory(award=award, employer=CompanyFactory(name="Ailleurs"))
    partner = AwardFactory(lot=award.lot, role="member").company
    assert EmploymentContractFactory(award=award, employer=partner).host is None


def test_a_subcontract_supposes_another_company_than_the_holder(award):
    with pytest.raises(DomainError, match="est seule titulaire"):
        EmploymentContractFactory(award=award, modality="3")
    under = AwardFactory(lot=award.lot, role="subcontractor", parent=award, hours_minimum=None)
    assert EmploymentContractFactory(award=under, modality="3").employer == under.company


@pytest.mark.parametrize(
    ("born", "kind", "accepted"),
    [
        (date(2011, 2, 1), "apprenticeship", True),
        (date(2012, 2, 1), "apprenticeship", True),
        (date(2012, 2, 2), "apprenticeship", False),
        (date(2011, 2, 1), "professionalisation", False),
    ],
)
def test_an_apprentice_may_be_fourteen(born, kind, accepted):
    person = ParticipantFactory(birth_date=born)
    if accepted:
        assert EmploymentContractFactory(participant=person, contract_type=kind).pk
        return
    with pytest.raises(DomainError, match="il faut avoir au moins"):
        EmploymentContractFactory(participant=person, contract_type=kind)


def test_who_signs_looks_for_a_post_no_more():
    person = ParticipantFactory(available_from=date(2026, 1, 1))
    EmploymentContractFactory(participant=person)
    person.refresh_from_db()
    assert person.available_from is None
    assert person.history.first().history_user == author()


def test_a_company_that_left_hires_nobody_afterwards(award):
    award.ended_on, award.end_reason = date(2026, 6, 30), "withdrawal"
    award.save()
    assert EmploymentContractFactory(award=award, starts_on=date(2026, 6, 30)).pk
    with pytest.raises(DomainError, match="a quitté le lot"):
        EmploymentContractFactory(award=award, starts_on=date(2026, 7, 1))


def test_one_knows_whether_the_first_hours_will_count():
    contract = EmploymentContractFactory(validated=True)
    assert is_validated_at_start(contract)
    contract.starts_on = date(2027, 1, 1)
    assert not is_validated_at_start(contract)


def test_a_contract_is_changed_but_never_under_its_hours():
    contract = HoursEntryFactory().contract
    contract.job_title, contract.weekly_hours = "Coffreuse", Decimal(30)
    assert change_contract(contract=contract, by=author()).job_title == "Coffreuse"
    for days in ({"starts_on": date(2026, 3, 2)}, {"ends_on": date(2026, 3, 30)}):
        wrong = EmploymentContract.objects.get(pk=contract.pk)
        for name, day in days.items():
            setattr(wrong, name, day)
        with pytest.raises(DomainError, match="hors de ces dates"):
            change_contract(contract=wrong, by=author())
    assert EmploymentContract.objects.get(pk=contract.pk).starts_on == date(2026, 2, 1)


def test_two_people_do_not_overwrite_one_another():
    contract = EmploymentContractFactory()
    seen = version_of(contract)
    end_contract(contract=contract, ends_on=date(2026, 9, 1), end_reason="trial", by=author())
    contract.job_title = "Coffreuse"
    with pytest.raises(Stale):
        change_contract(contract=contract, seen=seen, by=author())


def converted(former, on=date(2026, 6, 16), contract_type="cdi", **options):
    options = {"employer": former.employer} | options
    return convert_to_permanent(contract=former, on=on, contract_type=contract_type, by=author(), **options)


def test_a_lasting_hire_ends_the_contract_the_day_before_and_is_valued_apart():
    former = EmploymentContractFactory(validated=True)
    CountingRuleFactory(market=former.market, lasting_job_bonus=200)
    following = converted(former)
    former.refresh_from_db()
    assert (former.ends_on, former.end_reason) == (date(2026, 6, 15), "hired")
    assert (following.continues, following.valued_hours, following.contract_type) == (former, 200, "cdi")
    assert (following.job_title, following.starts_on, following.ends_on) == ("Aide-maçon", date(2026, 6, 16), None)
    assert not following.hours.exists()
    assert not ExitSituation.objects.filter(dropped_on=None).exists()
    with pytest.raises(Conflict, match="déjà une suite"):
        converted(former)


def test_what_is_no_lasting_hire_is_refused(award, lender):
    former = EmploymentContractFactory(award=award, validated=True)
    HoursEntryFactory(contract=former, month=date(2026, 7, 1))
    for wrong, sentence in (
        ({"contract_type": "cdd"}, "contrat durable"),
        ({"on": date(2026, 2, 1)}, "suit le premier jour"),
        ({"on": date(2026, 7, 15)}, "Des heures sont déclarées après"),
        ({"on": date(2026, 8, 1), "employer": CompanyFactory()}, "comme situation de sortie"),
    ):
        with pytest.raises(DomainError, match=sentence):
            converted(former, **wrong)
    former.refresh_from_db()
    assert former.ends_on is None
    assert converted(former, on=date(2026, 8, 1), employer=lender).modality == "2"


def test_the_company_that_hosted_may_hire(award, lender):
    former = EmploymentContractFactory(award=award, employer=lender, modality="2", ends_on=date(2026, 6, 1))
    assert set(possible_employers(former)) == {award.company, lender}
    following = converted(former, employer=award.company)
    former.refresh_from_db()
    assert (following.modality, following.host) == ("1", None)
    assert (former.ends_on, former.end_reason) == (date(2026, 6, 1), "hired")


def test_a_proposal_becomes_a_contract():
    referral = ReferralFactory()

    def contract(**changes):
        fields = {"participant": referral.participant, "award": referral.posting.award} | changes
        return EmploymentContractFactory.build(starts_on=date(2026, 10, 1), employer=None, **fields)

    with pytest.raises(DomainError, match="n’est pas celui de la personne"):
        hire(referral=referral, contract=contract(participant=ParticipantFactory()), by=author())
    hired = hire(referral=referral, contract=contract(), by=author())
    assert (hired.state, hired.contract.participant) == ("hired", referral.participant)
    with pytest.raises(Conflict, match="déjà enregistré"):
        hire(referral=referral, contract=contract(), by=author())


def test_a_refused_proposal_gives_no_contract():
    referral = ReferralFactory()
    answer(referral=referral, state="refused", refusal="skills", by=author())
    contract = EmploymentContractFactory.build(
        participant=referral.participant, award=referral.posting.award, employer=None
    )
    with pytest.raises(Conflict):
        hire(referral=referral, contract=contract, by=author())
    assert not EmploymentContract.objects.exists()


def test_a_week_has_at_most_48_hours():
    with pytest.raises(ValidationError, match="48 heures au plus"):
        EmploymentContractFactory(weekly_hours=Decimal("48.5"))
