"""Passkeys without a device: what no device made opens nothing, breaks nothing, and says so in French."""

import json

import pytest
from allauth.mfa.models import Authenticator

from clauses_portal.accounts import second_factor
from clauses_portal.accounts.charter import accept_charter
from facilitators.enums import Role
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.pages import errors, told
from tests.support.second_factor import telephone_of

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

ADD, FACTOR, ALONE = "/compte/second-facteur/cles/nouvelle/", "/compte/second-facteur/", "/compte/connexion/cle/"
AGAIN = "/compte/confirmation/cle/"
WRONG = "Cette clé d’identification n’a pas été reconnue."
ANSWER = {"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "MQ"}
HOSTILE = [
    "",
    "null",
    "[]",
    "1",
    '"x"',
    "{",
    "{}",
    '{"id": 1}',
    '{"id": "AA", "rawId": "AA", "response": []}',
    '{"id": "AA", "rawId": "AA", "response": {}}',
    '{"id": "AA", "rawId": "!!", "type": "public-key", "response": {"clientDataJSON": "!!"}}',
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": ANSWER}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": ANSWER | {"userHandle": None}}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": ANSWER | {"userHandle": "____"}}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": ANSWER | {"userHandle": "OTk5OTk5"}}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": ANSWER | {"attestationObject": "AAAA"}}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": ANSWER | {"attestationObject": "oA"}}),
    json.dumps({"id": "é", "rawId": "\u0000", "response": {"clientDataJSON": "\ud800"}}),
    "[" * 5000,
    '{"id": 1e400}',
    '{"id": 1.5}',
]


@pytest.mark.parametrize("credential", HOSTILE)
def test_what_no_device_made_opens_nothing(client, credential):
    client.get(ALONE, headers={"Accept": "application/json"})
    answer = client.post(ALONE, {"credential": credential}, follow=True)
    assert answer.redirect_chain == [("/compte/connexion/", 302)]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("credential", HOSTILE)
def test_what_no_device_made_is_no_second_factor(client, credential):
    user = UserFactory(email="ines@example.test")
    accept_charter(by=user)
    telephone_of(user)
    client.post("/compte/connexion/", {"login": user.email, "password": PASSWORD}, follow=True)
    assert client.post(FACTOR, {"credential": credential}).status_code == 422
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("credential", HOSTILE)
def test_what_no_device_made_is_not_kept(as_role, credential):
    officer = as_role(Role.MISSION_OFFICER)
    officer.get(ADD)
    answer = officer.post(ADD, {"name": "Clé USB", "credential": credential})
    assert answer.status_code == 422
    assert errors(answer)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", HOSTILE[6:12])
def test_what_no_device_made_confirms_nothing(as_role, credential):
    officer = as_role(Role.MISSION_OFFICER)
    Authenticator.objects.create(user=officer.user, type=second_factor.KINDS.WEBAUTHN, data={"name": "Clé USB"})
    # no page shows this key: the answer alone is asked
    answer = officer.post(AGAIN, {"credential": credential})
    assert answer.status_code in {302, 422}
    assert told(officer.get("/notifications/")) in ([WRONG], [])


def test_the_question_of_a_passkey_is_new_each_time_and_names_nobody(client):
    asked = [client.get(ALONE, headers={"Accept": "application/json"}).json()["request_options"] for _ in range(2)]
    assert asked[0]["publicKey"]["challenge"] != asked[1]["publicKey"]["challenge"]
    assert not asked[0]["publicKey"].get("allowCredentials")
    assert asked[0]["publicKey"]["userVerification"] == "required"
