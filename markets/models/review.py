"""Instruction of a lot: the criteria grid and its versions, the answers, the facilitator's opinion (C1, C2, C3)."""

from datetime import timedelta

from django.db import models
from django.db.models import Count, F, Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_one_line, validate_plain_text
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from markets.enums import Adequacy, CriterionKind, LotState, OpinionOutcome, Recommendation
from markets.models.market import Lot

WEEK = timedelta(days=7)


class CriteriaGridQuerySet(models.QuerySet):
    def in_force(self):
        """The last version put in force: the one a new review is made with."""
        return self.filter(valid_from__isnull=False).order_by("-version").first()

    def drafts(self):
        """The version in preparation: at most one (`markets.services.grids`)."""
        return self.filter(valid_from__isnull=True)

    def with_size(self):
        """Annotate `size`: how many criteria."""
        return self.annotate(size=Count("criteria"))


class CriteriaGrid(models.Model):
    """A version of the criteria. In force, it no longer changes: a decision shows the grid it was made with."""

    version = models.PositiveSmallIntegerField("version", unique=True)
    note = models.CharField("objet de cette version", max_length=200, validators=[validate_one_line])
    valid_from = models.DateField("en vigueur depuis le", null=True, blank=True)
    # the grid that is shipped has no author
    published_at = moment_field("publiée le")
    published_by = author_field("publiée par")
    objects = CriteriaGridQuerySet.as_manager()

    class Meta:
        verbose_name = "grille de critères"
        verbose_name_plural = "grilles de critères"
        ordering = ["-version"]
        constraints = [both_or_none("criteriagrid", "published")]

    def __str__(self):
        return f"Grille n° {self.version}"


class Criterion(models.Model):
    """A line of a grid: a gate that must be passed, or a weighted criterion graded from 0 to 4."""

    grid = models.ForeignKey(CriteriaGrid, on_delete=models.PROTECT, related_name="criteria", verbose_name="grille")
    code = models.SlugField("code", max_length=40)
    label = models.CharField("critère", max_length=150, validators=[validate_one_line])
    kind = models.CharField("nature", max_length=10, choices=CriterionKind)
    weight = models.PositiveSmallIntegerField("poids", default=0)
    floor = models.DecimalField("plancher", max_digits=12, decimal_places=2, null=True, blank=True)
    help_text = models.CharField("aide", max_length=400, blank=True, validators=[validate_one_line])
    confidential = models.BooleanField("porte sur un montant ou une part", default=False)
    position = models.PositiveSmallIntegerField("rang")

    class Meta:
        verbose_name = "critère"
        ordering = ["grid", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["grid", "code"],
                name="criterion_once",
                violation_error_message="Ce critère figure déjà dans la grille.",
            ),
            models.CheckConstraint(
                name="criterion_weight_fits_kind",
                condition=Q(kind=CriterionKind.GATE, weight=0)
                | Q(kind=CriterionKind.WEIGHTED, weight__gte=1, weight__lte=100),
                violation_error_message="Un critère pondéré a un poids de 1 à 100 ; une condition n’en a pas.",
            ),
        ]

    def __str__(self):
        return self.label


class ClauseReviewQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"
    view_permission = Permission.VIEW_METHOD


class ClauseReview(models.Model):
    """The instruction of a lot with one version of the grid: its score (0 to 100) and what it recommends."""

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="review", verbose_name="lot")
    grid = models.ForeignKey(CriteriaGrid, on_delete=models.PROTECT, related_name="reviews", verbose_name="grille")
    score = models.DecimalField("score", max_digits=5, decimal_places=2, null=True, blank=True)
    recommendation = models.CharField("recommandation", max_length=30, choices=Recommendation, blank=True)
    reasons = models.JSONField("motifs", default=list, blank=True)
    reviewed_at = moment_field("instruit le")
    reviewed_by = author_field("instruit par")
    history = HistoricalRecords()
    objects = ClauseReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "instruction"
        constraints = [
            both_or_none("clausereview", "reviewed"),
            models.CheckConstraint(
                name="review_score_credible",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100),
                violation_error_message="Un score est compris entre 0 et 100.",
            ),
        ]

    def __str__(self):
        return f"Instruction de {self.lot}"


class ReviewAnswerQuerySet(ScopedQuerySet):
    territory_path = "review__lot__territory"
    directorate_path = "review__lot__market__operation__directorate"
    view_permission = Permission.VIEW_METHOD


