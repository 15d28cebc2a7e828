"""The state of the portal, part by part: what works, since when, and what to do about the rest (security.md §4.6).

Numbers and dates of things, never what they hold.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core import pulse
from clauses_portal.core.french import file_size
from clauses_portal.core.jobs import Job, JobState
from clauses_portal.core.models import FileScan
from facilitators.enums import Role
from facilitators.models import Notification, OutgoingMail, WebhookDelivery
from facilitators.notifications import members, notify

# What waits longer than this waits for something that does not come.
JOB_PATIENCE, MAIL_PATIENCE, SCAN_PATIENCE = timedelta(minutes=10), timedelta(hours=1), timedelta(hours=1)
# Below this share of the disk (%), deposits and documents will soon be refused.
LEAST_ROOM = 10
# An administrator is told of the same silence once in this while.
TOLD_AGAIN = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One part. `since`: last sign, or when the oldest thing began to wait; `remedy`: what to do when unwell."""

    label: str
    is_well: bool
    said: str
    since: datetime | None = None
    remedy: str = ""


def lines():
    """Every Line of the page, in its order."""
    return [*map(_of_sign, pulse.signs()), _cache(), *_waiting(), _failures(), _room()]


def watch():
    """The round of the clock: it signs, then administrators are told of what is not well, once a day each."""
    pulse.sign(pulse.CLOCK)
    for line in lines():
        if not line.is_well:
            _tell(line)


def _tell(line):
    text, path = f"État du portail, à vérifier : {line.label}.", reverse("facilitators:portal_state")
    recent = Notification.objects.filter(path=path, text=text, created_on__gte=timezone.now() - TOLD_AGAIN)
    told = recent.values_list("recipient", flat=True)
    notify(members(Role.ADMINISTRATOR).exclude(pk__in=told), text, path)


def _of_sign(sign):
    label, since = sign.part.label, sign.signed_on
    if sign.is_silent:
        return Line(label, False, "ne donne plus signe" if since else "jamais vu", since, sign.part.remedy)
    return Line(label, True, "en marche", since)


def _cache():
    cache.get("etat")
    remedy = "Redémarrez le service « valkey » : d’ici là, les pages s’en passent et les travaux attendent."
    return Line("Courtier et cache", not cache.is_away, "absents" if cache.is_away else "en marche", None, remedy)


def _waiting():
    """What waits for a worker, for the mail server, for a program of the other side, for the antivirus."""
    mails = OutgoingMail.objects.to_send().aggregate(oldest=Min("created_on"))["oldest"]
    messages = WebhookDelivery.objects.waiting().aggregate(oldest=Min("occurred_on"))["oldest"]
    files = FileScan.objects.awaited().aggregate(oldest=Min("asked_on"))["oldest"]
    return [
        _queue("Travaux demandés", _oldest_job(), JOB_PATIENCE, "Voyez les travailleurs et l’horloge, plus haut."),
        _queue("Courriels à envoyer", mails, MAIL_PATIENCE, "Vérifiez le serveur de courriel ; rien n’est perdu."),
        _queue("Messages aux logiciels", messages, TOLD_AGAIN, "Voyez « Avertissements automatiques »."),
        _queue("Fichiers à analyser", files, SCAN_PATIENCE, "Vérifiez l’antivirus : les fichiers restent en attente."),
    ]


def _oldest_job():
    oldest = [model.objects.waiting().aggregate(oldest=Min("asked_at"))["oldest"] for model in Job.__subclasses__()]
    return min(filter(None, oldest), default=None)


def _queue(label, oldest, patience, remedy):
    if oldest is None:
        return Line(label, True, "rien en attente")
    is_well = timezone.now() - oldest <= patience
    return Line(label, is_well, "en cours" if is_well else "en attente depuis trop longtemps", oldest, remedy)


def _failures():
    """Works that failed in the last day: their askers were told, an administrator may want to know."""
    since = timezone.now() - TOLD_AGAIN
    failed = sum(
        model.objects.filter(state=JobState.FAILED, finished_on__gte=since).count() for model in Job.__subclasses__()
    )
    return Line("Travaux en échec depuis un jour", True, f"{failed}" if failed else "aucun")


def _room():
    folder = Path(settings.MEDIA_ROOT)
    usage = shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.exists()))
    is_well = usage.free * 100 >= usage.total * LEAST_ROOM
    remedy = "Faites de la place : faute de quoi les dépôts et les documents seront refusés."
    return Line("Place sur le disque des fichiers", is_well, f"{file_size(usage.free)} libres", None, remedy)
