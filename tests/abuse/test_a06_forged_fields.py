"""A6: what the portal says of a row (number, state, author, territory) is never taken from a request."""

import pytest
from django import forms
from django.urls import reverse

from clauses_portal.accounts.models import User
from facilitators.enums import Role
from facilitators.models import Membership
from participants.models import Participant
from tests.factories.participants import ParticipantFactory
from tests.support.pages import typed

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

SERVER_SAYS = {"id", "pk", "state", "source_key", "sha256", "snapshot", "published_at", "created_on", "history"}
SERVER_SAYS |= {"is_staff", "is_superuser", "is_active", "groups", "user_permissions", "password", "last_login"}
FORGED = {
    "id": "1",
    "pk": "1",
    "state": "granted",
    "search_name": "x",
    "match_keys": "x",
    "anonymised_on": "2026-01-01",
}


def model_forms(parent=forms.ModelForm):
    """Every form of the portal made from a model."""
    for child in parent.__subclasses__():
        if child.__module__.split(".")[0] not in {"django", "allauth"} and child._meta.model:
            yield child
        yield from model_forms(child)


def signs(name):
    """Does this field say who did something, or when the portal noted it?"""
    return name.endswith(("_by", "_at")) or name in SERVER_SAYS


def test_no_form_offers_what_the_portal_says_itself(client):
    client.get(reverse("account_login"))  # every view, hence every form, is imported
    offered = {form: [name for name in form.base_fields if signs(name)] for form in model_forms()}
    assert len(offered) > 20
    assert {form.__name__: names for form, names in offered.items() if names} == {}


def test_a_person_is_of_the_territory_of_who_enters_her(as_role, territory, elsewhere):
    """Whatever is added to the form; and a file does not move to another territory."""
    client, file = as_role(Role.FACILITATOR), ParticipantFactory(territory=territory)
    page, forged = reverse("participants:create"), FORGED | {"territory": elsewhere.pk}
    sent = typed(client.get(page)) | {"last_name": "Roux", "first_name": "Inès", "birth_date": "1991-03-01"}
    sent |= {"sex": "female", "commune": territory.communes.first().pk, "prescriber": "mission_locale"}
    client.post(page, sent | forged)
    edit = reverse("participants:edit", args=[file.pk])
    client.post(edit, typed(client.get(edit)) | forged)
    rows = Participant.objects.order_by("pk")
    assert {row.territory for row in rows} == {territory}
    assert [row.search_name == "x" for row in rows] == [False] * len(rows)


def test_nobody_gives_herself_a_right(as_role):
    """Added to any form an account sends about itself."""
    client = as_role(Role.FACILITATOR)
    before = User.objects.values_list("is_staff", "is_superuser").get(pk=client.user.pk), Membership.objects.count()
    forged = {"is_staff": "on", "is_superuser": "on", "role": "administrator", "groups": "1", "user_permissions": "1"}
    for route in ("facilitators:contact", "facilitators:notifications_read", "account_change_password"):
        client.post(reverse(route), forged)
    after = User.objects.values_list("is_staff", "is_superuser").get(pk=client.user.pk), Membership.objects.count()
    assert (after, before[0]) == (before, (False, False))
