"""One line of a statement for several lots: its hours shared out among the contracts of the person (n° 11)."""

from decimal import Decimal

from django.db import transaction

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock
from participants.hours_import.matching import judge
from participants.hours_import.outcomes import Outcome
from participants.hours_import.people import People
from participants.models import ImportedLine
from participants.month_facts import MonthFacts
from participants.services.hours_imports import tried

NOT_THESE = "Ces contrats ne sont pas ceux de cette personne dans cette entreprise ce mois-ci."
WRONG_SUM = "La somme fait {sum} : le relevé dit {hours}."
ALREADY_SHARED = "Ces heures sont déjà réparties."


def contracts_for(line):
    """Contracts among which the hours of a line to share out may go: [EmploymentContract]."""
    people = People(line.source.company, line.source.territory)
    return people.running(line.participant, line.month)


@transaction.atomic
def allot(*, line, shares, by):
    """Share the hours of a line: `shares` is {contract id: hours as a Decimal}, zeros left out. Returns the lines.

    Raises DomainError when the sum is not that of the statement or a contract is another’s; Conflict when it is done.
    """
    tried(line.source)
    line = lock(ImportedLine.objects.select_related("source__company", "source__territory", "participant"), line.pk)
    if line.outcome != Outcome.AMBIGUOUS:
        raise Conflict(ALREADY_SHARED)
    contracts = {contract.pk: contract for contract in contracts_for(line)}
    shares = {pk: hours for pk, hours in shares.items() if hours}
    if not shares or set(shares) - set(contracts):
        raise DomainError(NOT_THESE)
    total = sum(shares.values(), Decimal(0))
    if total != line.hours:
        raise DomainError(WRONG_SUM.format(sum=french.hours(total), hours=french.hours(line.hours)))
    return _write(line, {contracts[pk]: hours for pk, hours in shares.items()})


def _write(line, shares):
    """The line becomes as many as there are shares, each with its own outcome."""
    facts = MonthFacts(list(shares), [line.month])
    rows = []
    for contract, hours in shares.items():
        beside = sum((other for one, other in shares.items() if one != contract), Decimal(0))
        outcome, message = judge(contract, line.month, hours, facts, beside - _known(facts, contract, line, shares))
        row = line if not rows else ImportedLine(source=line.source, row=line.row, person=line.person)
        row.month, row.reference, row.participant = line.month, line.reference, line.participant
        row.contract, row.hours, row.outcome = contract, hours, outcome
        row.message = f"Part du lot {contract.lot.number} du marché {contract.market.number}. {message}".strip()[:400]
        row.save()
        rows.append(row)
    return rows


def _known(facts, contract, line, shares):
    """Hours the grid already holds on the other contracts of the sharing: they are replaced, not added."""
    others = {one.pk for one in shares} - {contract.pk}
    elsewhere = facts.elsewhere[line.participant_id, line.month]
    return sum((other.hours for other in elsewhere if other.contract_id in others), Decimal(0))
