from django.db import models
from django.db.models import Q

from clauses_portal.core.validators import validate_one_line


class OutgoingMailQuerySet(models.QuerySet):
    def to_send(self):
        """The outbox: what a worker still has to hand to the mail server."""
        return self.filter(sent_on__isnull=True, failed_on__isnull=True)


class OutgoingMail(models.Model):
    """A mail to one person outside the portal. Written with what it tells of, sent by a worker, kept with its fate."""

    recipient = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=200, validators=[validate_one_line])
    body = models.TextField("texte")
    attachment_name = models.CharField("nom de la pièce jointe", max_length=150, blank=True)
    attachment_type = models.CharField("type de la pièce jointe", max_length=100, blank=True)
    attachment = models.BinaryField("pièce jointe", null=True, blank=True)
    created_on = models.DateTimeField("écrit le", auto_now_add=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    sent_on = models.DateTimeField("envoyé le", null=True, blank=True)
    failed_on = models.DateTimeField("refusé le", null=True, blank=True)
    error = models.CharField("refus du serveur", max_length=300, blank=True)
    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel sortant"
        verbose_name_plural = "courriels sortants"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="mail_sent_or_failed",
                condition=Q(sent_on__isnull=True) | Q(failed_on__isnull=True),
                violation_error_message="Un courriel est envoyé ou refusé, pas les deux.",
            )
        ]
        indexes = [
            # serves the outbox
            models.Index(fields=["id"], condition=Q(sent_on__isnull=True, failed_on__isnull=True), name="mail_to_send")
        ]

    def __str__(self):
        return f"{self.subject} ({self.recipient})"
