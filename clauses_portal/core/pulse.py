"""The pulse of the portal: each part signs that it lives; a silent one is told of (docs/reliability.md).

A sign is one row a part. Nothing is deduced from the absence of an error: a part that cannot sign is silent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from clauses_portal.core.models import Heartbeat

CLOCK, ANTIVIRUS, BACKUP, DRILL = "horloge", "antivirus", "sauvegarde", "exercice de restauration"
# {queue of the workers: what it does}
QUEUES = {"default": "courriels, alertes et contrôles", "pdf": "documents", "imports": "imports et exports"}


@dataclass(frozen=True)
class Part:
    """Something that signs: its name in the rows, what people read, how long it may be silent, and what to do then."""

    name: str
    label: str
    patience: timedelta
    remedy: str


def worker_of(queue):
    """The name under which the workers of a queue sign."""
    return f"travailleur {queue}"


_RESTART = "Redémarrez le service « {service} » et lisez son journal ; rien n’est perdu : le travail l’attend."
PARTS = (
    Part(CLOCK, "Horloge des tâches", timedelta(minutes=5), _RESTART.format(service="beat")),
    *(
        Part(worker_of(queue), f"Travailleur : {work}", timedelta(minutes=10), _RESTART.format(service="worker"))
        for queue, work in QUEUES.items()
    ),
    Part(ANTIVIRUS, "Antivirus", timedelta(minutes=15), "Redémarrez l’antivirus : les fichiers déposés l’attendent."),
    Part(BACKUP, "Dernière sauvegarde", timedelta(hours=26), "Lancez la commande « backup » (docs/sauvegarde.md)."),
    Part(
        DRILL,
        "Dernier exercice de restauration",
        timedelta(days=100),
        "Lancez la commande « verify_backup » sur la dernière sauvegarde (docs/sauvegarde.md).",
    ),
)


@dataclass(frozen=True)
class Sign:
    """What one knows of a part: when it last signed (None: never), and whether that is too long ago."""

    part: Part
    signed_on: datetime | None
    is_silent: bool
    note: str = ""


def parts():
    """The parts this portal has: an antivirus signs where there is one."""
    return [part for part in PARTS if part.name != ANTIVIRUS or settings.ANTIVIRUS_URL]


def sign(name, note=""):
    """Say that a part lives, now. `note`: what it says of itself (200 characters), never a person nor an amount."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_on": timezone.now(), "note": note[:200]})


def signs():
    """The Sign of every part of this portal. One query."""
    rows = {row.name: row for row in Heartbeat.objects.all()}
    return [_read(part, rows.get(part.name)) for part in parts()]


def fallen_silent():
    """The Signs of the parts that signed once, and no longer do."""
    return [each for each in signs() if each.signed_on and each.is_silent]


def _read(part, row):
    if row is None:
        return Sign(part, None, is_silent=True)
    return Sign(part, row.beaten_on, timezone.now() - row.beaten_on > part.patience, row.note)
