"""The journal is kept a year, then goes; nothing makes it go before, nor change (CNIL 2021-122)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from clauses_portal.accounts.models import JournalAction, JournalEntry
from facilitators.journal_keeping import purge
from facilitators.tasks import purge_journal
from tests.factories.journal import JournalEntryFactory

pytestmark = pytest.mark.django_db


def line(days):
    return JournalEntryFactory(at=timezone.now() - timedelta(days=days))


def test_what_is_a_year_old_goes_and_the_rest_stays():
    old, young = line(366), line(364)
    purge_journal()
    assert not JournalEntry.objects.filter(pk=old.pk).exists()
    assert JournalEntry.objects.filter(pk=young.pk).exists()


def test_the_purge_leaves_a_line_and_its_number_of_lines():
    line(400)
    line(500)
    assert purge() == 2
    told = JournalEntry.objects.get(action=JournalAction.RETENTION)
    assert (told.count, told.actor) == (2, None)


def test_a_purge_with_nothing_to_do_says_nothing():
    line(1)
    assert purge() == 0
    assert not JournalEntry.objects.filter(action=JournalAction.RETENTION).exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_journalentry SET actor_id = NULL WHERE id = %s",
        "UPDATE accounts_journalentry SET at = at - interval '2 years' WHERE id = %s",
        "DELETE FROM accounts_journalentry WHERE id = %s",
    ],
)
def test_a_young_line_neither_changes_nor_goes(statement):
    young = line(364)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [young.pk])
    assert JournalEntry.objects.get(pk=young.pk).actor == young.actor
