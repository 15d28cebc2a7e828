"""A link opens one thing, for one company, for a time; nothing tells a stranger more (security.md §2.1)."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.logs import NoSecretFormatter
from markets.enums import LinkPurpose
from markets.models import CompanyLink
from markets.services.company_links import SALT, create_link, hours_link, read_token, revoke_link, token_of
from participants.models import MonthlyDeclaration
from tests.factories.accounts import author
from tests.factories.links import AUGUST, CompanyLinkFactory, PayrollContactFactory
from tests.factories.markets import AwardFactory, CompanyFactory
from tests.factories.participants import EmploymentContractFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

HOURS = reverse("participants:company_hours")


def door(token):
    return reverse("participants:company_link", args=[token])


def test_the_link_leads_to_a_page_without_its_secret(link, opened):
    visitor = opened(link)
    assert (visitor.first.status_code, visitor.first["Location"]) == (302, HOURS)
    assert "no-store" in visitor.first["Cache-Control"]
    assert visitor.first["Referrer-Policy"] == "same-origin"
    page = visitor.get(HOURS)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert token_of(link) not in page.content.decode()


def test_the_first_opening_is_kept(link, opened):
    opened(link)
    first = CompanyLink.objects.get(pk=link.pk).opened_on
    with time_machine.travel("2026-09-16T10:00:00+02:00"):
        opened(link)
    assert first is not None
    assert CompanyLink.objects.get(pk=link.pk).opened_on == first


@pytest.mark.parametrize("change", ["x", "-1", ".", "%00"])
def test_a_forged_address_opens_nothing(link, change):
    assert Client().get(door(token_of(link)).rstrip("/") + change + "/").status_code == 404


def test_a_signature_of_another_kind_opens_nothing(link):
    forged = Signer(salt="another", sep=".").sign(f"{link.pk}-{link.nonce}")
    assert read_token(forged) is None
    assert read_token(Signer(salt=SALT, sep=".").sign(f"{link.pk}-{'0' * 43}")) is None
    assert read_token(Signer(salt=SALT, sep=".").sign(f"999999-{link.nonce}")) is None


def test_an_expired_link_says_whom_to_call(link, contract, opened):
    with time_machine.travel(timezone.now() + timedelta(days=46)):
        visitor = opened(link)
    assert visitor.first.status_code == 410
    assert "Ce lien n’ouvre plus rien" in visitor.first.content.decode()
    assert visitor.get(HOURS).status_code == 404


def test_a_link_dies_in_the_session_too(link, opened):
    visitor = opened(link)
    revoke_link(link=link, by=author())
    assert visitor.get(HOURS).status_code == 404
    assert opened(link).first.status_code == 410
    with pytest.raises(DomainError, match="déjà révoqué"):
        revoke_link(link=link, by=author())


def test_a_visitor_without_a_link_sees_the_closed_door():
    for method in ("get", "post"):
        assert getattr(Client(), method)(HOURS).status_code == 404


def test_a_link_of_another_purpose_opens_no_hours(contract, opened):
    link = create_link(company=contract.employer, purpose=LinkPurpose.JOB_POSTING, award=contract.award)
    visitor = opened(link)
    assert visitor.first.status_code == 302
    assert visitor.get(HOURS).status_code == 404
    assert visitor.post(HOURS, {"link": str(link.pk), "act": "none"}).status_code == 404


def test_guessing_is_slowed_down(settings, link):
    settings.COMPANY_LINK_ATTEMPTS = 3
    cache.clear()
    visitor = Client(REMOTE_ADDR="203.0.113.7")
    codes = [visitor.get(door(f"{number}-abc.def")).status_code for number in range(5)]
    assert codes == [404, 404, 404, 429, 429]
    assert Client(REMOTE_ADDR="203.0.113.8").get(door(token_of(link))).status_code == 302


def test_no_log_keeps_the_address(link):
    record = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", (door(token_of(link)),), None)
    assert NoSecretFormatter().format(record) == "Not Found: /entreprise/lien/…/"


def test_the_person_of_another_company_cannot_be_declared(link, contract, opened, sent):
    other = EmploymentContractFactory(award=AwardFactory(lot=contract.lot, role="member", hours_minimum=1))
    visitor = opened(link)
    page = visitor.get(HOURS).content.decode()
    assert str(other.participant) not in page
    # the extra field is no field of this form: what is written is the company's own, and nothing else
    visitor.post(HOURS, sent(link, contract, other))
    assert [line.contract_id for line in MonthlyDeclaration.objects.get().lines.all()] == [contract.pk]


def test_a_page_made_for_another_link_writes_nothing(link, contract, opened, sent):
    visitor = opened(link)
    other = CompanyLinkFactory(company=contract.employer, month=AUGUST.replace(month=7))
    assert visitor.post(HOURS, sent(other, contract)).status_code == 302
    assert not MonthlyDeclaration.objects.exists()


def test_a_link_is_for_its_own_company():
    award, stranger = AwardFactory(), CompanyFactory()
    with pytest.raises(DomainError, match="n’est pas celle"):
        create_link(company=stranger, purpose=LinkPurpose.JOB_POSTING, award=award)
    with pytest.raises(DomainError, match="n’est pas celui"):
        create_link(company=stranger, purpose=LinkPurpose.HOURS, month=AUGUST, contact=PayrollContactFactory())


def test_a_live_link_is_used_again(link):
    assert hours_link(company=link.company, month=AUGUST) == link
    revoke_link(link=link, by=author())
    assert hours_link(company=link.company, month=AUGUST) != link
