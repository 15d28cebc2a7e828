"""Kind, one digest a company, stopped by an answer, never twice: reminders (domain.md §12, n° 29-30)."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from facilitators.enums import Role
from facilitators.models import Notification, OutgoingMail
from facilitators.permissions import grant
from markets.models import CompanyContact, CompanyLink, CompanyReminder
from markets.services.bounces import mark_bounced
from markets.services.reminders import recipients, steps_due
from participants.services.declarations import declare
from participants.services.reminders import remind_silent, silent_companies
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import ConventionFactory
from tests.factories.links import AUGUST, PayrollContactFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

TENTH = date(2026, 9, 10)


@pytest.fixture
def payroll(contract):
    return PayrollContactFactory(company=contract.employer)


def mails():
    return OutgoingMail.objects.order_by("pk")


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 9, 9), []),
        (date(2026, 9, 10), [(AUGUST, 1)]),
        (date(2026, 9, 18), [(AUGUST, 1)]),
        (date(2026, 9, 19), []),
        (date(2026, 9, 25), [(AUGUST, 2)]),
        (date(2026, 9, 30), [(AUGUST, 3)]),
        (date(2026, 10, 8), [(AUGUST, 3)]),
        (date(2026, 10, 10), [(date(2026, 9, 1), 1)]),
        # the thirtieth day after 1 February is 2 March
        (date(2026, 3, 2), [(date(2026, 1, 1), 3)]),
    ],
)
def test_a_month_is_asked_for_three_times(day, due):
    assert steps_due(day) == due


def test_one_digest_for_all_the_lots_of_a_company(contract, payroll, territory):
    award = AwardFactory(lot=LotFactory(territory=territory, calibrated=True), company=contract.employer)
    other = EmploymentContractFactory(award=award)
    HoursEntryFactory(contract=contract, month=date(2026, 6, 1), declared=Decimal("12.5"))
    assert remind_silent(TENTH) == 1
    mail = mails().get()
    assert mail.recipient == payroll.email
    assert contract.market.number in mail.body
    assert other.market.number in mail.body
    assert "12,5" in mail.body
    assert "/entreprise/lien/" in mail.body
    for person in (contract.participant, other.participant):
        assert person.last_name not in mail.subject + mail.body
        assert person.first_name not in mail.subject + mail.body


def test_the_tone_goes_up_and_the_link_stays(payroll):
    for day in (TENTH, date(2026, 9, 20), date(2026, 9, 30)):
        assert remind_silent(day) == 1
        assert remind_silent(day) == 0
    assert [mail.subject for mail in mails()] == [
        "Heures d’insertion, août 2026 : un rappel",
        "Heures d’insertion, août 2026 : deuxième rappel",
        "Heures d’insertion, août 2026 : dernier rappel",
    ]
    assert CompanyLink.objects.count() == 1
    assert list(CompanyReminder.objects.order_by("step").values_list("step", flat=True)) == [1, 2, 3]


def test_a_step_that_was_missed_is_not_sent_late(payroll):
    remind_silent(date(2026, 9, 21))
    assert CompanyReminder.objects.get().step == 2
    assert mails().get().subject.endswith("un rappel")


@pytest.mark.parametrize("answer", ["declared", "none", "typed"])
def test_an_answer_stops_them(contract, payroll, answer):
    if answer == "typed":
        HoursEntryFactory(contract=contract, month=AUGUST, declared=Decimal(0))
    elif answer == "none":
        declare(company=contract.employer, month=AUGUST, hours={}, signatory="A", no_hours=True)
    else:
        declare(company=contract.employer, month=AUGUST, hours={contract.pk: (Decimal(7), "")}, signatory="A")
    assert remind_silent(TENTH) == 0
    assert not mails().exists()


def test_hours_typed_for_some_only_are_no_answer(contract, payroll):
    EmploymentContractFactory(award=contract.award)
    HoursEntryFactory(contract=contract, month=AUGUST)
    assert set(silent_companies(AUGUST)) == {contract.employer_id}


def test_a_refused_address_is_not_written_to_again(contract, payroll, territory, as_role):
    facilitator = as_role(Role.FACILITATOR)
    mark_bounced(payroll.email, timezone.now())
    assert remind_silent(TENTH) == 0
    assert not mails().exists()
    told = Notification.objects.get(recipient=facilitator.user)
    assert "aucun contact joignable" in told.text
    told.read_on = timezone.now()
    told.save()
    remind_silent(TENTH)
    assert Notification.objects.filter(recipient=facilitator.user).count() == 1


def test_without_a_contact_somebody_is_told_to_call(contract, as_role):
    facilitator = as_role(Role.FACILITATOR)
    remind_silent(TENTH)
    assert Notification.objects.get(recipient=facilitator.user).path == "/heures/releves/?mois=2026-08"


def test_whom_one_writes_to(contract):
    company = contract.employer
    director = PayrollContactFactory(company=company, role="director", receives_reminders=False)
    correspondent = PayrollContactFactory(company=company, role="insertion", receives_reminders=False)
    assert recipients(company) == [correspondent]
    CompanyContact.objects.filter(pk=correspondent.pk).update(left_on=date(2026, 9, 1))
    assert recipients(company) == [director]
    named = [PayrollContactFactory(company=company), PayrollContactFactory(company=company, role="site")]
    assert recipients(company) == named


def test_each_recipient_has_her_own_mail(contract, payroll):
    other = PayrollContactFactory(company=contract.employer)
    remind_silent(TENTH)
    assert {mail.recipient for mail in mails()} == {payroll.email, other.email}
    assert CompanyReminder.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_once(territories):
    territory = territories[0]
    ConventionFactory(territories=territories)
    grant(user=UserFactory(), role=Role.FACILITATOR, territory=territory, by=None)
    award = AwardFactory(lot=LotFactory(territory=territory, calibrated=True))
    contract = EmploymentContractFactory(award=award)
    PayrollContactFactory(company=contract.employer)
    with time_machine.travel("2026-09-10T10:00:00+02:00"):
        sent, failed = sort_out(race(*(lambda: remind_silent(TENTH),) * 2))
    assert failed == []
    assert sum(sent) == 1
    assert CompanyReminder.objects.count() == OutgoingMail.objects.count() == 1


def test_a_reminder_leaves_with_its_mail_or_not_at_all(contract, payroll):
    with transaction.atomic():
        remind_silent(TENTH)
        transaction.set_rollback(True)
    assert not CompanyReminder.objects.exists()
    assert not mails().exists()
