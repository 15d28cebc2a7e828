"""Attesting that a company did its hours: a facilitator proposes, the Département delivers or refuses (C23, §9.11)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.papers import freeze
from clauses_portal.core.services import checked_save, lock
from facilitators.enums import Role
from facilitators.notifications import members, notify
from markets.enums import AwardRole
from markets.models import Award
from reporting.execution_paper import execution_of, execution_pdf
from reporting.models import ExecutionCertificate, ExecutionProposal
from reporting.services.statements import new_code

NOT_ITS_OWN = "Un sous-traitant n’a pas d’objectif propre : l’attestation se propose pour l’entreprise principale."
NOT_OVER = "Ce lot n’est pas terminé : l’attestation se propose après son dernier jour, ou quand il est soldé."
NOTHING_DUE = "Cette entreprise n’avait aucune heure à réaliser : il n’y a rien à attester."
STILL_PENDING = "{hours} attendent encore une décision : traitez-les avant de proposer l’attestation."
DECIDED = "Cette proposition est déjà décidée."
WHY = "Indiquez le motif du refus."


@transaction.atomic
def propose_execution(*, award, by, note=""):
    """Propose to attest the execution of an award; told to the chargées de mission. Returns the ExecutionProposal.

    Raises DomainError for a subcontractor, a lot that is not over, an award without hours due or whose hours wait for
    a decision; ValidationError when a proposal waits already.
    """
    award = lock(Award.objects.select_related("lot__market", "company"), award.pk)
    if refusal := why_not(award):
        raise DomainError(refusal)
    proposal = ExecutionProposal(award=award, note=note, proposed_at=timezone.now(), proposed_by=by)
    checked_save(proposal)
    _tell(members(Role.MISSION_OFFICER), "Attestation proposée", proposal, by)
    return proposal


def why_not(award):
    """The sentence that says why nothing can be attested yet, « » when it can."""
    if award.role == AwardRole.SUBCONTRACTOR:
        return NOT_ITS_OWN
    if not award.lot.is_over(timezone.localdate()):
        return NOT_OVER
    execution = execution_of(award)
    if execution.due <= 0:
        return NOTHING_DUE
    if execution.pending:
        return STILL_PENDING.format(hours=french.hours(execution.pending))
    return ""


@transaction.atomic
def deliver_execution(*, proposal, by):
    """Deliver the attestation: its figures are those of this moment, then frozen. Returns the ExecutionCertificate.

    About a second, to lay out its page. Raises Conflict when it was decided meanwhile, DomainError when hours wait for
    a decision again.
    """
    proposal = _decide(proposal, by)
    award = Award.objects.select_related("lot__market", "lot__territory", "company").get(pk=proposal.award_id)
    if refusal := why_not(award):
        raise DomainError(refusal)
    checked_save(proposal)
    moment, rank = proposal.decided_at, award.execution_certificates.count() + 1
    certificate = ExecutionCertificate(
        award=award,
        proposal=proposal,
        number=f"AE-{timezone.localdate(moment):%Y}-{award.pk:06d}-{rank}",
        verification_code=new_code(),
    )
    freeze(certificate, execution_pdf(certificate, by=by, at=moment), by=by)
    _tell([proposal.proposed_by], "Attestation délivrée", proposal, by)
    return certificate


@transaction.atomic
def refuse_execution(*, proposal, refusal, by):
    """Refuse, with a reason. Raises Conflict when it was decided meanwhile, ValidationError without a reason."""
    if not refusal.strip():
        raise ValidationError({"refusal": WHY})
    proposal = _decide(proposal, by)
    proposal.refusal = refusal
    checked_save(proposal)
    _tell([proposal.proposed_by], "Attestation refusée", proposal, by)
    return proposal


def _decide(proposal, by):
    """The locked proposal, decided now by this account."""
    proposal = lock(ExecutionProposal.objects.select_related("award__lot__market", "proposed_by"), proposal.pk)
    if proposal.decided_at:
        raise Conflict(DECIDED)
    proposal.decided_at, proposal.decided_by = timezone.now(), by
    return proposal


def _tell(people, what, proposal, by):
    """Told on the home page alone: neither the figures nor the note go there (A31)."""
    lot = proposal.award.lot
    text = f"{what} : marché {lot.market.number}, lot {lot.number}"
    notify(people, text, reverse("reporting:execution", args=[proposal.pk]), except_for=by)
