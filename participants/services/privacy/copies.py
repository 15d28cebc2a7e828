"""The copy of her data that a person asks for: gathered by a worker, kept three days, then erased (RGPD art. 15)."""

import io
import json
import zipfile
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clauses_portal.accounts.journal import record
from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.branding import logos_on
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.jobs import publish_on_commit
from clauses_portal.core.pdf import letterhead, render_pdf
from clauses_portal.core.services import checked_save
from participants.models import AccessExport
from participants.privacy.copying import copy_of

LIFETIME = timedelta(days=3)
TITLE = "Vos données dans le portail des clauses sociales"
FORGOTTEN = "Cette fiche est anonymisée : elle ne dit plus rien de personne."
GONE = "Cette copie n’est plus disponible : elle se télécharge pendant trois jours. Demandez-la de nouveau."
# A table of the PDF shows so many rows; the JSON file has them all.
MOST_ROWS = 100


@transaction.atomic
def ask_copy(*, participant, by):
    """Ask a worker for the copy of a person; a request under way is returned again. Raises Conflict once anonymised."""
    if participant.anonymised_on:
        raise Conflict(FORGOTTEN)
    waiting = AccessExport.objects.waiting().filter(asked_by=by, participant=participant).first()
    if waiting:
        return waiting
    asked = AccessExport(participant=participant, asked_at=timezone.now(), asked_by=by)
    checked_save(asked)
    record(JournalAction.DATA_REQUEST, by=by, of=participant, territory=participant.territory_id)
    publish_on_commit(asked)
    return asked


def produce_copy(asked, progress):
    """Gather the copy and keep it for three days."""
    progress("Lecture des données")
    content = archive_of(asked.participant, at=timezone.now(), progress=progress)
    asked.content, asked.expires_on = content, timezone.now() + LIFETIME


def archive_of(person, *, at, progress=lambda step: None):
    """Return the ZIP (bytes): `donnees.json`, `vos-donnees.pdf`, and the papers that were made for her."""
    copy = copy_of(person)
    progress("Mise en page")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("donnees.json", json.dumps(_as_json(copy, at), ensure_ascii=False, indent=1))
        archive.writestr("vos-donnees.pdf", _as_pdf(person, copy, at))
        for name, paper in copy.papers.items():
            archive.writestr(name, paper)
    return content.getvalue()


def _as_json(copy, at):
    return {
        "faite_le": at.isoformat(),
        "tables": [
            {"table": table.label, "modele": table.model, "colonnes": table.columns, "lignes": table.rows}
            for table in copy.tables
        ],
        "textes": [{"ou": where, "texte": text} for where, text in copy.mentions],
        "consultations": [{"role": who, "acte": what, "nombre": number} for who, what, number in copy.readings],
    }


def _as_pdf(person, copy, at):
    tables = [
        {
            "label": table.label,
            "rows": [
                [(table.columns[name], value) for name, value in row.items() if value] for row in table.rows[:MOST_ROWS]
            ],
            "more": max(len(table.rows) - MOST_ROWS, 0),
        }
        for table in copy.tables
        if table.rows and ".Historical" not in table.model
    ]
    context = {
        "person": str(person),
        "tables": tables,
        "mentions": copy.mentions,
        "readings": copy.readings,
        "letterhead": letterhead(logos_on(timezone.localdate(at))[:2], "none"),
    }
    identifier = f"ACCES-{person.pk}-{timezone.localdate(at):%Y%m%d}"
    return render_pdf("pdf/access_export.html", context, title=TITLE, identifier=identifier, created_at=at)


@transaction.atomic
def take_copy(*, asked, by):
    """Return the bytes of a copy, its taking away written in the journal. Raises DomainError when it is gone."""
    row = AccessExport.objects.filter(pk=asked.pk, content__isnull=False, expires_on__gt=timezone.now()).first()
    if row is None:
        raise DomainError(GONE)
    record(JournalAction.DOWNLOAD, by=by, of=row.participant, territory=row.participant.territory_id)
    return bytes(row.content)


def erase_expired_copies():
    """Erase the copies that expired; returns how many. Who asked them stays."""
    return AccessExport.objects.to_erase(timezone.now()).update(content=None)


def may_still_ask(asked):
    """May its author still ask this copy, now?"""
    return AccessExport.objects.visible_to(asked.asked_by).filter(pk=asked.pk).exists()
