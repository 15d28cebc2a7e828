"""What the exchange leaves, for the access matrix: a program told of events, a buyer read every night."""

from tests.factories.facilitators import ConventionFactory
from tests.factories.preparation import DecpWatchFactory
from tests.factories.webhooks import WebhookDeliveryFactory, WebhookFactory


def told_rows(territory):
    """{target: row}; the convention of the program's structure is past, so that it gives nobody any right."""
    structure = ConventionFactory(territories=[territory], expired=True).structure
    webhook = WebhookFactory(structure=structure)
    delivery = WebhookDeliveryFactory(webhook=webhook, received=True)
    return {"webhook": webhook, "delivery": delivery, "watch": DecpWatchFactory()}
