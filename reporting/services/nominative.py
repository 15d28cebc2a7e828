"""Nominative lists: asked with a reason, made by a worker, taken away within a day, every download logged (C21)."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import publish_on_commit
from clauses_portal.core.periods import month_end, month_start
from clauses_portal.core.services import checked_save
from reporting.indicators.scope import Scope
from reporting.models import ListDownload, NominativeList
from reporting.statements import nominative
from reporting.statements.nominative_documents import list_workbook, period_of, render_list

LIFETIME = timedelta(hours=24)
SHORTEST_REASON = 10
MOST_LINES_IN_PDF = 500
ATTEMPTS = 3
NO_REASON = "Dites en quelques mots à quoi servira la liste : au moins 10 caractères."
NOT_BEGUN = "Cette période n’a pas commencé : elle ne compte encore aucune heure."
MOVING = "Les heures changent pendant la production : redemandez la liste dans un instant."
GONE = "Ce fichier n’est plus disponible : une liste se télécharge pendant 24 heures. Demandez-la de nouveau."


@transaction.atomic
def ask_list(*, by, territory, starts_on, ends_on, reason):
    """Ask a worker for the list of a territory (None: all of them), its period widened to whole months.

    Hours are counted by month. Asked twice, made once: the request under way is returned, with its own reason.
    Raises ValidationError on the reason, the dates or their order.
    """
    period = {"starts_on": month_start(starts_on), "ends_on": month_end(ends_on)}
    _check(period["starts_on"], reason)
    now = timezone.now()
    number = _next_number(timezone.localdate(now).year)  # from here on, one request at a time
    same = NominativeList.objects.waiting().filter(asked_by=by, territory=territory, **period).first()
    if same:
        return same
    asked = NominativeList(number=number, territory=territory, reason=reason.strip(), **period)
    asked.asked_at, asked.asked_by = now, by
    checked_save(asked)
    publish_on_commit(asked)
    return asked


def _check(starts_on, reason):
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": NO_REASON})
    if starts_on > timezone.localdate():
        raise ValidationError({"starts_on": NOT_BEGUN})


def _next_number(year):
    """« LN-2026-000012 »: the next of its year; two people who ask at the same instant wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reporting.nominative.number'), %s)", [year])
    given = NominativeList.objects.filter(number__startswith=f"LN-{year}-")
    last = given.aggregate(last=Max("number"))["last"]
    return f"LN-{year}-{int(last.rsplit('-')[-1]) + 1 if last else 1:06}"


def produce(asked, progress):
    """Read the persons and make the files: the PDF up to 500 lines, the workbook always. Both live for 24 hours.

    Raises DomainError when the hours never stay still.
    """
    progress("Recherche des personnes")
    content = _read(asked)
    progress("Mise en page du PDF")
    asked.pdf = render_list(asked, content) if len(content.lines) <= MOST_LINES_IN_PDF else None
    progress("Écriture du classeur")
    asked.xlsx = list_workbook(asked, content)
    asked.persons = content.persons
    asked.expires_on = timezone.now() + LIFETIME


def _read(asked):
    for _ in range(ATTEMPTS):
        content = nominative.read(Scope(asked.territory_id), period_of(asked), today=timezone.localdate())
        if content.holds_together:
            return content
    raise DomainError(MOVING)


@transaction.atomic
def take_away(*, asked, file, by):
    """Return the bytes of one of its files (« pdf » or « xlsx »), the download logged first.

    Raises DomainError when the file is not there, or no longer.
    """
    row = NominativeList.objects.available(timezone.now()).filter(pk=asked.pk, **{f"{file}__isnull": False}).first()
    if row is None:
        raise DomainError(GONE)
    ListDownload.objects.create(asked_list=row, file=file, downloaded_at=timezone.now(), downloaded_by=by)
    return bytes(getattr(row, file))


def erase_expired():
    """Erase the files of the lists that expired; returns how many. Who asked what and why stays."""
    return NominativeList.objects.to_erase(timezone.now()).update(pdf=None, xlsx=None)


def may_still_ask(asked):
    """May its author still ask this list, now? Rights are those of the moment the worker makes it."""
    return NominativeList.objects.visible_to(asked.asked_by).filter(pk=asked.pk).exists()
