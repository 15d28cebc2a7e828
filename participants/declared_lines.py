"""Declared months, read: what a company has said, what stands in the grid beside it, and what to look at twice."""

from dataclasses import dataclass, field
from decimal import Decimal

from participants.declaring import contracts_to_declare
from participants.enums import SETTLED, DeclarationState
from participants.models import DeclarationLine, EmploymentContract, MonthlyDeclaration
from participants.month_facts import MonthFacts, ceiling_message
from participants.services.hours.months import CLOSED


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


@dataclass
class LineToCheck:
    """A declared line as the facilitator sees it: beside the grid, with its warnings."""

    line: DeclarationLine
    standing: Decimal | None
    version: int
    difference: Decimal
    warnings: list[str]
    # what was typed and refused, shown again
    act: str = ""
    hours: str = ""
    answer: str = ""
    error: str = ""


def lines_to_check(lines):
    """[LineToCheck] of these lines (a queryset of one company and one month), in a constant number of queries."""
    rows = list(
        lines.select_related(
            "declaration",
            "contract__participant",
            "contract__employer",
            "contract__award",
            "contract__lot__market__counting_rule",
        ).order_by("contract__participant__last_name", "contract__participant__first_name", "pk")
    )
    facts = MonthFacts([row.contract for row in rows], {row.declaration.month for row in rows})
    return [_to_check(row, facts) for row in rows]


def _to_check(line, facts):
    contract, month = line.contract, line.declaration.month
    standing = facts.grid(contract, month)
    warnings = [
        CLOSED if facts.is_closed(contract, month) else "",
        facts.fate(contract, month, line.hours),
        facts.double(contract, month, line.hours),
        ceiling_message(facts.total(contract, month, line.hours)),
    ]
    declared = standing.declared if standing else None
    return LineToCheck(
        line=line,
        standing=declared,
        version=standing.version if standing else 0,
        difference=line.hours - (declared or 0),
        warnings=[warning for warning in warnings if warning],
    )
