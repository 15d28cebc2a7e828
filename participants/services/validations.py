"""The facilitator's word on a person: proposed, granted, refused, revoked (C14)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from participants.enums import ValidationState
from participants.models import EligibilityValidation, Participant
from participants.services import hours

OVERLAP = "Cette personne a déjà une validation sur cette période."
BEFORE_DECISION = "La validation ne peut pas prendre effet avant le jour de la décision."
ALREADY_DECIDED = "Cette demande a déjà reçu une décision."
TRANSITIONS = {
    ValidationState.PROPOSED: {ValidationState.GRANTED, ValidationState.REFUSED},
    ValidationState.GRANTED: {ValidationState.REVOKED},
    ValidationState.REFUSED: set(),
    ValidationState.REVOKED: set(),
}


@transaction.atomic
def propose(*, validation, by):
    """Record a request. With a date of evidence, who saw it and when: the paper itself is not kept (domain.md §8)."""
    if validation.evidence_dated_on:
        validation.evidence_seen_at, validation.evidence_seen_by = timezone.now(), by
    return validated_save(validation, by=by)


@transaction.atomic
def grant(*, validation, by):
    """Grant a request, then recount the person's hours.

    Raises DomainError when it would take effect before the day of the decision (M10) or overlap another (M9).
    """
    validation = _lock(validation, ValidationState.GRANTED)
    if validation.starts_on < timezone.localdate():
        raise DomainError(BEFORE_DECISION)
    if _overlapping(validation).exists():
        raise DomainError(OVERLAP)
    _decide(validation, ValidationState.GRANTED, by=by)
    hours.recount(participant=validation.participant, by=by)
    return validation


@transaction.atomic
def refuse(*, validation, by, reason):
    """Refuse a request, with its reason."""
    validation = _lock(validation, ValidationState.REFUSED)
    return _decide(validation, ValidationState.REFUSED, by=by, reason=reason)


@transaction.atomic
def revoke(*, validation, by, reason):
    """Revoke a granted validation: the hours it covered are recounted in the same transaction (invariant 7).

    Raises Conflict when hours it covers were already sent in a statement: those can only be regularised.
    """
    validation = _lock(validation, ValidationState.REVOKED)
    if not reason:
        raise ValidationError({"reason": "Indiquez le motif de la révocation."})
    hours.release(validation=validation, by=by)
    _decide(validation, ValidationState.REVOKED, by=by, reason=reason)
    return validation


def _lock(validation, target):
    lock(Participant.objects, validation.participant_id)
    validation = lock(EligibilityValidation.objects, validation.pk)
    if target not in TRANSITIONS[validation.state]:
        raise Conflict(ALREADY_DECIDED)
    return validation


def _overlapping(validation):
    granted = EligibilityValidation.objects.granted().filter(participant=validation.participant_id)
    return granted.filter(starts_on__lte=validation.ends_on, ends_on__gte=validation.starts_on)


def _decide(validation, state, *, by, reason=""):
    validation.state, validation.reason = state, reason
    validation.decided_at, validation.decided_by = timezone.now(), by
    return validated_save(validation, by=by)
