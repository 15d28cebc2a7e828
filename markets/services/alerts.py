"""Alerts: the facilitator reports, somebody answers, and it is closed (C18)."""

from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import Conflict
from clauses_portal.core.services import lock, validated_save
from markets.models import Alert


@transaction.atomic
def raise_alert(*, lot, category, severity, description, by, due_on=None):
    """Report an event on a lot."""
    alert = Alert(lot=lot, category=category, severity=severity, description=description, due_on=due_on)
    alert.raised_at, alert.raised_by = timezone.now(), by
    return validated_save(alert, by=by)


@transaction.atomic
def close_alert(*, alert, answer, by):
    """Close an alert with what was done about it."""
    alert = lock(Alert.objects, alert.pk)
    if alert.closed_at:
        raise Conflict("Cette alerte est déjà close.")
    alert.answer, alert.closed_at, alert.closed_by = answer, timezone.now(), by
    return validated_save(alert, by=by)
