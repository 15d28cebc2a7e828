"""The register of what persons ask about their data: received by anybody who follows them, decided by the officer."""

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.accounts.journal import record
from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, save_columns, validated_save
from facilitators.enums import Role
from facilitators.notifications import members, notify
from participants.enums import DataRequestKind, DataRequestOutcome
from participants.models import DataRequest, Participant
from participants.models.data_request import ANSWER_MONTHS

ANSWERED = "Cette demande a déjà reçu sa réponse."
TO_COME = "Une demande ne se reçoit pas à l’avance."
TOO_LATE = "Le délai se prolonge avant la fin du premier mois (RGPD, article 12.3)."
EXTENDED = "Le délai de cette demande a déjà été prolongé."
NO_REASON = "Dites pourquoi le délai est prolongé : la personne doit le savoir."
NOT_HERE = "Cette personne est suivie dans un autre territoire."
K, O = DataRequestKind, DataRequestOutcome  # noqa: E741
ACCEPTED = {O.GRANTED, O.PARTLY}


@transaction.atomic
def record_request(*, request, by):
    """Enter a request in the register (unsaved `DataRequest`) and tell the data protection officers. Returns it.

    Raises ValidationError (a day to come, neither file nor name), DomainError (a person of another territory).
    """
    if request.received_on and request.received_on > timezone.localdate():
        raise ValidationError({"received_on": TO_COME})
    if request.participant_id and request.participant.territory_id != request.territory_id:
        raise DomainError(NOT_HERE)
    request.recorded_at, request.recorded_by = timezone.now(), by
    validated_save(request, by=by)
    request.refresh_from_db(fields=["due_on"])
    text = f"Demande sur des données ({request.get_kind_display().lower()}) : réponse due le {request.due_on:%d/%m/%Y}."
    notify(members(Role.PRIVACY_OFFICER), text, _page(request), except_for=by)
    _note(request, by)
    return request


@transaction.atomic
def check_identity(*, request, by):
    """Note that the person is who she says she is (art. 12.6). Raises Conflict once answered."""
    row = _open(request)
    row.identity_checked = True
    return validated_save(row, by=by)


@transaction.atomic
def extend_request(*, request, reason, by):
    """Give the request two months more, and say why (art. 12.3). Raises Conflict, DomainError."""
    row, today = _open(request), timezone.localdate()
    if row.extended_on:
        raise Conflict(EXTENDED)
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    if today > row.received_on + relativedelta(months=ANSWER_MONTHS):
        raise DomainError(TOO_LATE)
    row.extended_on, row.extension_reason = today, reason.strip()
    _note(row, by)
    return validated_save(row, by=by)


@transaction.atomic
def answer_request(*, request, outcome, answer, by):
    """Write what was answered; an accepted opposition or limitation marks the file. Raises Conflict, ValidationError.

    An accepted erasure is an act of its own (`anonymise_participant`), which asks for a proof of identity.
    """
    row = _open(request)
    row.outcome, row.answer = outcome, answer.strip()
    row.answered_at, row.answered_by = timezone.now(), by
    validated_save(row, by=by)
    if outcome in ACCEPTED and row.participant_id:
        _mark(row, by)
    _note(row, by)
    return row


def _mark(request, by):
    """Opposition keeps a person out of the proposals; limitation keeps her file as it is (art. 18 and 21)."""
    column = {K.OPPOSITION: "opposed_on", K.LIMITATION: "limited_on"}.get(request.kind)
    if column is None:
        return
    person = lock(Participant.objects, request.participant_id)
    save_columns(person, by=by, **{column: timezone.localdate()})


@transaction.atomic
def lift_mark(*, person, column, by):
    """End an opposition (« opposed_on ») or a limitation (« limited_on ») of a file. Raises ValueError on another."""
    if column not in {"opposed_on", "limited_on"}:
        raise ValueError(column)
    person = lock(Participant.objects, person.pk)
    save_columns(person, by=by, **{column: None})
    record(JournalAction.DATA_REQUEST, by=by, of=person, territory=person.territory_id)
    return person


def remind_of_requests():
    """Every morning: tell who answers of the requests that are late. A same unread sentence is not said twice."""
    today = timezone.localdate()
    late = DataRequest.objects.late(today).select_related("territory")
    for row in late:
        people = members(Role.PRIVACY_OFFICER) | members(Role.FACILITATOR, territory=row.territory_id)
        text = f"Une demande sur des données n’a pas reçu de réponse dans son délai ({row.due_on:%d/%m/%Y})."
        notify(people, text, _page(row))
    return len(late)


def _open(request):
    row = lock(DataRequest.objects, request.pk)
    if row.answered_at:
        raise Conflict(ANSWERED)
    return row


def _page(request):
    return f"/donnees-personnelles/demandes/{request.pk}/"


def _note(request, by):
    record(JournalAction.DATA_REQUEST, by=by, of=request, territory=request.territory_id)
