"""How long the journal is kept: a year, then it goes (CNIL 2021-122)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clauses_portal.accounts.journal import record
from clauses_portal.accounts.models import JournalAction, JournalEntry


@transaction.atomic
def purge():
    """Erase the lines kept a year, and leave one that says how many; returns their number.

    The database refuses to lose a younger line, whoever asks.
    """
    # an hour more: it is the clock of the database that decides
    erased, _ = JournalEntry.objects.expired(timezone.now() - timedelta(hours=1)).delete()
    if erased:
        record(JournalAction.RETENTION, by=None, count=erased)
    return erased
