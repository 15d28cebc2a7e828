"""Telling people: once each, on the home page, by one mail a day, never twice the same unread thing."""

import pytest
from django.core import mail
from django.urls import reverse

from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.notifications import mail_waiting, members, notify
from facilitators.permissions import grant
from tests.factories.accounts import UserFactory
from tests.factories.preparation import NotificationFactory
from tests.support.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


def test_each_person_is_told_once_and_not_whoever_acts():
    one, other = UserFactory(), UserFactory()
    notify([one, other, one], "Calendrier modifié.", "/operations/", except_for=other)
    assert list(Notification.objects.values_list("recipient", flat=True)) == [one.pk]


def test_an_unread_text_is_not_repeated():
    person = UserFactory()
    notify([person], "Calendrier modifié.", "/operations/")
    notify([person], "Calendrier modifié.", "/operations/")
    assert Notification.objects.count() == 1
    Notification.objects.update(read_on="2026-09-15T10:00Z")
    notify([person], "Calendrier modifié.", "/operations/")
    assert Notification.objects.count() == 2


def test_members_are_the_active_accounts_of_the_place(territory, elsewhere):
    here, there, gone = UserFactory(), UserFactory(), UserFactory(is_active=False)
    for user, place in ((here, territory), (there, elsewhere), (gone, territory)):
        grant(user=user, role=Role.FACILITATOR, territory=place, by=None)
    assert list(members(Role.FACILITATOR, territory=territory)) == [here]
    assert list(members(Role.MISSION_OFFICER)) == []


@pytest.fixture
def director():
    person = UserFactory()
    grant(user=person, role=Role.DIRECTOR, by=None)
    return person


def test_one_mail_a_person_with_all_she_was_not_told(director):
    person = director
    NotificationFactory(recipient=person, text="Avis attendu sur le lot 2.")
    NotificationFactory(recipient=person, text="Calendrier modifié.")
    NotificationFactory(recipient=UserFactory(is_active=False))
    NotificationFactory(recipient=UserFactory())  # without a role any more
    assert mail_waiting() == 1
    assert "Avis attendu sur le lot 2." in mail.outbox[0].body
    assert "Calendrier modifié." in mail.outbox[0].body
    assert mail_waiting() == 0


def test_a_mail_server_that_is_away_loses_nothing(settings, director):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    NotificationFactory(recipient=director)
    with pytest.raises(OSError, match="refused"):
        mail_waiting()
    assert Notification.objects.to_mail().count() == 1


def test_the_home_page_says_what_is_new_until_it_is_read(as_role):
    client = as_role(Role.MISSION_OFFICER)
    NotificationFactory(recipient=client.user, text="L’avis du facilitateur est donné.")
    NotificationFactory(text="Pour une autre personne.")
    assert "L’avis du facilitateur est donné." in words(client.get("/"))
    client.post(reverse("facilitators:notifications_read"))
    assert "L’avis du facilitateur est donné." not in words(client.get("/"))
    page = words(client.get(reverse("facilitators:notifications")))
    assert "L’avis du facilitateur est donné." in page
    assert "Pour une autre personne." not in page


def test_nobody_told_is_said(as_role):
    assert "Aucune notification" in words(as_role(Role.DIRECTOR).get(reverse("facilitators:notifications")))


def test_one_changes_her_own_contact_details(as_role):
    client = as_role(Role.FACILITATOR)
    client.post(reverse("facilitators:contact"), {"phone": "04 42 00 00 00", "job_title": "Facilitatrice"})
    client.user.refresh_from_db()
    assert (client.user.phone, client.user.job_title) == ("04 42 00 00 00", "Facilitatrice")
    refused = client.post(reverse("facilitators:contact"), {"phone": "04\u200b42", "job_title": ""})
    assert refused.status_code == 422
