from django.db import models
from django.db.models import Q

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.papers import Paper
from clauses_portal.core.validators import validate_plain_text
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from markets.models import Award


class OfAwardQuerySet(ScopedQuerySet):
    territory_path = "award__lot__territory"
    directorate_path = "award__lot__market__operation__directorate"
    view_permission = Permission.VIEW_STATEMENTS


class ProposalQuerySet(OfAwardQuerySet):
    def waiting(self):
        """Proposals the Département has not answered."""
        return self.filter(decided_at__isnull=True)


class ExecutionProposal(models.Model):
    """A facilitator proposes to attest that a company did its hours; the Département decides (C23; domain.md §9.11)."""

    award = models.ForeignKey(
        Award, on_delete=models.PROTECT, related_name="execution_proposals", verbose_name="attribution"
    )
    note = models.TextField("appréciation", max_length=2000, blank=True, validators=[validate_plain_text])
    proposed_at = moment_field("proposée le", required=True)
    proposed_by = author_field("proposée par", required=True)
    refusal = models.TextField("motif du refus", max_length=1000, blank=True, validators=[validate_plain_text])
    decided_at = moment_field("décidée le")
    decided_by = author_field("décidée par")
    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition d’attestation"
        verbose_name_plural = "propositions d’attestation"
        ordering = ["-pk"]
        constraints = [
            both_or_none("executionproposal", "proposed"),
            both_or_none("executionproposal", "decided"),
            models.UniqueConstraint(
                fields=["award"],
                condition=Q(decided_at__isnull=True),
                name="one_execution_proposal_waiting",
                violation_error_message="Une proposition attend déjà la décision du Département.",
            ),
            models.CheckConstraint(
                name="execution_refusal_decided",
                condition=Q(refusal="") | Q(decided_at__isnull=False),
                violation_error_message="Un refus est une décision : il porte sa date et son auteur.",
            ),
        ]

    def __str__(self):
        return f"Proposition d’attestation – {self.award}"


class ExecutionCertificate(Paper):
    """« Attestation de bonne exécution » given to a company, frozen (domain.md §9.11)."""

    award = models.ForeignKey(
        Award, on_delete=models.PROTECT, related_name="execution_certificates", verbose_name="attribution"
    )
    proposal = models.OneToOneField(
        ExecutionProposal, on_delete=models.PROTECT, related_name="certificate", verbose_name="proposition"
    )
    verification_code = models.CharField("code de vérification", max_length=20, unique=True, editable=False)
    objects = OfAwardQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation de bonne exécution"
        verbose_name_plural = "attestations de bonne exécution"
        ordering = ["-pk"]
        constraints = [both_or_none("executioncertificate", "produced")]
