"""The administrator gives and takes roles, switches accounts off."""

from datetime import date

import pytest
from django.urls import reverse

from clauses_portal.accounts.models import JournalAction, JournalEntry, User
from facilitators.enums import Role
from facilitators.models import Membership
from facilitators.permissions import actual_grants, grant
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import DirectorateFactory
from tests.support.pages import assert_done, assert_refused, submit, table, told
from tests.support.strictness import StrictClient

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

LIST = "/comptes-et-droits/"
PLACE = (
    "Un facilitateur est habilité sur un territoire, une direction opérationnelle sur sa direction, "
    "les autres rôles sur l’ensemble du Département."
)


@pytest.fixture
def administrator(as_role):
    return as_role(Role.ADMINISTRATOR)


@pytest.fixture
def zoe():
    return UserFactory(first_name="Zoé", last_name="Garcia", email="zoe@example.test")


def url(name, row):
    return reverse(f"facilitators:{name}", args=[row.pk])


def press(client, name, row):
    """Press the button of the list: « Retirer », « Désactiver », « Activer »."""
    return submit(client, LIST, action=url(name, row))


def signed_in(user):
    client = StrictClient()
    client.force_login(user)
    return client


def test_a_role_is_given_and_shown(administrator, zoe, territory):
    response = submit(administrator, url("grant", zoe), role="facilitator", territory=territory.pk)
    assert_done(response, "Zoé Garcia : rôle accordé.")
    membership = zoe.memberships.get()
    assert (membership.valid_from, membership.granted_by) == (date(2026, 9, 15), administrator.user)
    row = next(row for row in table(response) if row[1] == zoe.email)
    assert row[2].startswith("Facilitateur (Pays d’Aix)")
    assert signed_in(zoe).get("/personnes/").status_code == 200


def test_a_wrong_role_is_not_given(administrator, zoe, territory):
    places = {"aix": territory.pk, "one": DirectorateFactory().pk}
    for values, sentence in [
        ({"role": "facilitator"}, PLACE),
        ({"role": "directorate_agent"}, PLACE),
        ({"role": "director", "territory": "aix"}, PLACE),
        ({"role": "facilitator", "territory": "aix", "directorate": "one"}, PLACE),
        ({"role": "king"}, "Sélectionnez un choix valide. king n’en fait pas partie."),
        ({"role": "director", "valid_until": "2026-09-14"}, "La fin de validité précède son début."),
        ({"role": "director", "valid_until": "2026-09-31"}, "Saisissez une date valide."),
        ({"role": "director", "valid_until": "9999-12-31"}, "Cette date est hors de portée (1990 à 2100)."),
    ]:
        values = {name: places.get(value, value) for name, value in values.items()}
        response = administrator.post(url("grant", zoe), values)
        assert_refused(response, sentence)
        assert not zoe.memberships.exists()
        assert not [row for row in actual_grants() if row[0] == zoe.pk]


def test_a_role_is_given_once(administrator, zoe):
    grant(user=zoe, role=Role.DIRECTOR, by=author())
    response = submit(administrator, url("grant", zoe), role="director")
    assert_refused(response, "Cette personne a déjà ce rôle à cet endroit.")


def test_a_role_that_is_taken_back_ends_at_once(administrator, zoe, territory):
    membership = grant(user=zoe, role=Role.FACILITATOR, territory=territory, by=author())
    client = signed_in(zoe)
    assert client.get("/personnes/").status_code == 200
    assert_done(press(administrator, "revoke", membership), "Zoé Garcia : rôle retiré.")
    assert client.get("/personnes/").status_code == 302
    assert signed_in(zoe).get("/personnes/").status_code == 403
    assert Membership.objects.get(pk=membership.pk).revoked_by == administrator.user
    assert administrator.post(url("revoke", membership)).status_code == 404


def test_nobody_takes_back_her_own_role(administrator):
    response = press(administrator, "revoke", administrator.user.memberships.get())
    assert told(response) == ["Vous ne pouvez pas retirer votre propre rôle."]
    assert administrator.get(LIST).status_code == 200


def test_an_account_switched_off_is_out_at_its_next_request(administrator, zoe, territory):
    grant(user=zoe, role=Role.FACILITATOR, territory=territory, by=author())
    client = signed_in(zoe)
    assert_done(press(administrator, "account_switch", zoe), "Zoé Garcia : compte désactivé.")
    assert client.get("/").status_code == 302


def test_an_old_cookie_stays_dead_after_a_reactivation(administrator, zoe):
    client = signed_in(zoe)
    press(administrator, "account_switch", zoe)
    assert_done(press(administrator, "account_switch", zoe), "Zoé Garcia : compte activé.")
    assert client.get("/").status_code == 302
    assert signed_in(zoe).get("/").status_code == 200


def test_nobody_switches_herself_off(administrator):
    response = press(administrator, "account_switch", administrator.user)
    assert told(response) == ["Vous ne pouvez pas désactiver votre propre compte."]
    assert User.objects.get(pk=administrator.user.pk).is_active


def test_an_unknown_account_is_unknown(administrator):
    for name in ["grant", "account_switch", "revoke"]:
        assert administrator.post(reverse(f"facilitators:{name}", args=[10**9])).status_code == 404


def test_the_administrator_ends_the_sessions_of_an_account(administrator, zoe):
    client = signed_in(zoe)
    assert_done(press(administrator, "account_sign_out", zoe), "Zoé Garcia : sessions fermées.")
    assert client.get("/").status_code == 302
    assert signed_in(zoe).get("/").status_code == 200
    line = JournalEntry.objects.get(action=JournalAction.SESSION_ENDED)
    assert (line.actor, line.object_id, line.count) == (administrator.user, zoe.pk, 1)


def test_a_role_one_gives_oneself_asks_to_sign_in_again(administrator):
    assert administrator.post(url("grant", administrator.user), {"role": "director"}).status_code == 302
    assert administrator.get(LIST).status_code == 302
    assert administrator.user.memberships.count() == 2


def test_each_change_of_rights_leaves_its_line(administrator, zoe):
    administrator.post(url("grant", zoe), {"role": "director"})
    press(administrator, "revoke", zoe.memberships.get())
    press(administrator, "account_switch", zoe)
    lines = JournalEntry.objects.filter(action=JournalAction.RIGHTS, actor=administrator.user)
    assert list(lines.values_list("object_kind", "object_id")) == [("accounts.user", zoe.pk)] * 3
