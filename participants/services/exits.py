"""Where a person is when her work on an award ends, three and six months later (C20, C33; domain.md §12 n° 35)."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.versions import refuse_stale
from participants.enums import EXIT_MONTHS, ExitHorizon, ExitSituationKind, ExitSource
from participants.models import EligibilityValidation, EmploymentContract, ExitSituation, Participant

# Nobody is called about a contract that ended longer ago: an import of the past would raise hundreds of calls.
OLDEST = timedelta(days=365)
NO_LONGER_ASKED = "La personne travaille de nouveau sur ce marché : cette situation n’est plus à demander."
TOO_EARLY = "Cette situation se constate à partir du {day}."
IN_THE_FUTURE = "Cette date est à venir."
STILL_THERE = "Aucun contrat de cette personne n’est terminé sur cette attribution."
BEFORE_THE_END = "Une situation de sortie se constate après la fin du contrat."
NOT_TRIED_ENOUGH = "Avant de noter « inconnue », essayez de joindre la personne : {done} appel(s) noté(s) sur {wanted}."


@transaction.atomic
def refresh_exits(*, participant_id, award_id, by=None):
    """Make the situations to ask of a person on an award agree with her contracts there: three when she has left.

    Dropped while she works there, or is to; asked again from the new end when she leaves once more. Only for persons
    validated once, whose hours could count. Returns the rows that are to be asked. Run twice, it does nothing more.
    """
    lock(Participant.objects, participant_id)
    last = _last_contract(participant_id, award_id)
    rows = {row.horizon: row for row in ExitSituation.objects.filter(participant=participant_id, award=award_id)}
    today = timezone.localdate()
    if last is None or last.ends_on is None or last.ends_on > today:
        _drop(rows.values(), today, by)
        return []
    if not rows and not _is_followed(last, today):
        return []
    return [_ask(rows.get(horizon), last, horizon, by) for horizon in ExitHorizon]


def _last_contract(participant_id, award_id):
    """The contract that ends last; one without end is last of all."""
    rows = EmploymentContract.objects.filter(participant=participant_id, award=award_id)
    return max(rows, key=lambda row: (row.ends_on is None, row.ends_on or row.starts_on, row.pk), default=None)


def _is_followed(contract, today):
    granted = EligibilityValidation.objects.granted().filter(participant=contract.participant_id)
    return contract.ends_on >= today - OLDEST and granted.exists()


def _drop(rows, today, by):
    for row in rows:
        if row.dropped_on is None:
            row.dropped_on = today
            validated_save(row, by=by)


def _ask(row, contract, horizon, by):
    """The row of this horizon, as the end of this contract wants it."""
    due_on = contract.ends_on + relativedelta(months=EXIT_MONTHS[horizon])
    if row is None:
        row = ExitSituation(participant_id=contract.participant_id, award_id=contract.award_id, horizon=horizon)
        row.lot_id, row.market_id, row.territory_id = contract.lot_id, contract.market_id, contract.territory_id
    elif row.contract_id == contract.pk and row.due_on == due_on and row.dropped_on is None:
        return row
    elif row.dropped_on is not None or (row.observed_on and row.observed_on < contract.ends_on):
        _forget(row)
    row.contract, row.due_on, row.dropped_on = contract, due_on, None
    return validated_save(row, by=by)


def _forget(row):
    """What was answered about an earlier end: the history keeps it, the question is asked again."""
    row.situation = row.source = row.job_title = ""
    row.observed_on = row.asked_at = row.asked_by = row.called_on = None
    row.lasting_job_refused, row.attempts = False, 0


def open_exits_of_the_day():
    """Every night: the situations to ask of the contracts whose term has come. Returns how many ends were found."""
    today = timezone.localdate()
    contracts = EmploymentContract.objects.filter(ends_on__range=(today - OLDEST, today))
    later = EmploymentContract.objects.filter(participant=OuterRef("participant"), award=OuterRef("award"))
    same_day = Q(ends_on=OuterRef("ends_on"), pk__gt=OuterRef("pk"))
    later = later.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("ends_on")) | same_day)
    asked = ExitSituation.objects.filter(participant=OuterRef("participant"), award=OuterRef("award"))
    asked = asked.filter(contract=OuterRef("pk"), dropped_on__isnull=True)
    granted = EligibilityValidation.objects.granted().filter(participant=OuterRef("participant"))
    ended = contracts.filter(~Exists(later), ~Exists(asked), Exists(granted)).order_by("pk")
    pairs = sorted(set(ended.values_list("participant_id", "award_id")))
    for participant_id, award_id in pairs:
        refresh_exits(participant_id=participant_id, award_id=award_id)
    return len(pairs)


@transaction.atomic
def record_exit(*, exit_row, situation, source, observed_on, by, job_title="", lasting_job_refused=False, seen=None):
    """Record where the person is, or correct it. « Inconnue » needs EXIT_CALL_ATTEMPTS calls without answer first.

    `seen`: the version that was read. Raises Stale, Conflict when it is asked no more, DomainError before its day or
    when « inconnue » comes too early, ValidationError on a date that is not between the end of the contract and today.
    """
    row = lock(ExitSituation.objects.select_related("contract"), exit_row.pk)
    refuse_stale(row, seen)
    _check_asked(row)
    _check_observed(row, observed_on)
    if situation == ExitSituationKind.UNKNOWN and row.attempts < settings.EXIT_CALL_ATTEMPTS:
        raise DomainError(NOT_TRIED_ENOUGH.format(done=row.attempts, wanted=settings.EXIT_CALL_ATTEMPTS))
    row.situation, row.observed_on = situation, observed_on
    row.source = ExitSource.FACILITATOR if situation == ExitSituationKind.UNKNOWN else source
    row.job_title, row.lasting_job_refused = job_title, lasting_job_refused
    row.asked_at, row.asked_by = timezone.now(), by
    return validated_save(row, by=by)


def _check_asked(row):
    if row.dropped_on is not None:
        raise Conflict(NO_LONGER_ASKED)
    if row.due_on > timezone.localdate():
        raise DomainError(TOO_EARLY.format(day=f"{row.due_on:%d/%m/%Y}"))


def _check_observed(row, observed_on):
    if observed_on > timezone.localdate():
        raise ValidationError({"observed_on": IN_THE_FUTURE})
    if observed_on < row.contract.ends_on:
        raise ValidationError({"observed_on": BEFORE_THE_END})


def situation_to_take_over(participant_id, award_id, horizon, observed_on):
    """The situation of this horizon, saved or not, as another program may tell it (services.takeover).

    Raises DomainError when no contract of the person is over on this award, ValidationError on the date.
    """
    last = _last_contract(participant_id, award_id)
    today = timezone.localdate()
    if last is None or last.ends_on is None or last.ends_on > today:
        raise DomainError(STILL_THERE)
    row = ExitSituation.objects.filter(participant=participant_id, award=award_id, horizon=horizon).first()
    row = row or ExitSituation(participant_id=participant_id, award_id=award_id, horizon=horizon)
    row.lot_id, row.market_id, row.territory_id = last.lot_id, last.market_id, last.territory_id
    row.contract, row.dropped_on = last, None
    row.due_on = last.ends_on + relativedelta(months=EXIT_MONTHS[horizon])
    _check_observed(row, observed_on)
    return row


@transaction.atomic
def note_attempt(*, exit_row, by):
    """A call nobody answered. Raises Conflict when the situation is known or asked no more."""
    row = lock(ExitSituation.objects, exit_row.pk)
    _check_asked(row)
    if row.situation:
        raise Conflict("Cette situation est déjà connue.")
    row.attempts, row.called_on = row.attempts + 1, timezone.localdate()
    return validated_save(row, by=by)
