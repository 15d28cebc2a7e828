"""The facilitator's word on a person: asked, completed, granted, refused, extended, revoked (C14, domain.md §4)."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django_fsm import can_proceed

from clauses_portal.core.errors import Conflict
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.versions import refuse_stale
from facilitators import webhooks
from facilitators.enums import WebhookEvent
from participants.enums import CategoryRequirement, ValidationState
from participants.models import EligibilityValidation, Participant
from participants.services import hours
from participants.services.grant_rules import (
    BEFORE_DECISION,
    NO_OPINION,
    NO_REASON,
    NO_STRUCTURE,
    OVERLAP,
    check_grant,
    check_period,
)
from participants.services.persons import refuse_closed
from participants.services.revocation_alerts import counted_by_lot, tell_lots

__all__ = ["ALREADY_DECIDED", "BEFORE_DECISION", "OVERLAP", "TO_COMPLETE", "ask_evidence", "extend", "grant"]
__all__ += ["propose", "refuse", "revise", "revoke", "shorten", "withdraw"]

ALREADY_DECIDED = "Cette demande a déjà reçu une décision."
TO_COMPLETE = "Cette demande attend des pièces : complétez-la d’abord."
NOT_IN_FORCE = "Seule une validation accordée se prolonge, s’écourte ou se révoque."
ONE_DAY = timedelta(days=1)


@transaction.atomic
def propose(*, validation, by):
    """Record a request. With a date of evidence, who saw it and when: the paper itself is not kept (domain.md §8).

    Raises ValidationError when the category asks for what is not there, Conflict when the file was merged.
    """
    refuse_closed(lock(Participant.objects, validation.participant_id))
    validation.requested_at, validation.requested_by = timezone.now(), by
    _see_evidence(validation, before=None, by=by)
    _check_request(validation)
    return validated_save(validation, by=by)


@transaction.atomic
def revise(*, validation, by, seen=None):
    """Change a request that waits for a decision; one that waited for papers goes back to the queue.

    `seen`: the version the person read. Raises Stale, Conflict when it was decided, ValidationError as `propose`.
    """
    saved = _locked(validation)
    refuse_stale(saved, seen)
    if saved.state not in {ValidationState.PROPOSED, ValidationState.INCOMPLETE}:
        raise Conflict(ALREADY_DECIDED)
    _see_evidence(validation, before=saved.evidence_dated_on, by=by)
    _check_request(validation)
    if can_proceed(validation.complete):
        validation.complete()
        validation.missing = ""
    return validated_save(validation, by=by)


def _see_evidence(validation, *, before, by):
    """Who saw the evidence, and when: renewed with its date, gone with it."""
    if validation.evidence_dated_on is None:
        validation.evidence_seen_at = validation.evidence_seen_by = None
    elif validation.evidence_dated_on != before:
        validation.evidence_seen_at, validation.evidence_seen_by = timezone.now(), by


def _check_request(validation):
    """What a form can say at once; the rest is verified by the decider."""
    asked = validation.category.requirement
    if validation.evidence_dated_on and validation.evidence_dated_on > timezone.localdate():
        raise ValidationError({"evidence_dated_on": "Cette date est dans l’avenir."})
    if asked == CategoryRequirement.OPINION and not (validation.opinion_from and validation.opinion):
        raise ValidationError({"opinion": NO_OPINION})
    if asked == CategoryRequirement.STRUCTURE and not (validation.iae_number or validation.evidence_dated_on):
        raise ValidationError({"iae_number": NO_STRUCTURE})


@transaction.atomic
def ask_evidence(*, validation, missing, by):
    """Put a request aside until what is missing is there. Raises Conflict when it is not to decide."""
    validation = _locked(validation)
    _refuse_unless(validation, validation.ask_evidence)
    validation.ask_evidence()
    validation.missing = missing
    return validated_save(validation, by=by)


@transaction.atomic
def grant(*, validation, by, starts_on=None, ends_on=None, reason="", extension_reason="", seen=None):
    """Grant a request for these days (those of the request unless given), number it, recount the person's hours.

    `extension_reason` (`ExtensionReason`) and `reason` are due past the 24 months, `reason` for a start in the past.
    `seen`: the version the decider read. Raises Stale, Conflict, DomainError and ValidationError as
    `grant_rules.check_grant`.
    """
    validation = _locked(validation, seen)
    _refuse_unless(validation, validation.grant)
    validation.starts_on = starts_on or validation.starts_on
    validation.ends_on = ends_on or validation.ends_on
    validation.reason, validation.extension_reason = reason, extension_reason
    check_grant(validation, by=by)
    return _grant(validation, by=by)


@transaction.atomic
def extend(*, validation, ends_on, reason_kind, reason, by):
    """Carry a granted validation on until `ends_on`, by a new one that follows it. Returns the new one.

    The evidence is not examined again (domain.md §12 n° 9). Raises Conflict, DomainError (M9), ValidationError.
    """
    former = _locked(validation)
    if former.state != ValidationState.GRANTED:
        raise Conflict(NOT_IN_FORCE)
    if not reason:
        raise ValidationError({"reason": NO_REASON})
    if ends_on <= former.ends_on:
        raise ValidationError({"ends_on": "Une prolongation va au-delà de la validation qu’elle prolonge."})
    extension = _following(former, by)
    extension.ends_on, extension.extension_reason, extension.reason = ends_on, reason_kind, reason
    check_period(extension, by=by)
    return _grant(extension, by=by)


def _following(former, by):
    copied = ("participant", "category", "lot", "evidence_kind", "evidence_dated_on", "evidence_seen_at")
    copied += ("evidence_seen_by", "opinion_from", "opinion", "iae_number", "iae_ends_on", "tie_declared")
    following = EligibilityValidation(**{name: getattr(former, name) for name in copied}, extends=former)
    following.requested_at, following.requested_by = timezone.now(), by
    following.starts_on = max(former.ends_on + ONE_DAY, timezone.localdate())
    return following


def _grant(validation, *, by):
    validation.grant()
    validation.number = next_number(timezone.localdate().year)
    _decide(validation, by=by)
    hours.recount(participant=validation.participant, by=by)
    webhooks.emit(
        WebhookEvent.VALIDATION_GRANTED,
        territory_ids=[validation.participant.territory_id],
        resource="validations",
        object_id=validation.pk,
    )
    return validation


def next_number(year):
    """« V-2026-000123 »: the next of its year; two people who grant at the same instant wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('participants.validation.number'), %s)", [year])
    given = EligibilityValidation.objects.filter(number__startswith=f"V-{year}-")
    last = given.aggregate(last=Max("number"))["last"]
    return f"V-{year}-{int(last.rsplit('-')[-1]) + 1 if last else 1:06}"


