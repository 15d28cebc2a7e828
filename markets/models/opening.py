"""What was done on a lot before the portal: kept apart from the hours, which are those of validated persons."""

from django.db import models
from django.db.models import Q

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_one_line
from facilitators.permissions import ScopedQuerySet
from markets.models.award import Award
from markets.models.ledger import ObjectiveEntry


class OpeningBalanceQuerySet(ScopedQuerySet):
    territory_path = "award__lot__territory"
    directorate_path = "award__lot__market__operation__directorate"


class OpeningBalance(models.Model):
    """« Reprise d’antériorité »: hours a company had done before, without detail (domain.md §12, n° 55).

    They never enter the counted hours (C14): their line of the ledger takes them away from what remains due.
    """

    award = models.OneToOneField(
        Award, on_delete=models.PROTECT, related_name="opening_balance", verbose_name="attribution"
    )
    entry = models.OneToOneField(
        ObjectiveEntry, on_delete=models.PROTECT, related_name="opening_balance", verbose_name="ligne d’objectif"
    )
    hours = models.PositiveIntegerField("heures déjà faites")
    persons = models.PositiveIntegerField("personnes concernées")
    until = models.DateField("jusqu’au")
    source = models.CharField("tenu jusque-là dans", max_length=120, validators=[validate_one_line])
    recorded_at = moment_field("reprise le", required=True)
    recorded_by = author_field("reprise par", required=True)
    objects = OpeningBalanceQuerySet.as_manager()

    class Meta:
        verbose_name = "reprise d’antériorité"
        verbose_name_plural = "reprises d’antériorité"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="opening_hours_done",
                condition=Q(hours__gte=1, hours__lte=1_000_000, persons__gte=1, persons__lte=10_000),
                violation_error_message="Une reprise porte sur 1 à 1 000 000 heures, faites par au moins une personne.",
            ),
            both_or_none("openingbalance", "recorded"),
        ]

    def __str__(self):
        return f"{self.hours} h avant le portail"
