"""« Relevés à vérifier »: for a month, what each company has said, and who is silent. Constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Max, Q
from django.utils import timezone

from facilitators.enums import Permission
from markets.enums import LinkPurpose
from markets.models import Company, CompanyContact, CompanyLink, CompanyReminder
from participants.declaring import contracts_of_month
from participants.models import DeclarationLine, HoursEntry, MonthlyDeclaration

TO_CHECK, SILENT, TYPED, CHECKED = "to_check", "silent", "typed", "checked"
STATES = {TO_CHECK: "À vérifier", SILENT: "Sans réponse", TYPED: "Saisi dans la grille", CHECKED: "Vérifié"}
ORDER = list(STATES)


@dataclass
class CompanyMonth:
    """A company in a month: its people here, what it has answered, how it was asked."""

    company: Company
    people: int = 0
    typed: int = 0
    waiting: int = 0
    answered_on: datetime | None = None
    no_hours: bool = False
    reminded_on: datetime | None = None
    step: int = 0
    link: CompanyLink | None = None
    bounced: list[str] = field(default_factory=list)
    reachable: bool = False

    @property
    def state(self):
        """to_check, silent, typed or checked."""
        if self.waiting:
            return TO_CHECK
        if self.answered_on is not None:
            return CHECKED
        return TYPED if self.typed >= self.people else SILENT

    @property
    def label(self):
        return STATES[self.state]


def company_months(user, month: date):
    """[CompanyMonth] of the companies this account follows, those that wait for a hand first."""
    rows = _people(user, month)
    companies = {company.pk: company for company in Company.objects.filter(pk__in=rows)}
    months = {pk: CompanyMonth(companies[pk], *counts) for pk, counts in rows.items()}
    _add_answers(months, user, month)
    _add_demands(months, month)
    _add_contacts(months)
    return sorted(months.values(), key=lambda row: (ORDER.index(row.state), str(row.company).lower()))


def _people(user, month):
    """{company id: (contracts of the month, contracts with hours)}."""
    contracts = contracts_of_month(month).actionable_by(user, Permission.ENTER_HOURS)
    pairs = list(contracts.values_list("pk", "declarer"))
    typed = HoursEntry.objects.typed().filter(month=month, contract__in=[pk for pk, _ in pairs])
    typed = set(typed.values_list("contract", flat=True))
    counts = defaultdict(lambda: [0, 0])
    for pk, declarer in pairs:
        counts[declarer][0] += 1
        counts[declarer][1] += pk in typed
    return dict(counts)


def _add_answers(months, user, month):
    lines = DeclarationLine.objects.actionable_by(user, Permission.ENTER_HOURS).to_check()
    lines = lines.filter(declaration__month=month, declaration__company__in=months)
    for company, waiting in lines.values_list("declaration__company").annotate(Count("pk")):
        months[company].waiting = waiting
    said = MonthlyDeclaration.objects.filter(month=month, company__in=months).order_by("pk")
    for company, sent_on, no_hours in said.values_list("company", "sent_on", "no_hours"):
        months[company].answered_on, months[company].no_hours = sent_on, no_hours


def _add_demands(months, month):
    sent = CompanyReminder.objects.filter(month=month, company__in=months).values_list("company")
    for company, step, last in sent.annotate(Max("step"), Max("created_on")):
        months[company].step, months[company].reminded_on = step, last
    links = CompanyLink.objects.live(timezone.now()).filter(purpose=LinkPurpose.HOURS, month=month)
    for link in links.filter(company__in=months).order_by("pk"):
        months[link.company_id].link = link


def _add_contacts(months):
    contacts = CompanyContact.objects.live().filter(~Q(email=""), company__in=months)
    for company, email, bounced_on in contacts.values_list("company", "email", "bounced_on"):
        if bounced_on is None:
            months[company].reachable = True
        else:
            months[company].bounced.append(email)
