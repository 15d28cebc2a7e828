"""A program that was told of awards, then stopped: nothing leaves the demonstration."""

from datetime import timedelta

from facilitators import webhooks
from facilitators.enums import WebhookEvent
from facilitators.models import Structure, Webhook, WebhookDelivery
from markets.models import Award
from reporting.demo.calendar import at
from reporting.demo.history import backdate

LABEL = "Ancien logiciel de suivi"
# A name kept for documentation.
ADDRESS = "https://suivi.example/avertissements"
CREATED_AGO, STOPPED_AGO = 330, 40  # days
MESSAGES = 6


def create_webhook(world):
    """Its last messages arrived, but one; the facilitator stopped it when the program changed."""
    facilitator = world.facilitators["AIX"]
    structure = Structure.objects.get(conventions__territories=world.territories["AIX"])
    webhook, _ = webhooks.subscribe(
        structure=structure, label=LABEL, url=ADDRESS, events=[WebhookEvent.AWARD_ENTERED], by=facilitator
    )
    awards = Award.objects.filter(lot__territory=world.territories["AIX"]).order_by("-pk")[:MESSAGES]
    for rank, award in enumerate(awards):
        _message(webhook, award, world.calendar.ago(STOPPED_AGO + 10 * (MESSAGES - rank)), arrived=rank > 0)
    webhooks.stop(webhook=webhook, by=facilitator)
    stopped = at(world.calendar.ago(STOPPED_AGO))
    backdate(webhook, world.calendar.ago(CREATED_AGO), created_at=at(world.calendar.ago(CREATED_AGO)))
    Webhook.objects.filter(pk=webhook.pk).update(ended_at=stopped)
    webhook.history.filter(history_type="~").update(ended_at=stopped, history_date=stopped)
    world.made["avertissements automatiques"] = 1


def _message(webhook, award, day, *, arrived):
    told = at(day, 10)
    message = WebhookDelivery(webhook=webhook, event=WebhookEvent.AWARD_ENTERED, resource="awards", object_id=award.pk)
    message.occurred_on = message.next_try_on = told
    if arrived:
        message.attempts, message.sent_on, message.answer = 1, told + timedelta(seconds=1), "Réponse 200."
    else:
        message.attempts, message.given_up_on, message.answer = 7, told + timedelta(days=2), "Réponse 503."
    message.save()
