from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import dates_in_order
from clauses_portal.core.validators import validate_one_line, validate_plain_text
from facilitators.models import Commune, Directorate
from facilitators.permissions import ScopedQuerySet
from operations.enums import FundingPeriod, MilestoneKind


class OperationQuerySet(ScopedQuerySet):
    territory_path = "communes__territory"
    directorate_path = "directorate"

    def within(self, territory_ids):
        """An operation is in a territory through its communes: to many, hence a subquery."""
        inside = self.model.communes.through.objects.filter(commune__territory__in=territory_ids)
        return Q(pk__in=inside.values("operation_id"))


class Operation(models.Model):
    """A project of the Département that gives rise to one or more markets."""

    reference = models.CharField(
        "référence",
        max_length=40,
        unique=True,
        validators=[validate_one_line],
        error_messages={"unique": "Cette référence est déjà prise."},
    )
    title = models.CharField("intitulé", max_length=250, validators=[validate_one_line])
    directorate = models.ForeignKey(
        Directorate,
        on_delete=models.PROTECT,
        related_name="operations",
        verbose_name="direction opérationnelle",
    )
    communes = models.ManyToManyField(Commune, related_name="operations", verbose_name="communes")
    description = models.TextField("description", blank=True, validators=[validate_plain_text])
    officer = models.CharField("chargé d’opération", max_length=150, blank=True, validators=[validate_one_line])
    address = models.CharField("adresse du site", max_length=250, blank=True, validators=[validate_one_line])
    planned_start = models.DateField("début prévu", null=True, blank=True)
    planned_end = models.DateField("fin prévue", null=True, blank=True)
    npnru = models.BooleanField("opération NPNRU", default=False)
    funding_period = models.CharField(
        "financement européen", max_length=10, choices=FundingPeriod, default=FundingPeriod.NONE
    )
    declares_participants = models.BooleanField(
        "participants déclarés au FSE+",
        default=False,
        help_text="Les indicateurs individuels du FSE+ ne sont tenus que pour ces opérations.",
    )
    history = HistoricalRecords(m2m_fields=[communes])
    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = "opération"
        ordering = ["-planned_start", "reference"]
        constraints = [
            dates_in_order(
                "operation_dates_ordered", "planned_start", "planned_end", "La fin prévue précède le début prévu."
            ),
            models.CheckConstraint(
                name="operation_participants_of_the_fse",
                condition=Q(declares_participants=False) | Q(funding_period=FundingPeriod.PERIOD_2021_2027),
                violation_error_message="Seule une opération du FSE+ 2021-2027 déclare des participants.",
            ),
        ]

    def __str__(self):
        return f"{self.reference} – {self.title}"


class MilestoneQuerySet(ScopedQuerySet):
    territory_path = "operation__communes__territory"
    directorate_path = "operation__directorate"

    def within(self, territory_ids):
        inside = Operation.communes.through.objects.filter(commune__territory__in=territory_ids)
        return Q(operation__in=inside.values("operation_id"))


class Milestone(models.Model):
    """One date of the provisional calendar of an operation."""

    operation = models.ForeignKey(
        Operation, on_delete=models.PROTECT, related_name="milestones", verbose_name="opération"
    )
    kind = models.CharField("étape", max_length=20, choices=MilestoneKind)
    planned_on = models.DateField("prévue le")
    done_on = models.DateField("faite le", null=True, blank=True)
    history = HistoricalRecords()
    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = "étape du calendrier"
        verbose_name_plural = "étapes du calendrier"
        ordering = ["planned_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "kind"],
                name="milestone_once",
                violation_error_message="Cette étape figure déjà au calendrier.",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} : {self.planned_on:%d/%m/%Y}"

    def clean(self):
        if self.planned_on and not 1990 <= self.planned_on.year <= 2100:
            raise ValidationError({"planned_on": "Cette date est hors de portée (1990 à 2100)."})
