"""The traces of a person in the papers, the lists and the exchanges; told to `participants.privacy` at the start."""

from functools import partial

from django.db import transaction
from django.db.models import Q

from clauses_portal.core.jobs import JobState
from participants.privacy.free_texts import Act, FreeText, register
from reporting.enums import ExchangeTable as T
from reporting.enums import StatementState
from reporting.models import DataImport, NominativeList, PackageExport

WORDS = ("version_reason", "comments", "outlook", "difficulties", "satisfaction", "good_practice", "opinion")
NOTHING_READ = {"data": {}, "message": "", "reference": ""}
PUBLISHED = Q(state=StatementState.PUBLISHED)
LINES = FreeText("reporting.ExchangeLine", ("data", "message", "reference"), Act.BLANK, NOTHING_READ)
FREE_TEXTS = (
    FreeText("reporting.Statement", WORDS, only=~PUBLISHED),
    FreeText("reporting.Statement", (*WORDS, "snapshot"), Act.KEEP, only=PUBLISHED),
    FreeText("reporting.StatementComment", ("text",), Act.KEEP),
    FreeText("reporting.NominativeList", ("reason",)),
    FreeText("reporting.ExecutionProposal", ("note", "refusal")),
    FreeText("reporting.DataImport", ("file_name", "report")),
    LINES,
)


# The files of a package, or of a follow-up, that speak of persons.
OF_PERSONS = (T.PERSONS, T.VALIDATIONS, T.CONTRACTS, T.HOURS, T.EXITS, T.FOLLOW_UP)
ERASED = "Ce fichier nommait une personne dont les données ont été effacées : déposez-le de nouveau, sans elle."


def forget_files(ids, marks):
    """Erase the files that hold persons among others: those made can be made again without her, those read are read."""
    NominativeList.objects.filter(Q(pdf__isnull=False) | Q(xlsx__isnull=False)).update(pdf=None, xlsx=None)
    for asked in PackageExport.objects.exclude(file=""):
        transaction.on_commit(partial(asked.file.delete, save=False))
        PackageExport.objects.filter(pk=asked.pk).update(file="")
    read = DataImport.objects.exclude(content=b"")
    recorded = read.filter(recorded_on__isnull=False, lines__table__in=OF_PERSONS)
    DataImport.objects.filter(pk__in=recorded.values("pk")).update(content=b"")
    _forget_trials(read.filter(recorded_on=None), marks)


def _forget_trials(runs, marks):
    """Files tried and not recorded that name her: they cannot be recorded any more."""
    naming = LINES.naming(marks.naming).values("source")
    runs.filter(pk__in=naming).update(content=b"", state=JobState.FAILED, error=ERASED)


def start():
    """Declare them, once."""
    register(*FREE_TEXTS, passes=[forget_files])
