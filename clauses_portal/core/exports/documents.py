"""What the writers share: a table, and the sheet that says where it comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.exports.columns import Column, Kind
from clauses_portal.core.french import typographic

SOURCE = "Source"
# docs/glossaire.md; convention, art. 2-2 (C14).
COUNTED = typographic(
    "Heures comptabilisées : heures d’une personne validée par le facilitateur à ces dates, les seules qui comptent."
)
# Characters of a column; a text wraps, so that none is hidden.
WIDTHS = {Kind.TEXT: 30, Kind.DATE: 12, Kind.MOMENT: 17}
NARROWEST, MARGIN = 10, 4


@dataclass
class Document:
    """A table to write. `rows` are read once; `criteria` are (label, value) pairs; `made_at` an aware moment.

    `watermark` is printed in the head and the foot of every page of a workbook.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Any]
    made_at: datetime
    criteria: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    watermark: str = ""
    written: int = field(default=0, init=False)

    def lines(self):
        """[values] of each row, counted as they go by."""
        for row in self.rows:
            self.written += 1
            yield [column.of(row) for column in self.columns]

    def source(self):
        """[(label, text)] of the second sheet: asked once the lines are written, for it tells how many they are."""
        told = [("Liste", self.title), ("Exportée le", f"{timezone.localtime(self.made_at):%d/%m/%Y à %H:%M}")]
        told.append(("Nombre de lignes", french.number(self.written)))
        told += [(f"Filtre : {label}", value) for label, value in self.criteria] or [("Filtres", "aucun")]
        told += [("À savoir", note) for note in self.notes]
        return [(typographic(label), text) for label, text in told]


def width_of(column):
    """Characters wide enough for the header and an ordinary value, without reading the values."""
    return max(WIDTHS.get(column.kind, NARROWEST), len(column.label) + MARGIN)
