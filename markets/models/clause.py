from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.validators import validate_plain_text
from facilitators.permissions import ScopedQuerySet
from markets.enums import ClauseOutcome, LegalBasis
from markets.models.market import Lot


class ClauseDecisionQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"


class ClauseDecision(models.Model):
    """What the Département decided for a lot: a clause on a legal basis, or none for a reason (C1)."""

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="decision", verbose_name="lot")
    outcome = models.CharField("décision", max_length=10, choices=ClauseOutcome)
    legal_basis = models.CharField("fondement juridique", max_length=30, choices=LegalBasis, blank=True)
    reason = models.TextField("motif", blank=True, max_length=2000, validators=[validate_plain_text])
    decided_at = models.DateTimeField("décidée le", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="décidée par",
    )
    history = HistoricalRecords()
    objects = ClauseDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision de clause"
        verbose_name_plural = "décisions de clause"
        constraints = [
            models.CheckConstraint(
                name="clause_says_why",
                condition=(Q(outcome=ClauseOutcome.CLAUSE) & ~Q(legal_basis=""))
                | (Q(outcome=ClauseOutcome.NO_CLAUSE, legal_basis="") & ~Q(reason="")),
                violation_error_message=(
                    "Une clause retenue porte son fondement juridique ; un lot écarté porte son motif."
                ),
            ),
            both_or_none("clausedecision", "decided"),
        ]

    def __str__(self):
        return f"{self.lot} : {self.get_outcome_display()}"
