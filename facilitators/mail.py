"""The outbox: a mail is written in the transaction of what it tells of, and a worker hands it to the mail server.

One message per recipient, so that nobody reads the address of another. By convention the subject and the body hold
neither an amount nor the name of a participant: a mail may go astray (security.md, A31).
"""

import logging
import re
import smtplib
import time
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clauses_portal.accounts.sealing import UnreadableSecret, seal, unseal
from clauses_portal.core.text import tidy
from clauses_portal.core.waking import once_on_commit, wake
from facilitators.models import OutgoingMail

logger = logging.getLogger(__name__)

TASK = "facilitators.tasks.send_mails"
# How long after it was written a mail is tried again; then one gives up (RFC 5321, 4.5.4.1: four days or so).
WAITS = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 48 * 60, 96 * 60))
MOST_ATTEMPTS = len(WAITS)
# A round ends before the worker's own limit (CELERY_TASK_SOFT_TIME_LIMIT), one slow mail included.
ROUND_SECONDS = 50
CALENDAR = "text/calendar"
GIVEN_UP = f"Abandonné après {MOST_ATTEMPTS} essais : "
UNREADABLE = "Message impossible à composer."
# What opens an account (invitation, forgotten password) waits sealed, and is forgotten once the mail has left.
SEALED = "scellé:"
FORGOTTEN = "(texte effacé après l’envoi : il contenait un lien secret)"

_told_of_refusals = []


def when_refused(action):
    """Ask for `action(address, moment)` each time a server refuses an address for good. For apps above this one."""
    if action not in _told_of_refusals:
        _told_of_refusals.append(action)


@transaction.atomic
def queue_mail(*, recipient, subject, body, attachment=None, is_secret=False):
    """Write a mail to one address; a worker sends it once the transaction is committed. Returns the OutgoingMail.

    `body` is plain text, `attachment` a (file name, media type, bytes) triple. Never an amount nor the name of a
    participant in the subject or the body; a body that opens an account `is_secret`. Raises ValidationError when the
    address or the subject is not one.
    """
    name, media_type, content = attachment or ("", "", None)
    mail = OutgoingMail(recipient=recipient, subject=subject, body=SEALED + seal(body) if is_secret else body)
    mail.attachment_name, mail.attachment_type, mail.attachment = name, media_type, content
    mail.full_clean()
    mail.save()
    once_on_commit(wake_sender)
    return mail


def wake_sender():
    """Ask a worker to send now. With the broker away the clock does it, within the minute."""
    wake(TASK, otherwise="les courriels partiront au prochain passage")


def send_waiting():
    """Send the mails that are due, the oldest first; returns how many left.

    Each one is claimed, sent and marked in its own transaction: two workers never send the same one. A server that is
    away ends the round; a mail it cannot take now is tried again later, after longer and longer waits.
    """
    sent, last, end = 0, 0, time.monotonic() + ROUND_SECONDS
    server = get_connection()
    try:
        while time.monotonic() < end and (mail := _next_due(last)):
            last = mail.pk
            outcome = _send(server, last)
            if outcome is None:
                break
            sent += outcome
    finally:
        _hang_up(server)
    return sent


def _next_due(after):
    now = timezone.now()
    due = Q()
    for attempts, wait in enumerate(WAITS):
        due |= Q(attempts=attempts, created_on__lte=now - wait)
    return OutgoingMail.objects.to_send().filter(due, pk__gt=after).order_by("pk").only("pk").first()


@transaction.atomic
def _send(server, pk):
    """Send one mail. True: it left. False: it did not, or another worker has it. None: the server is away."""
    waiting = OutgoingMail.objects.to_send().select_for_update(skip_locked=True, of=("self",))
    mail = waiting.filter(pk=pk).first()
    if mail is None:
        return False
    try:
        server.open()
        server.send_messages([compose(mail)])
    except smtplib.SMTPRecipientsRefused as refusal:
        return _recipient_refused(mail, *next(iter(refusal.recipients.values())))
    except smtplib.SMTPDataError as refusal:
        return _message_refused(mail, refusal.smtp_code, refusal.smtp_error)
    except OSError as trouble:  # away, too slow, or it does not want us: greeting, password, sender
        _try_later(mail, str(trouble) or type(trouble).__name__)
        return None
    except (ValueError, UnreadableSecret):
        logger.exception("courriel %s", mail.pk)
        return _fail(mail, UNREADABLE)
    mail.attempts, mail.sent_on, mail.error = mail.attempts + 1, timezone.now(), ""
    _forget_secret(mail)
    mail.save()
    return True


def _text_of(mail):
    """The body as it is to be read. Raises UnreadableSecret."""
    return unseal(mail.body.removeprefix(SEALED)) if mail.body.startswith(SEALED) else mail.body


def _forget_secret(mail):
    if mail.body.startswith(SEALED):
        mail.body = FORGOTTEN


def compose(mail):
    """Return the message of an OutgoingMail. Sent twice by accident, it keeps its number: readers show it once."""
    sender = settings.DEFAULT_FROM_EMAIL
    headers = {
        "Message-ID": f"<courriel-{mail.pk}.{mail.created_on:%Y%m%d%H%M%S}@{sender.rpartition('@')[2].strip('> ')}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: absence messages do not answer it
    }
    message = EmailMultiAlternatives(mail.subject, _text_of(mail), sender, [mail.recipient], headers=headers)
    if mail.attachment is not None:
        content = bytes(mail.attachment)
        if mail.attachment_type.startswith(CALENDAR):  # an agenda reads the part, a person the file
            message.attach_alternative(content.decode(), mail.attachment_type)
            message.attach(mail.attachment_name, content.decode(), CALENDAR)
        else:
            message.attach(mail.attachment_name, content, mail.attachment_type)
    return message


def _recipient_refused(mail, code, text):
    if code < 500:  # a full mailbox, grey-listing: RFC 5321, 4.2.1
        return _try_later(mail, _reply(code, text))
    _fail(mail, _reply(code, text))
    if _is_about_the_address(code, mail.error):
        for action in _told_of_refusals:
            action(mail.recipient, mail.failed_on)
    return False


def _is_about_the_address(code, error):
    """No such mailbox (X.1, X.2), rather than a server that refuses our mail whoever it is for (RFC 3463, 3)."""
    enhanced = re.search(r"\b5\.(\d{1,3})\.\d{1,3}\b", error)
    return enhanced[1] in {"1", "2"} if enhanced else code in {550, 551, 553}


def _message_refused(mail, code, text):
    return (_try_later if code < 500 else _fail)(mail, _reply(code, text))


def _try_later(mail, error):
    if mail.attempts + 1 >= MOST_ATTEMPTS:
        return _fail(mail, GIVEN_UP + error)
    mail.attempts, mail.error = mail.attempts + 1, _short(error)
    mail.save()
    return False


def _fail(mail, error):
    mail.attempts, mail.failed_on, mail.error = mail.attempts + 1, timezone.now(), _short(error)
    _forget_secret(mail)
    mail.save()
    return False


def _reply(code, text):
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"


def _short(error):
    return tidy(error)[:300]


def _hang_up(server):
    try:
        server.close()
    except OSError:
        logger.info("serveur de courriel déjà parti")
