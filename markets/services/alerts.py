"""Alerts: reported by a person or a rule, answered by the maître d’ouvrage, closed by who manages them (C18)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from facilitators.notifications import notify
from markets.models import Alert, Company
from markets.services.alert_messages import about, page_of_alert, tell_recipients
from markets.services.alert_recipients import usual_recipients

ALREADY_CLOSED = "Cette alerte est déjà close."
ALREADY_ANSWERED = "Cette alerte a déjà reçu une réponse."
NO_ANSWER = "Écrivez la réponse."
NOT_THERE = "Cette entreprise n’est pas sur ce lot."


@transaction.atomic
def raise_alert(*, lot, category, severity, description, by, due_on=None, company=None, recipients=None):
    """Report an event on a lot; `recipients` are accounts, the default ones unless said.

    Raises DomainError when the company is not on the lot, ValidationError on what a form refuses.
    """
    if company is not None and not lot.awards.filter(company=company).exists():
        raise DomainError(NOT_THERE)
    alert = Alert(lot=lot, territory_id=lot.territory_id, company=company, category=category, severity=severity)
    alert.description, alert.due_on = description, due_on
    return _raise(alert, recipients, by)


@transaction.atomic
def raise_elsewhere(*, territory, category, severity, description, by, company=None, due_on=None, recipients=None):
    """Report an event that no lot bounds: on a territory, or on a company of that territory."""
    alert = Alert(territory=territory, company=company, category=category, severity=severity)
    alert.description, alert.due_on = description, due_on
    return _raise(alert, recipients, by)


def _raise(alert, recipients, by):
    alert.raised_on, alert.author = timezone.now(), by
    validated_save(alert, by=by)
    chosen = usual_recipients(alert) if recipients is None else [person.pk for person in recipients]
    alert.recipients.set(chosen)
    tell_recipients(alert, by=by)
    return alert


def companies_of(*, lot=None, territory=None):
    """Companies of a lot, or of the lots of a territory."""
    place = {"awards__lot": lot} if lot else {"awards__lot__territory": territory}
    return Company.objects.filter(**place).distinct()


@transaction.atomic
def answer_alert(*, alert, answer, by):
    """The answer of the maître d’ouvrage: told to whoever reported and to the recipients. The alert stays open.

    Raises Conflict when it is closed or answered already, ValidationError without a text.
    """
    alert = lock(Alert.objects.select_related("lot__market", "territory", "author"), alert.pk)
    if alert.closed_on:
        raise Conflict(ALREADY_CLOSED)
    if alert.answered_at:
        raise Conflict(ALREADY_ANSWERED)
    if not answer.strip():
        raise ValidationError({"answer": NO_ANSWER})
    alert.answer, alert.answered_at, alert.answered_by = answer, timezone.now(), by
    validated_save(alert, by=by)
    people = {person.pk: person for person in (*alert.recipients.all(), alert.author) if person is not None}
    notify(people.values(), f"Réponse à l’alerte : {about(alert)}.", page_of_alert(alert), except_for=by)
    return alert


@transaction.atomic
def close_alert(*, alert, answer, by):
    """Close an alert with what was done about it; under the answer of the maître d’ouvrage when there is one.

    Raises Conflict when it is closed already, ValidationError when nothing says what was done.
    """
    alert = lock(Alert.objects, alert.pk)
    if alert.closed_on:
        raise Conflict(ALREADY_CLOSED)
    alert.answer = with_closing(alert, answer.strip())
    alert.closed_on, alert.closer = timezone.now(), by
    return validated_save(alert, by=by)


def with_closing(alert, said):
    """The answer of an alert, what is said on closing it added under."""
    if not alert.answer or not said:
        return alert.answer or said
    return f"{alert.answer}\n\nClôture le {french.date(timezone.localdate())} : {said}"
