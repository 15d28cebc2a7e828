"""Which companies still owe their hours of a month, and reminding them: once a step, until they answer (n° 29-30)."""

import logging
from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import lock
from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.notifications import members, notify
from markets.models import Company
from markets.services.reminders import ask_for_hours, recipients, remind, steps_due
from participants.commitments import commitments, facilitators_of
from participants.declaring import contracts_of_month
from participants.models import HoursEntry, MonthlyDeclaration

logger = logging.getLogger(__name__)

NOBODY_TO_WRITE_TO = "Aucune adresse où écrire à cette entreprise : ajoutez un contact, ou appelez-la."
NO_ANSWER_POSSIBLE = (
    "{company} n’a aucun contact joignable : ses heures de {month:%m/%Y} sont à demander par téléphone."
)


def silent_companies(month):
    """{company id: {territory ids}} of those that have people in the month and have said nothing of it.

    An answer is a declaration, « aucune heure » included, or hours typed for every one of its contracts.
    """
    typed = set(HoursEntry.objects.typed().filter(month=month).values_list("contract", flat=True))
    waited = defaultdict(set)
    for contract, declarer, territory in contracts_of_month(month).values_list("pk", "declarer", "territory"):
        if contract not in typed:
            waited[declarer].add(territory)
    answered = MonthlyDeclaration.objects.filter(month=month, company__in=waited)
    silent = waited.keys() - set(answered.values_list("company", flat=True))
    return {company: places for company, places in waited.items() if company in silent}


def remind_silent(today=None):
    """Send the reminders due today, one digest a company; returns how many left. Done again, it sends nothing more."""
    sent = 0
    for month, step in steps_due(today or timezone.localdate()):
        for company, places in silent_companies(month).items():
            sent += _remind(company, places, month, step)
    return sent


@transaction.atomic
def _remind(company_pk, places, month, step):
    """True when a reminder left. The company's row is held: two workers never write twice."""
    company = lock(Company.objects, company_pk)
    if MonthlyDeclaration.objects.filter(company=company, month=month).exists():
        return False
    contacts = recipients(company)
    if not contacts:
        _tell_facilitators(company, places, month)
        return False
    reminder = remind(
        company=company,
        month=month,
        step=step,
        contacts=contacts,
        lots=commitments(company),
        facilitators=facilitators_of(company),
    )
    return reminder is not None


def _tell_facilitators(company, places, month):
    """Somebody has to call: said once, even after it was read."""
    text = NO_ANSWER_POSSIBLE.format(company=company, month=month)[:300]
    path = f"/heures/releves/?mois={month:%Y-%m}"
    told = Notification.objects.filter(text=text, path=path).values_list("recipient", flat=True)
    notify(members(Role.FACILITATOR, territory__in=places).exclude(pk__in=told), text, path)


@transaction.atomic
def send_request(*, company, month):
    """Send, or send again, the link by which a company declares a month. Returns [addresses] written to.

    Raises DomainError when there is nobody to write to.
    """
    contacts = recipients(company)
    if not contacts:
        raise DomainError(NOBODY_TO_WRITE_TO)
    ask_for_hours(
        company=company,
        month=month,
        contacts=contacts,
        lots=commitments(company),
        facilitators=facilitators_of(company),
    )
    return [contact.email for contact in contacts]
