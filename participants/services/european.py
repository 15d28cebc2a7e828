"""The FSE+ questionnaire of a person, for an operation that declares participants (domain.md §7)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import lock, validated_save
from operations.models import Operation
from participants.enums import FseAnswer
from participants.models import EuropeanAnswers, Participant

NOT_HERS = "Cette personne ne travaille pas sur cette opération, ou l’opération ne déclare pas de participants."
NOT_SIGNED = "Les réponses se saisissent d’après un questionnaire signé : indiquez sa date."
IN_THE_FUTURE = "Cette date est à venir."
QUESTIONS = ("disability", "third_country", "foreign_origin", "minority", "homeless", "rural", "qualified")


def declared_operations(person):
    """Operations that declare participants and on which this person has, or had, a contract."""
    rows = Operation.objects.filter(declares_participants=True, markets__contracts__participant=person)
    return rows.distinct().order_by("reference")


def questionnaires_of(person):
    """[(operation, its EuropeanAnswers or None)] of the operations that declare this person; two queries."""
    operations = list(declared_operations(person))
    answered = {row.operation_id: row for row in person.european_answers.all()} if operations else {}
    return [(operation, answered.get(operation.pk)) for operation in operations]


def give_answers(*, merged, kept, by):
    """The answers of a file go to the one that stays, but for the operations it answered itself."""
    known = set(kept.european_answers.values_list("operation", flat=True))
    for row in merged.european_answers.exclude(operation__in=known):
        row.participant = kept
        validated_save(row, by=by)


@transaction.atomic
def record_answers(*, participant, operation, answers, signed_on, by):
    """Record or correct what a person answered: {question: FseAnswer}; a refusal is an answer, and is kept.

    Raises DomainError when the operation is not one of hers, ValidationError without the date of the signature or
    when it is to come.
    """
    lock(Participant.objects, participant.pk)
    if not declared_operations(participant).filter(pk=operation.pk).exists():
        raise DomainError(NOT_HERS)
    if signed_on is None and set(answers.values()) - {FseAnswer.NOT_ASKED}:
        raise ValidationError({"signed_on": NOT_SIGNED})
    if signed_on is not None and signed_on > timezone.localdate():
        raise ValidationError({"signed_on": IN_THE_FUTURE})
    row = EuropeanAnswers.objects.filter(participant=participant, operation=operation).first()
    row = row or EuropeanAnswers(participant=participant, operation=operation)
    for question in QUESTIONS:
        setattr(row, question, answers[question])
    row.signed_on, row.answered_at, row.answered_by = signed_on, timezone.now(), by
    return validated_save(row, by=by)
