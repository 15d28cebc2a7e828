from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none, dates_in_order
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_one_line
from facilitators.permissions import ScopedQuerySet
from markets.models.market import Lot


class ReferentAssignmentQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"

    def active(self, day):
        """Assignments in force on `day`."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)

    def of(self, person):
        """Assignments where this person is référent or stands in."""
        return self.filter(Q(referent=person) | Q(substitute=person))


class ReferentAssignment(models.Model):
    """The facilitator named in the documents of a lot, and who stands in (C4, C13). The past ones stay."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="referents", verbose_name="lot")
    referent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments", verbose_name="référent"
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="suppléant",
    )
    valid_from = models.DateField("à compter du")
    valid_until = models.DateField("jusqu’au", null=True, blank=True)
    reason = models.CharField("motif", max_length=200, blank=True, validators=[validate_one_line])
    assigned_at = moment_field("désigné le")
    assigned_by = author_field("désigné par")
    history = HistoricalRecords()
    objects = ReferentAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "référent d’un lot"
        verbose_name_plural = "référents des lots"
        ordering = ["lot", "-valid_from", "-pk"]
        constraints = [
            both_or_none("referentassignment", "assigned"),
            models.UniqueConstraint(
                fields=["lot"],
                condition=Q(valid_until__isnull=True),
                name="one_referent_at_a_time",
                violation_error_message="Ce lot a déjà un référent.",
            ),
            dates_in_order("referent_dates_ordered", "valid_from", "valid_until", "La fin précède le début."),
            models.CheckConstraint(
                name="referent_is_not_the_substitute",
                condition=Q(substitute__isnull=True) | ~Q(substitute=F("referent")),
                violation_error_message="Le suppléant est une autre personne que le référent.",
            ),
        ]

    def __str__(self):
        return f"{self.referent}"
