"""Operations and their calendar: what the directions opérationnelles bring (C5)."""

from django.db import transaction

from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import validated_save
from operations.models import Milestone


@transaction.atomic
def save_operation(*, operation, communes, by):
    """Create or change an operation and the communes it concerns. Raises DomainError without a commune."""
    if not communes:
        raise DomainError("Indiquez au moins une commune : elle situe l’opération dans un territoire.")
    validated_save(operation, by=by)
    operation.communes.set(communes)
    return operation


@transaction.atomic
def plan(*, operation, kind, planned_on, by, done_on=None):
    """Set the date of a step of the calendar, made if it is not there yet."""
    milestone = Milestone.objects.filter(operation=operation, kind=kind).first()
    milestone = milestone or Milestone(operation=operation, kind=kind)
    milestone.planned_on, milestone.done_on = planned_on, done_on
    return validated_save(milestone, by=by)
