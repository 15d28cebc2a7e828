"""The outbox."""

import factory
from factory.django import DjangoModelFactory

from facilitators.models import OutgoingMail


class OutgoingMailFactory(DjangoModelFactory):
    class Meta:
        model = OutgoingMail

    recipient = factory.Sequence(lambda n: f"contact{n}@example.test")
    subject = "Invitation à une réunion"
    body = "Bonjour,\n\nVous êtes invité à une réunion.\n"
