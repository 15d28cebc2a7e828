"""What the other side waits for, told to its program without any personal data (C22)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import WebhookEvent
from facilitators.models.structure import Structure


class WebhookQuerySet(models.QuerySet):
    def open(self):
        """Subscriptions nobody has ended."""
        return self.filter(ended_at__isnull=True)


class Webhook(models.Model):
    """An address of a structure's program that is told of some events, each message signed.

    The signing secret is derived from `nonce` and a key the database does not hold: it is shown once.
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, related_name="webhooks", verbose_name="structure"
    )
    label = models.CharField("logiciel", max_length=60, validators=[validate_one_line])
    url = models.URLField("adresse à prévenir", max_length=300)
    events = ArrayField(models.CharField(max_length=25, choices=WebhookEvent), verbose_name="événements")
    nonce = models.CharField("aléa", max_length=43, editable=False)
    created_at = moment_field("créé le", required=True)
    created_by = author_field("créé par", required=True)
    ended_at = moment_field("arrêté le")
    ended_by = author_field("arrêté par")
    history = HistoricalRecords(excluded_fields=["nonce"])
    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = "avertissement automatique"
        verbose_name_plural = "avertissements automatiques"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="webhook_events_chosen",
                condition=~Q(events=[]),
                violation_error_message="Choisissez au moins un événement.",
            ),
            both_or_none("webhook", "created"),
            both_or_none("webhook", "ended"),
        ]

    def __str__(self):
        return f"{self.label} – {self.structure}"

    @property
    def event_labels(self):
        """What it is told of, in French, in the order of the list."""
        return [event.label for event in WebhookEvent if event in self.events]


class WebhookDeliveryQuerySet(models.QuerySet):
    def waiting(self):
        """Messages neither received nor given up."""
        return self.filter(sent_on__isnull=True, given_up_on__isnull=True)

    def settled(self):
        """Messages received, or given up."""
        return self.exclude(sent_on__isnull=True, given_up_on__isnull=True)

    def to_send(self, now):
        """Messages whose turn has come, the oldest first."""
        return self.waiting().filter(next_try_on__lte=now).order_by("pk")


class WebhookDelivery(models.Model):
    """One event to tell to one address: written with what it tells of, sent by a worker, tried again, then given up.

    A trial is a message about nothing: its resource is `TRIAL`, its event is not told.
    """

    TRIAL = "test"

    webhook = models.ForeignKey(
        Webhook, on_delete=models.PROTECT, related_name="deliveries", verbose_name="avertissement"
    )
    identifier = models.UUIDField("identifiant", default=uuid.uuid4, editable=False)
    event = models.CharField("événement", max_length=25, choices=WebhookEvent)
    resource = models.CharField("nature", max_length=30)
    object_id = models.BigIntegerField("identifiant dans le portail")
    occurred_on = models.DateTimeField("survenu le")
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    next_try_on = models.DateTimeField("prochain essai le")
    sent_on = models.DateTimeField("reçu le", null=True, blank=True)
    given_up_on = models.DateTimeField("abandonné le", null=True, blank=True)
    answer = models.CharField("réponse", max_length=100, blank=True)
    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "message automatique"
        verbose_name_plural = "messages automatiques"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="delivery_sent_or_given_up",
                condition=Q(sent_on__isnull=True) | Q(given_up_on__isnull=True),
                violation_error_message="Un message est reçu ou abandonné, pas les deux.",
            )
        ]
        indexes = [
            # serves the round that sends
            models.Index(
                fields=["next_try_on"],
                condition=Q(sent_on__isnull=True, given_up_on__isnull=True),
                name="delivery_to_send",
            )
        ]

    def __str__(self):
        return f"{self.get_event_display()} – {self.webhook}"

    @property
    def is_trial(self):
        return self.resource == self.TRIAL

    @property
    def what(self):
        """What it tells of, in French."""
        return "Essai" if self.is_trial else f"{self.get_event_display()} (n°\u00a0{self.object_id})"
