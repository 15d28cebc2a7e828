"""Attestations de bonne exécution, proposed and delivered."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from clauses_portal.core.papers import freeze
from reporting.models import ExecutionCertificate, ExecutionProposal
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory

MOMENT = datetime(2026, 9, 10, 9, tzinfo=UTC)


class ExecutionProposalFactory(DjangoModelFactory):
    """A proposal that waits. Trait: decided."""

    class Meta:
        model = ExecutionProposal

    class Params:
        decided = factory.Trait(decided_at=MOMENT, decided_by=factory.LazyFunction(author))

    award = factory.SubFactory(AwardFactory)
    proposed_at = MOMENT
    proposed_by = factory.LazyFunction(author)


class ExecutionCertificateFactory(DjangoModelFactory):
    """An attestation, without the second it takes to lay out its page."""

    class Meta:
        model = ExecutionCertificate

    proposal = factory.SubFactory(ExecutionProposalFactory, decided=True)
    award = factory.SelfAttribute("proposal.award")
    number = factory.Sequence(lambda n: f"AE-2026-{n:06}-1")
    verification_code = factory.Sequence(lambda n: f"TEST-EXEC-{n:04}")

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return freeze(ExecutionCertificate(**fields), b"%PDF-1.7", by=author())


def execution_rows(award):
    """{target: object} of the access matrix."""
    return {
        "execution_certificate": ExecutionCertificateFactory(proposal__award=award),
        "execution_proposal": ExecutionProposalFactory(award=award),
    }


def an_attestation(world):
    """One more attestation delivered and one more that waits, each of its own company."""
    ExecutionCertificateFactory(proposal__award__lot__territory=world.territory, proposal__award__lot__calibrated=True)
    ExecutionProposalFactory(award__lot__territory=world.territory, award__lot__calibrated=True)
