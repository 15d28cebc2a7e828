"""Rows and cells of the grid, their names in the form, what is written under them."""

from dataclasses import dataclass, field
from datetime import date

from participants.enums import HoursNature

READ_ONLY = "Lecture seule."
TRAINING = f"-{HoursNature.TRAINING.value}"
NOTES = {"rejected": "rejetées", "partial": "en partie", "pending": "en attente", "counted": "", "empty": ""}
MISSING, ZERO_DECLARED, SPLIT, CORRECTED = "rien reçu", "zéro déclaré", "réparti", "régularisé"


@dataclass
class Cell:
    """One month of one row, as the page shows it. `link`: the page of this month, when there is more to say of it."""

    name: str
    month: date
    value: str = ""
    version: int = 0
    status: str = "empty"
    message: str = ""
    locked_reason: str = ""
    note: str = ""
    link: str = ""

    @property
    def month_key(self):
        """« 2026-07 », at a tenth of the cost of a date filter in the template."""
        return f"{self.month.year}-{self.month.month:02d}"


@dataclass
class Row:
    """One contract (its id) and one nature of hours. `person_label` is masked for those who may not read names."""

    contract: int
    key: str
    person_label: str
    company: str
    contract_label: str
    lot_label: str = ""
    cells: list = field(default_factory=list)
    declared: str = ""
    counted: str = ""
    may_type: bool = False


def row_key(contract_pk, nature, usual):
    """« 12 », or « 12-training » for the hours of training of a contract that has hours worked too."""
    return f"{contract_pk}" if nature == usual else f"{contract_pk}-{nature}"


def cell_name(contract_pk, month, second_nature=False):
    """« cell-12-2026-07 », with « -training » for a second nature of hours."""
    return f"cell-{contract_pk}-{month.year}-{month.month:02d}{TRAINING if second_nature else ''}"


def parse_cell(name):
    """(contract id, first day of the month, nature or None) of a field name. Raises ValueError on anything else."""
    nature = HoursNature.TRAINING if name.endswith(TRAINING) else None
    prefix, contract, month = name.removesuffix(TRAINING).split("-", 2)
    if prefix != "cell":
        raise ValueError("Champ inconnu.")
    return int(contract), parse_month(month), nature


def parse_month(text):
    """First day of « 2026-07 ». Raises ValueError on anything else, and outside 1991–2100."""
    month = date.fromisoformat(f"{text}-01")
    if not 1991 <= month.year <= 2100:
        raise ValueError("Mois hors de portée.")
    return month


def months_shown(until, number=6):
    """First days of the `number` months that end with the month of `until`."""
    last = until.year * 12 + until.month - 1
    return [date(index // 12, index % 12 + 1, 1) for index in range(last - number + 1, last + 1)]


def month_after(month):
    """First day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def note_of(status, declared, *, parts=1, over=False):
    """What is written under a cell: a zero is a statement, an empty month that is over is silence."""
    if status == "empty":
        return MISSING if over else ""
    if not declared:
        return ZERO_DECLARED
    return ", ".join(filter(None, [NOTES[status], SPLIT if parts > 1 else ""]))


def keep_typed(rows, refused):
    """Put back in the page what was typed and not kept: {name of the cell: (text, CellOutcome)}."""
    for row in rows:
        for cell in row.cells:
            if cell.name in refused:
                text, outcome = refused[cell.name]
                stored = f" Valeur enregistrée : {cell.value or 'vide'}." if outcome.status == "conflict" else ""
                cell.status, cell.message, cell.value = outcome.status, outcome.message + stored, text
