"""A right has a beginning, an end, an author, and one projection that never drifts."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import Permission as AuthPermission
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from facilitators.enums import Permission, Role
from facilitators.models import Membership, TerritoryUserObjectPermission
from facilitators.permissions import (
    actual_grants,
    directorates_for,
    expected_grants,
    forget_scope,
    grant,
    project_on_new_territory,
    revoke,
    scope_of,
    territories_for,
)
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import DirectorateFactory, TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("convention")]

DAY = timedelta(days=1)


@pytest.fixture
def user():
    return UserFactory()


def may(user, permission=Permission.ENTER_HOURS):
    """Read afresh, as the next request does."""
    forget_scope(user)
    return territories_for(user, permission)


def check_grants():
    output = StringIO()
    call_command("check_grants", stdout=output, stderr=output)
    return output.getvalue()


def test_a_right_begins_on_its_first_day_and_ends_after_its_last(user, territory, today):
    grant(
        user=user,
        role=Role.FACILITATOR,
        territory=territory,
        by=None,
        valid_from=today,
        valid_until=today + 10 * DAY,
    )
    expectations = {today - DAY: False, today: True, today + 10 * DAY: True, today + 11 * DAY: False}
    seen = {}
    for day in expectations:
        with time_machine.travel(timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))):
            seen[day] = may(user).exists()
    assert seen == expectations


def test_a_directorate_whose_right_is_over_gives_nothing_beside_another(user, today):
    past, present = DirectorateFactory(), DirectorateFactory()
    grant(user=user, role=Role.DIRECTORATE_AGENT, directorate=past, by=None, valid_until=today)
    grant(user=user, role=Role.DIRECTORATE_AGENT, directorate=present, by=None)
    assert set(directorates_for(user, Permission.VIEW_AMOUNTS)) == {past, present}
    with time_machine.travel(timezone.now() + DAY):
        assert set(directorates_for(user, Permission.VIEW_AMOUNTS)) == {present}


def test_rights_read_yesterday_are_read_again_today(user, territory, today):
    """A long-lived instance (a worker's) never outlives the day."""
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None, valid_until=today)
    assert territories_for(user, Permission.ENTER_HOURS).exists()
    with time_machine.travel(timezone.now() + DAY):
        assert not territories_for(user, Permission.ENTER_HOURS).exists()


def test_an_inactive_account_may_nothing(user, territory):
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    assert may(user).exists()
    user.is_active = False
    user.save()
    assert not may(user).exists()
    assert not Membership.objects.active(timezone.localdate()).exists()


def test_a_projection_without_a_membership_gives_nothing(user, territory):
    permission = AuthPermission.objects.get(codename="enter_hours", content_type__model="territory")
    TerritoryUserObjectPermission.objects.create(user=user, permission=permission, content_object=territory)
    assert not may(user).exists()


def test_a_membership_without_its_projection_gives_nothing(user, territory):
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    TerritoryUserObjectPermission.objects.all().delete()
    assert not may(user).exists()


def test_a_grant_says_who_gave_it(user, territory):
    first = grant(user=user, role=Role.FACILITATOR, territory=territory, by=author())
    assert (first.granted_by, first.granted_at is not None) == (author(), True)
    of_installation = grant(user=user, role=Role.ADMINISTRATOR, by=None)
    assert (of_installation.granted_by, of_installation.granted_at) == (None, None)


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.FACILITATOR, {}),
        (Role.FACILITATOR, {"directorate"}),
        (Role.FACILITATOR, {"territory", "directorate"}),
        (Role.DIRECTORATE_AGENT, {}),
        (Role.DIRECTORATE_AGENT, {"territory"}),
        (Role.MISSION_OFFICER, {"territory"}),
        (Role.DIRECTOR, {"directorate"}),
    ],
)
def test_a_role_has_its_kind_of_place(user, territory, role, place):
    places = {"territory": territory, "directorate": DirectorateFactory()}
    with pytest.raises(ValidationError, match="Un facilitateur est habilité sur un territoire"):
        grant(user=user, role=role, by=None, **{name: places[name] for name in place})
    assert actual_grants() == set()


