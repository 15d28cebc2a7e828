from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_plain_text
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from markets.enums import AlertCategory, AlertSeverity
from markets.models.market import Lot


class AlertQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"
    view_permission = Permission.VIEW_ALERTS

    def open(self):
        """Alerts nobody has closed yet."""
        return self.filter(closed_at__isnull=True)


class Alert(models.Model):
    """An event or a malfunction the facilitator reports to the maître d’ouvrage (C18)."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="alerts", verbose_name="lot")
    category = models.CharField("catégorie", max_length=3, choices=AlertCategory)
    severity = models.CharField("gravité", max_length=10, choices=AlertSeverity, default=AlertSeverity.WATCH)
    description = models.TextField(
        "description",
        max_length=2000,
        validators=[validate_plain_text],
        help_text="Les faits, sans nom de personne ni information de santé.",
    )
    due_on = models.DateField("réponse attendue le", null=True, blank=True)
    raised_at = moment_field("signalée le", required=True)
    raised_by = author_field("signalée par", required=True)
    answer = models.TextField("suite donnée", blank=True, max_length=2000, validators=[validate_plain_text])
    closed_at = moment_field("close le")
    closed_by = author_field("close par")
    history = HistoricalRecords()
    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = "alerte"
        ordering = ["-raised_at", "-pk"]
        constraints = [
            both_or_none("alert", "raised"),
            both_or_none("alert", "closed"),
            models.CheckConstraint(
                name="alert_closed_with_answer",
                condition=Q(closed_at__isnull=True) | (Q(closed_at__isnull=False) & ~Q(answer="")),
                violation_error_message="Indiquez la suite donnée avant de clore l’alerte.",
            ),
        ]

    def __str__(self):
        return f"{self.get_category_display()} – {self.lot}"
