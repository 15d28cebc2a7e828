"""Telling of alerts: on the home page of the recipients; by mail at once when one is critical (C18).

Neither the description, which anybody may have typed, nor an amount, nor a name leaves the portal.
"""

from collections import Counter, defaultdict

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from clauses_portal.accounts.models import User
from facilitators.mail import queue_mail
from facilitators.notifications import notify
from markets.enums import AlertSeverity
from markets.services.alert_recipients import mission_officers
from markets.services.opinion import place

# A mail lists so many alerts; the page lists them all.
LISTED = 20


def about(alert):
    """« Retard d’exécution, marché 2026-001, lot 2 »: what an alert is about, in a few words."""
    return f"{alert.get_category_display()}, {place(alert.lot) if alert.lot else alert.territory}"


def page_of_alert(alert):
    return reverse("markets:alert", args=[alert.pk])


def tell_recipients(alert, *, by):
    """A line on the home page of each recipient. Critical: the chargées de mission get a mail at once."""
    people = alert.recipients.all()
    if alert.severity == AlertSeverity.CRITICAL:
        people = people.exclude(pk__in=mission_officers())
    text = f"Alerte ({alert.get_severity_display().lower()}) : {about(alert)}."
    notify(people, text, page_of_alert(alert), except_for=by)
    tell_critical([alert])


def tell_many(recipients, alerts):
    """The alerts of a rule: one line a person, whatever their number. `recipients`: [account ids] of each alert."""
    numbers = Counter(person for people in recipients for person in people)
    by_number = defaultdict(list)
    for person, number in numbers.items():
        by_number[number].append(person)
    for number, people in by_number.items():
        text = f"Le portail signale {number} nouvelle{'s' if number > 1 else ''} alerte{'s' if number > 1 else ''}."
        notify(User.objects.filter(pk__in=people), text, f"{reverse('markets:alerts')}?opened=open&mine=on")
    tell_critical(alerts)


def tell_critical(alerts):
    """The critical ones among `alerts`, to every chargée de mission: her home page, and one mail at once."""
    critical = [alert for alert in alerts if alert.severity == AlertSeverity.CRITICAL]
    if not critical:
        return
    officers = list(mission_officers())
    for alert in critical[:LISTED]:
        notify(officers, f"Alerte critique : {about(alert)}.", page_of_alert(alert))
    site = settings.SITE_URL.rstrip("/")
    lines = [(about(alert), site + page_of_alert(alert)) for alert in critical[:LISTED]]
    for officer in officers:
        context = {"person": officer, "lines": lines, "more": len(critical) - len(lines), "site": site}
        body = render_to_string("emails/critical_alerts.txt", context)
        queue_mail(recipient=officer.email, subject=_subject(critical), body=body)


def _subject(critical):
    if len(critical) > 1:
        return f"Clauses sociales : {len(critical)} alertes critiques"
    lot = critical[0].lot
    return f"Clauses sociales : alerte critique, {place(lot) if lot else critical[0].territory}"[:200]
