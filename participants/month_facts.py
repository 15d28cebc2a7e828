"""What is known of the months of some contracts, read at once: validations, the grid, the same person elsewhere.

Shared by the check of declarations and by the imports of statements: no query per line.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from clauses_portal.core import french
from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import NBSP
from participants.counting import count, natures_of
from participants.models import DeclarationLine, HoursEntry
from participants.services.hours.ceilings import WATCHED
from participants.services.hours.fates import granted_by_person, terms_of_contract
from participants.services.hours.months import closed_quarters, days_of_month, was_sent


@dataclass(frozen=True)
class Elsewhere:
    """Hours of the same person in the same month on another contract, typed or declared (h); `worked` leaves out those
    the facilitator set aside."""

    contract_id: int
    hours: Decimal
    worked: Decimal
    employer_id: int
    user_id: int | None
    employer: str


@dataclass(frozen=True)
class Standing:
    """What the grid holds for a contract and a month: hours (h) and version."""

    declared: Decimal
    version: int


class MonthFacts:
    """Facts about contracts (read with their lot, its market and its rule) over some months (first days)."""

    def __init__(self, contracts, months):
        self.contracts = {contract.pk: contract for contract in contracts}
        self.months = set(months)
        people = {contract.participant_id for contract in contracts}
        self.granted = granted_by_person(people)
        self.closed = closed_quarters({contract.territory_id for contract in contracts})
        self.standing, self.elsewhere = {}, defaultdict(list)
        self._read_grid(people)
        self._read_declared(people)

    def _read_grid(self, people):
        rows = HoursEntry.objects.typed().filter(participant__in=people, month__in=self.months)
        for entry in rows.select_related("contract__employer", "contract__award"):
            key = (entry.contract_id, entry.month)
            if entry.nature == natures_of(entry.contract.contract_type)[0]:
                before = self.standing.get(key, Standing(Decimal(0), 0))
                self.standing[key] = Standing(before.declared + entry.declared, before.version + entry.version)
            self._note(entry.contract, entry.month, entry.declared, entry.declared - entry.withheld)

    def _read_declared(self, people):
        rows = DeclarationLine.objects.to_check()
        rows = rows.filter(contract__participant__in=people, declaration__month__in=self.months)
        for line in rows.select_related("contract__employer", "contract__award", "declaration"):
            if (line.contract_id, line.declaration.month) not in self.standing:
                self._note(line.contract, line.declaration.month, line.hours, line.hours)

    def _note(self, contract, month, hours, worked):
        told = Elsewhere(
            contract.pk, hours, worked, contract.employer_id, contract.user_company_id, str(contract.employer)
        )
        self.elsewhere[contract.participant_id, month].append(told)

    def grid(self, contract, month):
        """The `Standing` of a contract and a month, None when nothing was typed."""
        return self.standing.get((contract.pk, month))

    def is_closed(self, contract, month):
        """Was the quarter sent for this territory?"""
        return was_sent(contract.territory_id, month, self.closed)

    def double(self, contract, month, hours):
        """The sentence of hours that the lender and the user company both declare, or of twins; empty when none."""
        for other in self.elsewhere[contract.participant_id, month]:
            if other.contract_id == contract.pk or not other.hours or not hours:
                continue
            linked = other.employer_id == contract.user_company_id or contract.employer_id == other.user_id
            if linked or other.hours == hours:
                return (
                    f"{other.employer} déclare aussi {french.hours(other.hours)} pour cette personne ce mois-ci"
                    f"{NBSP}: vérifiez que ce ne sont pas les mêmes heures."
                )
        return ""

    def total(self, contract, month, hours):
        """Hours worked by the person over all her contracts in the month, this one counted as `hours` (h)."""
        others = self.elsewhere[contract.participant_id, month]
        return hours + sum(other.worked for other in others if other.contract_id != contract.pk)

    def fate(self, contract, month, hours):
        """What the rule would say of these hours: a sentence when they do not count, or not all; else empty."""
        try:
            first, last = days_of_month(contract, month)
        except DomainError as error:
            return error.message
        return count(
            declared=hours,
            starts_on=first,
            ends_on=last,
            granted=self.granted[contract.participant_id],
            terms=terms_of_contract(contract, natures_of(contract.contract_type)[0]),
        ).message


def ceiling_message(total):
    """The sentence of a month with too many hours (h), empty when it is ordinary."""
    if total > WATCHED:
        told = f"{french.hours(total)} pour cette personne ce mois-ci"
        return f"{told}{NBSP}: le plafond légal est d’environ {WATCHED}{NBSP}h."
    return ""
