from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none, dates_in_order
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.ranges import days_when
from clauses_portal.core.states import StateByTransition
from clauses_portal.core.validators import validate_one_line, validate_plain_text
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from markets.models import Lot
from participants.enums import CategoryRequirement, ExtensionReason, ValidationState
from participants.models.participant import Participant


class EligibilityCategoryQuerySet(models.QuerySet):
    def in_use(self, day):
        """Categories that may be chosen on `day`."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class EligibilityCategory(models.Model):
    """Why a person may benefit from a clause, and the evidence asked (domain.md §4.2). Dated, closed, never deleted."""

    code = models.CharField("code", max_length=20, validators=[validate_one_line])
    label = models.CharField("libellé", max_length=150, validators=[validate_one_line])
    requirement = models.CharField(
        "ce qui est demandé", max_length=10, choices=CategoryRequirement, default=CategoryRequirement.EVIDENCE
    )
    evidence = models.CharField("justificatif", max_length=200, validators=[validate_one_line])
    evidence_months = models.PositiveSmallIntegerField("fraîcheur du justificatif (mois)", null=True, blank=True)
    valid_from = models.DateField("valable du")
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    source = models.CharField("source", max_length=200, blank=True, validators=[validate_one_line])
    history = HistoricalRecords()
    objects = EligibilityCategoryQuerySet.as_manager()

    class Meta:
        verbose_name = "catégorie de public"
        verbose_name_plural = "catégories de public"
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="category_once",
                violation_error_message="Cette catégorie a déjà une version à cette date.",
            ),
            dates_in_order(
                "category_dates_ordered", "valid_from", "valid_until", "La fin de validité précède son début."
            ),
            models.CheckConstraint(
                name="category_freshness_credible",
                condition=Q(evidence_months__isnull=True) | Q(evidence_months__gte=1, evidence_months__lte=60),
                violation_error_message="La fraîcheur d’un justificatif va de 1 à 60 mois.",
            ),
        ]

    def __str__(self):
        return self.label


class EligibilityValidationQuerySet(ScopedQuerySet):
    territory_path = "participant__territory"
    view_permission = Permission.VIEW_PERSONS

    def granted(self):
        return self.filter(state=ValidationState.GRANTED)

    def to_decide(self):
        """The facilitator's queue."""
        return self.filter(state__in=[ValidationState.PROPOSED, ValidationState.INCOMPLETE])

    def ending(self, first, last):
        """Granted validations whose last day is between these two."""
        return self.granted().filter(ends_on__range=(first, last))


