from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_plain_text
from facilitators.enums import Permission
from facilitators.models import Territory
from facilitators.permissions import ScopedQuerySet
from markets.enums import AlertCategory, AlertSeverity
from markets.models.company import Company
from markets.models.market import Lot


class AlertQuerySet(ScopedQuerySet):
    territory_path = "territory"
    directorate_path = "lot__market__operation__directorate"
    view_permission = Permission.VIEW_ALERTS

    def open(self):
        """Alerts nobody has closed yet."""
        return self.filter(closed_on__isnull=True)

    def unanswered(self):
        """Open alerts the maître d’ouvrage has not answered."""
        return self.open().filter(answered_at__isnull=True)

    def late(self, day):
        """Open alerts whose answer was due before `day`."""
        return self.unanswered().filter(due_on__lt=day)

    def sent_to(self, person):
        """Alerts this account is a recipient of."""
        return self.filter(recipients=person)


class Alert(models.Model):
    """An event or a malfunction reported to the maître d’ouvrage, by a person or by a rule (C18).

    A rule names its fact (`rule_key`): the same fact never raises two alerts, and an alert whose fact is gone closes.
    """

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="alerts", verbose_name="territoire")
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts", verbose_name="lot"
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts", verbose_name="entreprise"
    )
    category = models.CharField("catégorie", max_length=3, choices=AlertCategory)
    severity = models.CharField("gravité", max_length=10, choices=AlertSeverity, default=AlertSeverity.WATCH)
    description = models.TextField(
        "description",
        max_length=2000,
        validators=[validate_plain_text],
        help_text="Les faits, sans nom de personne ni information de santé.",
    )
    due_on = models.DateField("réponse attendue le", null=True, blank=True)
    rule_key = models.CharField("fait signalé", max_length=120, null=True, unique=True, editable=False)  # noqa: DJ001
    path = models.CharField("page où agir", max_length=200, blank=True, editable=False)
    raised_on = models.DateTimeField("signalée le")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="signalée par",
    )
    recipients = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="alerts", verbose_name="destinataires"
    )
    answer = models.TextField("suite donnée", blank=True, max_length=2000, validators=[validate_plain_text])
    answered_at = moment_field("répondue le")
    answered_by = author_field("répondue par")
    closed_on = models.DateTimeField("close le", null=True, blank=True)
    closer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="close par",
    )
    history = HistoricalRecords()
    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = "alerte"
        ordering = ["-raised_on", "-pk"]
        constraints = [
            both_or_none("alert", "answered"),
            models.CheckConstraint(
                name="alert_raised_by_somebody_or_a_rule",
                condition=Q(author__isnull=False, rule_key__isnull=True)
                | Q(author__isnull=True, rule_key__isnull=False),
                violation_error_message="Une alerte vient d’une personne ou d’une règle.",
            ),
            models.CheckConstraint(
                name="alert_closed_by_somebody_or_its_rule",
                condition=Q(closed_on__isnull=True, closer__isnull=True)
                | Q(closed_on__isnull=False, closer__isnull=False)
                | Q(closed_on__isnull=False, closer__isnull=True, rule_key__isnull=False),
                violation_error_message="Une alerte close porte qui l’a close.",
            ),
            models.CheckConstraint(
                name="alert_closed_with_answer",
                condition=Q(closed_on__isnull=True) | (Q(closed_on__isnull=False) & ~Q(answer="")),
                violation_error_message="Indiquez la suite donnée avant de clore l’alerte.",
            ),
        ]
        indexes = [
            # serves the list of what is still open
            models.Index(fields=["territory", "-raised_on"], condition=Q(closed_on__isnull=True), name="alert_open")
        ]

    def __str__(self):
        return f"{self.get_category_display()} – {self.lot or self.territory}"

    def is_late(self):
        """True when the answer was due before today, and nobody answered nor closed."""
        return bool(self.due_on and self.due_on < timezone.localdate() and not self.answered_at and not self.closed_on)
