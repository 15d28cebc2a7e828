"""A22: the convention is over. The partner reads what he produced and writes nothing; the Département keeps all."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from facilitators.enums import KeyScope, Role
from facilitators.models import AccessKey
from facilitators.services import save_convention
from tests.factories.accounts import author
from tests.factories.facilitators import ConventionFactory
from tests.factories.participants import ParticipantFactory
from tests.support.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

M16 = "La convention de ce territoire n’est plus en vigueur."
# (what ends it, its last day, the day after)
TERM = ({}, date(2028, 9, 14), "2028-09-14T23:59:00+02:00", "2028-09-15T00:01:00+02:00")
NOTICE = (
    {"notice_given_on": date(2026, 9, 20)},
    date(2026, 12, 19),
    "2026-12-19T23:59:00+01:00",
    "2026-12-20T00:01:00+01:00",
)


@pytest.fixture(params=[TERM, NOTICE], ids=["term", "notice"])
def end(request, convention):
    """(last minute, first minute after) of the convention signed a year ago, at its term or after its notice."""
    changes, last_day, before, after = request.param
    for name, value in changes.items():
        setattr(convention, name, value)
    save_convention(convention=convention, territories=convention.territories.all(), by=author())
    convention.refresh_from_db()
    assert convention.ends_on == last_day
    return before, after


@pytest.fixture
def person(territory):
    return ParticipantFactory(territory=territory)


def test_the_last_minute_is_the_last_to_write(as_role, end, person):
    client, page = as_role(Role.FACILITATOR), reverse("participants:edit", args=[person.pk])
    before, after = end
    with time_machine.travel(before):
        assert client.get(page).status_code == 200
    with time_machine.travel(after):
        for method in (client.get, client.post):
            response = method(page)
            assert (response.status_code, M16 in words(response)) == (403, True)


def test_what_was_produced_is_still_read(as_role, end, person):
    client = as_role(Role.FACILITATOR)
    with time_machine.travel(end[1]):
        assert str(person) in words(client.get(reverse("participants:person", args=[person.pk])))
        assert client.get(reverse("participants:list")).status_code == 200


def test_the_departement_keeps_everything(as_role, end, territory):
    client = as_role(Role.MISSION_OFFICER)
    with time_machine.travel(end[1]):
        for route in ("markets:list", "markets:queue", "markets:create"):
            assert client.get(reverse(route)).status_code == 200


def test_its_keys_are_refused_and_live_again_with_the_next_convention(as_key, end, convention):
    program = as_key(KeyScope.READ_MARKETS)
    before, after = end
    lasting = {"created_at": "2026-09-01T00:00Z", "expires_on": "2027-08-31T00:00Z"}
    if convention.ends_on.year == 2028:
        lasting = {"created_at": "2028-09-01T00:00Z", "expires_on": "2029-08-31T00:00Z"}
    AccessKey.objects.filter(pk=program.key.pk).update(**lasting)
    with time_machine.travel(before):
        assert program.read("/markets").status_code == 200
    with time_machine.travel(after):
        assert program.read("/markets").status_code == 401
        next_one = ConventionFactory.build(structure=convention.structure, signed_on=date.fromisoformat(after[:10]))
        save_convention(convention=next_one, territories=convention.territories.all(), by=author())
        assert program.read("/markets").status_code == 200


def test_a_convention_renewed_gives_back_the_pen(as_role, end, person, convention):
    client, page = as_role(Role.FACILITATOR), reverse("participants:edit", args=[person.pk])
    with time_machine.travel(end[1]):
        next_one = ConventionFactory.build(structure=convention.structure, signed_on=date.fromisoformat(end[1][:10]))
        save_convention(convention=next_one, territories=convention.territories.all(), by=author())
        assert client.get(page).status_code == 200
