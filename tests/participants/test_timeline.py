"""The path of a person, newest first, and what she is given to show for it."""

from datetime import date
from decimal import Decimal

import pytest

from clauses_portal.core.errors import DomainError
from facilitators.enums import Role
from participants.models import WorkCertificate
from participants.services.contracts import convert_to_permanent, end_contract
from participants.services.exits import record_exit
from participants.services.referrals import answer
from participants.services.work_certificates import produce_work_certificate
from participants.timeline import Event, newest_first, of_month, story_of
from participants.work_paper import posts_of, usual_tasks
from tests.factories.accounts import author
from tests.factories.participants import (
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.factories.work import JobPostingFactory, ReferralFactory
from tests.support.pages import tidy
from tests.support.papers import parts_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

SECRETS = ("Bénéficiaire", "RSA", "Catégorie de public", "prescripteur", "Mission locale", "éligib", "insertion")


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR).user


def titles(person, user):
    return [(event.day, event.title.replace("\u00a0", " ")) for event in story_of(person, user).events]


def test_the_path_is_told_newest_first(facilitator, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory, validated=True)
    for hours, month in ((70, 3), (80, 4)):
        HoursEntryFactory(contract=contract, month=date(2026, month, 1), declared=Decimal(hours))
    end_contract(contract=contract, ends_on=date(2026, 6, 15), end_reason="trial", by=author())
    row = contract.exits.get(horizon="end")
    record_exit(exit_row=row, situation="cdi_other", source="person", observed_on=date(2026, 6, 20), by=author())
    assert titles(contract.participant, facilitator) == [
        (date(2026, 9, 15), "À 3 mois : situation à demander"),
        (date(2026, 6, 20), "À la fin du contrat : CDI chez un autre employeur"),
        (date(2026, 6, 15), "Fin de contrat"),
        (date(2026, 4, 30), "Heures d’avril 2026"),
        (date(2026, 3, 31), "Heures de mars 2026"),
        (date(2026, 2, 1), "Début de contrat"),
        (date(2026, 1, 1), "Validation : validée"),
    ]


def test_a_proposal_and_its_answer_are_told(facilitator, territory):
    posting = JobPostingFactory(award__lot__territory=territory, published=True)
    referral = ReferralFactory(posting=posting)
    answer(referral=referral, state="refused", refusal="skills", by=author())
    told = [event for event in story_of(referral.participant, facilitator).events if event.kind == "referral"]
    assert [event.title for event in told] == ["Proposée sur un poste", "Proposition : refusée par l’entreprise"]
    assert "Compétences insuffisantes" in told[1].detail


def test_a_lasting_hire_is_told_with_its_hours_apart(facilitator, territory):
    former = EmploymentContractFactory(award__lot__territory=territory, validated=True)
    convert_to_permanent(
        contract=former, on=date(2026, 6, 1), employer=former.employer, contract_type="cdi", by=author()
    )
    assert (date(2026, 6, 1), "Embauche durable") in titles(former.participant, facilitator)


def test_events_of_one_day_keep_the_order_given():
    day = date(2026, 1, 1)
    events = [Event(day, "a", "1"), Event(date(2026, 1, 2), "a", "2"), Event(day, "a", "3")]
    assert [event.title for event in newest_first(iter(events))] == ["2", "1", "3"]
    assert of_month(date(2026, 2, 1), Decimal(100), Decimal("7.5")).day == date(2026, 2, 28)


def worked(**fields):
    contract = EmploymentContractFactory(validated=True, rome_code="F1703", **fields)
    HoursEntryFactory(contract=contract, declared=Decimal("120.5"))
    return contract


def test_the_worker_gets_her_posts_her_hours_and_what_she_did():
    contract = worked(
        participant=ParticipantFactory(skills="CACES R482, permis B", prescriber="mission_locale", receives_rsa=True)
    )
    paper = produce_work_certificate(person=contract.participant, by=author())
    text = tidy(parts_of(bytes(paper.content))["text"])
    for words in ("Aide-maçon", str(contract.employer), "120,5 h", "CACES R482", "depuis le 01/02/2026", paper.number):
        assert words in text
    assert [secret for secret in SECRETS if secret in text] == []
    assert (paper.number, paper.produced_by) == (f"AP-2026-{contract.participant_id:05d}-1", author())
    assert produce_work_certificate(person=contract.participant, by=author()).number.endswith("-2")


def test_nothing_is_attested_before_a_first_contract_begins():
    contract = EmploymentContractFactory(starts_on=date(2026, 10, 1))
    with pytest.raises(DomainError, match="rien à attester"):
        produce_work_certificate(person=contract.participant, by=author())
    assert not WorkCertificate.objects.exists()


def test_the_tasks_are_those_of_the_posting_or_the_usual_ones_of_the_occupation():
    contract = worked()
    (post,) = posts_of(contract.participant)
    assert post.are_usual
    assert post.tasks == usual_tasks("F1703")
    referral = ReferralFactory()
    referral = answer(referral=referral, state="hired", by=author())
    referral.contract = EmploymentContractFactory(
        participant=referral.participant, award=referral.posting.award, starts_on=date(2026, 9, 1)
    )
    referral.save()
    (post,) = posts_of(referral.participant)
    assert (post.tasks, post.are_usual, post.hours) == (["Préparer les mortiers", "Monter des murs"], False, 0)


@pytest.mark.parametrize("code", ["", "Z9999"])
def test_an_occupation_nobody_knows_has_no_usual_task(code):
    assert usual_tasks(code) == []
