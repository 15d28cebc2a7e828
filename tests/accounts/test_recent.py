"""Sensitive acts ask again who is there, once five minutes have passed, and lose nothing of what was typed."""

import time
from urllib.parse import quote

import pytest
import time_machine
from django.urls import reverse

from clauses_portal.accounts.models import JournalAction, JournalEntry
from facilitators.enums import KeyScope, Role
from facilitators.models import AccessKey, Membership
from reporting.models import NominativeList
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.nominative import NominativeListFactory
from tests.support.gate import passed_gate
from tests.support.pages import document, errors, form_of, told, typed, words
from tests.support.second_factor import telephone_of

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

PASSWORD_AGAIN, CODE_AGAIN = "/compte/confirmation/", "/compte/confirmation/code/"
KEY_FORM = "/cles-d-acces/nouvelle/vers-le-facilitateur/"
SENSITIVE_PAGES = [KEY_FORM, "/compte/second-facteur/application/", "/compte/second-facteur/cles/nouvelle/"]


def five_minutes_pass(client):
    session = client.session
    session.update(passed_gate(client.user, at=time.time() - 300))
    session.save()


@pytest.fixture
def facilitator(as_role, convention):
    client = as_role(Role.FACILITATOR)
    five_minutes_pass(client)
    return client


@pytest.fixture
def administrator(as_role):
    client = as_role(Role.ADMINISTRATOR)
    five_minutes_pass(client)
    return client


def confirm(client, address, password=PASSWORD):
    return client.post(address, {"password": password}, follow=True)


def sent_too_late(facilitator):
    """The answer to the form of a key, filled in for more than five minutes."""
    confirm(facilitator, PASSWORD_AGAIN)
    values = typed(facilitator.get(KEY_FORM), action="")
    five_minutes_pass(facilitator)
    return facilitator.post(KEY_FORM, values | {"label": "Logiciel du PLIE", "scopes": [KeyScope.READ_MARKETS]})


@pytest.mark.parametrize("path", SENSITIVE_PAGES)
def test_the_proof_is_asked_before_the_form(facilitator, path):
    asked = facilitator.get(path)
    assert asked.url == f"{PASSWORD_AGAIN}?next={path.replace('/', '%2F')}"
    assert "Confirmez que c’est bien vous" in words(facilitator.get(asked.url))
    assert confirm(facilitator, asked.url).redirect_chain == [(path, 302)]


def test_one_is_not_asked_twice_in_five_minutes(facilitator):
    confirm(facilitator, PASSWORD_AGAIN)
    assert facilitator.get(KEY_FORM).status_code == 200
    with time_machine.travel(time.time() + 290):
        assert facilitator.get(KEY_FORM).status_code == 200
    with time_machine.travel(time.time() + 301):
        assert facilitator.get(KEY_FORM).status_code == 302


def test_a_wrong_password_confirms_nothing(facilitator):
    answer = confirm(facilitator, f"{PASSWORD_AGAIN}?next={KEY_FORM}", "autre chose de très long")
    assert answer.status_code == 422
    assert errors(answer)
    assert facilitator.get(KEY_FORM).status_code == 302


def test_a_form_sent_too_late_is_kept_and_goes_on(facilitator):
    asked = sent_too_late(facilitator)
    assert asked.url.startswith(PASSWORD_AGAIN)
    assert not AccessKey.objects.exists()
    made = confirm(facilitator, asked.url)
    assert "La clé est créée" in words(made), errors(made)
    assert AccessKey.objects.get().label == "Logiciel du PLIE"


def test_a_form_that_was_kept_is_sent_once(facilitator):
    asked = sent_too_late(facilitator)
    for _ in range(2):
        confirm(facilitator, asked.url)
    assert AccessKey.objects.count() == 1


def test_a_code_confirms_as_well_as_the_password(facilitator):
    telephone = telephone_of(facilitator.user)
    page = facilitator.get(f"{PASSWORD_AGAIN}?next={KEY_FORM}")
    (other,) = document(page).xpath("//a[starts-with(., 'Avec un code')]/@href")
    assert other == f"{CODE_AGAIN}?next={quote(KEY_FORM, safe='')}"
    form_of(facilitator.get(other), action=CODE_AGAIN)
    assert facilitator.post(other, {"code": telephone.code()}).url == KEY_FORM


def test_a_nominative_list_is_asked_for_with_a_proof(facilitator):
    lists = reverse("reporting:nominative_lists")
    page = facilitator.get(lists)
    assert page.status_code == 200
    asked = facilitator.post(lists, {"reason": "x"})
    assert asked.url.startswith(PASSWORD_AGAIN)
    assert not NominativeList.objects.exists()


@pytest.mark.parametrize("route", ["reporting:nominative_pdf", "reporting:nominative_xlsx"])
def test_a_nominative_list_is_taken_away_with_a_proof_then_from_its_page(facilitator, territory, route):
    asked = NominativeListFactory(territory=territory, asked_by=facilitator.user, done=True)
    page = reverse("reporting:nominative_list", args=[asked.pk])
    answer = confirm(facilitator, facilitator.post(reverse(route, args=[asked.pk])).url)
    assert answer.redirect_chain == [(page, 302)]
    assert not asked.downloads.exists()
    assert not JournalEntry.objects.filter(action=JournalAction.READING, route=route).exists()
    assert facilitator.post(reverse(route, args=[asked.pk])).status_code == 200
    assert asked.downloads.exists()


def test_a_package_is_asked_for_with_a_proof(facilitator):
    exchanges = reverse("reporting:exchanges")
    assert facilitator.get(exchanges).status_code == 200
    assert facilitator.post(exchanges, {}).url.startswith(PASSWORD_AGAIN)


def test_a_role_is_given_with_a_proof(administrator):
    user = UserFactory()
    url = reverse("facilitators:grant", args=[user.pk])
    asked = administrator.post(url, {"role": Role.DIRECTOR, "valid_from": "2026-09-15"})
    assert not Membership.objects.filter(user=user).exists()
    answer = confirm(administrator, asked.url)
    assert f"{user} : rôle accordé." in told(answer), errors(answer)
    line = JournalEntry.objects.filter(route="facilitators:grant").last()
    assert line is None or line.actor == administrator.user


def test_who_may_not_is_refused_before_any_proof(as_role):
    director = as_role(Role.DIRECTOR)
    five_minutes_pass(director)
    assert director.get(KEY_FORM).status_code == 403
