from django.db import models

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.papers import Paper
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from participants.models.participant import Participant
from participants.models.validation import EligibilityValidation


class CertificateQuerySet(ScopedQuerySet):
    territory_path = "participant__territory"
    view_permission = Permission.VIEW_PERSONS


class EligibilityCertificate(Paper):
    """What a company is given: identity, validity, market, never the category (domain.md §9.7)."""

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="eligibility_certificates", verbose_name="personne"
    )
    validation = models.ForeignKey(
        EligibilityValidation, on_delete=models.PROTECT, related_name="certificates", verbose_name="validation"
    )
    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation d’éligibilité"
        verbose_name_plural = "attestations d’éligibilité"
        ordering = ["-pk"]
        constraints = [both_or_none("eligibilitycertificate", "produced")]


class WorkCertificate(Paper):
    """What the worker is given: her posts, her hours, what she did there (domain.md §12 n° 54)."""

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="work_certificates", verbose_name="personne"
    )
    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation de parcours"
        verbose_name_plural = "attestations de parcours"
        ordering = ["-pk"]
        constraints = [both_or_none("workcertificate", "produced")]
