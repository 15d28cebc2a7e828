"""Operations and their provisional calendar (C5)."""

from datetime import timedelta

from clauses_portal.core.services import validated_save
from facilitators.models import Directorate
from operations.enums import MilestoneKind
from operations.models import Milestone, Operation
from reporting.demo.history import backdate
from reporting.demo.tables import table

# Months between each step and the start of the operation.
STEPS = {
    MilestoneKind.CLAUSE_STUDY: -9,
    MilestoneKind.PUBLICATION: -6,
    MilestoneKind.TENDERS_DUE: -4,
    MilestoneKind.NOTIFICATION: -1,
    MilestoneKind.START: 0,
}


def create_operations(world):
    """Create the operations of the scale with their milestones. Returns {reference: Operation}."""
    lines = [line for line in table("operations") if world.scale.whole_programme or line["small"]]
    directorates = {directorate.code: directorate for directorate in Directorate.objects.all()}
    return {line["reference"]: _create(world, line, directorates[line["directorate"]]) for line in lines}


def _create(world, line, directorate):
    start, months = int(line["start"]), int(line["months"])
    first, last = world.calendar.period(start, months)
    operation = Operation(
        reference=f"{first.year}-{line['reference']}",
        title=line["title"],
        directorate=directorate,
        description=line["description"],
        officer=line["officer"],
        address=line["address"],
        planned_start=first,
        planned_end=last,
        npnru=bool(line["npnru"]),
        funding_period=line["funding"],
    )
    validated_save(operation, by=world.officer)
    operation.communes.set(line["communes"].split())
    known_on = min(world.calendar.day(start - 10), world.calendar.ago(20))
    backdate(operation, known_on)
    _plan(world, operation, start, last, known_on)
    world.made["opérations"] += 1
    return operation


def _plan(world, operation, start, last, known_on):
    """The six steps of the calendar; a step in the past was done a few days late at most."""
    days = {kind: world.calendar.day(start + gap, 1 + 4 * rank) for rank, (kind, gap) in enumerate(STEPS.items())}
    for kind, planned_on in [*days.items(), (MilestoneKind.END, last)]:
        past = planned_on < world.calendar.ago(15)
        milestone = Milestone(operation=operation, kind=kind, planned_on=planned_on)
        if past:
            milestone.done_on = planned_on + timedelta(days=world.dice.choice([0, 0, 3, 7, 12]))
        validated_save(milestone, by=world.officer)
        backdate(milestone, known_on)
        world.made["étapes du calendrier"] += 1
