from django.conf import settings
from django.db import models

from clauses_portal.core.validators import validate_plain_text


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The notifications of this person."""
        return self.filter(recipient=user)

    def unread(self):
        return self.filter(read_on__isnull=True)

    def to_mail(self):
        """What no mail has carried yet: the outbox of the daily digest."""
        return self.filter(mailed_on__isnull=True, read_on__isnull=True, recipient__is_active=True)


class Notification(models.Model):
    """Something a person is told, on her home page and by mail. Never an amount, never a name of a participant."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications", verbose_name="destinataire"
    )
    text = models.CharField("texte", max_length=300, validators=[validate_plain_text])
    path = models.CharField("page", max_length=200)
    created_on = models.DateTimeField("créée le", auto_now_add=True)
    read_on = models.DateTimeField("lue le", null=True, blank=True)
    mailed_on = models.DateTimeField("envoyée par courriel le", null=True, blank=True)
    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "notification"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["recipient", "read_on"], name="notification_unread")]

    def __str__(self):
        return self.text
