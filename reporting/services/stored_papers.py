"""The files of the papers, watched every night: what no row names goes, what changed is told (A27)."""

import logging
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from facilitators.enums import Role
from facilitators.notifications import members, notify
from reporting.consistency import file_differences
from reporting.models import Statement

logger = logging.getLogger(__name__)

FOLDER = "statements"
# A file younger than this may be that of a transaction under way.
PATIENCE = timedelta(days=1)


def sweep():
    """Remove the files no statement names: former previews, and what a killed worker left. Returns how many."""
    storage = Statement._meta.get_field("pdf").storage
    if not storage.exists(FOLDER):
        return 0
    named = set(Statement.objects.exclude(pdf="").values_list("pdf", flat=True))
    before = timezone.now() - PATIENCE
    forgotten = [path for path in _files(storage) if path not in named and storage.get_modified_time(path) < before]
    for path in forgotten:
        storage.delete(path)
    return len(forgotten)


def _files(storage):
    """Paths of the files kept, year by year."""
    years, _ = storage.listdir(FOLDER)
    return [f"{FOLDER}/{year}/{name}" for year in years for name in storage.listdir(f"{FOLDER}/{year}")[1]]


def verify():
    """Compare each published file with the hash it was sent with; the administrators are told of any other.

    Returns the French sentences, none when everything is as it was sent.
    """
    found = file_differences()
    for sentence in found:
        logger.error("%s", sentence)
    if found:
        text = f"Documents publiés altérés ou introuvables : {len(found)}. Restaurez-les depuis une sauvegarde."
        notify(members(Role.ADMINISTRATOR), text, reverse("home"))
    return found
