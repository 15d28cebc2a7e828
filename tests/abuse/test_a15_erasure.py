"""A15 – erasure incomplete: once a person is forgotten, nothing in the portal says who she was."""

import pytest
from django.core import mail
from django.core.cache import cache

from participants.services.privacy.anonymising import NAME, anonymise_participant
from tests.factories.accounts import author
from tests.support.person_traces import files_with, remembered, somebody_everywhere, traces

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]
REASON = "Demande d’effacement du 1er septembre"


@pytest.fixture
def person(territory, settings, tmp_path):
    disk = {"BACKEND": "clauses_portal.core.storage.DurableStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": disk}
    return somebody_everywhere(territory)


def test_the_search_finds_her_everywhere_first(person):
    """A search that finds nothing would prove nothing."""
    assert len({place.split(".")[0] for place in traces()}) >= 25
    assert len(files_with()) == 1
    cache.set("mark", "Quintavalle")
    assert remembered() != []
    cache.delete("mark")


def test_nothing_says_who_she_was(person, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        done = anonymise_participant(participant=person, by=author(), reason=REASON)
    assert traces() == {}
    assert files_with() == []
    assert remembered() == []
    assert mail.outbox == []
    assert done.files == 1
    person.refresh_from_db()
    assert str(person) == NAME
