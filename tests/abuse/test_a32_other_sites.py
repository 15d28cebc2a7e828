"""A32: a page of another site neither shows the portal in a frame, nor acts through it, nor leads out of it."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from facilitators.mail import send_waiting
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.access import MATRIX
from tests.support.access.rules import M, O
from tests.test_access_matrix import sign_in

EVIL = "evil.example"


@pytest.mark.parametrize("identity", [O, M])
def test_every_act_asks_for_the_token_of_a_page(world, identity):
    """Refused before anything is done, whatever the form."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = sign_in(world, identity).cookies
    for route, rule in MATRIX.items():
        if rule.post and identity in rule.post:
            answer = client.post(rule.address(route, world["targets"]), {}, headers={"origin": f"https://{EVIL}"})
            assert answer.status_code == 403, (route, answer.status_code)
            assert "La page était ouverte depuis trop longtemps." in answer.content.decode(), route


@pytest.mark.django_db
def test_nobody_is_signed_in_by_another_site():
    """The account of the attacker, in the browser of somebody else (login CSRF)."""
    user, client = UserFactory(), Client(enforce_csrf_checks=True)
    client.get(reverse("account_login"))
    sent = {"login": user.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), sent, headers={"origin": f"https://{EVIL}"}).status_code == 403
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_mail_of_password_leads_to_the_portal_alone(client):
    user, page = UserFactory(), reverse("account_reset_password")
    assert client.post(page, {"email": user.email}, headers={"host": EVIL}).status_code == 400
    client.post(page, {"email": user.email}, headers={"x-forwarded-host": EVIL})
    assert send_waiting() == 1
    assert EVIL not in mail.outbox[0].body


@pytest.mark.parametrize("next_page", [f"//{EVIL}", f"https://{EVIL}/", f"/\\{EVIL}", f"https:{EVIL}", f"\t//{EVIL}"])
@pytest.mark.django_db
def test_no_address_leads_out(client, next_page):
    user = UserFactory()
    sent = {"login": user.email, "password": PASSWORD, "next": next_page}
    answer = client.post(f"{reverse('account_login')}?next={next_page}", sent)
    assert EVIL not in answer.headers.get("Location", "")
