"""A21: who has left, lost her role or her convention opens nothing with what she kept; nothing more is sent to her."""

import json

import pytest
from django.core import mail
from django.urls import reverse

from clauses_portal.core.jobs import JobState
from facilitators.access_keys import create_key
from facilitators.enums import KeyDirection, KeyScope, Role
from facilitators.models import AccessKey
from facilitators.notifications import mail_waiting, members, notify
from facilitators.permissions import grant
from facilitators.services import switch_account, take_role_back
from reporting.models import ExportJob
from reporting.services.production import ask
from reporting.tasks import produce_statement
from tests.factories.accounts import UserFactory, author
from tests.factories.reporting import StatementFactory
from tests.support.keys import KeyClient
from tests.support.sent import sent_rows
from tests.support.strictness import StrictClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

M16 = "La convention de ce territoire n’est plus en vigueur."
PERSONS = "/personnes/"
SIGN_IN = "/compte/connexion/"


@pytest.fixture
def leaver(as_role):
    """A facilitator at her screen; `.user.membership` is her role."""
    client = as_role(Role.FACILITATOR)
    client.user.membership = client.user.memberships.get()
    return client


def leave(user, way):
    """What ends the rights of this account; what she holds is not touched."""
    if way == "deactivated":
        switch_account(user=user, by=author())
    elif way == "role taken back":
        take_role_back(membership=user.membership, by=author())
    else:
        user.membership.territory.conventions.all().delete()
    user.refresh_from_db()


OUT = ["deactivated", "role taken back"]
WAYS = [*OUT, "convention over"]


def again(user):
    """She signs in once more, when her account still may."""
    client = StrictClient()
    client.force_login(user)
    return client


def key_of(user, territory):
    key, text = create_key(
        structure=territory.conventions.get().structure,
        direction=KeyDirection.TO_DEPARTMENT,
        label="Logiciel de suivi",
        scopes=[KeyScope.READ_MARKETS],
        by=user,
    )
    return KeyClient(key, text)


@pytest.mark.parametrize("way", OUT)
def test_her_open_session_is_closed_at_its_next_request(leaver, way):
    assert leaver.get(PERSONS).status_code == 200
    leave(leaver.user, way)
    response = leaver.get(PERSONS)
    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, SIGN_IN)


def test_her_old_cookie_is_dead_after_a_reactivation(leaver):
    leave(leaver.user, "deactivated")
    switch_account(user=leaver.user, by=author())
    assert leaver.get(PERSONS).status_code == 302
    assert again(leaver.user).get(PERSONS).status_code == 200


def test_her_old_cookie_is_dead_when_her_role_is_given_back(leaver, territory):
    leave(leaver.user, "role taken back")
    grant(user=leaver.user, role=Role.FACILITATOR, territory=territory, by=author())
    assert leaver.get(PERSONS).status_code == 302


def test_signed_in_again_without_her_role_she_sees_nothing(leaver):
    leave(leaver.user, "role taken back")
    client = again(leaver.user)
    assert client.get(PERSONS).status_code == 403
    assert client.get(reverse("participants:create")).status_code == 403


def test_without_her_convention_she_reads_and_writes_nothing(leaver):
    leave(leaver.user, "convention over")
    assert leaver.get(PERSONS).status_code == 200
    response = leaver.post(reverse("participants:create"), {})
    assert response.status_code == 403
    assert M16 in response.content.decode()


@pytest.mark.parametrize("way", OUT)
def test_the_address_of_a_document_opens_nothing(leaver, territory, way):
    address = reverse("reporting:file", args=[sent_rows(territory)["file"].pk])
    assert leaver.get(address).status_code == 200
    leave(leaver.user, way)
    assert leaver.get(address).status_code == 302
    if way == "role taken back":
        assert again(leaver.user).get(address).status_code == 404


@pytest.mark.parametrize("way", WAYS)
def test_the_key_she_read_opens_nothing(leaver, territory, way):
    program = key_of(leaver.user, territory)
    assert program.read("/markets").status_code == 200
    leave(leaver.user, way)
    response = program.read("/markets")
    assert response.status_code == 401
    assert json.loads(response.content)["detail"] == "Clé d’accès absente, invalide ou expirée."


def test_the_keys_of_others_go_on(leaver, territory):
    program = key_of(author(), territory)
    leave(leaver.user, "deactivated")
    assert program.read("/markets").status_code == 200


def test_a_role_taken_back_leaves_the_keys_another_role_lets_her_manage(leaver, territory):
    program = key_of(leaver.user, territory)
    leaver.user.membership = grant(user=leaver.user, role=Role.DIRECTOR, by=author())
    leave(leaver.user, "role taken back")
    assert program.read("/markets").status_code == 200
    leaver.user.membership = leaver.user.memberships.get(role=Role.FACILITATOR)
    leave(leaver.user, "role taken back")
    assert program.read("/markets").status_code == 401


def test_who_follows_the_key_is_told(leaver, territory):
    colleague = UserFactory()
    grant(user=colleague, role=Role.FACILITATOR, territory=territory, by=author())
    key_of(leaver.user, territory)
    leave(leaver.user, "deactivated")
    assert AccessKey.objects.get().revoked_by == author()
    assert colleague.notifications.filter(text__contains="révoquée").exists()


@pytest.mark.parametrize("way", WAYS)
def test_what_she_asked_for_is_not_made(leaver, territory, way):
    job = ask(statement=StatementFactory(territory=territory), by=leaver.user, publish=False)
    leave(leaver.user, way)
    produce_statement(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.REFUSED
    assert not job.statement.pdf


@pytest.mark.parametrize("way", OUT)
def test_what_was_made_meanwhile_is_not_given_to_her(leaver, territory, way):
    job = ask(statement=StatementFactory(territory=territory), by=leaver.user, publish=False)
    ExportJob.objects.filter(pk=job.pk).update(state=JobState.DONE)
    address = reverse("reporting:job", args=[job.pk])
    assert leaver.get(address).status_code == 200
    leave(leaver.user, way)
    assert leaver.get(address).status_code == 302
    if way == "role taken back":
        assert again(leaver.user).get(address).status_code == 404


@pytest.mark.parametrize("way", OUT)
def test_nothing_more_is_sent_to_her(leaver, territory, way):
    notify([leaver.user], "Une alerte est ouverte.", "/alertes/")
    leave(leaver.user, way)
    assert leaver.user not in members(Role.FACILITATOR, territory=territory)
    assert mail_waiting() == 0
    assert mail.outbox == []