def test_the_same_role_is_not_given_twice(user, territory):
    membership = grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    with pytest.raises(ValidationError, match="a déjà ce rôle à cet endroit"):
        grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    revoke(membership=membership, by=author())
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    assert may(user).exists()


def test_a_revoked_right_ends_at_once(user, territory):
    membership = grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    revoke(membership=membership, by=author())
    membership.refresh_from_db()
    assert membership.revoked_by == author()
    assert actual_grants() == set()
    assert not may(user).exists()


def test_revoking_keeps_what_another_membership_gives(user, territories):
    kept = grant(user=user, role=Role.MISSION_OFFICER, by=None)
    gone = grant(user=user, role=Role.FACILITATOR, territory=territories[0], by=None)
    revoke(membership=gone, by=author())
    assert actual_grants() == expected_grants([kept])
    assert may(user, Permission.VIEW_MARKETS).count() == 3
    assert not may(user, Permission.ENTER_HOURS).exists()


def test_revoking_one_territory_keeps_the_other(user, territories):
    here, there = (grant(user=user, role=Role.FACILITATOR, territory=place, by=None) for place in territories[:2])
    revoke(membership=here, by=author())
    assert list(may(user)) == [there.territory]


def test_the_trail_of_a_membership_stays(user, territory):
    membership = grant(user=user, role=Role.FACILITATOR, territory=territory, by=author())
    revoke(membership=membership, by=author())
    trail = membership.history.order_by("history_id").values_list("history_type", "revoked_by")
    assert list(trail) == [("+", None), ("~", author().pk)]


def test_a_new_territory_receives_the_departmental_rights(user, territory):
    officer = UserFactory()
    grant(user=officer, role=Role.MISSION_OFFICER, by=None)
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    new = TerritoryFactory()
    assert may(officer, Permission.DECIDE_CLAUSE).filter(pk=new.pk).exists()
    assert not may(user).filter(pk=new.pk).exists()
    project_on_new_territory(new)
    assert "conformes" in check_grants()


def test_check_grants_agrees_with_what_grant_and_revoke_wrote(user, territory):
    grant(user=user, role=Role.LEGAL_OFFICER, by=None)
    grant(user=user, role=Role.DIRECTORATE_AGENT, directorate=DirectorateFactory(), by=None)
    revoke(membership=grant(user=user, role=Role.FACILITATOR, territory=territory, by=None), by=author())
    assert f"{len(actual_grants())} droits projetés, conformes" in check_grants()


@pytest.mark.parametrize("sign", ["manque", "en trop"])
def test_check_grants_finds_a_drift(user, territory, sign):
    membership = grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    if sign == "manque":
        TerritoryUserObjectPermission.objects.filter(permission__codename="enter_hours").delete()
    else:
        Membership.objects.filter(pk=membership.pk).update(revoked_at=timezone.now(), revoked_by=author())
    errors = StringIO()
    with pytest.raises(CommandError, match="ne sont pas ceux des habilitations"):
        call_command("check_grants", stdout=StringIO(), stderr=errors)
    assert f"{sign} : ({user.pk}, 'enter_hours', 'territory', {territory.pk})" in errors.getvalue()


@pytest.mark.parametrize("role", Role)
def test_the_scope_is_read_in_three_queries_and_once(user, territories, count_queries, role):
    place = {"territory": territories[0]} if role == Role.FACILITATOR else {}
    if role == Role.DIRECTORATE_AGENT:
        place = {"directorate": DirectorateFactory()}
    grant(user=user, role=role, by=None, **place)
    assert count_queries(lambda: scope_of(user)) <= 3
    assert count_queries(lambda: scope_of(user)) == 0


def test_check_grants_repairs_both_ways(user, territory):
    """A version that adds a permission to a role, or takes one away, projects again what people hold."""
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    grants = TerritoryUserObjectPermission.objects.filter(user=user)
    decide = AuthPermission.objects.get(codename=Permission.DECIDE_CLAUSE, content_type__model="territory")
    TerritoryUserObjectPermission.objects.create(user=user, permission=decide, content_object=territory)
    grants.filter(permission__codename=Permission.VIEW_HOURS).delete()
    output = StringIO()
    call_command("check_grants", "--repair", stdout=output)
    assert "1 droits ajoutés, 1 retirés." in output.getvalue()
    assert "conformes" in output.getvalue()
