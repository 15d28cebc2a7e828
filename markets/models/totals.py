from django.db import models
from django.db.models import Case, DecimalField, F, Q, Value, When

from facilitators.models import Territory
from facilitators.permissions import ScopedQuerySet
from markets.models.market import Market


class MarketTotal(models.Model):
    """Hours of a market in one territory, kept by difference in the transaction that changes them.

    One row per market and territory: a facilitator must not learn the hours of a neighbour's lots (ADR 0008).
    `check_consistency` recomputes it.
    """

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="totals", verbose_name="marché")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", verbose_name="territoire")
    required = models.IntegerField("heures dues", default=0)
    declared = models.DecimalField("heures déclarées", max_digits=12, decimal_places=2, default=0)
    counted = models.DecimalField("heures comptabilisées", max_digits=12, decimal_places=2, default=0)
    progress = models.GeneratedField(
        expression=Case(
            When(required__gt=0, then=F("counted") * Value(100) / F("required")),
            default=Value(None),
            output_field=DecimalField(max_digits=12, decimal_places=2),
        ),
        output_field=DecimalField(max_digits=12, decimal_places=2, null=True),
        db_persist=True,
        verbose_name="avancement (%)",
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "totaux d’un marché"
        verbose_name_plural = "totaux des marchés"
        constraints = [
            models.UniqueConstraint(fields=["market", "territory"], name="market_total_once"),
            models.CheckConstraint(
                name="market_total_not_negative",
                condition=Q(required__gte=0, counted__gte=0, declared__gte=F("counted")),
                violation_error_message="Les totaux d’un marché ne peuvent pas être négatifs.",
            ),
        ]
        indexes = [
            # serves the list sorted or filtered by progress
            models.Index(fields=["territory", "progress"], name="market_total_progress"),
        ]

    def __str__(self):
        return f"Totaux du marché n° {self.market_id}"
