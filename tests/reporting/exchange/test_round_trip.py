"""A package written by a portal and read by another: the same hours, the same objectives, the same persons (C22)."""

from datetime import date
from decimal import Decimal

import pytest

from clauses_portal.core.errors import Conflict
from facilitators.enums import KeyDirection
from participants.models import EligibilityValidation
from reporting.enums import ExchangeOutcome as O
from reporting.models import ExchangeLine
from tests.support.exchanged import (
    both_ways,
    forget_everything,
    hours_of_everyone,
    lines,
    objectives,
    package_of,
    persons,
    recorded,
    repacked,
    rich_world,
    tried,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(today, territories, convention, settings):
    """The two packages of a portal, and what it held; the portal is then another, empty one."""
    settings.SITE_URL = "https://portail-un.example"
    rich_world(territories[0])
    user, structure = both_ways(territories), convention.structure
    held = hours_of_everyone(), objectives(), persons()
    files = [package_of(user, structure, direction) for direction in KeyDirection]
    forget_everything()
    settings.SITE_URL = "https://portail-deux.example"
    return user, structure, files, held


def test_another_portal_counts_the_same_and_once(sent):
    user, structure, files, held = sent
    hours, due, people = held
    assert sum(counted for _, counted in hours.values()) == Decimal("283.5")  # 93 + 70,5 + 40 + 60 + 20
    assert sorted(due.values()) == [0, 1000 - 60 + 150, 1150]
    assert len(people) == 4
    for content in files:
        asked = tried(user, structure, content)
        assert lines(asked, O.REFUSED, O.CONFLICT) == []
        assert lines(recorded(asked), O.REFUSED) == []
    assert (hours_of_everyone(), objectives(), persons()) == held
    with pytest.raises(Conflict, match="Ce fichier a déjà été importé le 15/09/2026"):
        tried(user, structure, files[0])
    for content in files:
        asked = tried(user, structure, repacked(content))
        assert {outcome for _, _, outcome, _ in lines(asked)} == {O.SAME}
        recorded(asked)
    assert (hours_of_everyone(), objectives(), persons()) == held
    _check_told_as_taken_over()


def _check_told_as_taken_over():
    row = EligibilityValidation.objects.granted().order_by("starts_on").first()
    assert row.decided_elsewhere_on == row.starts_on == date(2026, 1, 1)
    assert row.reason == "Reprise : décidée le 01/01/2026 dans portail-un.example."


def test_what_was_read_is_not_kept(sent):
    user, structure, files, _ = sent
    done = recorded(tried(user, structure, files[0]))
    assert bytes(done.content) == b""
    assert not ExchangeLine.objects.filter(source=done).exclude(data={}).exists()
