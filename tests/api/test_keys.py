"""Who is let in: the key in the header, alive, from where it may come, at its pace (security.md §3, A13, A20–A22)."""

from datetime import date

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory

from clauses_portal.core.logs import NoSecretFormatter
from facilitators.access_keys import revoke_key
from facilitators.api.middleware import KeyUseMiddleware
from facilitators.enums import KeyScope, Role
from facilitators.models import AccessKey, KeyAddress, Notification
from facilitators.permissions import grant
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import ConventionFactory
from tests.support.strictness import StrictClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PLACE = "/api/v1/operations"
REFUSED = {
    "type": "urn:clauses:invalid_key",
    "title": "Clé refusée",
    "status": 401,
    "code": "invalid_key",
    "detail": "Clé d’accès absente, invalide ou expirée.",
    "errors": [],
}


@pytest.fixture
def program(as_key):
    return as_key(KeyScope.READ_MARKETS)


@pytest.fixture
def visitor():
    return StrictClient()


def asked(client, *, address="127.0.0.1", place=PLACE, **headers):
    return client.get(place, headers=headers, REMOTE_ADDR=address)


def assert_unknown(response):
    """401, the same body whatever the reason (M3)."""
    assert response.status_code == 401
    assert response.json() == REFUSED
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_key_in_the_header_opens(program):
    assert asked(program).json() == {"items": [], "next": None}


def test_the_word_bearer_is_read_whatever_its_case(program):
    assert asked(program, authorization=f"bearer {program.text}").status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer csk_",
        "Bearer csk_ab12cd34_" + "x" * 43,
        "Bearer csk_ab12cd34_" + "x" * 42,
        "Bearer " + "é" * 56,
        "Bearer csk_\x00",
        "Bearer " + "x" * 200_000,
        "Bearer csk_ab12cd34_" + "x" * 43 + "\n",
    ],
)
def test_what_is_no_key_is_refused(visitor, header):
    assert_unknown(asked(visitor, authorization=header))


@pytest.mark.parametrize("shape", ["Basic {}", "Token {}", "{}", "Bearer {} {}", "Bearer  {}x", "Bearer {}\x00"])
def test_a_right_key_said_otherwise_is_refused(program, visitor, shape):
    assert_unknown(asked(visitor, authorization=shape.format(program.text, program.text)))


def test_no_header_no_answer_even_for_who_is_signed_in(as_role):
    assert_unknown(asked(as_role(Role.ADMINISTRATOR)))


@pytest.mark.parametrize("name", ["cle", "clé", "api_key", "API_KEY", "key", "token", "access_key", "Authorization"])
def test_a_key_in_the_address_is_refused_even_right(program, visitor, name):
    assert_unknown(visitor.get(PLACE, {name: program.text}))
    assert_unknown(program.get(PLACE, {name: program.text}))
    assert_unknown(program.get(PLACE, {name: ""}))


def test_the_log_does_not_keep_a_key_of_the_address(program, caplog):
    caplog.handler.setFormatter(NoSecretFormatter())
    program.get(PLACE, {"cle": program.text}, headers={"referer": f"http://testserver/?cle={program.text}"})
    assert "Unauthorized: /api/v1/operations" in caplog.text
    assert program.text not in caplog.text


def test_the_secret_of_another_key_does_not_open(as_key, visitor):
    one, other = as_key(KeyScope.READ_MARKETS), as_key(KeyScope.READ_MARKETS)
    mixed = f"csk_{one.key.prefix}_{other.text.split('_', 2)[2]}"
    assert_unknown(asked(visitor, authorization=f"Bearer {mixed}"))


def test_a_revoked_key_is_refused(program):
    revoke_key(key=program.key, by=author())
    assert_unknown(asked(program))


def test_an_expired_key_is_refused(as_key):
    program = as_key(KeyScope.READ_MARKETS, days=2)
    with time_machine.travel("2026-09-17T09:59:00+02:00"):
        assert asked(program).status_code == 200
    with time_machine.travel("2026-09-17T10:01:00+02:00"):
        assert_unknown(asked(program))


def test_a_key_dies_with_the_convention_and_lives_again_with_the_next(program, convention):
    with time_machine.travel("2028-09-14T12:00:00+02:00"):
        AccessKey.objects.filter(pk=program.key.pk).update(
            created_at="2028-09-01T00:00Z", expires_on="2029-08-31T00:00Z"
        )
        assert (convention.ends_on, asked(program).status_code) == (date(2028, 9, 14), 200)
    with time_machine.travel("2028-09-15T00:01:00+02:00"):
        assert_unknown(asked(program))
        ConventionFactory(
            structure=convention.structure, signed_on=date(2028, 9, 15), territories=convention.territories.all()
        )
        assert asked(program).status_code == 200


def test_a_key_dies_with_the_notice(program, convention):
    convention.notice_given_on = date(2026, 9, 20)
    convention.save()
    with time_machine.travel("2026-12-19T12:00:00+01:00"):
        assert asked(program).status_code == 200
    with time_machine.travel("2026-12-20T00:01:00+01:00"):
        assert_unknown(asked(program))


@pytest.mark.parametrize(
    ("address", "opens"),
    [
        ("192.0.2.10", True),
        ("::ffff:192.0.2.10", True),
        ("198.51.100.7", True),
        ("2001:db8::5", True),
        ("192.0.2.11", False),
        ("198.51.101.7", False),
        ("2001:db9::5", False),
    ],
)
def test_a_key_opens_from_its_addresses_alone(as_key, address, opens):
    program = as_key(KeyScope.READ_MARKETS, networks=["192.0.2.10", "198.51.100.0/24", "2001:db8::/32"])
    if opens:
        assert asked(program, address=address).status_code == 200
    else:
        assert_unknown(asked(program, address=address))


