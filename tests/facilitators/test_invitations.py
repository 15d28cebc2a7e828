"""An account opens by invitation: a link that serves once, for a week, whose secret is nowhere but in the mail."""

import hashlib
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.urls import reverse

from clauses_portal.accounts.models import JournalAction, JournalEntry, User
from facilitators.enums import Role
from facilitators.invitations import ClosedInvitation, accept_invitation, invite, read_invitation
from facilitators.mail import FORGOTTEN, send_waiting
from facilitators.models import Invitation, OutgoingMail
from facilitators.permissions import grant, revoke
from facilitators.services import switch_account
from tests.factories.accounts import UserFactory, author
from tests.support.pages import assert_done, assert_refused, errors, submit, table, told, words
from tests.support.strictness import StrictClient
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

LIST, INVITE, OPEN = "/comptes-et-droits/", "/comptes-et-droits/inviter/", "/invitation/"
CHOSEN = "calanque-tramontane-olivier"
ELOISE = {"first_name": "Éloïse", "last_name": "N’Diaye", "email": " Eloise@Example.TEST "}
HAS_AN_ACCOUNT = "Cette adresse a déjà un compte : donnez-lui un rôle dans la liste des comptes."
INVISIBLE = "Ce texte contient un caractère invisible ou interdit."
CLOSED = "Ce lien ne peut plus servir"


@pytest.fixture
def administrator(as_role):
    return as_role(Role.ADMINISTRATOR)


def invited(administrator, territory, **changes):
    """The path of the link that Éloïse, invited as a facilitator, receives."""
    submit(administrator, INVITE, **ELOISE | {"role": "facilitator", "territory": territory.pk} | changes)
    return link()


def link():
    """The path of the link in the last mail sent."""
    send_waiting()
    address = next(word for word in mail.outbox[-1].body.split() if "/invitation/" in word)
    return "/" + address.split("/", 3)[3]


def choose(client, path, password=CHOSEN, again=None):
    """Open the link, choose a password."""
    client.get(path, follow=True)
    return client.post(OPEN, {"password1": password, "password2": again or password}, follow=True)


def test_who_is_invited_opens_her_account(administrator, territory, client):
    path = invited(administrator, territory)
    assert mail.outbox[-1].to == ["eloise@example.test"]
    page = client.get(path, follow=True)
    assert page.redirect_chain == [(OPEN, 302)]
    assert "Facilitateur (Pays d’Aix)" in words(page)
    assert "eloise@example.test" in words(page)
    response = choose(client, path)
    account = User.objects.get(email="eloise@example.test")
    assert response.wsgi_request.user == account
    assert account.check_password(CHOSEN)
    membership = account.memberships.get()
    assert (membership.role, membership.territory, membership.granted_by) == (
        Role.FACILITATOR,
        territory,
        administrator.user,
    )
    invitation = Invitation.objects.get()
    assert (invitation.account, invitation.history.first().history_user) == (account, account)


def test_the_secret_is_only_in_the_mail(administrator, territory):
    token = invited(administrator, territory).split("/")[2]
    assert Invitation.objects.get().digest == hashlib.sha256(token.encode()).hexdigest()
    assert OutgoingMail.objects.get().body == FORGOTTEN
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names():
            asked = f'SELECT count(*) FROM "{name}" AS row WHERE row::text LIKE %s'  # noqa: S608 - names of our tables
            cursor.execute(asked, [f"%{token}%"])
            assert cursor.fetchone() == (0,), name


def test_before_it_leaves_the_mail_is_sealed(administrator, territory):
    submit(administrator, INVITE, **ELOISE, role="director")
    body = OutgoingMail.objects.get().body
    assert "/invitation/" not in body
    assert "Éloïse" not in body


def test_the_pages_are_kept_by_nobody(administrator, territory, client):
    path = invited(administrator, territory)
    for response in (client.get(path), client.get(OPEN), client.get("/invitation/inconnu/")):
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["Referrer-Policy"] == "same-origin"


def assert_closed(client, path):
    response = client.get(path, follow=True)
    assert (response.status_code, CLOSED in words(response)) == (404, True)
    return response.content


def test_a_link_that_no_longer_serves_says_one_thing(administrator, territory, client):
    path = invited(administrator, territory)
    pages = [assert_closed(client, "/invitation/inconnu/")]
    with time_machine.travel("2026-09-22T10:00:01+02:00"):
        pages.append(assert_closed(client, path))
    choose(StrictClient(), path)
    pages.append(assert_closed(client, path))
    assert len(set(pages)) == 1
    assert client.get(OPEN).status_code == 404


def test_a_withdrawn_invitation_opens_nothing(administrator, territory, client):
    path = invited(administrator, territory)
    client.get(path)
    action = reverse("facilitators:invitation_revoke", args=[Invitation.objects.get().pk])
    assert_done(submit(administrator, LIST, action=action), "L’invitation de eloise@example.test est retirée.")
    assert client.post(OPEN, {"password1": CHOSEN, "password2": CHOSEN}).status_code == 404
    assert_closed(StrictClient(), path)
    assert administrator.post(action, follow=True).status_code == 200
    assert not User.objects.filter(email="eloise@example.test").exists()


