from django.db import models
from django.db.models import Q, Sum
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_one_line, validate_plain_text, validate_siret
from facilitators.permissions import ScopedQuerySet
from markets.enums import AwardRole, CompanySize, ObjectiveKind
from markets.models.calibration import Calibration
from markets.models.market import Lot


class Company(models.Model):
    """A firm that holds, shares or subcontracts a market. It has no account."""

    siret = models.CharField(
        "SIRET",
        max_length=14,
        unique=True,
        validators=[validate_siret],
        error_messages={"unique": "Cette entreprise est déjà connue."},
    )
    name = models.CharField("raison sociale", max_length=250, blank=True, validators=[validate_one_line])
    size = models.CharField("taille", max_length=10, choices=CompanySize, default=CompanySize.UNKNOWN)
    is_siae = models.BooleanField("structure d’insertion (SIAE)", default=False)
    verified_at = moment_field("vérifiée le")
    verified_by = author_field("vérifiée par")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "entreprise"
        ordering = ["name", "siret"]
        constraints = [
            models.CheckConstraint(
                name="company_siret_format",
                condition=Q(siret__regex=r"^[0-9]{14}$"),
                violation_error_message="Un SIRET compte 14 chiffres.",
            ),
            both_or_none("company", "verified"),
        ]

    def __str__(self):
        return self.name or f"SIRET {self.siret}"


class AwardQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"

    def with_objective(self):
        """Annotate `objective`: hours due today, the sum of the ledger."""
        return self.annotate(objective=Sum("objective_entries__hours", default=0))

    def principal(self):
        """Awards that answer for hours before the Département: subcontractors answer to their parent."""
        return self.exclude(role=AwardRole.SUBCONTRACTOR)


class Award(models.Model):
    """A company on a lot, in one role. Minimum, offered and current hours are three different things."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="awards", verbose_name="lot")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="awards", verbose_name="entreprise")
    role = models.CharField("rôle", max_length=15, choices=AwardRole, default=AwardRole.HOLDER)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subcontracts",
        verbose_name="sous-traitant de",
    )
    hours_minimum = models.PositiveIntegerField("heures minimales", null=True, blank=True)
    hours_offered = models.PositiveIntegerField("heures offertes en plus", null=True, blank=True)
    notified_on = models.DateField("notifié le", null=True, blank=True)
    history = HistoricalRecords()
    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = "attribution"
        ordering = ["lot", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "company", "role", "parent"],
                nulls_distinct=False,
                name="award_once",
                violation_error_message="Cette entreprise a déjà ce rôle sur ce lot.",
            ),
            models.UniqueConstraint(fields=["id", "lot"], name="award_with_its_lot"),
            models.CheckConstraint(
                name="award_parent_iff_subcontractor",
                condition=Q(role=AwardRole.SUBCONTRACTOR, parent__isnull=False)
                | (~Q(role=AwardRole.SUBCONTRACTOR) & Q(parent__isnull=True)),
                violation_error_message="Un sous-traitant dépend d’une entreprise du lot, les autres n’en ont pas.",
            ),
        ]

    def __str__(self):
        return f"{self.company} ({self.get_role_display().lower()})"


class ObjectiveEntryQuerySet(ScopedQuerySet):
    territory_path = "award__lot__territory"
    directorate_path = "award__lot__market__operation__directorate"


class ObjectiveEntry(models.Model):
    """A line of the ledger of hours due: only ever added (a trigger refuses the rest). Sum = objective of the day."""

    award = models.ForeignKey(
        Award, on_delete=models.PROTECT, related_name="objective_entries", verbose_name="attribution"
    )
    kind = models.CharField("nature", max_length=15, choices=ObjectiveKind)
    hours = models.IntegerField("heures")
    effective_on = models.DateField("date d’effet")
    reason = models.TextField("motif", blank=True, max_length=2000, validators=[validate_plain_text])
    calibration = models.ForeignKey(
        Calibration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name="calibrage d’origine",
    )
    decided_at = moment_field("décidée le", required=True)
    decided_by = author_field("décidée par", required=True)
    objects = ObjectiveEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne d’objectif"
        verbose_name_plural = "lignes d’objectif"
        ordering = ["effective_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["award", "calibration"],
                name="calibration_activated_once",
                violation_error_message="Ces heures sont déjà inscrites à l’objectif de cette entreprise.",
            ),
            models.CheckConstraint(
                name="objective_hours_not_zero",
                condition=~Q(hours=0) & Q(hours__gte=-1_000_000, hours__lte=1_000_000),
                violation_error_message="Une ligne d’objectif ajoute ou retire des heures (au plus 1 000 000).",
            ),
            models.CheckConstraint(
                name="objective_sign_fits_kind",
                condition=Q(kind__in=[ObjectiveKind.TRANSFER_OUT, ObjectiveKind.NEUTRALISED], hours__lt=0)
                | Q(kind=ObjectiveKind.AMENDMENT)
                | (
                    ~Q(
                        kind__in=[
                            ObjectiveKind.TRANSFER_OUT,
                            ObjectiveKind.NEUTRALISED,
                            ObjectiveKind.AMENDMENT,
                        ]
                    )
                    & Q(hours__gt=0)
                ),
                violation_error_message="Le signe des heures ne convient pas à cette nature de ligne.",
            ),
            models.CheckConstraint(
                name="objective_reason_given",
                condition=Q(kind__in=[ObjectiveKind.INITIAL, ObjectiveKind.OFFER]) | ~Q(reason=""),
                violation_error_message="Indiquez le motif de cette ligne d’objectif.",
            ),
            both_or_none("objectiveentry", "decided"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} : {self.hours:+d} h"
