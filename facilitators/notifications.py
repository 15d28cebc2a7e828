"""Telling people: on their home page at once, by one mail a day at most (domain.md §12, n° 30)."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from clauses_portal.accounts.models import User
from facilitators.models import Membership, Notification

SUBJECT = "Portail des clauses sociales : ce qui vous attend"


def members(role, **place):
    """Active accounts holding this role today, in the place given (territory=…, territory__in=…, directorate=…)."""
    rows = Membership.objects.active(timezone.localdate()).filter(role=role, **place)
    return User.objects.filter(pk__in=rows.values("user"), is_active=True).order_by("pk")


def notify(people, text, path, *, except_for=None):
    """Tell each of these people once (a same unread text is not repeated). Never an amount nor a person’s name.

    `except_for` is the one who acts: she knows already. Returns the notifications made.
    """
    told = Notification.objects.unread().filter(text=text, path=path).values_list("recipient_id", flat=True)
    skipped = {*told, except_for.pk if except_for else None}
    rows = {
        person.pk: Notification(recipient=person, text=text, path=path)
        for person in people
        if person.pk not in skipped and not person.is_software
    }
    return Notification.objects.bulk_create(rows.values())


@transaction.atomic
def mark_read(*, user):
    """Everything was read on the home page. Returns how many were new."""
    return Notification.objects.visible_to(user).unread().update(read_on=timezone.now())


def mail_waiting():
    """Send each person one mail with all she was not told yet; returns how many mails left.

    A mail server that is away raises OSError: the rows stay, the next round sends them.
    """
    here = Membership.objects.active(timezone.localdate()).values("user")  # who lost every role is told nothing more
    waiting = Notification.objects.to_mail().filter(recipient__in=here)
    waiting = waiting.select_related("recipient").order_by("recipient", "pk")
    by_person = {}
    for row in waiting:
        by_person.setdefault(row.recipient, []).append(row)
    for person, rows in by_person.items():
        body = render_to_string("emails/digest.txt", {"person": person, "rows": rows, "site": settings.SITE_URL})
        send_mail(SUBJECT, body, None, [person.email])
        Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_on=timezone.now())
    return len(by_person)
