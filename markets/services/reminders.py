"""Asking a company for its hours: whom to write to, when, and one mail for all its lots (domain.md §12, n° 30).

Who still owes an answer is known one floor above, in participants.services.reminders.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import formats

from clauses_portal.core.french import typographic
from clauses_portal.core.services import checked_save
from facilitators.mail import queue_mail
from markets.enums import ContactRole
from markets.models import CompanyContact, CompanyReminder
from markets.services.company_links import address_of, hours_link

# Whom to write to when nobody was named for it, the first found.
ORDER = (ContactRole.INSERTION, ContactRole.PAYROLL, ContactRole.HR, ContactRole.SITE, ContactRole.DIRECTOR)
# A reminder that could not leave on its day may for so long; later, the next one does, or the facilitator calls.
GRACE = timedelta(days=9)
TONES = ("kind", "firm", "last")


def steps_due(today):
    """[(first day of a month, step)] whose reminder may leave today: at most one a month, from step 1 on."""
    months = [today.replace(day=1) - relativedelta(months=back) for back in (1, 2)]
    steps = range(len(settings.REMINDER_DAYS), 0, -1)
    due = [(month, step, due_day(month, step)) for month in months for step in steps]
    return [(month, step) for month, step, day in due if day <= today < day + GRACE]


def due_day(month, step):
    """The day reminder `step` of this month leaves: the 10th, 20th, 30th day of the month after."""
    return month + relativedelta(months=1) + timedelta(days=settings.REMINDER_DAYS[step - 1] - 1)


def recipients(company):
    """[CompanyContact] to write to: those who receive reminders, or else one person; never a refused address."""
    reachable = CompanyContact.objects.live().filter(company=company, bounced_on=None).exclude(email="")
    people = list(reachable.order_by("pk"))
    named = [contact for contact in people if contact.receives_reminders]
    if named:
        return named
    ranked = [contact for role in ORDER for contact in people if contact.role == role]
    return ranked[:1] or people[:1]


@transaction.atomic
def ask_for_hours(*, company, month, contacts, lots, facilitators, tone="ask"):
    """Write to each contact of `company` for its hours of a month. Returns (CompanyLink, [OutgoingMail]).

    `lots`: commitments shown in the mail, `facilitators`: whom to call. `tone`: "ask" for the demand a facilitator
    sends, then "kind", "firm", "last". Nothing nominative in it: a mail may go astray (security.md, A31).
    """
    link = hours_link(company=company, month=month, contact=contacts[0])
    context = {
        "company": company,
        "month": formats.date_format(month, "F Y"),
        "tone": tone,
        "lots": lots,
        "facilitators": facilitators,
        "address": address_of(link),
        "expires_on": link.expires_on,
    }
    subject = render_to_string("emails/company_hours_subject.txt", context).strip()
    body = typographic_body(render_to_string("emails/company_hours.txt", context))
    return link, [queue_mail(recipient=contact.email, subject=subject, body=body) for contact in contacts]


def typographic_body(text):
    """French typography line by line, addresses left as they are."""
    return "\n".join(line if "://" in line else typographic(line) for line in text.splitlines()) + "\n"


@transaction.atomic
def remind(*, company, month, step, contacts, lots, facilitators):
    """Send reminder `step` of a month, once: returns the CompanyReminder, None when it had left already.

    The caller holds the company's row: two workers cannot both find that it had not.
    """
    before = list(CompanyReminder.objects.filter(company=company, month=month).values_list("step", flat=True))
    if any(sent >= step for sent in before):
        return None
    # the first one is kind, whatever the day it leaves
    tone = TONES[min(len(before), len(TONES) - 1)]
    link, mails = ask_for_hours(
        company=company, month=month, contacts=contacts, lots=lots, facilitators=facilitators, tone=tone
    )
    reminder = CompanyReminder(company=company, contact=contacts[0], link=link, mail=mails[0], month=month, step=step)
    checked_save(reminder)
    return reminder
