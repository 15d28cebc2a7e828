from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none, dates_in_order
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_one_line, validate_plain_text
from facilitators.permissions import ScopedQuerySet
from markets.models.market import Lot, Market


class BidderQuestionQuerySet(ScopedQuerySet):
    territory_path = "market__lots__territory"
    directorate_path = "market__operation__directorate"

    def within(self, territory_ids):
        """A question is in the territories of its market's lots: to many, hence a subquery."""
        lots = Lot.objects.filter(territory__in=territory_ids)
        return Q(market__in=lots.values("market"))

    def unanswered(self):
        return self.filter(answered_at__isnull=True)

    def answered(self):
        return self.filter(answered_at__isnull=False)

    def to_publish(self):
        """Answered, and not on the buyer profile yet."""
        return self.filter(answered_at__isnull=False, published_on__isnull=True)


class BidderQuestion(models.Model):
    """A question of a candidate company and the answer all of them get, through the buyer profile (C12)."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="questions", verbose_name="marché")
    asked_on = models.DateField("reçue le")
    # kept for the file, never in what is published: candidates must not know one another
    company = models.CharField("entreprise qui interroge", max_length=250, blank=True, validators=[validate_one_line])
    question = models.TextField("question", max_length=2000, validators=[validate_plain_text])
    answer = models.TextField("réponse", blank=True, max_length=4000, validators=[validate_plain_text])
    recorded_at = moment_field("consignée le", required=True)
    recorded_by = author_field("consignée par", required=True)
    answered_at = moment_field("répondue le")
    answered_by = author_field("répondue par")
    published_on = models.DateField("portée au profil d’acheteur le", null=True, blank=True)
    history = HistoricalRecords()
    objects = BidderQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "question d’un candidat"
        verbose_name_plural = "questions des candidats"
        ordering = ["asked_on", "pk"]
        constraints = [
            both_or_none("bidderquestion", "recorded"),
            both_or_none("bidderquestion", "answered"),
            models.CheckConstraint(
                name="question_answer_whole",
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                violation_error_message="Une réponse a un texte, une date et un auteur.",
            ),
            models.CheckConstraint(
                name="question_published_once_answered",
                condition=Q(published_on__isnull=True) | Q(answered_at__isnull=False),
                violation_error_message="Seule une réponse se porte au profil d’acheteur.",
            ),
            dates_in_order("question_dates_ordered", "asked_on", "published_on", "La publication précède la question."),
        ]

    def __str__(self):
        return f"Question du {self.asked_on:%d/%m/%Y}"