class ReviewAnswer(models.Model):
    """What was answered to a criterion: passed or not for a gate, a grade of 0 to 4 for a weighted one."""

    review = models.ForeignKey(
        ClauseReview, on_delete=models.PROTECT, related_name="answers", verbose_name="instruction"
    )
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="answers", verbose_name="critère")
    passed = models.BooleanField("condition remplie", null=True, blank=True)
    grade = models.PositiveSmallIntegerField("note", null=True, blank=True)
    note = models.CharField("précision", max_length=300, blank=True, validators=[validate_one_line])
    known = models.BooleanField("réponse tirée du dossier", default=False)
    objects = ReviewAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse à un critère"
        verbose_name_plural = "réponses aux critères"
        constraints = [
            models.UniqueConstraint(
                fields=["review", "criterion"],
                name="answer_once",
                violation_error_message="Ce critère a déjà sa réponse.",
            ),
            models.CheckConstraint(
                name="answer_grade_credible",
                condition=Q(grade__isnull=True) | Q(grade__lte=4),
                violation_error_message="Une note va de 0 à 4.",
            ),
        ]

    def __str__(self):
        return f"{self.criterion}"


class FacilitatorOpinionQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"

    def awaited(self):
        """Opinions asked and not given yet."""
        return self.filter(given_at__isnull=True)

    def to_give(self):
        """Awaited of somebody, on a lot that is still to be decided."""
        return self.awaited().filter(lot__state=LotState.TO_REVIEW).exclude(consulted=[])

    def given(self):
        """Opinions given, the last one first."""
        return self.filter(given_at__isnull=False).order_by("-given_at", "-pk")

    def to_remind(self, day):
        """Awaited of people who were not told of the coming term yet (a week before), or of the term passed."""
        coming = Q(due_on__gte=day, due_on__lte=day + WEEK) & (
            Q(reminded_on__isnull=True) | Q(reminded_on__lt=F("due_on") - WEEK)
        )
        passed = Q(due_on__lt=day) & (Q(reminded_on__isnull=True) | Q(reminded_on__lte=F("due_on")))
        return self.to_give().filter(coming | passed)

    def late(self, day):
        """Awaited beyond their four weeks: silence, which the Département may pass over."""
        return self.awaited().filter(due_on__lt=day)


class FacilitatorOpinion(models.Model):
    """The facilitator's opinion on a lot, asked with a term of four weeks; proof that they were consulted (C3)."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="opinions", verbose_name="lot")
    asked_at = moment_field("demandé le", required=True)
    asked_by = author_field("demandé par", required=True)
    due_on = models.DateField("attendu pour le")
    consulted = models.JSONField("personnes consultées", default=list, blank=True)
    reminded_on = models.DateField("relancé le", null=True, blank=True)
    outcome = models.CharField("avis", max_length=12, choices=OpinionOutcome, blank=True)
    adequacy = models.PositiveSmallIntegerField("adéquation des publics", choices=Adequacy, null=True, blank=True)
    candidates = models.PositiveIntegerField("candidats disponibles", null=True, blank=True)
    suppliers = models.PositiveIntegerField("structures d’insertion locales", null=True, blank=True)
    text = models.TextField("observations", blank=True, max_length=2000, validators=[validate_plain_text])
    given_at = moment_field("donné le")
    given_by = author_field("donné par")
    history = HistoricalRecords()
    objects = FacilitatorOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "avis du facilitateur"
        verbose_name_plural = "avis des facilitateurs"
        ordering = ["-asked_at"]
        constraints = [
            both_or_none("facilitatoropinion", "asked"),
            both_or_none("facilitatoropinion", "given"),
            models.UniqueConstraint(
                fields=["lot"],
                condition=Q(given_at__isnull=True),
                name="one_opinion_awaited",
                violation_error_message="Un avis est déjà demandé pour ce lot.",
            ),
            models.CheckConstraint(
                name="opinion_given_whole",
                condition=Q(given_at__isnull=True, outcome="") | Q(given_at__isnull=False) & ~Q(outcome=""),
                violation_error_message="Un avis donné dit s’il est favorable.",
            ),
            models.CheckConstraint(
                name="opinion_reserves_explained",
                condition=Q(outcome__in=["", OpinionOutcome.FAVOURABLE]) | ~Q(text=""),
                violation_error_message="Expliquez vos réserves ou votre avis défavorable.",
            ),
        ]

    def __str__(self):
        return f"Avis sur {self.lot}"
