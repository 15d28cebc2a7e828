"""Declared months, read: what a company has said, what stands in the grid beside it, and what to look at twice."""

from dataclasses import dataclass, field
from decimal import Decimal

from participants.declaring import contracts_to_declare
from participants.enums import DeclarationState
from participants.models import DeclarationLine, EmploymentContract, MonthlyDeclaration

SETTLED = (DeclarationState.ACCEPTED, DeclarationState.CORRECTED)


@dataclass
class MonthSheet:
    """A month of a company: contracts still to declare, those settled, the last line of each contract."""

    open: list[EmploymentContract] = field(default_factory=list)
    settled: list[tuple] = field(default_factory=list)
    refused: list[tuple] = field(default_factory=list)
    lines: dict[int, DeclarationLine] = field(default_factory=dict)
    last: MonthlyDeclaration | None = None

    @property
    def total(self):
        """Hours sent or kept, over the company's people (h)."""
        kept = [line.kept_hours if line.state in SETTLED else line.hours for line in self.lines.values()]
        return sum(kept, Decimal(0))


def month_of(company, month, within=None):
    """The `MonthSheet` of a company; `within` keeps to these contracts (ids, or a queryset of contracts)."""
    rows = contracts_to_declare(company, month)
    if within is not None:
        rows = rows.filter(pk__in=within)
    contracts = list(rows)
    sheet = MonthSheet(lines=_last_lines(company, month, contracts))
    for contract in contracts:
        line = sheet.lines.get(contract.pk)
        if line is not None and line.state in SETTLED:
            sheet.settled.append((contract, line))
            continue
        sheet.open.append(contract)
        if line is not None and line.state == DeclarationState.REFUSED:
            sheet.refused.append((contract, line))
    sheet.last = MonthlyDeclaration.objects.filter(company=company, month=month).defer("content").first()
    return sheet


def _last_lines(company, month, contracts):
    """{contract id: the last line declared, settled ones before all others}."""
    lines = DeclarationLine.objects.filter(
        declaration__company=company, declaration__month=month, contract__in=contracts
    )
    last = {}
    for line in lines.exclude(state=DeclarationState.REPLACED).order_by("pk"):
        if line.contract_id not in last or last[line.contract_id].state not in SETTLED:
            last[line.contract_id] = line
    return last
