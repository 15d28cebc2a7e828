"""What happens on a lot once somebody works there: a posting, a proposal, an exit, an attestation."""

from datetime import date

from tests.factories.participants import EmploymentContractFactory
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
    candidate(posting, last_name="ZZCANARINOM", first_name="ZZCANARIPRENOM", birth_date=date(1971, 2, 28))
    ended = EmploymentContractFactory(award=award, validated=True, ended=True)
    return {
        "posting": posting,
        "referral": ReferralFactory(posting=posting),
        "exit": ExitSituationFactory(contract=ended),
        "work_certificate": WorkCertificateFactory(participant=ended.participant),
    }