def test_an_address_is_not_what_the_caller_says(as_key):
    program = as_key(KeyScope.READ_MARKETS, networks=["192.0.2.10"])
    assert_unknown(asked(program, address="203.0.113.9", x_forwarded_for="192.0.2.10"))


def test_wrong_keys_are_counted_then_the_address_waits(program, visitor):
    wrong = "Bearer csk_ab12cd34_" + "x" * 43
    for rank in range(10):
        assert_unknown(asked(visitor, authorization=wrong, x_forwarded_for=f"203.0.113.{rank}"))
    for client in (visitor, program):  # a right key is not even looked at
        response = asked(client)
        assert response.status_code == 429
        assert response.json()["detail"] == "Trop de tentatives. Réessayez plus tard."
        assert response["Retry-After"] == "60"
    assert asked(program, address="192.0.2.99").status_code == 200
    with time_machine.travel("2026-09-15T10:01:00+02:00"):
        assert asked(program).status_code == 200


def test_a_key_in_the_address_counts_as_wrong(program, settings):
    settings.WRONG_KEYS_PER_MINUTE = 2
    codes = [program.get(PLACE, {"cle": program.text}).status_code for _ in range(3)]
    assert codes == [401, 401, 429]


def test_no_key_at_all_is_not_counted(program, visitor, settings):
    settings.WRONG_KEYS_PER_MINUTE = 1
    assert_unknown(asked(visitor))
    assert_unknown(asked(visitor))
    assert asked(program).status_code == 200


def test_a_key_keeps_a_pace(as_key, settings):
    settings.API_REQUESTS_PER_MINUTE = 3
    one, other = as_key(KeyScope.READ_MARKETS), as_key(KeyScope.READ_MARKETS)
    codes = [asked(one).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert asked(other).status_code == 200


def test_the_pace_is_of_three_hundred_requests_and_ten_wrong_keys(settings):
    assert (settings.API_REQUESTS_PER_MINUTE, settings.WRONG_KEYS_PER_MINUTE) == (300, 10)


@pytest.fixture
def keepers(convention, territory, elsewhere):
    """A chargée de mission and a facilitator of the structure; somebody else, and somebody who left, are not told."""
    told = [UserFactory(), UserFactory()]
    grant(user=told[0], role=Role.MISSION_OFFICER, by=None)
    grant(user=told[1], role=Role.FACILITATOR, territory=elsewhere, by=None)
    grant(user=UserFactory(), role=Role.LEGAL_OFFICER, by=None)
    grant(user=UserFactory(is_active=False), role=Role.MISSION_OFFICER, by=None)
    return told


def new_addresses():
    return Notification.objects.filter(text__contains="nouvelle adresse").order_by("recipient")


def test_a_new_address_is_told_once(keepers, program):
    for _ in range(2):
        asked(program, address="192.0.2.10")
    assert [(row.recipient, row.path) for row in new_addresses()] == [
        (person, f"/cles-d-acces/{program.key.pk}/") for person in keepers
    ]
    assert "192.0.2.10" in new_addresses()[0].text
    asked(program, address="192.0.2.11")
    assert new_addresses().count() == 4


def test_a_refused_request_is_a_use_too(keepers, program):
    assert asked(program, place="/api/v1/operations/99").status_code == 404
    assert KeyAddress.objects.get().address == "127.0.0.1"
    assert AccessKey.objects.get().last_used_on is not None
    assert new_addresses().count() == len(keepers)


def test_a_use_that_cannot_be_noted_does_not_undo_the_answer(program, caplog):
    def answer(request):
        request.used_key = program.key, "nulle part"
        return HttpResponse("fait")

    assert KeyUseMiddleware(answer)(RequestFactory().get("/")).content == b"fait"
    assert f"utilisation de la clé {program.key.prefix} non notée" in caplog.text
    assert not KeyAddress.objects.exists()


def test_a_key_that_is_refused_is_not_used(keepers, program):
    assert_unknown(program.get(PLACE, {"cle": program.text}))
    assert AccessKey.objects.get().last_used_on is None
    assert not KeyAddress.objects.exists()


def test_the_last_use_is_written_once_a_minute(program):
    def used():
        return AccessKey.objects.get().last_used_on

    asked(program)
    first = used()
    with time_machine.travel("2026-09-15T10:00:30+02:00"):
        asked(program)
        assert used() == first
    with time_machine.travel("2026-09-15T10:01:01+02:00"):
        asked(program)
        assert used() > first


def test_an_answer_is_never_kept(program):
    response = asked(program)
    assert {"no-store", "private"} <= {part.strip() for part in response["Cache-Control"].split(",")}
    assert "ETag" not in response
    assert "Last-Modified" not in response


@pytest.mark.parametrize("headers", [{"if_none_match": "*"}, {"range": "bytes=0-1"}, {"if_match": '"x"'}])
def test_an_answer_is_always_whole(program, headers):
    response = asked(program, **headers)
    assert (response.status_code, response.json()) == (200, {"items": [], "next": None})


def test_only_the_head_may_be_asked(program):
    response = program.head(PLACE, headers={"if_none_match": "*"})
    assert (response.status_code, response.content) == (200, b"")


def test_an_unknown_address_says_nothing_of_keys(visitor, program):
    answers = [client.get("/api/v1/inconnue") for client in (visitor, program)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
