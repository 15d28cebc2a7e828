"""Signing in, and nothing else without an account."""

import uuid

import pytest
from django.core import mail
from django.urls import reverse

from clauses_portal.accounts.charter import accept_charter
from facilitators.mail import send_waiting
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.pages import errors, submit, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

SIGN_IN = "/compte/connexion/"
WRONG = "Identifiant ou mot de passe incorrect."
CHOSEN = "calanque-tramontane-olivier"
TOO_MANY = "Trop de tentatives. Réessayez plus tard."


@pytest.fixture
def ines(settings):
    """She accepted the charter; her second factor is the matter of test_second_factor.py."""
    settings.SECOND_FACTOR_REQUIRED = False
    user = UserFactory(first_name="Inès", last_name="Bérenger", email="ines@example.test")
    accept_charter(by=user)
    return user


def sign_in(client, login="ines@example.test", password=PASSWORD, **values):
    return client.post(SIGN_IN, {"login": login, "password": password} | values, follow=True)


@pytest.mark.parametrize("login", ["ines@example.test", "INES@Example.TEST", "  ines@example.test "])
def test_one_signs_in_by_address_whatever_its_letters(client, ines, login):
    response = sign_in(client, login)
    assert response.request["PATH_INFO"] == "/"
    assert "Inès Bérenger" in words(response)


@pytest.mark.parametrize(
    ("login", "password"),
    [("ines@example.test", "wrong"), ("nobody@example.test", PASSWORD), ("ines@example.test", PASSWORD.upper())],
)
def test_a_wrong_sign_in_says_nothing_more(client, ines, login, password):
    response = sign_in(client, login, password)
    assert errors(response) == [WRONG]
    assert f'value="{login}"' in response.content.decode()
    assert f'value="{password}"' not in response.content.decode()


def test_a_closed_account_is_told_so_once_its_password_is_right(client, ines):
    ines.is_active = False
    ines.save()
    assert errors(sign_in(client, password="wrong")) == [WRONG]
    assert "Ce compte est fermé" in words(sign_in(client))
    assert "_auth_user_id" not in client.session


def test_a_flood_meets_a_page_in_french(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/key"}
    asked = {"email": f"{uuid.uuid4()}@example.test"}
    first, second = (client.post(reverse("account_reset_password"), asked) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 429)
    assert TOO_MANY in words(second)
    assert second.headers["Retry-After"] == "60"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:"])
def test_one_is_never_led_elsewhere(client, ines, target):
    assert sign_in(client, next=target).redirect_chain == [("/", 302)]


def test_one_comes_back_to_the_page_asked(client, ines):
    asked = client.get("/aide/").request["PATH_INFO"]
    assert sign_in(client, next=asked).redirect_chain == [("/aide/", 302)]


def test_signing_in_changes_the_session(client, ines):
    client.get(SIGN_IN)
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_signing_out_takes_a_click(client, ines):
    client.force_login(ines)
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    submit(client, reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_the_demonstration_shows_its_accounts(client, settings):
    settings.DEMO, settings.DEMO_ACCOUNTS = True, "reporting.demo.accounts.DEMO_ACCOUNTS"
    shown = words(client.get(SIGN_IN))
    assert "Comptes de démonstration" in shown
    assert "mission@demo.invalid" in shown


def test_outside_the_demonstration_no_account_is_shown(client, settings):
    settings.DEMO_ACCOUNTS = "reporting.demo.accounts.DEMO_ACCOUNTS"
    shown = client.get(SIGN_IN).content.decode()
    assert "démonstration" not in shown
    assert "demo.invalid" not in shown


@pytest.mark.parametrize("path", ["/compte/inscription/", "/compte/signup/", "/accounts/signup/", "/admin/"])
def test_nobody_opens_an_account_alone(client, path):
    assert client.get(path).status_code == 404
    assert client.post(path, {"email": "x@example.test"}).status_code == 404
    assert "inscri" not in words(client.get(SIGN_IN)).lower()


def test_a_forgotten_password_never_tells_who_has_an_account(client, ines):
    pages = [submit(client, reverse("account_reset_password"), email=email) for email in (ines.email, "x@example.test")]
    assert pages[0].content == pages[1].content
    assert send_waiting() == 1
    assert [message.to for message in mail.outbox] == [["ines@example.test"]]
    (message,) = mail.outbox
    assert "mot de passe" in message.body
    assert "example.com" not in message.subject + message.body


def test_a_used_link_no_longer_works(client, ines):
    submit(client, reverse("account_reset_password"), email=ines.email)
    send_waiting()
    link = next(word for word in mail.outbox[0].body.split() if "/oubli/" in word).removeprefix("http://testserver")
    page = client.get(link, follow=True).request["PATH_INFO"]
    client.post(page, {"password1": CHOSEN, "password2": CHOSEN})
    ines.refresh_from_db()
    assert ines.check_password(CHOSEN)
    client.logout()
    assert "Ce lien ne peut plus servir" in words(client.get(link, follow=True))


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("court", "Ce mot de passe est trop court. Il doit contenir au minimum 16 caractères."),
        ("motdepassemotdepasse1", "Ce mot de passe contient « motdepasse », un mot que l’on essaierait en premier ici"),
        (CHOSEN, "Vous devez saisir deux fois le même mot de passe."),
    ],
)
def test_a_password_is_changed_for_a_long_one(client, ines, password, sentence):
    client.force_login(ines)
    again = "autre chose, longue aussi" if password == CHOSEN else password
    values = {"oldpassword": PASSWORD, "password1": password, "password2": again}
    response = client.post(reverse("account_change_password"), values)
    assert sentence in words(response)
    ines.refresh_from_db()
    assert ines.check_password(PASSWORD)
