from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from facilitators.permissions import ScopedQuerySet
from markets.models.market import Market


class CountingRuleQuerySet(ScopedQuerySet):
    territory_path = "market__lots__territory"
    directorate_path = "market__operation__directorate"

    def actionable_by(self, user, permission):
        """A rule goes with its market."""
        return self.filter(market__in=Market.objects.actionable_by(user, permission))


class CountingRule(models.Model):
    """What counts on a market, beyond the hours worked there (domain.md §4.4). No row: the defaults below."""

    market = models.OneToOneField(Market, on_delete=models.PROTECT, related_name="counting_rule", verbose_name="marché")
    training_counts = models.BooleanField("les heures de formation des alternants comptent", default=True)
    prehire_training_cap = models.PositiveSmallIntegerField(
        "formation avant embauche, au plus (% de l’objectif)",
        default=0,
        help_text="0 : les heures de POEI, d’AFPR ou de formation avant embauche ne comptent pas.",
    )
    tolerance_days = models.PositiveSmallIntegerField("tolérance après la fin du lot (jours)", default=0)
    lasting_job_bonus = models.PositiveSmallIntegerField(
        "heures valorisées par embauche en CDI",
        default=0,
        help_text="Présentées dans une colonne à part : elles ne s’ajoutent jamais aux heures comptabilisées.",
    )
    qpv_required = models.BooleanField("habitants des quartiers prioritaires exigés (NPNRU)", default=False)
    history = HistoricalRecords()
    objects = CountingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "règle de comptage"
        verbose_name_plural = "règles de comptage"
        constraints = [
            models.CheckConstraint(
                name="counting_cap_is_a_share",
                condition=Q(prehire_training_cap__lte=100),
                violation_error_message="Le plafond de formation est compris entre 0 et 100 pour cent.",
            ),
            models.CheckConstraint(
                name="counting_tolerance_credible",
                condition=Q(tolerance_days__lte=366),
                violation_error_message="La tolérance est de 366 jours au plus.",
            ),
            models.CheckConstraint(
                name="counting_bonus_credible",
                condition=Q(lasting_job_bonus__lte=2000),
                violation_error_message="Les heures valorisées sont au plus de 2 000 par embauche.",
            ),
        ]

    def __str__(self):
        return f"Règle de comptage de {self.market.number}"
