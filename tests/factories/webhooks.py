"""Programs told of events, and the messages to them."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from facilitators.enums import WebhookEvent
from facilitators.models import Webhook, WebhookDelivery
from tests.factories.accounts import author
from tests.factories.facilitators import StructureFactory


class WebhookFactory(DjangoModelFactory):
    """Told of everything. Trait: stopped."""

    class Meta:
        model = Webhook

    class Params:
        stopped = factory.Trait(ended_at=factory.LazyFunction(timezone.now), ended_by=factory.LazyFunction(author))

    structure = factory.SubFactory(StructureFactory)
    label = "Logiciel de suivi"
    url = "https://logiciel.example.test/avertissements"
    events = factory.LazyFunction(lambda: list(WebhookEvent.values))
    nonce = factory.Sequence(lambda n: f"{n:043}")
    created_at = factory.LazyFunction(timezone.now)
    created_by = factory.LazyFunction(author)


class WebhookDeliveryFactory(DjangoModelFactory):
    """A message that waits for its first try. Trait: received."""

    class Meta:
        model = WebhookDelivery

    class Params:
        received = factory.Trait(sent_on=factory.LazyFunction(timezone.now), attempts=1, answer="Réponse 200.")

    webhook = factory.SubFactory(WebhookFactory)
    event = WebhookEvent.MARKET_PUBLISHED
    resource = "markets"
    object_id = 12
    occurred_on = factory.LazyFunction(timezone.now)
    next_try_on = factory.LazyFunction(timezone.now)
