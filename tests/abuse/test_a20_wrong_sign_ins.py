"""A20: passwords tried one after the other, from one place or from many, at once or all day long."""

import random
import re
import statistics
import time
import uuid

import pytest
from django.contrib.auth.signals import user_login_failed
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from clauses_portal.settings import base
from facilitators.mail import compose
from facilitators.models import OutgoingMail
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.gate import passed_gate
from tests.support.pages import errors, words
from tests.support.strictness import StrictClient
from tests.support.threads import race

pytestmark = pytest.mark.django_db

SIGN_IN = "/compte/connexion/"
NOT_HERS = "wrong"
WRONG, TOO_MANY = "Identifiant ou mot de passe incorrect.", "Trop de tentatives. Réessayez plus tard."


@pytest.fixture(autouse=True)
def _limits_of_the_portal(settings):
    settings.SIGN_IN_LIMITS = base.SIGN_IN_LIMITS
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS | {"login": None}


@pytest.fixture
def read():
    """One line for each wrong password that was compared with something."""
    lines = []

    def add(sender, **kwargs):
        lines.append(1)

    user_login_failed.connect(add)
    yield lines
    user_login_failed.disconnect(add)


def account():
    """An address that no counter knows yet: what the tests of yesterday counted is still there."""
    return UserFactory(email=f"{uuid.uuid4().hex}@example.test")


def somewhere():
    """An address nobody used before."""
    return ".".join(str(random.randint(1, 254)) for _ in range(4))


def attempt(email, password=NOT_HERS, *, place=None, client=None, **headers):
    sent = {"login": email, "password": password}
    return (client or Client()).post(SIGN_IN, sent, REMOTE_ADDR=place or somewhere(), headers=headers)


