"""The hours grid of a lot: persons × months, read in a fixed number of queries whatever its size."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.periods import Quarter, month_range
from markets.models import ObjectiveEntry
from participants.counting import NOT_VALIDATED, TO_SPLIT
from participants.models import HoursEntry
from participants.services.hours import CLOSED, NOT_BEGUN, OUTSIDE_CONTRACT, closed_quarters, status_of

SHOWN_MONTHS = 6
READ_ONLY = "Lecture seule."
MESSAGES = {"rejected": NOT_VALIDATED, "pending": TO_SPLIT, "counted": ""}


@dataclass
class Cell:
    """One month of one contract, as the page shows it."""

    name: str
    month: date
    value: str = ""
    version: int = 0
    status: str = "empty"
    message: str = ""
    locked_reason: str = ""

    @property
    def month_key(self):
        """« 2026-07 », at a tenth of the cost of a date filter in the template."""
        return f"{self.month.year}-{self.month.month:02d}"


@dataclass
class Row:
    """One contract (its id). `person_label` is masked for those who may not read names."""

    contract: int
    person_label: str
    company: str
    contract_label: str
    cells: list = field(default_factory=list)
    declared: str = ""
    counted: str = ""


def months_shown(until, number=SHOWN_MONTHS):
    """First days of the `number` months that end with the month of `until`."""
    last = until.year * 12 + until.month - 1
    return [date(index // 12, index % 12 + 1, 1) for index in range(last - number + 1, last + 1)]


def month_after(month):
    """First day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def cell_name(contract_pk, month):
    return f"cell-{contract_pk}-{month:%Y-%m}"


def parse_cell(name):
    """(contract id, first day of the month) of a field name. Raises ValueError on anything else."""
    prefix, contract, month = name.split("-", 2)
    if prefix != "cell":
        raise ValueError("Champ inconnu.")
    return int(contract), parse_month(month)


def parse_month(text):
    """First day of « 2026-07 ». Raises ValueError on anything else, and outside 1991–2100."""
    month = date.fromisoformat(f"{text}-01")
    if not 1991 <= month.year <= 2100:
        raise ValueError("Mois hors de portée.")
    return month


def month_heads(lot, months):
    """[(first day, label, why it is locked)] of the months shown."""
    closed = closed_months(lot)
    return [(month, f"{month:%m/%Y}", CLOSED if Quarter.of(month).start in closed else "") for month in months]


def closed_months(lot):
    """First days of the quarters sent for the territory of the lot."""
    return {start for _, start in closed_quarters({lot.territory_id})}


def build_rows(*, lot, months, contracts, named, may_type):
    """Rows of the grid. `named`: may the reader see who they are? `may_type`: else every cell is locked."""
    entries = HoursEntry.objects.filter(contract__in=contracts, month__range=(months[0], months[-1]))
    by_cell = {(entry.contract_id, entry.month): entry for entry in entries}
    totals = totals_by_contract(contracts)
    closed = closed_months(lot)
    return [
        Row(
            contract=contract.pk,
            person_label=str(contract.participant) if named else f"Personne n° {contract.participant_id}",
            company=str(contract.employer),
            contract_label=f"{contract.get_contract_type_display()}, {contract.job_title}",
            cells=[
                build_cell(contract, month, by_cell.get((contract.pk, month)), closed, may_type) for month in months
            ],
            declared=french.number(totals.get(contract.pk, (0, 0))[0]),
            counted=french.number(totals.get(contract.pk, (0, 0))[1]),
        )
        for contract in contracts
    ]


def build_cell(contract, month, entry, closed, may_type):
    """One cell: its hours, their fate, and why it is locked when it is."""
    locked = lock_reason(contract, month, closed) if may_type else READ_ONLY
    cell = Cell(cell_name(contract.pk, month), month, locked_reason=locked)
    if entry is not None:
        cell.value, cell.version = french.number(entry.declared), entry.version
        cell.status = status_of(entry)
        cell.message = MESSAGES[cell.status]
    return cell


def lock_reason(contract, month, closed):
    """Why this month cannot be typed: outside the contract, still to come, or sent already (M7)."""
    first, last = month_range(month)
    if contract.starts_on > last or (contract.ends_on and contract.ends_on < first):
        return OUTSIDE_CONTRACT
    if max(first, contract.starts_on) > timezone.localdate():
        return NOT_BEGUN
    return CLOSED if Quarter.of(month).start in closed else ""


def totals_by_contract(contracts):
    """{contract id: (declared, counted)} since the beginning (h)."""
    rows = HoursEntry.objects.filter(contract__in=contracts).values_list("contract_id")
    sums = rows.annotate(declared=Sum("declared"), counted=Sum("counted"))
    return {contract: (declared, counted) for contract, declared, counted in sums}


def lot_totals(lot):
    """{declared, counted, objective} of a lot (h)."""
    hours = HoursEntry.objects.filter(lot=lot).aggregate(
        declared=Sum("declared", default=Decimal(0)), counted=Sum("counted", default=Decimal(0))
    )
    due = ObjectiveEntry.objects.filter(award__lot=lot).aggregate(total=Sum("hours", default=0))["total"]
    return {**hours, "objective": due}


def changed_cells(typed):
    """Of [(contract id, month, text, version)], those that differ from what is recorded: a plain form sends all."""
    contracts = {contract for contract, *_ in typed}
    recorded = {
        (entry.contract_id, entry.month): french.number(entry.declared)
        for entry in HoursEntry.objects.filter(contract__in=contracts)
    }
    return [cell for cell in typed if cell[2].strip() != recorded.get((cell[0], cell[1]), "")]


def keep_typed(rows, refused):
    """Put back in the page what was typed and not kept: {(contract id, month): (text, CellOutcome)}."""
    for row in rows:
        for cell in row.cells:
            if (row.contract, cell.month) in refused:
                text, outcome = refused[row.contract, cell.month]
                stored = f" Valeur enregistrée : {cell.value or 'vide'}." if outcome.status == "conflict" else ""
                cell.status, cell.message, cell.value = outcome.status, outcome.message + stored, text
