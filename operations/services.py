"""Operations and their calendar: what the directions opérationnelles bring (C5)."""

from django.db import transaction
from django.urls import reverse

from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.versions import refuse_stale
from facilitators.notifications import notify
from operations.calendar_changes import moved, people_concerned, sentence
from operations.enums import MilestoneKind
from operations.models import Milestone, Operation


@transaction.atomic
def save_operation(*, operation, communes, by, seen=None):
    """Create or change an operation and the communes it concerns; a moved period is told to those who plan with it.

    `seen` is the version the page showed. Raises DomainError without a commune, Stale when it changed meanwhile.
    """
    if not communes:
        raise DomainError("Indiquez au moins une commune : elle situe l’opération dans un territoire.")
    before = lock(Operation.objects, operation.pk) if operation.pk else None
    if before is not None:
        refuse_stale(before, seen)
    validated_save(operation, by=by)
    operation.communes.set(communes)
    if before is not None:
        changes = [
            moved("début prévu", before.planned_start, operation.planned_start, feminine=False),
            moved("fin prévue", before.planned_end, operation.planned_end),
        ]
        _tell(operation, changes, by)
    return operation


@transaction.atomic
def plan(*, operation, kind, planned_on, by, done_on=None):
    """Set the date of a step of the calendar, made if it is not there yet; a moved date is told (C5)."""
    milestone = Milestone.objects.filter(operation=operation, kind=kind).first()
    milestone = milestone or Milestone(operation=operation, kind=kind)
    before = milestone.planned_on
    milestone.planned_on, milestone.done_on = planned_on, done_on
    validated_save(milestone, by=by)
    name = milestone.get_kind_display()
    name = name[0].lower() + name[1:]
    _tell(operation, [moved(name, before, planned_on, feminine=milestone.kind != MilestoneKind.START)], by)
    return milestone


def _tell(operation, changes, by):
    """One notification to each facilitator of the territories of the operation and to the chargées de mission."""
    changes = list(filter(None, changes))
    if changes:
        territories = set(operation.communes.values_list("territory_id", flat=True))
        text = sentence(operation.reference, changes)
        notify(people_concerned(territories), text, reverse("operations:detail", args=[operation.pk]), except_for=by)
