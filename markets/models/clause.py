from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_plain_text
from facilitators.permissions import ScopedQuerySet
from markets.enums import ClauseOutcome, ConsiderationNature, LegalBasis
from markets.legal import Duty, Exemption
from markets.models.market import Lot
from markets.models.review import CriteriaGrid


class ClauseDecisionQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"


class ClauseDecision(models.Model):
    """What the Département decided for a lot: a clause on a legal basis, or none for a reason (C1)."""

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="decision", verbose_name="lot")
    outcome = models.CharField("décision", max_length=10, choices=ClauseOutcome)
    legal_basis = models.CharField("fondement juridique", max_length=30, choices=LegalBasis, blank=True)
    reason = models.TextField("motif", blank=True, max_length=2000, validators=[validate_plain_text])
    decided_at = moment_field("décidée le", required=True)
    decided_by = author_field("décidée par", required=True)
    nature = models.CharField("considération sociale", max_length=15, choices=ConsiderationNature, blank=True)
    # What the law asked on the day of the decision: kept for the contrôle de légalité (L. 2112-2-1)
    duty = models.CharField("obligation", max_length=15, choices=Duty, blank=True)
    duty_article = models.CharField("article appliqué", max_length=60, blank=True)
    duty_threshold = models.DecimalField(
        "seuil appliqué (€ HT)", max_digits=12, decimal_places=2, null=True, blank=True
    )
    exemption = models.PositiveSmallIntegerField("dérogation", choices=Exemption, null=True, blank=True)
    exemption_reason = models.TextField(
        "motif de la dérogation", blank=True, max_length=2000, validators=[validate_plain_text]
    )
    visa_granted = models.BooleanField("visa juridique accordé", null=True, blank=True)
    visa_note = models.TextField("observations du visa", blank=True, max_length=2000, validators=[validate_plain_text])
    visa_at = moment_field("visa donné le")
    visa_by = author_field("visa donné par")
    grid = models.ForeignKey(
        CriteriaGrid, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="grille appliquée"
    )
    # the decisions taken together are undone together
    batch = models.UUIDField("décision groupée", null=True, blank=True, editable=False)
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
            both_or_none("clausedecision", "visa"),
            models.CheckConstraint(
                name="exemption_says_why",
                condition=Q(exemption__isnull=True, exemption_reason="")
                | (Q(exemption__isnull=False, outcome=ClauseOutcome.NO_CLAUSE) & ~Q(exemption_reason="")),
                violation_error_message="Une dérogation porte son motif, et ne concerne qu’un lot sans clause.",
            ),
            models.CheckConstraint(
                name="no_clause_against_the_duty",
                condition=Q(outcome=ClauseOutcome.CLAUSE)
                | ~Q(duty=Duty.MANDATORY)
                | (Q(nature__gt="") & ~Q(nature=ConsiderationNature.HOURS)),
                violation_error_message="Considération sociale obligatoire : « sans clause » suppose une dérogation.",
            ),
            models.CheckConstraint(
                name="visa_on_an_exemption",
                condition=Q(visa_granted__isnull=True, visa_at__isnull=True)
                | Q(visa_granted__isnull=False, visa_at__isnull=False, exemption__isnull=False),
                violation_error_message="Le visa juridique porte sur une dérogation.",
            ),
            models.CheckConstraint(
                name="visa_refused_for_a_reason",
                condition=Q(visa_granted__isnull=True) | Q(visa_granted=True) | ~Q(visa_note=""),
                violation_error_message="Un visa refusé est motivé.",
            ),
        ]

    def __str__(self):
        return f"{self.lot} : {self.get_outcome_display()}"
