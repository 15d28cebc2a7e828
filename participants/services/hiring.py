"""From a proposal to a contract: the person proposed is hired, and one knows by which proposal (C16)."""

from django.db import transaction

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from participants.enums import ReferralState
from participants.models import JobPosting, Referral
from participants.services.contracts import sign_contract
from participants.services.referrals import answer

ALREADY_SIGNED = "Le contrat de cette proposition est déjà enregistré."
NOT_HERS = "Ce contrat n’est pas celui de la personne proposée, ou pas sur le lot du poste."


@transaction.atomic
def hire(*, referral, contract, by, **parties):
    """Sign the contract of a person who was proposed; a proposal that still waits is answered « recrutée ».

    `parties` are those of `sign_contract`. Raises Conflict when the proposal has its contract or was settled
    otherwise, DomainError when the contract is of somebody else or on another lot, and as `sign_contract`.
    """
    posting = lock(JobPosting.objects, referral.posting_id)
    referral = lock(Referral.objects, referral.pk)
    if referral.contract_id is not None:
        raise Conflict(ALREADY_SIGNED)
    if (contract.participant_id, contract.award.lot_id) != (referral.participant_id, posting.lot_id):
        raise DomainError(NOT_HERS)
    if referral.state != ReferralState.HIRED:
        referral = answer(referral=referral, state=ReferralState.HIRED, by=by)
    referral.contract = sign_contract(contract=contract, by=by, **parties)
    return validated_save(referral, by=by)
