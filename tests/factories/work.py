"""Job postings, persons proposed, exits, attestations: made by the services, as people do."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from participants.enums import ContractType, ExitHorizon
from participants.models import ExitSituation, JobPosting, Referral, WorkCertificate
from participants.services.exits import refresh_exits
from participants.services.postings import create_posting, publish_posting
from participants.services.referrals import propose
from participants.services.work_certificates import produce_work_certificate
from tests.factories.accounts import ServiceFactory, author
from tests.factories.markets import AwardFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)
from tests.factories.preparation import RomeCodeFactory


class JobPostingFactory(ServiceFactory):
    """A draft on an awarded lot. Trait: published."""

    class Meta:
        model = JobPosting

    class Params:
        published = factory.Trait(is_published=True)

    award = factory.SubFactory(AwardFactory)
    rome = factory.SubFactory(RomeCodeFactory)
    title = "Maçon (H/F)"
    contract_type = ContractType.CDD
    starts_on = date(2026, 10, 1)
    tasks = "Préparer les mortiers\nMonter des murs"
    _steering = ("is_published",)
    is_published = False

    @classmethod
    def _create(cls, model_class, *args, is_published, **fields):
        posting = create_posting(posting=JobPosting(**fields), by=author())
        return publish_posting(posting=posting, by=author()) if is_published else posting


def candidate(posting, **fields):
    """Somebody of the territory of a posting, validated, available, who looks for its occupation."""
    fields = {"territory": posting.territory, "available_from": date(2026, 9, 1)} | fields
    person = ParticipantFactory(**fields)
    person.wanted_jobs.add(posting.rome)
    EligibilityValidationFactory(participant=person, granted=True)
    return person


class ReferralFactory(DjangoModelFactory):
    """Somebody validated, proposed on a published posting."""

    class Meta:
        model = Referral

    posting = factory.SubFactory(JobPostingFactory, published=True)
    participant = None

    @classmethod
    def _create(cls, model_class, *args, posting, participant, **fields):
        person = participant or candidate(posting)
        return propose(posting=posting, participants=[person], by=author(), **fields)[0]


class ExitSituationFactory(DjangoModelFactory):
    """What is to be asked at the end of a validated contract that is over; another `horizon` for later."""

    class Meta:
        model = ExitSituation

    contract = factory.SubFactory(EmploymentContractFactory, validated=True, ended=True)
    horizon = ExitHorizon.END

    @classmethod
    def _create(cls, model_class, *args, contract, horizon):
        refresh_exits(participant_id=contract.participant_id, award_id=contract.award_id, by=author())
        return ExitSituation.objects.get(contract=contract, horizon=horizon)


class WorkCertificateFactory(DjangoModelFactory):
    class Meta:
        model = WorkCertificate

    participant = None

    @classmethod
    def _create(cls, model_class, *args, participant):
        participant = participant or EmploymentContractFactory().participant
        return produce_work_certificate(person=participant, by=author())
