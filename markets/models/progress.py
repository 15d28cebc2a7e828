from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from markets.models.market import Lot


class PhysicalProgressQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"
    view_permission = Permission.VIEW_MARKETS

    def known_on(self, day):
        """The last observation of each lot on `day`."""
        return self.filter(observed_on__lte=day).order_by("lot", "-observed_on").distinct("lot")


class PhysicalProgress(models.Model):
    """How far the works of a lot have gone: finishing trades come late, time alone misleads (domain.md §12 n° 33)."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="physical_progress", verbose_name="lot")
    observed_on = models.DateField("constaté le")
    percent = models.PositiveSmallIntegerField("avancement physique (%)")
    recorded_at = moment_field("saisi le", required=True)
    recorded_by = author_field("saisi par", required=True)
    history = HistoricalRecords()
    objects = PhysicalProgressQuerySet.as_manager()

    class Meta:
        verbose_name = "avancement physique"
        verbose_name_plural = "avancements physiques"
        ordering = ["-observed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "observed_on"],
                name="physical_progress_once",
                violation_error_message="L’avancement de ce jour est déjà saisi.",
            ),
            models.CheckConstraint(
                name="physical_progress_percent",
                condition=Q(percent__lte=100),
                violation_error_message="L’avancement physique est compris entre 0 et 100 %%.",
            ),
            both_or_none("physicalprogress", "recorded"),
        ]

    def __str__(self):
        return f"{self.lot} : {self.percent} % le {self.observed_on:%d/%m/%Y}"
