"""What a year leaves: participants declared to the FSE+ and their answers, agreements, the drafts of annual reports."""

from django.db.models import Count

from clauses_portal.core.periods import Year
from clauses_portal.core.services import validated_save
from operations.enums import FundingPeriod
from operations.models import Operation
from participants.enums import FseAnswer
from participants.models import Participant
from participants.services.european import QUESTIONS, record_answers
from reporting.enums import Dataset, Party, StatementKind
from reporting.services.agreements import give_agreement
from reporting.services.statements import open_statement

# The last one has not signed anything yet.
UNSIGNED = 5
Q = FseAnswer
PATTERNS = (
    {"disability": Q.NO, "third_country": Q.NO, "foreign_origin": Q.NO, "minority": Q.NO, "homeless": Q.NO},
    {"disability": Q.YES, "third_country": Q.NO, "foreign_origin": Q.REFUSED, "minority": Q.REFUSED, "homeless": Q.NO},
    {"disability": Q.NO, "third_country": Q.YES, "foreign_origin": Q.YES, "minority": Q.REFUSED, "homeless": Q.YES},
)


def seed_years(world):
    """Declare the participants of one operation, agree on a year, open the annual reports of the last one."""
    declare_participants(world)
    last = world.calendar.today.year - 1
    for year, parties in ((last - 1, list(Party)), (last, [Party.DEPARTMENT])):
        for party in parties:
            by = world.officer if party == Party.DEPARTMENT else world.facilitators["AIX"]
            give_agreement(dataset=Dataset.OPEN_DATA, year=year, party=party, note="Comité de suivi", by=by)
            world.made["accords de communication"] += 1
    open_statement(kind=StatementKind.ANNUAL, period=Year(last), by=world.officer)
    for code, by in world.facilitators.items():
        open_statement(kind=StatementKind.ANNUAL, period=Year(last), territory=world.territories[code], by=by)
    world.made["bilans annuels en préparation"] += 1 + len(world.facilitators)


def declare_participants(world):
    """The questionnaires of those the largest FSE+ operation employs, signed as they begin; a few are still to sign."""
    funded = Operation.objects.filter(funding_period=FundingPeriod.PERIOD_2021_2027)
    operation = funded.annotate(people=Count("markets__contracts")).order_by("-people", "pk").first()
    operation.declares_participants = True
    validated_save(operation, by=world.agent)
    people = Participant.objects.filter(contracts__market__operation=operation).distinct().order_by("pk")
    for rank, person in enumerate(people.prefetch_related("contracts")):
        if rank % UNSIGNED == UNSIGNED - 1:
            continue
        answers = dict.fromkeys(QUESTIONS, Q.NOT_ASKED) | PATTERNS[rank % len(PATTERNS)] | {"rural": Q.NO}
        began = min(contract.starts_on for contract in person.contracts.all())
        record_answers(
            participant=person,
            operation=operation,
            answers=answers,
            signed_on=min(began, world.calendar.today),
            by=_facilitator_of(world, person),
        )
        world.made["questionnaires FSE+"] += 1


def _facilitator_of(world, person):
    by_territory = {world.territories[code].pk: user for code, user in world.facilitators.items()}
    return by_territory[person.territory_id]
