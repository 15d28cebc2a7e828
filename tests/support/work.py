"""What happens on a lot once somebody works there: a posting, a proposal, an exit, an attestation."""

from datetime import date
from decimal import Decimal

from participants.services.hours import record_month
from participants.services.referrals import answer
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)
from tests.factories.preparation import RomeCodeFactory
from tests.factories.work import (
    ExitSituationFactory,
    JobPostingFactory,
    ReferralFactory,
    WorkCertificateFactory,
    candidate,
)


def work_rows(lot):
    """{target: object} on the first company of a lot that is under way."""
    award = lot.awards.order_by("pk").first()
    posting = JobPostingFactory(award=award, rome=RomeCodeFactory(code="N4105"), published=True)
    candidate(posting, last_name="ZZCANARINOM", first_name="ZZCANARIPRENOM")
    proposed = candidate(posting, last_name="ZZCANARINOM", first_name="ZZCANARIPRENOM PROPOSÉE")
    ended = EmploymentContractFactory(award=award, validated=True, ended=True)
    return {
        "posting": posting,
        "referral": ReferralFactory(posting=posting, participant=proposed),
        "exit": ExitSituationFactory(contract=ended),
        "work_certificate": WorkCertificateFactory(participant=ended.participant),
    }


def a_posting(world):
    """One more posting of the territory, with somebody hired and somebody who waits."""
    award = AwardFactory(lot=LotFactory(territory=world.territory, calibrated=True))
    posting = JobPostingFactory(award=award, published=True, positions=2)
    answer(referral=ReferralFactory(posting=posting), state="hired", by=author())
    ReferralFactory(posting=posting)


def a_candidate(world):
    """One more proposal and one more candidate of the same posting."""
    if world.row is None:
        award = AwardFactory(lot=LotFactory(territory=world.territory, calibrated=True))
        world.row = JobPostingFactory(award=award, published=True)
    ReferralFactory(posting=world.row)
    candidate(world.row, last_name=f"Candidate {world.number}")


def a_vacancy(world):
    """One more occupation with a post, a person and a refusal."""
    award = AwardFactory(lot=LotFactory(territory=world.territory, calibrated=True))
    posting = JobPostingFactory(award=award, published=True)
    candidate(posting)
    answer(referral=ReferralFactory(posting=posting), state="refused", refusal="skills", by=author())


def a_call(world):
    award = AwardFactory(lot=LotFactory(territory=world.territory, calibrated=True))
    ExitSituationFactory(contract=EmploymentContractFactory(award=award, validated=True, ended=True))


def a_posting_of_a_lot(world):
    world.row = world.row or LotFactory(territory=world.territory, awarded=True)
    JobPostingFactory(award=world.row.awards.get())


def an_exit_of_a_market(world):
    award = AwardFactory(
        lot=LotFactory(territory=world.territory, calibrated=True, **({"market": world.row} if world.row else {}))
    )
    ExitSituationFactory(contract=EmploymentContractFactory(award=award, validated=True, ended=True))
    world.row = award.lot.market


def a_step_of_a_path(world):
    """One more proposal, contract with hours, exit and attestation of the same person."""
    award = AwardFactory(lot=LotFactory(territory=world.territory, calibrated=True))
    if world.row is None:
        world.row = ParticipantFactory(territory=world.territory)
        EligibilityValidationFactory(participant=world.row, granted=True)
    ReferralFactory(posting=JobPostingFactory(award=award, published=True), participant=world.row)
    month = world.number
    contract = EmploymentContractFactory(
        participant=world.row, award=award, starts_on=date(2026, month, 1), ends_on=date(2026, month, 20)
    )
    record_month(contract=contract, month=date(2026, month, 1), declared=Decimal(70), by=author())
    ExitSituationFactory(contract=contract)
    WorkCertificateFactory(participant=world.row)
