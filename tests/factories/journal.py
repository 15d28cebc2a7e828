import factory
from django.utils import timezone

from clauses_portal.accounts.models import JournalAction, JournalEntry
from tests.factories.accounts import UserFactory


class JournalEntryFactory(factory.django.DjangoModelFactory):
    """A reading, now unless `at` is given."""

    class Meta:
        model = JournalEntry

    at = factory.LazyFunction(timezone.now)
    actor = factory.SubFactory(UserFactory)
    action = JournalAction.READING
