"""Reading the months of some contracts and laying them out."""

from collections import defaultdict

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.periods import month_range
from participants.counting import natures_of
from participants.enums import HoursNature
from participants.grid.cells import CORRECTED, MISSING, READ_ONLY, Cell, Row, cell_name, note_of, row_key
from participants.grid.totals import totals_by_row
from participants.models import HoursEntry
from participants.services.hours import (
    CLOSED,
    NOT_BEGUN,
    OUTSIDE_CONTRACT,
    closed_quarters,
    doubles_among,
    is_frozen,
    sentence_of,
    status_of,
    was_sent,
)

SPLIT_BY_DAYS = "Ce mois est réparti par jours : ouvrez-le pour modifier ses deux parties."


class Reading:
    """The months of some contracts, in two queries: entries with their corrections, closed quarters.

    Contracts are read with their lot, its market and its rule, their award, employer and participant.
    """

    def __init__(self, contracts, months):
        self.contracts, self.months = {contract.pk: contract for contract in contracts}, months
        self.parts, self.corrections = defaultdict(list), defaultdict(list)
        first, last = months[0], month_range(months[-1])[1]
        shown = Q(booked_in__isnull=True, month__range=(first, last)) | Q(booked_in__isnull=False)
        for entry in HoursEntry.objects.filter(shown, contract__in=self.contracts).order_by("starts_on", "pk"):
            entry.contract = self.contracts[entry.contract_id]
            kept = self.corrections if entry.booked_in else self.parts
            kept[entry.contract_id, entry.nature, entry.starts_on.replace(day=1)].append(entry)
        self.closed = closed_quarters({contract.territory_id for contract in contracts})
        self.month_url = reverse("participants:hours_month", args=[0])

    def link(self, contract_pk, month, nature, usual):
        """Address of the page of a month."""
        url = f"{self.month_url.replace('/0/', f'/{contract_pk}/')}?mois={month:%Y-%m}"
        return url if nature == usual else f"{url}&nature={nature}"

    def doubles(self):
        """[(entry of the lender, entry of the user company)] of the months shown, in quarters still open."""
        entries = [entry for parts in self.parts.values() for entry in parts]
        pairs = doubles_among(sorted(entries, key=lambda entry: (entry.participant_id, entry.starts_on, entry.pk)))
        return [pair for pair in pairs if not is_frozen(pair[0], self.closed)]

    def corrections_shown(self):
        """Corrections of the months shown, or booked in them, the latest booking first."""
        rows = [entry for entries in self.corrections.values() for entry in entries]
        shown = [row for row in rows if row.month in self.months or row.starts_on.replace(day=1) in self.months]
        return sorted(shown, key=lambda row: (row.month, row.pk), reverse=True)


def month_heads(territory_ids, closed, months):
    """[(first day, label, why it is locked)] of the months shown: locked when sent for all these territories."""
    sent = {month for month in months if all(was_sent(place, month, closed) for place in territory_ids)}
    return [(month, f"{month:%m/%Y}", CLOSED if territory_ids and month in sent else "") for month in months]


def build_rows(reading, *, named, may_type, with_lot=False):
    """Rows of the grid, one per contract and nature of hours.

    `named`, `may_type`: ids of the contracts whose person the reader may name, whose hours she may type.
    """
    totals = totals_by_row(reading.contracts)
    rows = []
    for contract in reading.contracts.values():
        usual, *others = natures_of(contract.contract_type)
        for nature in (usual, *others):
            key = row_key(contract.pk, nature, usual)
            declared, counted = totals.get((contract.pk, nature), (0, 0))
            cells = [_cell(reading, contract, month, nature, usual, may_type) for month in reading.months]
            rows.append(
                Row(
                    contract=contract.pk,
                    key=key,
                    person_label=label_of(contract, named),
                    company=str(contract.employer),
                    contract_label=_contract_label(contract, nature if others else None),
                    lot_label=f"{contract.lot.market.number} lot {contract.lot.number}" if with_lot else "",
                    cells=cells,
                    declared=french.number(declared),
                    counted=french.number(counted),
                    may_type=contract.pk in may_type,
                )
            )
    return rows


def label_of(contract, named):
    """Name of the person of a contract, masked unless its id is in `named`."""
    return str(contract.participant) if contract.pk in named else f"Personne n° {contract.participant_id}"


def _contract_label(contract, nature):
    label = f"{contract.get_contract_type_display()}, {contract.job_title}"
    return f"{label} – heures de formation" if nature == HoursNature.TRAINING else label


def _cell(reading, contract, month, nature, usual, may_type):
    """One cell: its hours, their fate, and why it is locked when it is."""
    key = contract.pk, nature, month
    parts, corrections = reading.parts.get(key, ()), reading.corrections.get(key, ())
    locked = lock_reason(contract, month, reading.closed)
    cell = Cell(cell_name(contract.pk, month, nature != usual), month)
    cell.status = status_of(*parts)
    declared = sum(entry.declared for entry in parts)
    if parts:
        cell.value, cell.version = french.number(declared), sum(entry.version for entry in parts)
        cell.message = next(filter(None, map(sentence_of, parts)), "")
    over = locked in {"", CLOSED} and month_range(month)[1] < timezone.localdate()
    cell.note = note_of(cell.status, declared, parts=len(parts), over=over)
    if corrections:
        right = declared + sum(entry.declared for entry in corrections)
        cell.note = f"{CORRECTED} : {french.hours(right)}"
    if (cell.note and cell.note != MISSING) or locked == CLOSED:
        cell.link = reading.link(contract.pk, month, nature, usual)
    if len(parts) > 1:
        locked = locked or SPLIT_BY_DAYS
    cell.locked_reason = locked if contract.pk in may_type else READ_ONLY
    return cell


def lock_reason(contract, month, closed):
    """Why this month cannot be typed: outside the contract, still to come, or sent already (M7)."""
    first, last = month_range(month)
    if contract.starts_on > last or (contract.ends_on and contract.ends_on < first):
        return OUTSIDE_CONTRACT
    if max(first, contract.starts_on) > timezone.localdate():
        return NOT_BEGUN
    return CLOSED if was_sent(contract.territory_id, month, closed) else ""
