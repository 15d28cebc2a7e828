"""A15 – erasure incomplete: once a person is forgotten, nothing in the portal says who she was."""

import pytest
from django.core.cache import cache

from participants.services.privacy.anonymising import anonymise_participant
from tests.factories.accounts import author
from tests.support.person_traces import files_with, somebody_everywhere, traces

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


@pytest.fixture
def person(territory, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return somebody_everywhere(territory)


def test_the_search_finds_her_everywhere_first(person):
    """A search that finds nothing would prove nothing."""
    places = {place.split(".")[0] for place in traces()}
    assert len(places) >= 25
    assert files_with() != []


def test_nothing_says_who_she_was(person, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        done = anonymise_participant(participant=person, by=author(), reason="Demande d’effacement")
    assert traces() == {}
    assert files_with() == []
    assert done.kept == []
