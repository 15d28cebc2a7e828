"""Which rows of the grid are shown."""

from participants.grid.cells import MISSING

# Value of ?voir=, label, what a cell of such a row is like.
FILTERS = {
    "manquantes": ("Avec un mois sans réponse", lambda cell: cell.note == MISSING),
    "attente": ("Avec des heures en attente", lambda cell: cell.status == "pending"),
    "rejetees": ("Avec des heures rejetées", lambda cell: cell.status in {"rejected", "partial"}),
}


def kept_rows(rows, asked):
    """Rows with at least one cell of the kind asked; all of them when nothing known is asked."""
    if asked not in FILTERS:
        return rows
    _, wanted = FILTERS[asked]
    return [row for row in rows if any(wanted(cell) for cell in row.cells)]
