from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from operations.models import Operation
from participants.enums import FseAnswer
from participants.models.participant import Participant


def answer_field(label):
    """Yes, no, refused, or not asked: a refusal is an answer the programme accepts (domain.md §7)."""
    return models.CharField(label, max_length=8, choices=FseAnswer, default=FseAnswer.NOT_ASKED)


class EuropeanAnswersQuerySet(ScopedQuerySet):
    territory_path = "participant__territory"
    view_permission = Permission.VIEW_PERSONS


class EuropeanAnswers(models.Model):
    """The answers of a participant of an FSE+ operation that the rest of her file does not hold (regulation 2021/1057,
    annex I). Sensitive: read by her facilitator alone, told to others as numbers only."""

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="european_answers", verbose_name="personne"
    )
    operation = models.ForeignKey(
        Operation, on_delete=models.PROTECT, related_name="european_answers", verbose_name="opération"
    )
    signed_on = models.DateField("questionnaire signé le", null=True, blank=True)
    disability = answer_field("en situation de handicap")
    third_country = answer_field("ressortissant d’un pays tiers")
    foreign_origin = answer_field("d’origine étrangère")
    minority = answer_field("appartenant à une minorité")
    homeless = answer_field("sans abri ou exclu du logement")
    rural = answer_field("résidant en zone rurale")
    qualified = answer_field("qualification obtenue à la sortie de l’opération")
    answered_at = moment_field("saisi le", required=True)
    answered_by = author_field("saisi par", required=True)
    history = HistoricalRecords()
    objects = EuropeanAnswersQuerySet.as_manager()

    class Meta:
        verbose_name = "réponses FSE+"
        verbose_name_plural = "réponses FSE+"
        ordering = ["operation", "participant"]
        constraints = [
            both_or_none("europeananswers", "answered"),
            models.UniqueConstraint(
                fields=["participant", "operation"],
                name="european_answers_once",
                violation_error_message="Cette personne a déjà répondu pour cette opération.",
            ),
            models.CheckConstraint(
                name="european_answers_signed",
                condition=Q(signed_on__isnull=False)
                | Q(
                    **dict.fromkeys(
                        ("disability", "third_country", "foreign_origin", "minority", "homeless", "rural"),
                        FseAnswer.NOT_ASKED,
                    )
                ),
                violation_error_message="Les réponses se saisissent d’après un questionnaire signé : indiquez sa date.",
            ),
        ]

    def __str__(self):
        return f"{self.participant} – {self.operation}"
