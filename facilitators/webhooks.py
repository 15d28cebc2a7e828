"""What the other side waits for, told to its program: who is told, and the messages to send (C22).

A message is written in the transaction of what it tells of; `webhook_sending` sends it. It names a row of the portal
and says nothing of it: no person, no amount, no hours.
"""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.crypto import salted_hmac

from clauses_portal.core.errors import Conflict
from clauses_portal.core.outward import Unreachable, target_of
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.waking import once_on_commit, wake
from facilitators.models import Convention, Webhook, WebhookDelivery
from facilitators.permissions import CONVENTION_OVER

TASK = "facilitators.tasks.send_webhooks"
SALT = "facilitators.webhooks"
# Each one is asked at each event: a structure has a program or two.
MOST_OPEN = 5
TOO_MANY = f"Cette structure a déjà {MOST_OPEN} avertissements en service : arrêtez-en un d’abord."
ALREADY_STOPPED = "Cet avertissement est déjà arrêté."
STOPPED = "Avertissement arrêté."
OVER = "Convention échue."


@transaction.atomic
def subscribe(*, structure, label, url, events, by):
    """Tell this address of these `WebhookEvent`. Returns (Webhook, its secret, to be shown once).

    Raises Conflict without a convention in force or beyond five, ValidationError on what makes no sense.
    """
    lock(type(structure)._default_manager, structure.pk)  # two at once would make six
    if not convention_in_force(structure.pk):
        raise Conflict(CONVENTION_OVER)
    if Webhook.objects.open().filter(structure=structure).count() >= MOST_OPEN:
        raise Conflict(TOO_MANY)
    _check_address(url)
    webhook = Webhook(structure=structure, label=label, url=url, events=list(events), nonce=secrets.token_urlsafe(32))
    webhook.created_at, webhook.created_by = timezone.now(), by
    validated_save(webhook, by=by)
    return webhook, secret_of(webhook)


def _check_address(url):
    try:
        target_of(url)
    except Unreachable as refusal:
        raise ValidationError({"url": refusal.reason}) from refusal


def convention_in_force(structure_pk):
    """Is a convention of this structure in force today? Without one, nothing is told."""
    return Convention.objects.in_force(timezone.localdate()).filter(structure=structure_pk).exists()


def secret_of(webhook):
    """The text that signs the messages of this webhook, always the same; the database does not hold its key."""
    return f"whs_{salted_hmac(SALT, webhook.nonce, algorithm='sha256').hexdigest()}"


@transaction.atomic
def stop(*, webhook, by):
    """Tell this address nothing more; what waits is given up. Raises Conflict when it is stopped already."""
    webhook = lock(Webhook.objects, webhook.pk)
    if webhook.ended_at is not None:
        raise Conflict(ALREADY_STOPPED)
    webhook.ended_at, webhook.ended_by = timezone.now(), by
    webhook.deliveries.waiting().update(given_up_on=webhook.ended_at, answer=STOPPED)
    return validated_save(webhook, by=by)


def emit(event, *, territory_ids, resource, object_id):
    """Write a message for each program told of `event` (a `WebhookEvent`) on one of these territories; returns them.

    To be called in the transaction of what happened: undone with it. `territory_ids`: keys, or a queryset of them;
    `resource` and `object_id` name the row as the interface does (« markets », 12). One query when nobody listens.
    """
    in_force = Convention.objects.in_force(timezone.localdate()).filter(territories__in=territory_ids)
    told = Webhook.objects.open().filter(Exists(in_force.filter(structure=OuterRef("structure"))))
    listening = told.filter(events__contains=[event])
    return _write([_message(webhook, event, resource, object_id) for webhook in listening])


@transaction.atomic
def try_out(*, webhook):
    """Send this address a message about nothing, so that its program can be set. Raises Conflict when it is closed."""
    _refuse_closed(webhook)
    return _write([_message(webhook, webhook.events[0], WebhookDelivery.TRIAL, 0)])[0]


@transaction.atomic
def send_again(*, delivery):
    """Send a message again from the first try, its identifier kept. Raises Conflict when its webhook is closed."""
    delivery = lock(WebhookDelivery.objects, delivery.pk)
    _refuse_closed(delivery.webhook)
    delivery.sent_on = delivery.given_up_on = None
    delivery.attempts, delivery.next_try_on, delivery.answer = 0, timezone.now(), ""
    delivery.save()
    once_on_commit(wake_sender)
    return delivery


def _refuse_closed(webhook):
    if webhook.ended_at is not None:
        raise Conflict(ALREADY_STOPPED)
    if not convention_in_force(webhook.structure_id):
        raise Conflict(CONVENTION_OVER)


def _message(webhook, event, resource, object_id):
    now = timezone.now()
    message = WebhookDelivery(webhook=webhook, event=event, resource=resource, object_id=object_id)
    message.occurred_on = message.next_try_on = now
    return message


def _write(messages):
    if messages:
        WebhookDelivery.objects.bulk_create(messages)
        once_on_commit(wake_sender)
    return messages


def wake_sender():
    """Ask a worker to send now. With the broker away the clock does it, within the minute."""
    wake(TASK, otherwise="les avertissements partiront au prochain passage")
