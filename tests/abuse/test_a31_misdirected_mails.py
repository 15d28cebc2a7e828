"""A31: one mail, one recipient; nothing of a person nor an amount in it; its links ask who one is."""

import re

import pytest
from django.conf import settings
from django.core import mail

from facilitators.enums import Role
from facilitators.notifications import notify
from facilitators.tasks import mail_notifications, send_mails
from participants.tasks import remind_companies
from tests.support.access import MATRIX
from tests.support.aviary import SECRETS, fill
from tests.support.strictness import StrictClient

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]
# Given by the link itself to who received it, and to nobody else (tests/participants/company).
SENDING = ("markets:meeting_invite", "markets:minutes_produce", "participants:link_send", "markets:contact_retry")
BY_LINK = ("/entreprise/", "/agenda/", "/compte/")


@pytest.fixture
def mails(territory, convention, as_role):
    """(recipients, subject, text, attached bytes) of what is written to people, companies and guests."""
    targets, client = fill(territory), as_role(Role.FACILITATOR)
    for route in SENDING:
        client.post(MATRIX[route].address(route, targets), {"contact": targets["contact"].pk})
    notify([client.user], "Une alerte attend votre réponse.", "/alertes/")
    remind_companies()
    mail_notifications()
    send_mails()
    assert len(mail.outbox) > 1
    return [(sent.to + sent.cc + sent.bcc, sent.subject, sent.body, attached(sent)) for sent in mail.outbox]


def attached(sent):
    return b" ".join(part.get_payload(decode=True) or b"" for part in sent.message().walk()).decode(errors="replace")


def test_each_mail_has_one_recipient_and_one_subject(mails):
    assert mails
    for recipients, subject, _, _ in mails:
        assert len(recipients) == 1
        assert subject.splitlines() == [subject]


def test_no_mail_tells_a_secret(mails):
    texts = " ".join(" ".join(told) for _, *told in mails).lower()
    assert [secret.name for secret in SECRETS if secret.found_in(texts)] == []


def test_a_link_of_a_mail_asks_who_one_is(mails):
    links = {link for _, _, body, _ in mails for link in re.findall(rf"{re.escape(settings.SITE_URL)}(\S+)", body)}
    assert links
    for link in sorted(links):
        if not link.startswith(BY_LINK):
            assert StrictClient().get(link.rstrip(".,)")).status_code == 302, link
