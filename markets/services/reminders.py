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
from facilitators.mail import queue_mail
from markets.enums import ContactRole
from markets.models import CompanyContact, CompanyReminder
from markets.services.company_links import address_of, hours_link

# Whom to write to when nobody was named for it, the first found.
ORDER = (ContactRole.INSERTION, ContactRole.PAYROLL, ContactRole.HR, ContactRole.SITE, ContactRole.DIRECTOR)
# A month is no longer asked for so long after its last reminder: the facilitator calls.
GIVE_UP = timedelta(days=15)
TONES = ("ask", "kind", "firm", "last")


def steps_due(today):
    """[(first day of a month, step)] whose reminder may leave today: the last one due of each month, from 1 on."""
    due = []
    for months_back in (1, 2):
        month = today.replace(day=1) - relativedelta(months=months_back)
        days = [due_day(month, step) for step in range(1, len(settings.REMINDER_DAYS) + 1)]
        passed = [step for step, day in enumerate(days, start=1) if day <= today]
        if passed and today < days[-1] + GIVE_UP:
            due.append((month, passed[-1]))
    return due


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
def ask_for_hours(*, company, month, contacts, lots, facilitators, step=0):
    """Write to each contact of `company` for its hours of a month. Returns (CompanyLink, [OutgoingMail]).

    `lots`: commitments shown in the mail, `facilitators`: whom to call. `step` 0 is the demand a facilitator sends,
    1 to 3 the reminders. Nothing nominative in it: a mail may go astray (security.md, A31).
    """
    link = hours_link(company=company, month=month, contact=contacts[0])
    context = {
        "company": company,
        "month": formats.date_format(month, "F Y"),
        "tone": TONES[min(step, len(TONES) - 1)],
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
    if CompanyReminder.objects.filter(company=company, month=month, step__gte=step).exists():
        return None
    link, mails = ask_for_hours(
        company=company, month=month, contacts=contacts, lots=lots, facilitators=facilitators, step=step
    )
    reminder = CompanyReminder(company=company, contact=contacts[0], link=link, mail=mails[0], month=month, step=step)
    reminder.full_clean()
    reminder.save()
    return reminder
