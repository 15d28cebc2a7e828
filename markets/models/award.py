"""Who got a lot, in which role, from when to when."""

from django.db import models
from django.db.models import F, Q, Sum
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import dates_in_order
from facilitators.permissions import ScopedQuerySet
from markets.enums import AwardEnd, AwardRole, GroupingKind
from markets.models.company import Company
from markets.models.market import UNDER_WAY, Lot


class AwardQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"

    def with_objective(self):
        """Annotate `objective`: hours due today, the sum of the ledger."""
        return self.annotate(objective=Sum("objective_entries__hours", default=0))

    def principal(self):
        """Awards that answer for hours before the Département: subcontractors answer to their parent."""
        return self.exclude(role=AwardRole.SUBCONTRACTOR)

    def live(self):
        """Awards of companies that have not left the lot."""
        return self.filter(ended_on__isnull=True)

    def able_to_receive_from(self, award):
        """Where hours due may move to: other companies of the lot, the same company (SIREN) on lots under way."""
        rows = self.principal().live().filter(lot__state__in=UNDER_WAY).exclude(pk=award.pk)
        return rows.filter(Q(lot=award.lot_id) | Q(company__siret__startswith=award.company.siret[:9]))


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
    grouping = models.CharField("groupement", max_length=10, choices=GroupingKind, blank=True)
    accepted_on = models.DateField("agréé le (DC4)", null=True, blank=True)
    intervenes_from = models.DateField("intervient du", null=True, blank=True)
    intervenes_until = models.DateField("intervient jusqu’au", null=True, blank=True)
    ended_on = models.DateField("quitte le lot le", null=True, blank=True)
    end_reason = models.CharField("motif du départ", max_length=12, choices=AwardEnd, blank=True)
    succeeds = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name="succède à",
    )
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
            models.CheckConstraint(
                name="award_parent_is_another",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message="Une entreprise ne sous-traite pas à elle-même.",
            ),
            models.CheckConstraint(
                name="award_grouping_of_the_lead",
                condition=Q(grouping="") | Q(role=AwardRole.LEAD),
                violation_error_message="La nature du groupement s’indique sur le mandataire.",
            ),
            models.CheckConstraint(
                name="award_end_explained",
                condition=Q(ended_on__isnull=True, end_reason="") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                violation_error_message="Un départ porte sa date et son motif.",
            ),
            dates_in_order(
                "award_intervention_ordered",
                "intervenes_from",
                "intervenes_until",
                "La fin d’intervention précède son début.",
            ),
            dates_in_order(
                "award_ends_after_notification", "notified_on", "ended_on", "Le départ précède la notification."
            ),
        ]

    def __str__(self):
        return f"{self.company} ({self.get_role_display().lower()})"
