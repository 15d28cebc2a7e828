"""Penalties: found, notified, answered, decided. Facilitators propose, the référent juridique decides (C23)."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none, dates_in_order
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.papers import Paper
from clauses_portal.core.states import StateByTransition
from clauses_portal.core.validators import validate_one_line, validate_plain_text
from facilitators.enums import Permission
from facilitators.models import Territory
from facilitators.permissions import ScopedQuerySet
from markets.enums import PenaltyBasis, PenaltyOutcome, PenaltyState
from markets.models.award import Award


class PenaltyCaseQuerySet(ScopedQuerySet):
    territory_path = "award__lot__territory"
    directorate_path = "award__lot__market__operation__directorate"
    view_permission = Permission.VIEW_PENALTIES

    def open(self):
        """Cases nobody has ended."""
        return self.exclude(state__in=[PenaltyState.DECIDED, PenaltyState.DROPPED])

    def waiting(self, day):
        """Cases the référent juridique has to take further: the company is not expected to answer any more."""
        expected = Q(state=PenaltyState.NOTICE_SENT, answer_due_on__gte=day)
        return self.open().exclude(expected)


def hours_column(label):
    return models.DecimalField(label, max_digits=10, decimal_places=2, default=0)


class PenaltyCase(StateByTransition):
    """A breach of a company and what is decided of it. Euros are for those who may see penalties, nobody else.

    Required, counted and neutralised hours are those of the day of the finding: they do not move afterwards.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="penalties", verbose_name="attribution")
    breach = models.CharField("manquement", max_length=200, validators=[validate_one_line])
    facts = models.TextField("faits constatés", max_length=4000, validators=[validate_plain_text])
    found_on = models.DateField("constaté le")
    basis = models.CharField("assiette", max_length=20, choices=PenaltyBasis, default=PenaltyBasis.PER_HOUR)
    tariff = models.DecimalField("tarif ou multiple", max_digits=8, decimal_places=2)
    tariff_euros = models.DecimalField("tarif appliqué (€)", max_digits=10, decimal_places=4)
    required_hours = hours_column("heures dues")
    counted_hours = hours_column("heures comptabilisées")
    neutralised_hours = hours_column("heures neutralisées")
    units = models.PositiveIntegerField("nombre de manquements ou de jours", default=0)
    due_euros = models.DecimalField("pénalité encourue (€)", max_digits=12, decimal_places=2)
    state = FSMField("état", max_length=12, choices=PenaltyState, default=PenaltyState.FOUND, protected=True)
    proposed_at = moment_field("proposée le", required=True)
    proposed_by = author_field("proposée par", required=True)
    notice_sent_on = models.DateField("mise en demeure envoyée le", null=True, blank=True)
    answer_due_on = models.DateField("observations attendues le", null=True, blank=True)
    observations = models.TextField(
        "observations du titulaire", blank=True, max_length=8000, validators=[validate_plain_text]
    )
    observed_on = models.DateField("observations reçues le", null=True, blank=True)
    outcome = models.CharField("décision", max_length=10, choices=PenaltyOutcome, blank=True)
    decided_euros = models.DecimalField("pénalité décidée (€)", max_digits=12, decimal_places=2, null=True, blank=True)
    reason = models.TextField("motif de la décision", blank=True, max_length=4000, validators=[validate_plain_text])
    decided_at = moment_field("décidée le")
    decided_by = author_field("décidée par")
    history = HistoricalRecords()
    objects = PenaltyCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier de pénalité"
        verbose_name_plural = "dossiers de pénalité"
        ordering = ["-found_on", "-pk"]
        constraints = [
            both_or_none("penaltycase", "proposed"),
            both_or_none("penaltycase", "decided"),
            models.CheckConstraint(
                name="penalty_figures_positive",
                condition=Q(
                    tariff__gte=0,
                    tariff_euros__gte=0,
                    due_euros__gte=0,
                    required_hours__gte=0,
                    counted_hours__gte=0,
                    neutralised_hours__gte=0,
                ),
                violation_error_message="Une pénalité se calcule sur des valeurs positives.",
            ),
            models.CheckConstraint(
                name="penalty_decided_iff_ended",
                condition=Q(state__in=[PenaltyState.DECIDED, PenaltyState.DROPPED], decided_at__isnull=False)
                | (~Q(state__in=[PenaltyState.DECIDED, PenaltyState.DROPPED]) & Q(decided_at__isnull=True)),
                violation_error_message="Une décision porte sa date et son auteur.",
            ),
            models.CheckConstraint(
                name="penalty_outcome_explained",
                condition=Q(decided_at__isnull=True, outcome="", decided_euros__isnull=True)
                | (Q(state=PenaltyState.DROPPED, outcome="", decided_euros__isnull=True) & ~Q(reason=""))
                | (Q(state=PenaltyState.DECIDED, decided_euros__isnull=False) & ~Q(outcome="") & ~Q(reason="")),
                violation_error_message="Une décision porte sa nature, son montant et son motif.",
            ),
            models.CheckConstraint(
                name="penalty_decided_within_what_is_due",
                condition=Q(decided_euros__isnull=True)
                | Q(outcome=PenaltyOutcome.APPLIED, decided_euros=F("due_euros"))
                | Q(outcome=PenaltyOutcome.REDUCED, decided_euros__lt=F("due_euros"), decided_euros__gt=0)
                | Q(outcome=PenaltyOutcome.WAIVED, decided_euros=0),
                violation_error_message=(
                    "Appliquée : la pénalité encourue ; réduite : moins, mais pas zéro ; exonérée : zéro."
                ),
            ),
            dates_in_order(
                "penalty_notice_after_finding", "found_on", "notice_sent_on", "La mise en demeure précède le constat."
            ),
            dates_in_order(
                "penalty_observed_after_notice",
                "notice_sent_on",
                "observed_on",
                "Les observations précèdent la mise en demeure.",
            ),
        ]

    def __str__(self):
        return f"{self.breach} – {self.award}"

    @transition(field=state, source=PenaltyState.FOUND, target=PenaltyState.NOTICE_SENT)
    def send_notice(self):
        """The formal notice left, with the day the answer is awaited."""

    @transition(field=state, source=PenaltyState.NOTICE_SENT, target=PenaltyState.OBSERVED)
    def observe(self):
        """The company answered, or its time is over."""

    @transition(field=state, source=PenaltyState.OBSERVED, target=PenaltyState.DECIDED)
    def decide(self):
        """The référent juridique applies, reduces or waives."""

    @transition(
        field=state,
        source=[PenaltyState.FOUND, PenaltyState.NOTICE_SENT, PenaltyState.OBSERVED],
        target=PenaltyState.DROPPED,
    )
    def drop(self):
        """The breach does not stand."""


class PenaltyLetterQuerySet(ScopedQuerySet):
    """A letter is reached through its case: a direction has no other way to it."""

    territory_path = "territory"
    view_permission = Permission.VIEW_PENALTIES


class PenaltyLetter(Paper):
    """A letter of a case as it was sent: the formal notice, then the decision. Word beside the PDF, to be signed."""

    case = models.ForeignKey(PenaltyCase, on_delete=models.PROTECT, related_name="letters", verbose_name="dossier")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", verbose_name="territoire")
    kind = models.CharField("nature", max_length=12, choices=PenaltyState)
    docx = models.BinaryField("fichier Word")
    objects = PenaltyLetterQuerySet.as_manager()

    class Meta:
        verbose_name = "courrier de pénalité"
        verbose_name_plural = "courriers de pénalité"
        ordering = ["case", "-pk"]
        constraints = [both_or_none("penaltyletter", "produced")]
