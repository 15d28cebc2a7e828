"""A package written by a portal and read by another: the same hours, the same objectives, the same persons (C22)."""

import pytest

from facilitators.enums import KeyDirection
from reporting.enums import ExchangeOutcome as O
from tests.support.exchanged import (
    both_ways,
    forget_everything,
    hours_of_everyone,
    lines,
    objectives,
    package_of,
    persons,
    recorded,
    rich_world,
    tried,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(today, territories, convention, settings, tmp_path):
    """The two packages of a portal, and what it held; the portal is then another, empty one."""
    settings.MEDIA_ROOT, settings.SITE_URL = tmp_path, "https://portail-un.example"
    rich_world(territories[0])
    user, structure = both_ways(territories), convention.structure
    held = hours_of_everyone(), objectives(), persons()
    files = [package_of(user, structure, direction) for direction in KeyDirection]
    forget_everything()
    settings.SITE_URL = "https://portail-deux.example"
    return user, structure, files, held


def test_another_portal_counts_the_same(sent):
    user, structure, files, held = sent
    for content in files:
        asked = tried(user, structure, content)
        assert lines(asked, O.REFUSED, O.CONFLICT) == []
        done = recorded(asked)
        assert done.recorded_on, done.error
        assert lines(done, O.REFUSED) == []
    assert (hours_of_everyone(), objectives(), persons()) == held
