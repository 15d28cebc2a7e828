"""Keys of access: created, revoked, watched, and the accounts that act for them (C22, security.md §3 A13, A21)."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clauses_portal.accounts.models import User
from clauses_portal.core.errors import Conflict
from facilitators.access_keys import create_key, read_key, revoke_key
from facilitators.enums import KeyDirection, KeyScope, KeyState, Permission, Role
from facilitators.key_watch import warn_of_expiry
from facilitators.mail import send_waiting
from facilitators.models import AccessKey, Membership, Notification, RepeatableRequest
from facilitators.notifications import mail_waiting, notify
from facilitators.permissions import grant, key_scopes_for, keys_for, scope_of, structures_for
from facilitators.tasks import forget_repeated_requests, warn_of_key_expiry
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import ConventionFactory, TerritoryFactory
from tests.support.pages import tidy
from tests.support.sql import holders_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TO_FACILITATOR, TO_DEPARTMENT = KeyDirection.TO_FACILITATOR, KeyDirection.TO_DEPARTMENT


@pytest.fixture
def structure(convention):
    return convention.structure


def made(structure, **changes):
    """(key, text) of a new key."""
    fields = {"direction": TO_DEPARTMENT, "label": "Logiciel de suivi", "scopes": [KeyScope.WRITE_HOURS]}
    return create_key(structure=structure, **fields | {"by": author()} | changes)


def state_of(key, now):
    return AccessKey.objects.with_state(now).get(pk=key.pk).state


def test_a_key_is_kept_as_a_digest_alone(structure):
    key, text = made(structure)
    secret = text.removeprefix(f"csk_{key.prefix}_")
    assert len(secret) == 43
    assert holders_of(secret) == []
    assert holders_of(key.digest) == ["facilitators_accesskey"]
    assert "digest" not in {field.name for field in AccessKey.history.model._meta.fields}


def test_the_search_in_every_table_finds_what_is_there(structure):
    made(structure, label="Logiciel introuvable")
    assert "facilitators_accesskey" in holders_of("Logiciel introuvable")


def test_two_keys_have_nothing_in_common(structure):
    texts = [made(structure)[1] for _ in range(2)]
    assert len({part for text in texts for part in text.split("_", 2)[1:]}) == 4


def test_a_key_lives_a_year_at_most(structure):
    key, _ = made(structure)
    assert key.expires_on - key.created_at == timedelta(days=365)
    for days in (0, -1, 366):
        with pytest.raises(ValidationError, match="entre 1 et 365 jours"):
            made(structure, days=days)


def test_two_keys_live_at_most_in_each_direction(structure):
    first, _ = made(structure)
    made(structure)
    with pytest.raises(Conflict, match="déjà deux clés"):
        made(structure)
    made(structure, direction=TO_FACILITATOR, scopes=[KeyScope.READ_MARKETS])
    made(ConventionFactory().structure)
    revoke_key(key=first, by=author())
    made(structure)
    with time_machine.travel("2027-09-16T10:00:00+02:00"):
        made(structure, days=1)
        made(structure, days=1)


@pytest.mark.parametrize(
    ("direction", "scope"),
    [
        (TO_FACILITATOR, KeyScope.READ_PERSONS),
        (TO_FACILITATOR, KeyScope.WRITE_HOURS),
        (TO_FACILITATOR, KeyScope.WRITE_ALERTS),
        (TO_DEPARTMENT, KeyScope.WRITE_MARKETS),
    ],
)
def test_what_belongs_to_the_other_direction_is_refused(structure, direction, scope):
    with pytest.raises(ValidationError, match="Dans ce sens"):
        made(structure, direction=direction, scopes=[scope])
    assert not User.objects.filter(is_software=True).exists()


@pytest.mark.parametrize("scopes", [[], ["markets:delete"]])
def test_a_key_permits_what_is_known(structure, scopes):
    with pytest.raises(ValidationError):
        made(structure, scopes=scopes)


def test_networks_are_written_one_way(structure):
    key, _ = made(structure, networks=["192.0.2.10", "198.51.100.7/24", "2001:DB8::1"])
    assert key.networks == ["192.0.2.10/32", "198.51.100.0/24", "2001:db8::1/128"]
    with pytest.raises(ValidationError, match="ni une adresse, ni un réseau"):
        made(structure, networks=["partout"])


def test_a_key_is_of_one_structure(structure):
    key, text = made(structure)
    other = ConventionFactory().structure
    assert read_key(text, address="192.0.2.1").structure == structure
    for shared in ({"prefix": key.prefix}, {"account": key.account}):
        copy = AccessKey.objects.get(pk=key.pk)
        copy.pk, copy.structure, copy.prefix = None, other, "other000"
        for name, value in shared.items():
            setattr(copy, name, value)
        if "account" not in shared:
            copy.account = UserFactory(is_software=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()


def test_a_key_is_revoked_once(structure):
    key, text = made(structure)
    who = UserFactory()
    revoke_key(key=key, by=who)
    with pytest.raises(Conflict, match="déjà révoquée"):
        revoke_key(key=key, by=author())
    assert AccessKey.objects.get().revoked_by == who
    assert read_key(text, address="192.0.2.1") is None
    assert [(line.history_type, line.history_user) for line in key.history.order_by("pk")] == [
        ("+", author()),
        ("~", who),
    ]


def test_the_state_of_a_key(structure, convention):
    key, _ = made(structure, days=10)
    now = key.created_at
    assert state_of(key, now) == KeyState.LIVE
    assert state_of(key, now + timedelta(days=10)) == KeyState.EXPIRED
    convention.notice_given_on = now.date() - timedelta(days=95)
    convention.signed_on = convention.notice_given_on
    convention.save()
    assert state_of(key, now) == KeyState.OUT_OF_CONVENTION
    revoke_key(key=key, by=author())
    assert state_of(key, now) == KeyState.REVOKED


def test_each_follows_the_keys_of_her_structures(structure, territory):
    key, _ = made(structure)
    outside = TerritoryFactory()
    other, _ = made(ConventionFactory(territories=[outside]).structure)
    here, there, officer, legal, administrator = UserFactory.create_batch(5)
    grant(user=here, role=Role.FACILITATOR, territory=territory, by=None)
    grant(user=there, role=Role.FACILITATOR, territory=outside, by=None)
    grant(user=officer, role=Role.MISSION_OFFICER, by=None)
    grant(user=legal, role=Role.LEGAL_OFFICER, by=None)
    grant(user=administrator, role=Role.ADMINISTRATOR, by=None)
    followed = {person: set(keys_for(person, Permission.REVOKE_KEYS)) for person in (here, there, officer, legal)}
    assert followed == {here: {key}, there: {other}, officer: {key, other}, legal: set()}
    assert not structures_for(officer, Permission.MANAGE_KEYS).exists()
    assert set(structures_for(administrator, Permission.MANAGE_KEYS)) == {key.structure, other.structure}
    assert KeyScope.WRITE_MARKETS in key_scopes_for(administrator, TO_FACILITATOR)
    assert KeyScope.WRITE_MARKETS not in key_scopes_for(here, TO_FACILITATOR)
    assert key_scopes_for(here, TO_DEPARTMENT) == KeyScope.of(TO_DEPARTMENT)


@pytest.fixture
def keepers(territory, convention):
    officer, facilitator = UserFactory.create_batch(2)
    grant(user=officer, role=Role.MISSION_OFFICER, by=None)
    grant(user=facilitator, role=Role.FACILITATOR, territory=territory, by=None)
    return [officer, facilitator]


def told(word):
    return list(Notification.objects.filter(text__contains=word).order_by("pk").values_list("recipient", flat=True))


def test_the_others_are_told_of_a_creation_and_of_a_revocation(structure, keepers):
    officer, facilitator = keepers
    key, _ = made(structure, by=facilitator)
    assert told("est créée") == [officer.pk]
    revoke_key(key=key, by=officer)
    assert told("est révoquée") == [facilitator.pk]


def test_the_end_of_a_key_is_told_thirty_then_seven_days_before(structure, keepers):
    made(structure, days=60)
    for day, count in [
        ("2026-10-14", 0),
        ("2026-10-16", 2),
        ("2026-10-17", 0),
        ("2026-11-06", 0),
        ("2026-11-09", 2),  # the 8th was missed
        ("2026-11-10", 0),
        ("2026-11-20", 0),
    ]:
        with time_machine.travel(f"{day}T06:50:00+01:00"):
            Notification.objects.update(read_on="2026-10-01T00:00Z")
            assert (day, warn_of_expiry()) == (day, count)
    texts = Notification.objects.filter(text__contains="expire").values_list("text", flat=True)
    ends = sorted({tidy(text).split(" expire ")[1] for text in texts})
    assert ends == ["dans moins de 30 jours, le 14/11/2026.", "dans moins de 7 jours, le 14/11/2026."]


def test_the_end_of_a_revoked_key_is_not_told(structure, keepers):
    key, _ = made(structure, days=20)
    revoke_key(key=key, by=author())
    assert warn_of_expiry() == 0


def test_every_night_the_answers_of_the_day_before_are_forgotten(structure):
    key, _ = made(structure)
    asked = {"key": key, "fingerprint": "0" * 64, "status": 201, "answer": {"last_name": "Garcia"}}
    for value in ("old", "new"):
        RepeatableRequest.objects.create(value=value, **asked)
    RepeatableRequest.objects.filter(value="old").update(created_on=timezone.now() - timedelta(hours=25))
    forget_repeated_requests()
    assert RepeatableRequest.objects.get().value == "new"


def test_every_morning_ends_are_told(structure, keepers):
    made(structure, days=20)
    warn_of_key_expiry()
    assert len(told("expire")) == 2


@pytest.fixture
def program(structure):
    """The account of a program."""
    return made(structure)[0].account


def test_nobody_signs_in_with_the_account_of_a_program(client, program):
    assert not program.has_usable_password()
    response = client.post(reverse("account_login"), {"login": program.email, "password": "!"})
    assert (response.status_code, response.wsgi_request.user.is_authenticated) == (422, False)


def test_the_account_of_a_program_receives_no_mail(client, program):
    assert client.post(reverse("account_reset_password"), {"email": program.email}).status_code == 302
    assert not notify([program], "Une alerte est ouverte.", "/alertes/")
    mail_waiting()
    assert send_waiting() == 0
    assert mail.outbox == []


def test_the_account_of_a_program_is_not_among_the_accounts(as_role, program):
    administrator = as_role(Role.ADMINISTRATOR)
    assert program.email not in administrator.get(reverse("facilitators:accounts")).content.decode()
    for route in ("account_switch", "grant"):
        assert administrator.post(reverse(f"facilitators:{route}", args=[program.pk])).status_code == 404
    program.refresh_from_db()
    assert program.is_active


def test_a_membership_gives_nothing_to_a_program(program, territory):
    grant(user=program, role=Role.FACILITATOR, territory=territory, by=None)
    assert Membership.objects.filter(user=program).exists()
    assert not scope_of(User.objects.get(pk=program.pk)).allows(Permission.VIEW_PERSONS)


def test_a_program_does_nothing_but_what_its_key_permits(structure, territories):
    key, _ = made(structure, scopes=[KeyScope.READ_HOURS])
    scope = scope_of(key.account)
    held = {Permission.VIEW_HOURS, Permission.EXCHANGE_DATA}
    assert scope.territories == dict.fromkeys(held, frozenset(place.pk for place in territories))
    assert (scope.directorates, scope.everywhere, scope.suspended) == ({}, frozenset(), frozenset())


def test_a_key_speaks_for_its_own_structure_alone(structure, territory):
    former = ConventionFactory(territories=[territory], expired=True).structure
    facilitator = UserFactory()
    grant(user=facilitator, role=Role.FACILITATOR, territory=territory, by=None)
    assert set(structures_for(facilitator, Permission.EXCHANGE_DATA)) == {structure, former}
    key, _ = made(structure)
    assert list(structures_for(key.account, Permission.EXCHANGE_DATA)) == [structure]
    assert not structures_for(key.account, Permission.MANAGE_KEYS).exists()


@pytest.mark.parametrize("direction", KeyDirection)
def test_no_key_gives_an_amount_nor_the_method(structure, direction):
    key, _ = made(structure, direction=direction, scopes=KeyScope.of(direction))
    secret = {
        Permission.VIEW_AMOUNTS,
        Permission.MANAGE_AMOUNTS,
        Permission.VIEW_METHOD,
        Permission.PROPOSE_CALIBRATION,
    }
    assert not secret & set(scope_of(key.account).territories)
