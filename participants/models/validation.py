from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.ranges import days_when
from clauses_portal.core.validators import validate_plain_text
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from participants.enums import ValidationState
from participants.models.participant import Participant


class EligibilityCategoryQuerySet(models.QuerySet):
    def in_use(self, day):
        """Categories that may be chosen on `day`."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class EligibilityCategory(models.Model):
    """Why a person may benefit from a clause, with the evidence asked (domain.md §4.2). Closed, never deleted."""

    code = models.CharField("code", max_length=20, unique=True)
    label = models.CharField("libellé", max_length=150)
    evidence = models.CharField("justificatif", max_length=200)
    evidence_months = models.PositiveSmallIntegerField("fraîcheur du justificatif (mois)", null=True, blank=True)
    valid_from = models.DateField("valable du")
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    source = models.CharField("source", max_length=200, blank=True)
    history = HistoricalRecords()
    objects = EligibilityCategoryQuerySet.as_manager()

    class Meta:
        verbose_name = "catégorie de public"
        verbose_name_plural = "catégories de public"
        ordering = ["label"]

    def __str__(self):
        return self.label


class EligibilityValidationQuerySet(ScopedQuerySet):
    territory_path = "participant__territory"
    view_permission = Permission.VIEW_PERSONS

    def granted(self):
        return self.filter(state=ValidationState.GRANTED)

    def to_decide(self):
        """The facilitator's queue."""
        return self.filter(state=ValidationState.PROPOSED)


class EligibilityValidation(models.Model):
    """The facilitator's word on a person, for a period. Without it no hour counts (C14).

    `granted_period` is what the temporal key of the hours refers to: NULL unless the validation is granted,
    and two granted periods of a person never overlap.
    """

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="validations", verbose_name="personne"
    )
    category = models.ForeignKey(
        EligibilityCategory, on_delete=models.PROTECT, related_name="+", verbose_name="catégorie"
    )
    evidence_dated_on = models.DateField("justificatif daté du", null=True, blank=True)
    evidence_seen_at = moment_field("justificatif vu le")
    evidence_seen_by = author_field("justificatif vu par")
    starts_on = models.DateField("valable du")
    ends_on = models.DateField("valable jusqu’au")
    state = models.CharField(
        "état", max_length=10, choices=ValidationState, default=ValidationState.PROPOSED, editable=False
    )
    decided_at = moment_field("décidée le", editable=False)
    decided_by = author_field("décidée par", editable=False)
    reason = models.TextField("motif", blank=True, max_length=1000, validators=[validate_plain_text])
    granted_period = models.GeneratedField(
        expression=days_when(Q(state="granted")),
        output_field=DateRangeField(null=True),
        db_persist=True,
        verbose_name="période validée",
    )
    history = HistoricalRecords(excluded_fields=["granted_period"])
    objects = EligibilityValidationQuerySet.as_manager()

    class Meta:
        verbose_name = "validation d’éligibilité"
        verbose_name_plural = "validations d’éligibilité"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="validation_dates_ordered",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de la validation précède son début.",
            ),
            both_or_none("validation", "decided"),
            both_or_none("validation", "evidence_seen"),
            models.CheckConstraint(
                name="validation_decided_iff_not_proposed",
                condition=Q(state=ValidationState.PROPOSED, decided_at__isnull=True)
                | (~Q(state=ValidationState.PROPOSED) & Q(decided_at__isnull=False)),
                violation_error_message="Une décision porte sa date et son auteur.",
            ),
            models.CheckConstraint(
                name="validation_refusal_explained",
                condition=~Q(state__in=[ValidationState.REFUSED, ValidationState.REVOKED]) | ~Q(reason=""),
                violation_error_message="Indiquez le motif du refus ou de la révocation.",
            ),
        ]
        indexes = [models.Index(fields=["state", "participant"], name="validation_queue")]

    def __str__(self):
        return f"{self.participant} : {self.get_state_display().lower()}"
