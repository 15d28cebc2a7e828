"""ProConnect against a provider on this machine: who is known comes in, who is not stays out, lies are not believed."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from clauses_portal.accounts import proconnect
from clauses_portal.accounts.charter import accept_charter
from clauses_portal.accounts.models import JournalEntry, ProConnectIdentity, User
from facilitators.enums import Role
from facilitators.invitation_views import OPENED
from facilitators.invitations import invite
from facilitators.models import Invitation, Membership
from facilitators.permissions import grant
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.gate import passed_gate
from tests.support.pages import told, words
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Provider, answer_to, new_key
from tests.support.second_factor import telephone_of

pytestmark = pytest.mark.django_db

ROUTES = ["proconnect_sign_in", "proconnect_return", "proconnect_link", "proconnect_confirm"]
UNPROVEN = "ProConnect n’a pas confirmé qui vous êtes."
UNKNOWN = "Aucun compte du portail n’est relié à cette identité."


@pytest.fixture
def provider(settings):
    provider = Provider()
    settings.PROCONNECT_ISSUER = provider.issuer
    settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    yield provider
    provider.close()


@pytest.fixture
def visitor():
    """Coming back from the provider is a GET that signs in: not a client that refuses it."""
    return Client()


@pytest.fixture
def ines(territory):
    user = UserFactory(email="ines@example.test", first_name="Inès")
    grant(user=user, role=Role.MISSION_OFFICER, by=None)
    accept_charter(by=user)
    return user


@pytest.fixture
def linked(ines, provider):
    proconnect.link(user=ines, identity=identity(provider))
    return ines


def identity(provider, subject="sub-1"):
    return proconnect.Identity(provider.issuer, subject, "ines@example.test", True, "jeton")


def come_by(client, provider, route="proconnect_sign_in", **asked):
    """Leave by this route, sign in at the provider, come back: the answer of the portal."""
    provider.asked, back = answer_to(client.get(reverse(route), asked).url)
    return client.get(back, follow=True)


def signed_in(user):
    client = Client()
    client.force_login(user)
    session = client.session
    session.update(passed_gate(user))
    session.save()
    return client


@pytest.mark.parametrize("route", ROUTES)
def test_it_does_not_exist_when_it_is_off(as_role, route):
    assert as_role(Role.MISSION_OFFICER).get(reverse(route)).status_code == 404


def test_no_page_names_it_when_it_is_off(as_role, client):
    assert "ProConnect" not in words(client.get("/compte/connexion/"))
    assert "ProConnect" not in words(as_role(Role.MISSION_OFFICER).get("/compte/"))


def test_the_question_is_asked_as_agreed(visitor, provider):
    question = visitor.get(reverse("proconnect_sign_in")).url
    assert question.startswith(f"{provider.issuer}/authorize?")
    asked, _ = answer_to(question)
    assert (asked["client_id"], asked["response_type"], asked["scope"]) == (CLIENT_ID, "code", "openid email")
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32
    assert "amr" in asked["claims"]


def test_who_is_linked_comes_in_where_she_was_going(visitor, provider, linked):
    answer = come_by(visitor, provider, next="/marches/")
    assert answer.redirect_chain == [("/marches/", 302)]
    assert "Inès" in words(answer)
    line = JournalEntry.objects.get(action="sign_in")
    assert (line.actor, line.result) == (linked, "done")


def test_without_a_second_factor_there_ours_is_asked(visitor, provider, linked):
    provider.amr = ["pwd"]
    assert "Protégez votre compte" in words(come_by(visitor, provider))


@pytest.mark.parametrize("amr", [None, "mfa", [], ["pwd", "pin"]])
def test_only_what_is_said_in_full_is_a_second_factor(visitor, provider, linked, amr):
    provider.amr = amr
    telephone = telephone_of(linked)
    assert "Prouvez que c’est bien vous" in words(come_by(visitor, provider))
    assert visitor.post("/compte/second-facteur/", {"code": telephone.code()}, follow=True).redirect_chain == [
        ("/", 302)
    ]


def test_an_unknown_identity_opens_no_account_even_with_a_known_address(visitor, provider, ines):
    answer = come_by(visitor, provider)
    assert answer.status_code == 403
    assert UNKNOWN in words(answer)
    assert "_auth_user_id" not in visitor.session
    assert User.objects.filter(is_software=False).count() == 1
    assert not ProConnectIdentity.objects.exists()


def test_a_closed_account_stays_closed(visitor, provider, linked):
    User.objects.update(is_active=False)
    assert "Ce compte est fermé" in words(come_by(visitor, provider))
    assert "_auth_user_id" not in visitor.session


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "x" * 32},
        {"iss": "https://ailleurs.example"},
        {"aud": "un-autre-service"},
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"sub": "sub-2"},
    ],
)
def test_a_token_that_is_not_for_this_session_is_refused(visitor, provider, linked, lies):
    provider.lies = lies
    answer = come_by(visitor, provider)
    assert (answer.status_code, UNPROVEN in words(answer)) == (403, True)
    assert "_auth_user_id" not in visitor.session


@pytest.mark.parametrize("lies", [{"sub": "sub-2"}, {"aud": "un-autre-service"}, {"iss": "https://ailleurs.example"}])
def test_information_on_somebody_else_is_refused(visitor, provider, linked, lies):
    provider.lies_about_her = lies
    assert UNPROVEN in words(come_by(visitor, provider))


def test_what_is_not_signed_by_the_provider_is_refused(visitor, provider, linked):
    provider.signs_with = new_key()
    assert UNPROVEN in words(come_by(visitor, provider))


def test_unsigned_information_is_refused(visitor, provider, linked):
    provider.unsigned = True
    assert UNPROVEN in words(come_by(visitor, provider))


def test_an_answer_that_was_not_asked_is_refused(visitor, provider, linked):
    assert UNPROVEN in words(visitor.get(reverse("proconnect_return"), {"code": "code-1", "state": "x" * 32}))


def test_an_answer_serves_once(visitor, provider, linked):
    provider.asked, back = answer_to(visitor.get(reverse("proconnect_sign_in")).url)
    assert visitor.get(back).status_code == 302
    assert UNPROVEN in words(visitor.get(back))


def test_the_answer_of_one_browser_opens_no_other(visitor, provider, linked):
    provider.asked, back = answer_to(visitor.get(reverse("proconnect_sign_in")).url)
    stranger = Client()
    assert UNPROVEN in words(stranger.get(back))
    assert "_auth_user_id" not in stranger.session


def test_a_refusal_there_is_a_refusal_here(visitor, provider):
    asked, _ = answer_to(visitor.get(reverse("proconnect_sign_in")).url)
    refused = visitor.get(reverse("proconnect_return"), {"error": "access_denied", "state": asked["state"]})
    assert (refused.status_code, UNPROVEN in words(refused)) == (403, True)


def test_a_provider_that_is_away_leaves_the_password(visitor, provider, linked):
    provider.asked, back = answer_to(visitor.get(reverse("proconnect_sign_in")).url)
    provider.close()
    answer = visitor.get(back)
    assert (answer.status_code, UNPROVEN in words(answer)) == (403, True)


def test_somebody_signed_in_links_her_account(provider, ines):
    client = signed_in(ines)
    answer = come_by(client, provider, "proconnect_link")
    assert told(answer) == ["Votre compte est relié à ProConnect."]
    assert ProConnectIdentity.objects.get().user == ines
    client.logout()
    assert come_by(client, provider).redirect_chain == [("/", 302)]


def test_an_identity_opens_one_account_only(provider, linked):
    other = UserFactory()
    answer = come_by(signed_in(other), provider, "proconnect_link")
    assert told(answer) == ["Cette identité est déjà reliée à un compte."]
    assert ProConnectIdentity.objects.get().user == linked


def test_a_link_is_undone_while_a_password_remains(provider, linked):
    client = signed_in(linked)
    linked.set_unusable_password()
    linked.save()
    client = signed_in(linked)
    assert told(client.post(reverse("proconnect_unlink"), follow=True)) == [proconnect.ONLY_WAY_IN]
    linked.set_password(PASSWORD)
    linked.save()
    client = signed_in(linked)
    client.post(reverse("proconnect_unlink"))
    assert not ProConnectIdentity.objects.exists()


def test_who_came_by_proconnect_confirms_and_leaves_by_it(provider, linked, visitor):
    come_by(visitor, provider)
    session = visitor.session
    session["account_authentication_methods"][-1]["at"] -= 301
    session.save()
    stale = visitor.get("/compte/second-facteur/application/")
    assert stale.url.startswith("/compte/confirmation/")
    answer = come_by(visitor, provider, "proconnect_confirm", next="/compte/second-facteur/application/")
    assert provider.asked["prompt"] == "login"
    assert answer.redirect_chain == [("/compte/second-facteur/application/", 302)]
    away = visitor.post("/compte/deconnexion/")
    assert away.url.startswith(f"{provider.issuer}/session/end?")
    left = parse_qs(urlsplit(away.url).query)
    assert left["post_logout_redirect_uri"] == ["http://testserver/compte/connexion/"]
    assert left["id_token_hint"]
    assert "_auth_user_id" not in visitor.session


def test_the_identity_of_somebody_else_confirms_nothing(provider, linked):
    client = signed_in(linked)
    provider.subject = "sub-2"
    answer = come_by(client, provider, "proconnect_confirm")
    assert "n’est pas celle qui est reliée" in words(answer)


@pytest.mark.parametrize(("email", "opens"), [("Nour@Example.test", True), ("autre@example.test", False)])
def test_an_invitation_is_accepted_with_the_address_invited(visitor, provider, territory, email, opens):
    administrator = UserFactory()
    grant(user=administrator, role=Role.ADMINISTRATOR, by=None)
    who = {"email": "nour@example.test", "first_name": "Nour", "last_name": "Le Goff"}
    opened = invite(**who, role=Role.DIRECTOR, by=administrator)
    session = visitor.session
    session[OPENED] = [opened.pk, opened.digest]
    session.save()
    provider.email = email
    answer = come_by(visitor, provider)
    account = User.objects.filter(email="nour@example.test").first()
    assert bool(account) == opens == bool(Invitation.objects.exclude(accepted_on=None))
    if opens:
        assert not account.has_usable_password()
        assert Membership.objects.get(user=account).role == Role.DIRECTOR
        assert "Charte de confidentialité" in words(answer)
    else:
        assert UNKNOWN in words(answer)
