"""`grid-render` and `grid-save`: the hours grid of 30 persons × 6 months against Django's own model formset."""

import re
from decimal import Decimal

from django.db import transaction
from django.forms import modelformset_factory
from django.template.loader import render_to_string

from clauses_portal.core import french
from markets.models import Lot
from participants import grid
from participants.models import HoursEntry
from participants.services.hours import record_cells
from participants.views.hours import READ_WITH
from tests.bench.lines_rights import first_facilitator
from tests.bench.rounds import Goal, Line
from tests.bench.sizes import LAST
from tests.bench.tenders import GRID_TITLE

CELLS, SAVED = 180, 20
CELL, FIELDS = re.compile(r'<input id="cell-'), re.compile(r'<input [^>]*name="form-\d+-declared"')
Shown = modelformset_factory(HoursEntry, fields=["declared"], extra=0)
Typed = modelformset_factory(HoursEntry, fields=["declared", "counted"], extra=0)


def entries():
    """The 180 rows of hours of the measured lot."""
    return HoursEntry.objects.filter(lot__title=GRID_TITLE).order_by("contract", "starts_on")


def render_line():
    """The table of the grid, rows read and rendered, against the text of a model formset of the same 180 rows.

    Ours also shows the persons, the fate of each cell and the totals of each contract.
    """
    lot = Lot.objects.get(title=GRID_TITLE)
    months = grid.months_shown(LAST)

    def ours(_):
        contracts = list(lot.contracts.select_related(*READ_WITH))
        own = {contract.pk for contract in contracts}
        reading = grid.Reading(contracts, months)
        context = {
            "place": {"save_url": "/"},
            "rows": grid.build_rows(reading, named=own, may_type=own),
            "months": grid.month_heads({lot.territory_id}, reading.closed, months),
            "month_totals": [(month, "0", "0") for month in months],
            "may_type": True,
        }
        return len(CELL.findall(render_to_string("participants/_hours_table.html", context)))

    def formset(_):
        return len(FIELDS.findall(str(Shown(queryset=entries()))))

    return Line(
        "grid-render",
        ours,
        formset,
        Goal(at_least=3),
        same=lambda ours, theirs: ours == theirs == CELLS,
        note=lambda queries: f"{queries / CELLS:.2f} requête par case",
    )


def save_line():
    """Twenty cells through `record_cells` against the same twenty through the formset, history written by both.

    Only ours locks, checks versions and closed quarters, decides what counts and keeps the totals; all is undone.
    """
    user, _ = first_facilitator()
    rows = list(entries().select_related("contract"))

    def undone(action):
        with transaction.atomic():
            answer = action()
            transaction.set_rollback(True)
        return answer

    def ours(_):
        cells = [(row.contract, row.month, french.number(row.declared + 1), row.version) for row in rows[:SAVED]]
        return undone(lambda: {cell.declared for cell in record_cells(cells=cells, by=user)})

    def formset(_):
        data = {"form-TOTAL_FORMS": CELLS, "form-INITIAL_FORMS": CELLS}
        for n, row in enumerate(rows):
            hours = row.declared + (Decimal(1) if n < SAVED else 0)
            data |= {f"form-{n}-id": row.pk, f"form-{n}-declared": hours, f"form-{n}-counted": hours}
        return undone(lambda: {row.declared for row in saved(Typed(data, queryset=entries()))})

    return Line(
        "grid-save", ours, formset, Goal(at_least=2), note=lambda queries: f"{queries / SAVED:.1f} requêtes par case"
    )


def saved(formset):
    """The rows a formset changed. Raises AssertionError when it refuses them."""
    if not formset.is_valid():
        raise AssertionError(formset.errors)
    return formset.save()
