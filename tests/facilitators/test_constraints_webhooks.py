"""What the database holds about the messages to programs."""

import pytest

from facilitators.enums import WebhookEvent
from facilitators.models import Webhook
from tests.factories.webhooks import WebhookDeliveryFactory, WebhookFactory
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import NOW, World, pair

pytestmark = pytest.mark.django_db


def webhook(world, **changes):
    fields = {"structure": world.structure, "created_at": NOW, "created_by": world.author}
    return WebhookFactory.build(**fields | changes)


def delivery(world, **changes):
    if not Webhook.objects.exists():
        webhook(world).save()
    return WebhookDeliveryFactory.build(webhook=Webhook.objects.get(), **changes)


RULES = [
    Rule("webhook_created_pair", webhook, **pair("created"), seen_by_forms=False),
    Rule("webhook_ended_pair", webhook, **pair("ended")),
    Rule(
        "webhook_events_chosen",
        webhook,
        accepted=[{"events": [WebhookEvent.AWARD_ENTERED]}, {"events": list(WebhookEvent.values)}],
        refused=[{"events": []}],
        seen_by_forms=False,
    ),
    Rule(
        "delivery_sent_or_given_up",
        delivery,
        accepted=[{}, {"sent_on": NOW}, {"given_up_on": NOW}],
        refused=[{"sent_on": NOW, "given_up_on": NOW}],
    ),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