@transaction.atomic
def refuse(*, validation, by, reason, seen=None):
    """Refuse a request, with its reason. `seen`: the version the decider read. Raises Stale, Conflict."""
    validation = _locked(validation, seen)
    if not can_proceed(validation.refuse):
        raise Conflict(ALREADY_DECIDED)
    validation.refuse()
    validation.reason = reason
    return _decide(validation, by=by)


@transaction.atomic
def revoke(*, validation, by, reason, seen=None):
    """Revoke a granted validation: the hours it covered are recounted in the same transaction (invariant 7), and the
    lots that lose some are told.

    `seen`: the version that was read. Raises Stale, Conflict when it is not in force, ValidationError without a reason,
    what `hours.release` raises.
    """
    validation = _in_force(validation, reason, seen)
    before = counted_by_lot(validation.participant_id)
    hours.release(validation=validation, by=by)
    validation.revoke()
    validation.reason = reason
    _decide(validation, by=by)
    tell_lots(validation.participant_id, before=before, from_day=validation.starts_on, by=by)
    return validation


@transaction.atomic
def shorten(*, validation, from_day, by, reason, seen=None):
    """Revoke a granted validation from a day on: it ends the day before, its first end is kept.

    Raises ValidationError when the day is not within it (its first day: `revoke` it), Conflict as `revoke`.
    """
    validation = _in_force(validation, reason, seen)
    if not validation.starts_on < from_day <= validation.ends_on:
        raise ValidationError({"from_day": "Indiquez un jour de la validation, après le premier."})
    before = counted_by_lot(validation.participant_id)
    hours.release(validation=validation, by=by, from_day=from_day)
    cut_short(validation, last_day=from_day - ONE_DAY, reason=reason, by=by)
    tell_lots(validation.participant_id, before=before, from_day=from_day, by=by)
    return validation


def withdraw(*, validation, from_day, reason, by, seen=None):
    """`revoke` a granted validation, or `shorten` it when `from_day` comes after its first day. Raises as they do."""
    if from_day is None or from_day == validation.starts_on:
        return revoke(validation=validation, reason=reason, by=by, seen=seen)
    return shorten(validation=validation, from_day=from_day, reason=reason, by=by, seen=seen)


def cut_short(validation, *, last_day, reason, by):
    """Write the new end of a granted validation; the hours it no longer covers are the caller's business."""
    validation.first_ends_on = validation.first_ends_on or validation.ends_on
    validation.ends_on, validation.reason = last_day, reason
    validation.shortened_at, validation.shortened_by = timezone.now(), by
    return validated_save(validation, by=by)


def _in_force(validation, reason, seen):
    validation = _locked(validation, seen)
    if not can_proceed(validation.revoke):
        raise Conflict(ALREADY_DECIDED if validation.decided_at else NOT_IN_FORCE)
    if not reason:
        raise ValidationError({"reason": "Indiquez le motif de la révocation."})
    return validation


def _refuse_unless(validation, transition):
    if can_proceed(transition):
        return
    raise Conflict(TO_COMPLETE if validation.state == ValidationState.INCOMPLETE else ALREADY_DECIDED)


def _locked(validation, seen=None):
    """The validation of the database, locked with its person. Raises Stale when it changed since `seen`."""
    lock(Participant.objects, validation.participant_id)
    saved = lock(EligibilityValidation.objects.select_related("category", "participant"), validation.pk)
    refuse_stale(saved, seen)
    return saved


def _decide(validation, *, by):
    validation.decided_at, validation.decided_by = timezone.now(), by
    return validated_save(validation, by=by)
