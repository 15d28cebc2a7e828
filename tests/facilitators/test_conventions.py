"""The convention gives the facilitators' rights a time (article 4): three years, three months' notice."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from facilitators.enums import Permission, Role
from facilitators.models import Convention
from facilitators.permissions import (
    CONVENTION_OVER,
    FORBIDDEN,
    NOT_FOUND,
    get_actionable,
    get_visible,
    grant,
    refusal,
    scope_of,
)
from markets.models import Lot
from participants.models import Participant
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import ConventionFactory, years_ago
from tests.factories.markets import LotFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db

READING = {permission for permission in Permission if not permission.is_writing}


@pytest.fixture
def facilitator(territory):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


@pytest.mark.parametrize(
    ("signed_on", "months", "notice", "last_day"),
    [
        ("2026-01-15", 36, None, "2029-01-14"),
        ("2026-03-01", 36, None, "2029-02-28"),
        ("2025-03-01", 36, None, "2028-02-29"),
        ("2024-02-29", 36, None, "2027-02-27"),
        ("2024-02-29", 48, None, "2028-02-28"),
        ("2026-01-31", 1, None, "2026-02-27"),
        ("2026-01-01", 12, None, "2026-12-31"),
        ("2026-01-15", 36, "2026-06-10", "2026-09-09"),
        ("2026-01-15", 36, "2026-11-30", "2027-02-27"),
        ("2026-01-15", 36, "2027-11-30", "2028-02-28"),
        ("2026-01-15", 36, "2028-12-31", "2029-01-14"),
    ],
)
def test_the_last_day_is_computed_by_the_database(signed_on, months, notice, last_day):
    convention = ConventionFactory(
        signed_on=date.fromisoformat(signed_on),
        duration_months=months,
        notice_given_on=notice and date.fromisoformat(notice),
    )
    convention.refresh_from_db()
    assert convention.ends_on == date.fromisoformat(last_day)


def test_a_convention_is_in_force_from_its_signature_to_its_last_day():
    convention = ConventionFactory(signed_on=date(2026, 1, 15))
    day = timedelta(days=1)
    in_force = {
        moment: Convention.objects.in_force(moment).exists()
        for moment in (date(2026, 1, 14), convention.signed_on, convention.ends_on, convention.ends_on + day)
    }
    assert list(in_force.values()) == [False, True, True, False]


@pytest.mark.parametrize("state", ["none", "expired", "coming", "notice over", "other territory"])
def test_without_a_convention_in_force_a_facilitator_reads_and_changes_nothing(
    facilitator, territory, elsewhere, state
):
    if state in {"expired", "coming"}:
        ConventionFactory(territories=[territory], **{state: True})
    if state == "notice over":
        ConventionFactory(territories=[territory], signed_on=years_ago(2), notice_given_on=years_ago(1))
    if state == "other territory":
        ConventionFactory(territories=[elsewhere])
    held = {permission for permission in Permission if scope_of(facilitator).allows(permission)}
    assert held
    assert held <= READING
    assert refusal(facilitator, Permission.ENTER_HOURS) == CONVENTION_OVER
    assert refusal(facilitator, Permission.MANAGE_MARKETS) == FORBIDDEN


def test_a_notice_keeps_the_rights_for_three_months(facilitator, territory):
    ConventionFactory(territories=[territory], notice_given_on=years_ago(0) - timedelta(days=60))
    assert scope_of(facilitator).allows(Permission.ENTER_HOURS)


def test_one_convention_in_force_is_enough(facilitator, territory):
    ConventionFactory(territories=[territory], expired=True)
    ConventionFactory(territories=[territory])
    assert scope_of(facilitator).allows(Permission.ENTER_HOURS)


def test_the_departement_does_not_depend_on_a_convention(territory):
    officer = UserFactory()
    grant(user=officer, role=Role.MISSION_OFFICER, by=None)
    assert scope_of(officer).allows(Permission.DECIDE_CLAUSE)


def test_another_role_of_the_same_person_is_not_suspended(territory):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    grant(user=user, role=Role.MISSION_OFFICER, by=None)
    assert scope_of(user).allows(Permission.MANAGE_ALERTS)
    assert not scope_of(user).allows(Permission.ENTER_HOURS)


def test_a_facilitator_of_two_territories_writes_where_the_convention_stands(facilitator, territory, elsewhere):
    grant(user=facilitator, role=Role.FACILITATOR, territory=elsewhere, by=None)
    ConventionFactory(territories=[elsewhere])
    person_here, person_there = ParticipantFactory(territory=territory), ParticipantFactory(territory=elsewhere)
    assert get_actionable(Participant.objects, facilitator, Permission.MANAGE_PERSONS, pk=person_there.pk)
    with pytest.raises(PermissionDenied) as refused:
        get_actionable(Participant.objects, facilitator, Permission.MANAGE_PERSONS, pk=person_here.pk)
    assert str(refused.value) == CONVENTION_OVER


def test_an_expired_convention_is_told_apart_from_a_missing_right(facilitator, territory):
    lot = LotFactory(territory=territory)
    person = ParticipantFactory(territory=territory)
    with pytest.raises(PermissionDenied) as refused:
        get_actionable(Participant.objects, facilitator, Permission.MANAGE_PERSONS, pk=person.pk)
    assert str(refused.value) == "La convention de ce territoire n’est plus en vigueur."
    with pytest.raises(PermissionDenied) as refused:
        get_actionable(Lot.objects, facilitator, Permission.DECIDE_CLAUSE, pk=lot.pk)
    assert str(refused.value) == "Vous n’avez pas le droit d’effectuer cette action."


def test_out_of_scope_is_unknown(facilitator, elsewhere, convention):
    lot = LotFactory(territory=elsewhere)
    sentences = set()
    for pk in (lot.pk, 0):
        for call in (
            lambda pk=pk: get_visible(Lot.objects, facilitator, pk=pk),
            lambda pk=pk: get_actionable(Lot.objects, facilitator, Permission.PROPOSE_CALIBRATION, pk=pk),
        ):
            with pytest.raises(Http404) as unknown:
                call()
            sentences.add(str(unknown.value))
    assert sentences == {NOT_FOUND}