class EligibilityValidation(StateByTransition):
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
    number = models.CharField("numéro", max_length=20, null=True, unique=True, editable=False)  # noqa: DJ001
    lot = models.ForeignKey(
        Lot,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="validations",
        verbose_name="lot de la demande",
        help_text="Vide : la validation est générale.",
    )
    requested_at = moment_field("demandée le", editable=False)
    requested_by = author_field("demandée par", editable=False)
    evidence_kind = models.CharField("pièce vue", max_length=200, blank=True, validators=[validate_one_line])
    evidence_dated_on = models.DateField("justificatif daté du", null=True, blank=True)
    evidence_seen_at = moment_field("justificatif vu le")
    evidence_seen_by = author_field("justificatif vu par")
    opinion_from = models.CharField("avis motivé de", max_length=200, blank=True, validators=[validate_one_line])
    opinion = models.TextField("avis motivé", blank=True, max_length=2000, validators=[validate_plain_text])
    iae_number = models.CharField("numéro de PASS IAE", max_length=12, blank=True)
    iae_ends_on = models.DateField("fin du PASS IAE", null=True, blank=True)
    tie_declared = models.BooleanField("lien déclaré avec l’entreprise", default=False)
    extends = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="extensions",
        editable=False,
        verbose_name="prolonge",
    )
    extension_reason = models.CharField("motif de prolongation", max_length=12, choices=ExtensionReason, blank=True)
    starts_on = models.DateField("valable du")
    ends_on = models.DateField("valable jusqu’au")
    first_ends_on = models.DateField("fin accordée à l’origine", null=True, blank=True, editable=False)
    state = FSMField(
        "état",
        max_length=10,
        choices=ValidationState,
        default=ValidationState.PROPOSED,
        editable=False,
        protected=True,
    )
    missing = models.TextField("pièces manquantes", blank=True, max_length=1000, validators=[validate_plain_text])
    shortened_at = moment_field("écourtée le", editable=False)
    shortened_by = author_field("écourtée par", editable=False)
    decided_elsewhere_on = models.DateField(
        "décidée dans le logiciel d’origine le", null=True, blank=True, editable=False
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
            both_or_none("validation", "requested"),
            both_or_none("validation", "shortened"),
            models.CheckConstraint(
                name="validation_shortened_explained",
                condition=Q(shortened_at__isnull=True, first_ends_on__isnull=True)
                | (Q(shortened_at__isnull=False, first_ends_on__gt=F("ends_on")) & ~Q(reason="")),
                violation_error_message="Une validation écourtée porte sa fin d’origine et son motif.",
            ),
            models.CheckConstraint(
                name="validation_extension_explained",
                condition=Q(extends__isnull=True) | ~Q(extension_reason=""),
                violation_error_message="Une prolongation porte son motif.",
            ),
            models.CheckConstraint(
                name="validation_pass_format",
                condition=Q(iae_number="") | Q(iae_number__regex=r"^[0-9X]{5}[0-9]{7}$"),
                violation_error_message="Un numéro de PASS IAE compte 12 caractères.",
            ),
            models.CheckConstraint(
                name="validation_pass_dated",
                condition=Q(iae_number="", iae_ends_on__isnull=True)
                | (~Q(iae_number="") & Q(iae_ends_on__isnull=False)),
                violation_error_message="Un PASS IAE se saisit avec sa date de fin.",
            ),
            models.CheckConstraint(
                name="validation_incomplete_explained",
                condition=~Q(state=ValidationState.INCOMPLETE) | ~Q(missing=""),
                violation_error_message="Indiquez les pièces qui manquent.",
            ),
            models.CheckConstraint(
                name="validation_decided_iff_not_proposed",
                condition=Q(state__in=[ValidationState.PROPOSED, ValidationState.INCOMPLETE], decided_at__isnull=True)
                | (~Q(state__in=[ValidationState.PROPOSED, ValidationState.INCOMPLETE]) & Q(decided_at__isnull=False)),
                violation_error_message="Une décision porte sa date et son auteur.",
            ),
            models.CheckConstraint(
                name="validation_taken_over_after_its_decision",
                condition=Q(decided_elsewhere_on__isnull=True)
                | Q(decided_at__isnull=False, starts_on__gte=F("decided_elsewhere_on")),
                violation_error_message="La validation ne peut pas prendre effet avant le jour de la décision.",
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

    @transition(field=state, source=ValidationState.PROPOSED, target=ValidationState.INCOMPLETE)
    def ask_evidence(self):
        """Something is missing: the request waits."""

    @transition(field=state, source=ValidationState.INCOMPLETE, target=ValidationState.PROPOSED)
    def complete(self):
        """What was missing is there."""

    @transition(field=state, source=ValidationState.PROPOSED, target=ValidationState.GRANTED)
    def grant(self):
        """From its first day on, the hours of the person count."""

    @transition(
        field=state, source=[ValidationState.PROPOSED, ValidationState.INCOMPLETE], target=ValidationState.REFUSED
    )
    def refuse(self):
        """The person is not eligible, for a stated reason."""

    @transition(field=state, source=ValidationState.GRANTED, target=ValidationState.REVOKED)
    def revoke(self):
        """It should not have been granted: no hour counts by it any more."""
