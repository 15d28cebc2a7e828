"""The administrator opens the door again to who lost her second factor, who is told so."""

import pytest
from django.urls import reverse

from clauses_portal.accounts import second_factor
from clauses_portal.accounts.models import JournalAction, JournalEntry
from facilitators.enums import Role
from facilitators.models import OutgoingMail
from tests.factories.accounts import UserFactory
from tests.support.pages import told
from tests.support.second_factor import telephone_of
from tests.support.strictness import StrictClient

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]


@pytest.fixture
def administrator(as_role):
    return as_role(Role.ADMINISTRATOR)


def reset(administrator, user):
    return administrator.post(reverse("facilitators:account_factor_reset", args=[user.pk]), follow=True)


def test_a_lost_factor_is_forgotten_and_its_owner_told(administrator):
    zoe = UserFactory(first_name="Zoé", last_name="Garcia")
    telephone_of(zoe)
    elsewhere = StrictClient()
    elsewhere.force_login(zoe)
    assert told(reset(administrator, zoe)) == ["Zoé Garcia : second facteur réinitialisé, un courriel l’en avertit."]
    assert not second_factor.factors_of(zoe).exists()
    assert elsewhere.get("/").url.startswith("/compte/connexion/")
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, "réinitialiser votre second facteur" in mail.body) == (zoe.email, True)
    line = JournalEntry.objects.get(action=JournalAction.SECOND_FACTOR)
    assert (line.actor, line.object_id) == (administrator.user, zoe.pk)


def test_nobody_resets_her_own(administrator):
    telephone_of(administrator.user)
    assert told(reset(administrator, administrator.user)) == [
        "Changez votre propre second facteur depuis « Mon compte »."
    ]
    assert second_factor.factors_of(administrator.user).exists()
