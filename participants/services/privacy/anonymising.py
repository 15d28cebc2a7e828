"""Forgetting a person: what says who she is goes everywhere, what counts stays (RGPD art. 17; security.md A15)."""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from clauses_portal.accounts.journal import record
from clauses_portal.accounts.models import JournalAction
from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, save_columns
from facilitators.models import Commune, ExternalReference
from participants.models import (
    AccessExport,
    DataRequest,
    DeclarationLine,
    EligibilityValidation,
    EmploymentContract,
    ExitSituation,
    HoursEntry,
    HoursImport,
    ImportedLine,
    MonthlyDeclaration,
    Participant,
    ParticipantHold,
    Referral,
)
from participants.privacy import free_texts
from participants.privacy.free_texts import FREE_TEXTS, PASSES, marks_of, scrub
from participants.privacy.rows import files_of
from participants.services.privacy.purging import ERASED_FILE

NAME = "Personne anonymisée"
ERASED = "Texte effacé."
# Below this many persons of the portal, a commune says who somebody is: only its département is kept.
FEW = 5
BLANK = ("first_name", "birth_name", "address", "phone", "email", "prescriber_name", "skills")
BLANK += ("france_travail_id", "qpv_code", "search_name")
ALREADY = "Cette fiche est déjà anonymisée."
TRACE = "Cette fiche a été réunie à une autre : anonymisez la fiche gardée, celle-ci la suivra."
AT_WORK = "Cette personne a un contrat en cours : elle ne peut pas être anonymisée."
NO_REASON = "Dites pourquoi cette personne est anonymisée."


@dataclass(frozen=True)
class Forgotten:
    """What was done: number of files of the person, and sentences that tell each document that still names her."""

    files: int
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def anonymise_participant(*, participant, by, reason):
    """Make a person unknown for good, with the files merged into hers; the figures do not move. Returns `Forgotten`.

    `by`: the account that decides, None for the retention rule. Raises Conflict (done already, trace of a merge),
    DomainError (no reason, contract under way, hold in force).
    """
    person = lock(Participant.objects, participant.pk)
    _refuse(person, reason)
    ids = files_of(person)
    marks = marks_of(ids)
    for forget in PASSES:
        forget(ids, marks)
    kept = [sentence for text in FREE_TEXTS for sentence in scrub(text, marks, by=by)]
    _forget_deposits(ids)
    _forget_rows(ids, by)
    for row in Participant.objects.filter(pk__in=ids).select_related("commune"):
        _make_unknown(row, by)
    with connection.cursor() as cursor:
        for number in ids:
            cursor.execute("SELECT participants_forget_history(%s)", [number])
    record(JournalAction.RETENTION, by=by, of=person, territory=person.territory_id, count=len(ids))
    return Forgotten(len(ids), kept)


def _refuse(person, reason):
    """Raise when the person may not be forgotten now."""
    today = timezone.localdate()
    if person.anonymised_on:
        raise Conflict(ALREADY)
    if person.merged_into_id:
        raise Conflict(TRACE)
    if not reason.strip():
        raise DomainError(NO_REASON)
    if person.contracts.running(today, today).exists():
        raise DomainError(AT_WORK)
    hold = ParticipantHold.objects.in_force(today).filter(participant__in=files_of(person)).first()
    if hold:
        until = f" jusqu’au {french.date(hold.until)}" if hold.until else ""
        raise DomainError(
            f"Cette fiche est gardée{until} : {hold.get_kind_display().lower()}. Levez d’abord la mesure."
        )


def _make_unknown(row, by):
    """Blank who she is on one file. Her year of birth, her sex and her situation stay, for the figures."""
    for name in BLANK:
        setattr(row, name, "")
    row.last_name = NAME
    row.birth_date = date(row.birth_date.year, 1, 1)
    row.commune = commune_kept(row.commune)
    row.match_keys, row.available_from = [], None
    row.anonymised_on = timezone.localdate()
    row.wanted_jobs.clear()
    row._history_user = by
    row.save()


def commune_kept(commune):
    """The commune itself, or « Autre commune » of its département and territory when few persons live there."""
    if Participant.objects.filter(commune=commune).count() >= FEW:
        return commune
    code = f"{commune.department[:2]}Z{commune.territory_id:02d}"
    other, _ = Commune.objects.get_or_create(
        insee_code=code[:5],
        defaults={
            "name": f"Autre commune ({commune.department})",
            "department": commune.department,
            "territory": commune.territory,
        },
    )
    return other


def _forget_rows(ids, by):
    """The free texts of the rows that are hers, whoever they name."""
    hers = Q(participant__in=ids)
    for validation in EligibilityValidation.objects.filter(hers):
        _forget_validation(validation, by)
    for row in ExitSituation.objects.filter(hers).exclude(job_title=""):
        save_columns(row, by=by, job_title="")
    for row in Referral.objects.filter(hers).exclude(comment=""):
        save_columns(row, by=by, comment="")
    for row in DataRequest.objects.filter(hers):
        extension_reason = row.extension_reason and ERASED
        save_columns(row, by=by, details="", answer=row.answer and ERASED, extension_reason=extension_reason)
    for row in ParticipantHold.objects.filter(hers):
        save_columns(row, by=by, reason=ERASED)
    _forget_corrections(ids, by)
    AccessExport.objects.filter(hers).update(content=None)
    _forget_references(ids)


def _forget_references(ids):
    """How other programs name her rows may say who she is."""
    names = {"participants": Participant.objects.filter(pk__in=ids)}
    models = (("validations", EligibilityValidation), ("contracts", EmploymentContract), ("exits", ExitSituation))
    names |= {resource: model.objects.filter(participant__in=ids) for resource, model in models}
    for resource, rows in names.items():
        given = ExternalReference.objects.filter(resource=resource, object_id__in=rows.values("pk"))
        given.update(reference=Concat(Value("effacée-"), Cast("pk", CharField())))


def _forget_validation(row, by):
    changes = {"evidence_kind": "", "opinion_from": "", "opinion": "", "iae_number": "", "iae_ends_on": None}
    save_columns(row, by=by, **changes, missing=row.missing and ERASED, reason=row.reason and ERASED)


def _forget_corrections(ids, by):
    rows = list(HoursEntry.objects.filter(participant__in=ids).exclude(correction_reason=""))
    for row in rows:
        row.correction_reason = ERASED
    bulk_update_with_history(rows, HoursEntry, ["correction_reason"], batch_size=500, default_user=by)


def _forget_deposits(ids):
    """What companies sent of her: the files that name her among others, and her lines."""
    hers = Q(participant__in=ids) | Q(contract__participant__in=ids)
    lines = ImportedLine.objects.filter(hers | Q(person__contains=free_texts.ERASED))
    files = HoursImport.objects.filter(lines__in=lines)
    HoursImport.objects.filter(pk__in=files.values("pk")).update(content=b"", file_name=ERASED_FILE)
    lines.update(person="", message="")
    rows = DeclarationLine.objects.filter(contract__participant__in=ids)
    sheets = MonthlyDeclaration.objects.filter(lines__in=rows)
    MonthlyDeclaration.objects.filter(pk__in=sheets.values("pk")).update(content=None, file_name="")
    rows.exclude(answer="").update(answer=ERASED)
    rows.update(note="")