def test_a_link_sent_again_replaces_the_first(administrator, territory, client):
    first = invited(administrator, territory)
    action = reverse("facilitators:invitation_resend", args=[Invitation.objects.get().pk])
    with time_machine.travel("2026-09-20T10:00:00+02:00"):
        client_of_the_day = StrictClient()
        client_of_the_day.force_login(administrator.user)
        assert client_of_the_day.post(action).status_code == 302
        second = link()
    assert_closed(client, first)
    with time_machine.travel("2026-09-26T10:00:00+02:00"):
        assert choose(client, second).wsgi_request.user.email == "eloise@example.test"


def test_whom_one_cannot_invite(administrator, territory):
    UserFactory(email="zoe@example.test")
    invited(administrator, territory)
    role = {"role": "facilitator", "territory": territory.pk}
    for wrong, sentence in [
        (
            {"email": "ZOE@example.test"},
            HAS_AN_ACCOUNT,
        ),
        ({}, "Cette adresse a déjà une invitation en cours : renvoyez-la, ou retirez-la d’abord."),
        ({"email": "n@example.test", "valid_until": "2026-09-14"}, "Le rôle doit valoir au moins jusqu’à aujourd’hui."),
        (
            {"email": "n@example.test", "first_name": "É\u200blo"},
            INVISIBLE,
        ),
    ]:
        assert_refused(submit(administrator, INVITE, **ELOISE | role | wrong), sentence)
    assert Invitation.objects.count() == 1


def test_a_role_goes_with_its_place(administrator, territory):
    response = submit(administrator, INVITE, **ELOISE, role="director", territory=territory.pk)
    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_the_list_shows_what_waits(administrator, territory):
    invited(administrator, territory, valid_until="2026-12-31")
    (line,) = table(administrator.get(LIST), "Invitations sans réponse")
    assert line[:3] == ["Éloïse N’Diaye", "eloise@example.test", "Facilitateur (Pays d’Aix), jusqu’au 31/12/2026"]
    assert line[3].startswith("Envoyé jusqu’au 22/09/2026")


def test_the_role_ends_when_the_inviter_said(administrator, territory, client):
    choose(client, invited(administrator, territory, valid_until="2026-12-31"))
    assert User.objects.get(email="eloise@example.test").memberships.get().valid_until == date(2026, 12, 31)


@pytest.mark.parametrize("leaves", ["account", "role"])
def test_the_invitations_of_who_may_no_longer_invite_are_worth_nothing(as_role, territory, client, leaves):
    administrator = as_role(Role.ADMINISTRATOR)
    path = invited(administrator, territory)
    if leaves == "account":
        switch_account(user=administrator.user, by=author())
    else:
        revoke(membership=administrator.user.memberships.get(), by=author())
    assert_closed(client, path)


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("court", None, "Ce mot de passe est trop court. Il doit contenir au minimum 16 caractères."),
        (
            "le chat d’éloïse dort là",
            None,
            "Ce mot de passe contient « eloise », qui vient de votre nom",
        ),
        (CHOSEN, CHOSEN.upper(), "Vous devez saisir deux fois le même mot de passe."),
    ],
)
def test_a_weak_password_opens_nothing(administrator, territory, client, password, again, sentence):
    response = choose(client, invited(administrator, territory), password, again)
    assert response.status_code == 422
    assert any(text.startswith(sentence) for text in errors(response)), errors(response)
    assert f'value="{password}"' not in response.content.decode()
    assert not User.objects.filter(email="eloise@example.test").exists()


def test_a_signed_in_person_is_told_to_leave_first(administrator, territory, as_role):
    path = invited(administrator, territory)
    response = as_role(Role.DIRECTOR).get(path, follow=True)
    assert told(response)[0].startswith("Ce lien est destiné à une personne qui n’a pas encore de compte")
    assert Invitation.objects.get().accepted_on is None


def test_each_act_leaves_its_line(administrator, territory, client):
    choose(client, invited(administrator, territory))
    lines = JournalEntry.objects.filter(action=JournalAction.INVITATION).order_by("pk")
    account = User.objects.get(email="eloise@example.test")
    assert [line.actor for line in lines] == [administrator.user, account]
    assert {line.object_id for line in lines} == {Invitation.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_two_acceptances_open_one_account():
    administrator = UserFactory()
    grant(user=administrator, role=Role.ADMINISTRATOR, by=None)
    invite(email="e@example.test", first_name="É", last_name="N", role=Role.DIRECTOR, by=administrator)
    invitation = read_invitation(link().split("/")[2])
    results = race(*[lambda: accept_invitation(invitation=invitation, password=CHOSEN)] * 4)
    opened, refused = sort_out(results)
    assert (len(opened), {type(error) for error in refused}) == (1, {ClosedInvitation})
    assert User.objects.filter(email="e@example.test").count() == 1
    assert opened[0].memberships.count() == 1


def test_an_invitation_lasts_a_week(administrator, territory):
    invited(administrator, territory)
    invitation = Invitation.objects.get()
    assert invitation.expires_on - invitation.invited_at == timedelta(days=7)
