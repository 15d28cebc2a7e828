"""The hours due: a ledger that only grows, and the transfers that move them from a market to another (C23)."""

from django.db import models
from django.db.models import F, Q

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_plain_text
from facilitators.permissions import ScopedQuerySet
from markets.enums import ObjectiveKind
from markets.models.award import Award
from markets.models.calibration import Calibration

# Lines that take hours away from what is due.
TAKEN_AWAY = [ObjectiveKind.TRANSFER_OUT, ObjectiveKind.NEUTRALISED, ObjectiveKind.OPENING]


class HoursTransferQuerySet(ScopedQuerySet):
    territory_path = "source__lot__territory"
    directorate_path = "source__lot__market__operation__directorate"

    def within(self, territory_ids):
        """A transfer is seen from both ends."""
        return Q(source__lot__territory__in=territory_ids) | Q(target__lot__territory__in=territory_ids)


class HoursTransfer(models.Model):
    """Hours due that leave a lot for another, with the written agreement of both buyers (domain.md §4.5).

    Also the cession of a market: what remains due follows the new holder. Its two ledger lines bear its hours, no
    more, no less: a key on the hours themselves keeps the sum.
    """

    source = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="transfers_out", verbose_name="de")
    target = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="transfers_in", verbose_name="vers")
    hours = models.PositiveIntegerField("heures")
    source_agreed_on = models.DateField("accord écrit de l’acheteur d’origine du")
    target_agreed_on = models.DateField("accord écrit de l’acheteur d’accueil du")
    reason = models.TextField("motif", max_length=2000, validators=[validate_plain_text])
    decided_at = moment_field("décidé le", required=True)
    decided_by = author_field("décidé par", required=True)
    objects = HoursTransferQuerySet.as_manager()

    class Meta:
        verbose_name = "transfert d’heures"
        verbose_name_plural = "transferts d’heures"
        ordering = ["-pk"]
        constraints = [
            # what the ledger lines of a transfer refer to
            models.UniqueConstraint(fields=["id", "hours"], name="transfer_with_its_hours"),
            models.CheckConstraint(
                name="transfer_to_another",
                condition=~Q(source=F("target")),
                violation_error_message="Un transfert va d’une attribution à une autre.",
            ),
            models.CheckConstraint(
                name="transfer_moves_hours",
                condition=Q(hours__gt=0, hours__lte=1_000_000),
                violation_error_message="Un transfert porte sur 1 à 1 000 000 heures.",
            ),
            both_or_none("hourstransfer", "decided"),
        ]

    def __str__(self):
        return f"{self.hours} h de {self.source} vers {self.target}"


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
    transfer = models.ForeignKey(
        HoursTransfer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name="transfert",
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
                condition=Q(kind__in=TAKEN_AWAY, hours__lt=0)
                | Q(kind=ObjectiveKind.AMENDMENT)
                | (
                    ~Q(
                        kind__in=[
                            *TAKEN_AWAY,
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
            models.CheckConstraint(
                name="objective_of_a_transfer",
                condition=Q(transfer__isnull=True)
                | Q(kind__in=[ObjectiveKind.TRANSFER_IN, ObjectiveKind.TRANSFER_OUT]),
                violation_error_message="Seules les lignes de transfert renvoient à un transfert.",
            ),
            models.UniqueConstraint(
                fields=["transfer", "kind"],
                name="transfer_written_once",
                violation_error_message="Ce transfert est déjà inscrit.",
            ),
            both_or_none("objectiveentry", "decided"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} : {self.hours:+d} h"
