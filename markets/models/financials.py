"""Confidential figures, in tables of their own so that nothing shared can carry them (C27, article 3.3)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from markets.models.market import Lot, Market

# Above this, an amount in euros is a typing error or a placeholder: 1.0E17 was published (domain.md §11).
HIGHEST_CREDIBLE_AMOUNT = 10_000_000_000


def amount_field(label):
    return models.DecimalField(label, max_digits=13, decimal_places=2, null=True, blank=True)


def credible(model, *names):
    """Constraints: each amount is absent or within ]0; 10 billion] euros."""
    return [
        models.CheckConstraint(
            name=f"{model}_{name}_credible",
            condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gt": 0, f"{name}__lte": HIGHEST_CREDIBLE_AMOUNT}),
            violation_error_message="Ce montant n’est pas crédible : entre 0,01 € et 10 milliards d’euros.",
        )
        for name in names
    ]


class MarketFinancialsQuerySet(ScopedQuerySet):
    territory_path = "market__lots__territory"
    directorate_path = "market__operation__directorate"
    view_permission = Permission.VIEW_AMOUNTS

    def within(self, territory_ids):
        """The amount of a whole market is for those who may see every one of its lots."""
        lots = Lot.objects.filter(market=OuterRef("market_id"))
        inside = lots.filter(territory__in=territory_ids)
        outside = lots.exclude(territory__in=territory_ids)
        return Q(Exists(inside)) & ~Q(Exists(outside))


class MarketFinancials(models.Model):
    market = models.OneToOneField(Market, on_delete=models.PROTECT, related_name="financials", verbose_name="marché")
    estimated_amount = amount_field("montant estimé (€ HT)")
    awarded_amount = amount_field("montant attribué (€ HT)")
    history = HistoricalRecords()
    objects = MarketFinancialsQuerySet.as_manager()

    class Meta:
        verbose_name = "montants du marché"
        verbose_name_plural = "montants des marchés"
        constraints = credible("market", "estimated_amount", "awarded_amount")

    def __str__(self):
        return f"Montants du marché n° {self.market_id}"


class LotFinancialsQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"
    view_permission = Permission.VIEW_AMOUNTS


class LotFinancials(models.Model):
    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="financials", verbose_name="lot")
    estimated_amount = amount_field("montant estimé (€ HT)")
    awarded_amount = amount_field("montant attribué (€ HT)")
    history = HistoricalRecords()
    objects = LotFinancialsQuerySet.as_manager()

    class Meta:
        verbose_name = "montants du lot"
        verbose_name_plural = "montants des lots"
        constraints = credible("lot", "estimated_amount", "awarded_amount")

    def __str__(self):
        return f"Montants du lot n° {self.lot_id}"
