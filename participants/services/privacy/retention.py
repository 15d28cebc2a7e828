"""How long things are kept: 24 months active, 24 months archived, then anonymised; mails and deposits, a year.

CNIL délibération 2021-028 and CASF art. R. 263-8: two years after the last contact, then two years of intermediate
archive. A hold (litigation, European audit) stops the last step alone. Nothing moves unless `apply` is asked.
"""

import logging
from dataclasses import dataclass, field

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clauses_portal.accounts.journal import record
from clauses_portal.accounts.models import JournalAction, User
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, save_columns
from participants.enums import RetentionStep
from participants.models import Participant
from participants.privacy.last_contact import whose_time_has_come
from participants.services.privacy.anonymising import anonymise_participant
from participants.services.privacy.purging import PURGES

logger = logging.getLogger(__name__)
RULE = "Durée de conservation écoulée"
NOT_ARCHIVED = "Cette fiche n’est pas archivée."


@dataclass(frozen=True)
class Report:
    """What the rule asks as of a day: {RetentionStep: number of persons}, {purge: number of rows}, failures (ids)."""

    persons: dict
    purged: dict
    failed: list = field(default_factory=list)


def persons_by_step(today):
    """{RetentionStep: queryset of persons}, each with `last_contact`."""
    months = settings.RETENTION_MONTHS
    archive, anonymise = whose_time_has_come(
        today,
        active_before=today - relativedelta(months=months["active"]),
        archived_before=today - relativedelta(months=months["archived"]),
    )
    return {
        RetentionStep.ARCHIVE: archive,
        RetentionStep.ANONYMISE: anonymise.filter(is_held=False),
        RetentionStep.HELD: anonymise.filter(is_held=True),
    }


def apply_retention(*, apply=False, by=None, today=None):
    """Return the `Report` of what the rule asks; with `apply`, do it, each person in her own transaction.

    A file that refuses is left as it is, named in `failed`, and tried again the next time.
    """
    today = today or timezone.localdate()
    steps = persons_by_step(today)
    counts = {step: rows.count() for step, rows in steps.items()}
    failed = _apply(steps, by) if apply else []
    purged = {label: purge(today, apply=apply) for label, purge in PURGES.items()}
    if apply:
        record(JournalAction.RETENTION, by=by, count=sum(counts.values()))
    return Report(counts, purged, failed)


def _apply(steps, by):
    failed = []
    # read first: what is archived now is not to be anonymised in the same run
    todo = [(archive_person, pk) for pk in steps[RetentionStep.ARCHIVE].values_list("pk", flat=True)]
    todo += [(_anonymise, pk) for pk in steps[RetentionStep.ANONYMISE].values_list("pk", flat=True)]
    for act, pk in todo:
        try:
            act(participant=Participant(pk=pk), by=by)
        except DomainError as error:
            logger.warning("conservation : fiche %s laissée (%s)", pk, error.message)
            failed.append(pk)
    return failed


def _anonymise(*, participant, by):
    anonymise_participant(participant=participant, by=by, reason=RULE)


@transaction.atomic
def archive_person(*, participant, by):
    """Put a file in intermediate archive: out of every list, read by the data protection officer alone."""
    person = lock(Participant.objects, participant.pk)
    save_columns(person, by=by, archived_on=person.archived_on or timezone.localdate())
    record(JournalAction.RETENTION, by=by, of=person, territory=person.territory_id)
    return person


@transaction.atomic
def restore_person(*, participant, by):
    """Take a file out of the archive: the person is back. Raises Conflict when it is not archived."""
    person = lock(Participant.objects, participant.pk)
    if person.archived_on is None or person.anonymised_on:
        raise Conflict(NOT_ARCHIVED)
    save_columns(person, by=by, archived_on=None)
    record(JournalAction.RETENTION, by=by, of=person, territory=person.territory_id)
    return person


def silent_accounts(today):
    """Accounts of agents that nobody used for as long as a file is active: to be closed by the administrator."""
    before = today - relativedelta(months=settings.RETENTION_MONTHS["active"])
    rows = User.objects.filter(is_active=True, is_software=False, date_joined__date__lte=before)
    silent = Q(last_login__isnull=True) | Q(last_login__date__lte=before)
    return rows.filter(silent).order_by("last_name", "pk")
