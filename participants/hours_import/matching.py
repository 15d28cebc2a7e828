"""Each line of a statement given a person, a contract and an outcome, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from clauses_portal.core import french
from clauses_portal.core.french import NBSP
from participants.hours_import.lines import StatementLine
from participants.hours_import.outcomes import Outcome
from participants.hours_import.people import named
from participants.models import EmploymentContract, Participant
from participants.models.hours import MOST_HOURS_A_MONTH
from participants.month_facts import MonthFacts, ceiling_message
from participants.services.hours.ceilings import FAR_TOO_MANY, MOST
from participants.services.hours.months import CLOSED, NOT_BEGUN

NOBODY = "Personne de ce nom n’est suivie dans ce territoire. Vérifiez l’orthographe, ou ajoutez sa date de naissance."
NO_CONTRACT = "{person} n’a pas de contrat chez cette entreprise dans ce territoire."
OUTSIDE = "{person} n’est pas sous contrat chez cette entreprise ce mois-ci."
SEVERAL = "{person} a {number} contrats ce mois-ci : répartissez ces heures."
MERGED = "Additionnée à la ligne {row}."
SUM_OF = "Somme des lignes {rows}."
SAME = "La grille porte déjà ces heures : rien à faire."
LONGEST = 400


@dataclass(frozen=True)
class Matched:
    """A line, whom and what it goes to, and what becomes of it."""

    line: StatementLine
    outcome: Outcome
    message: str = ""
    participant: Participant | None = None
    contract: EmploymentContract | None = None


def match_lines(lines, people, today):
    """[Matched] of these StatementLines, in their order. `people`: a `People`; `today`: nothing begins later."""
    people.meet([line for line in lines if not line.fault])
    matched = _merge([_place(line, people, today) for line in lines])
    placed = [one for one in matched if one.contract is not None]
    facts = MonthFacts([one.contract for one in placed], {one.line.month for one in placed})
    totals = _totals(placed)
    return [_weigh(one, facts, totals) if one.outcome == Outcome.READY else one for one in matched]


def judge(contract, month, hours, facts, extra=Decimal(0)):
    """(outcome, sentence) of hours for a contract and a month: against the grid, the rules, the other contracts.

    `extra`: hours of the same person on her other contracts in the same statement (h).
    """
    standing = facts.grid(contract, month)
    if standing is not None and standing.declared == hours:
        return Outcome.SAME, SAME
    if facts.is_closed(contract, month):
        return Outcome.CLOSED, CLOSED
    total = facts.total(contract, month, hours) + extra
    if hours > MOST_HOURS_A_MONTH or total > MOST:
        return Outcome.CEILING, FAR_TOO_MANY
    double = facts.double(contract, month, hours)
    if double:
        return Outcome.DOUBLE, double
    told = facts.fate(contract, month, hours) or ceiling_message(total)
    if standing is not None:
        return Outcome.DIFFERS, f"La grille porte {french.hours(standing.declared)}{NBSP}: gardez-les, ou remplacez."
    return Outcome.READY, told


def _place(line, people, today):
    """Find the person, then the contract."""
    if line.fault:
        return Matched(line, Outcome.UNREADABLE, line.fault)
    if line.month > today:
        return Matched(line, Outcome.OUTSIDE, NOT_BEGUN)
    person, why = people.find(line)
    if person is None:
        return Matched(line, Outcome.UNKNOWN, why or NOBODY)
    running = people.running(person, line.month)
    if not running:
        known = people.contracts.get(person.pk)
        outcome, sentence = (Outcome.OUTSIDE, OUTSIDE) if known else (Outcome.NO_CONTRACT, NO_CONTRACT)
        return Matched(line, outcome, sentence.format(person=person), person)
    chosen = named(running, line.reference) if len(running) > 1 else running
    if len(chosen) > 1:
        return Matched(line, Outcome.AMBIGUOUS, SEVERAL.format(person=person, number=len(chosen)), person)
    return Matched(line, Outcome.READY, "", person, chosen[0])


def _merge(matched):
    """Lines of the same contract and month are added up on the first: a statement may go week by week.

    Lines to share out go together too, person by person.
    """
    groups = defaultdict(list)
    for index, one in enumerate(matched):
        if one.outcome in (Outcome.READY, Outcome.AMBIGUOUS):
            contract = one.contract.pk if one.contract else 0
            groups[one.participant.pk, contract, one.line.month].append(index)
    merged = list(matched)
    for indexes in groups.values():
        if len(indexes) > 1:
            _add_up(merged, indexes)
    return merged


def _add_up(merged, indexes):
    first, *others = indexes
    whole = sum((merged[index].line.hours for index in indexes), Decimal(0))
    rows = ", ".join(str(merged[index].line.row) for index in indexes)
    head = merged[first]
    told = f"{SUM_OF.format(rows=rows)} {head.message}".strip()
    merged[first] = replace(head, line=replace(head.line, hours=whole), message=told)
    for index in others:
        merged[index] = replace(
            merged[index], outcome=Outcome.MERGED, message=MERGED.format(row=head.line.row), contract=None
        )


def _totals(placed):
    """{(person, month): {contract: hours}} of the statement itself."""
    totals = defaultdict(dict)
    for one in placed:
        if one.outcome == Outcome.READY:
            totals[one.participant.pk, one.line.month][one.contract.pk] = one.line.hours
    return totals


def _weigh(one, facts, totals):
    """The final outcome of a line that has its contract; the sentence of a sum is kept before it."""
    beside = totals[one.participant.pk, one.line.month]
    known = {other.contract_id for other in facts.elsewhere[one.participant.pk, one.line.month]}
    extra = sum(
        (hours for contract, hours in beside.items() if contract != one.contract.pk and contract not in known),
        Decimal(0),
    )
    outcome, told = judge(one.contract, one.line.month, one.line.hours, facts, extra)
    return replace(one, outcome=outcome, message=f"{one.message} {told}".strip()[:LONGEST])