def test_five_wrong_passwords_are_read_then_not_even_the_right_one(read):
    user = account()
    answers = [attempt(user.email) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 2
    assert (errors(answers[0]), errors(answers[5])) == ([WRONG], [TOO_MANY])
    assert answers[5].headers["Retry-After"] == "900"
    assert attempt(user.email, PASSWORD).status_code == 429
    assert len(read) == 5


def test_the_time_over_one_may_try_again(settings, read):
    settings.SIGN_IN_LIMITS = {"account": (2, 1)}
    user = account()
    assert [attempt(user.email).status_code for _ in range(3)] == [422, 422, 429]
    time.sleep(1.2)
    assert attempt(user.email, PASSWORD).status_code == 302


def test_a_try_that_was_not_read_does_not_make_one_wait_longer(settings):
    settings.SIGN_IN_LIMITS = {"account": (1, 1)}
    user = account()
    attempt(user.email)
    end = time.monotonic() + 1.3
    while time.monotonic() < end:
        last = attempt(user.email, PASSWORD).status_code
        time.sleep(0.1)
    assert last == 302


@pytest.mark.parametrize(
    "variant",
    [str.upper, str.title, lambda email: f"  {email} ", lambda email: email.replace("@", "＠").replace("＠", "@")],
)
def test_an_address_is_counted_once_whatever_its_letters(variant):
    user = account()
    for _ in range(5):
        attempt(user.email)
    assert attempt(variant(user.email), PASSWORD).status_code == 429


def test_twenty_wrong_passwords_are_read_from_one_place(read):
    """One password tried on many accounts: each is below its own limit."""
    place = somewhere()
    answers = [attempt(f"{uuid.uuid4().hex}@example.test", place=place).status_code for _ in range(23)]
    assert answers == [422] * 20 + [429] * 3
    assert len(read) == 20
    assert attempt(account().email, PASSWORD, place=place).status_code == 429
    assert attempt(account().email, PASSWORD).status_code == 302


def test_a_network_of_ipv6_is_one_place():
    network = f"2001:db8:{random.randint(1, 0xFFFF):x}:{random.randint(1, 0xFFFF):x}"
    answers = [attempt(f"{uuid.uuid4().hex}@example.test", place=f"{network}::{n:x}").status_code for n in range(1, 22)]
    assert answers == [422] * 20 + [429]


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forged_address_is_not_believed(settings, proxies):
    """Without a proxy the header says nothing; behind one, only the address that it adds itself does."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    place = somewhere()
    answers = []
    for _ in range(21):
        forged = f"{somewhere()}, {place}" if proxies else somewhere()
        email = f"{uuid.uuid4().hex}@example.test"
        answers.append(attempt(email, place=place, **{"x-forwarded-for": forged, "x-real-ip": somewhere()}).status_code)
    assert answers == [422] * 20 + [429]


def test_a_hundred_a_day_then_one_each_quarter_of_an_hour(settings, read):
    settings.SIGN_IN_LIMITS = {"day": base.SIGN_IN_LIMITS["day"]}
    user = account()
    answers = [attempt(user.email).status_code for _ in range(103)]
    assert answers == [422] * 101 + [429] * 2
    assert len(read) == 101


@pytest.mark.django_db(transaction=True)
def test_forty_tries_at_once_are_five(read):
    user = account()
    answers = race(*[lambda: attempt(user.email).status_code] * 40)
    assert sorted(answers) == [422] * 5 + [429] * 35
    assert len(read) == 5


def test_the_right_password_does_not_count():
    user, place = account(), somewhere()
    assert [attempt(user.email, PASSWORD, place=place).status_code for _ in range(25)] == [302] * 25


def test_the_owner_comes_back_by_her_mailbox():
    user = account()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    for _ in range(5):
        attempt(user.email)
    client = Client()
    client.post(reverse("account_reset_password"), {"email": user.email}, REMOTE_ADDR=somewhere())
    link = re.search(r"/compte/mot-de-passe/oubli/\S+", compose(OutgoingMail.objects.get()).body)[0]
    page = client.get(link, follow=True).request["PATH_INFO"]
    chosen = "calanque-tramontane-olivier"
    client.post(page, {"password1": chosen, "password2": chosen})
    assert attempt(user.email, chosen).status_code == 302


def text_of(mail):
    from facilitators.mail import compose

    return compose(mail).body


def shown(answer, email):
    """What the page says, what was typed and what each page draws at random left aside."""
    text = re.sub(r'(nonce|value|csrfmiddlewaretoken)="[^"]*"', "", answer.content.decode())
    return answer.status_code, text.replace(email, ""), sorted(set(answer.headers) - {"Set-Cookie"})


def test_an_unknown_account_gets_the_same_answers():
    known, unknown = account().email, f"{uuid.uuid4().hex}@example.test"
    closed = account()
    closed.is_active = False
    closed.save()
    for _ in range(7):
        answers = {shown(attempt(email), email)[:2] for email in (known, unknown, closed.email)}
        assert len(answers) == 1


def test_an_unknown_account_takes_the_same_time(settings):
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    settings.SIGN_IN_LIMITS = {}
    known, unknown, times = account().email, f"{uuid.uuid4().hex}@example.test", {}
    for _ in range(5):
        for email in (known, unknown):
            begun = time.perf_counter()
            attempt(email)
            times.setdefault(email, []).append(time.perf_counter() - begun)
    ratio = min(times[known]) / min(times[unknown])
    assert 0.5 < ratio < 2, statistics.quantiles(times[known])


def test_with_the_counters_away_each_process_counts(settings, read, tmp_path):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    user = account()
    assert [attempt(user.email).status_code for _ in range(7)] == [422] * 5 + [429] * 2
    assert cache.is_away
    assert len(read) == 5


def test_an_open_session_does_not_guess_the_password_either():
    user = account()
    client = StrictClient()
    client.force_login(user)
    session = client.session
    session.update(passed_gate(user, at=0))  # proved long ago
    session.save()
    confirm, change = reverse("account_reauthenticate"), reverse("account_change_password")
    place = somewhere()
    answers = [client.post(confirm, {"password": "wrong"}, REMOTE_ADDR=place).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    sent = {"oldpassword": "wrong", "password1": "x" * 20, "password2": "x" * 20}
    assert [client.post(change, sent, REMOTE_ADDR=place).status_code for _ in range(6)][-1] == 429


def test_reset_mails_do_not_flood_a_mailbox():
    user, answers = account(), []
    for _ in range(5):
        sent = {"email": user.email.upper()}
        answers.append(Client().post(reverse("account_reset_password"), sent, REMOTE_ADDR=somewhere()))
    assert [answer.status_code for answer in answers] == [302] * 3 + [429] * 2
    assert TOO_MANY in words(answers[-1])
    assert OutgoingMail.objects.filter(recipient=user.email).count() == 3


def test_reset_mails_are_asked_from_one_place_twenty_times():
    place = somewhere()
    sent = [{"email": f"{uuid.uuid4().hex}@example.test"} for _ in range(21)]
    page = reverse("account_reset_password")
    answers = [Client().post(page, one, REMOTE_ADDR=place).status_code for one in sent]
    assert answers == [302] * 20 + [429]


def test_the_counters_hold_no_address(read):
    user = account()
    attempt(user.email)
    keys = cache._cache.get_client().keys("*sign-in-*")
    assert keys
    assert not [key for key in keys if user.email.encode() in key]
