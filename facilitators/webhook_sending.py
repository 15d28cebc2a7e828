"""Sending the messages to the programs: claimed, signed, tried again after longer and longer waits, then given up."""

import hashlib
import hmac
import json
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.outward import Unreachable, post
from facilitators.key_watch import keepers_of
from facilitators.models import WebhookDelivery
from facilitators.notifications import notify
from facilitators.webhooks import OVER, STOPPED, convention_in_force, secret_of

# How long after each try that failed a message is tried again.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 24 * 60))
MOST_ATTEMPTS = len(WAITS) + 1
# A round ends before the worker's own limit (CELERY_TASK_SOFT_TIME_LIMIT), one slow message included.
ROUND_SECONDS = 50
KEPT = timedelta(days=90)


def send_waiting():
    """Send the messages that are due, the oldest first; returns how many arrived.

    An address that fails once is left alone until the next round: it does not keep the others waiting.
    """
    arrived, silent, end = 0, set(), time.monotonic() + ROUND_SECONDS
    while time.monotonic() < end and (delivery := _claim(silent)):
        if _deliver(delivery):
            arrived += 1
        else:
            silent.add(delivery.webhook_id)
    return arrived


@transaction.atomic
def _claim(silent):
    """The next message, its next try written first: no other worker takes it, and a killed one loses nothing."""
    due = WebhookDelivery.objects.to_send(timezone.now()).exclude(webhook__in=silent)
    delivery = due.select_for_update(skip_locked=True, of=("self",)).select_related("webhook").first()
    if delivery is not None:
        delivery.attempts += 1
        delivery.next_try_on = timezone.now() + WAITS[min(delivery.attempts, len(WAITS)) - 1]
        delivery.save(update_fields=["attempts", "next_try_on"])
    return delivery


def _deliver(delivery):
    """Send a claimed message and write its fate; True when it arrived. No transaction is open meanwhile."""
    webhook = delivery.webhook
    if webhook.ended_at is not None:
        return _give_up(delivery, STOPPED)
    if not convention_in_force(webhook.structure_id):
        return _give_up(delivery, OVER)
    body = body_of(delivery)
    try:
        status = post(webhook.url, body, headers_of(delivery, body))
    except Unreachable as trouble:
        return _failed(delivery, trouble.reason)
    if 200 <= status < 300:
        return _write_fate(delivery, f"Réponse {status}.", sent_on=timezone.now())
    return _failed(delivery, f"Redirection refusée ({status})." if 300 <= status < 400 else f"Réponse {status}.")


def body_of(delivery):
    """The message as bytes of JSON: what happened, when, and where to read it. Nothing of the row itself (C27)."""
    address = f"{settings.SITE_URL.rstrip('/')}/api/v1"
    told = {
        "id": str(delivery.identifier),
        "event": event_of(delivery),
        "occurred_on": delivery.occurred_on.isoformat(),
        "resource": delivery.resource,
        "object_id": delivery.object_id,
        "url": address if delivery.is_trial else f"{address}/{delivery.resource}/{delivery.object_id}",
    }
    return json.dumps(told, separators=(",", ":")).encode()


def event_of(delivery):
    """The event as the program reads it: « market.published », « test » for a trial."""
    return delivery.TRIAL if delivery.is_trial else delivery.event


def headers_of(delivery, body):
    """Headers of a message, with its signature of this instant."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "portail-clauses-sociales",
        "X-Clauses-Event": event_of(delivery),
        "X-Clauses-Delivery": str(delivery.identifier),
        "X-Clauses-Signature": signature(secret_of(delivery.webhook), body, int(time.time())),
    }


def signature(secret, body, moment):
    """« t=<moment>,v1=<HMAC-SHA256 of "moment.body"> »: `moment` in Unix seconds, so that an old message is seen."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _failed(delivery, answer):
    if delivery.attempts < MOST_ATTEMPTS:
        _write_fate(delivery, answer)
        return False
    _tell_given_up(delivery.webhook)
    return _give_up(delivery, answer)


def _give_up(delivery, answer):
    _write_fate(delivery, answer, given_up_on=timezone.now())
    return False


def _write_fate(delivery, answer, **fate):
    """Unless somebody stopped it or sent it again meanwhile."""
    mine = WebhookDelivery.objects.waiting().filter(pk=delivery.pk, attempts=delivery.attempts)
    mine.update(answer=answer, **fate)
    return True


def _tell_given_up(webhook):
    """One notification to each keeper, not repeated while it is unread."""
    text = f"Les messages à « {webhook.label} » n’arrivent plus : un avertissement automatique est abandonné."
    notify(keepers_of(webhook, timezone.localdate()), text, reverse("facilitators:webhook", args=[webhook.pk]))


def forget_old():
    """Delete the messages settled for three months; returns how many."""
    return WebhookDelivery.objects.settled().filter(occurred_on__lt=timezone.now() - KEPT).delete()[0]
