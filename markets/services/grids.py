"""Versions of the criteria grid: one draft at a time, then in force and frozen (domain.md §2.6)."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import validated_save
from markets.enums import CriterionKind
from markets.models import CriteriaGrid, Criterion
from markets.services.references import free_code, only_writer

WHOLE = 100
IN_FORCE = "Cette grille est en vigueur : elle ne change plus. Préparez une nouvelle version."
GONE = "Cette version ou ce critère n’existe plus : rechargez la page."
ONE_DRAFT = "Une version est déjà en préparation : terminez-la ou abandonnez-la."
NO_GATE = "La grille garde au moins une condition : sans elle, aucun lot ne serait écarté d’emblée."


def total_weight(criteria):
    """Sum of the weights of these criteria: 100 in a whole grid."""
    return sum(criterion.weight for criterion in criteria)


def obstacles(criteria):
    """What keeps a grid made of these criteria from being put in force: French sentences, none when it is ready."""
    criteria = list(criteria)
    found = []
    if (total := total_weight(criteria)) != WHOLE:
        found.append(f"Les poids totalisent {total} : ils doivent faire {WHOLE}.")
    if not any(criterion.kind == CriterionKind.GATE for criterion in criteria):
        found.append(NO_GATE)
    return found


@transaction.atomic
def prepare(*, note, by):
    """Open a draft, copy of the grid in force (empty without one). Raises Conflict when there is a draft already."""
    only_writer(CriteriaGrid)
    if CriteriaGrid.objects.drafts().exists():
        raise Conflict(ONE_DRAFT)
    in_force = CriteriaGrid.objects.in_force()
    last = CriteriaGrid.objects.aggregate(last=Max("version"))["last"] or 0
    draft = validated_save(CriteriaGrid(version=last + 1, note=note), by=by)
    copies = list(in_force.criteria.all()) if in_force else []
    for criterion in copies:
        criterion.pk, criterion.grid = None, draft
    Criterion.objects.bulk_create(copies)
    return draft


@transaction.atomic
def add_criterion(*, criterion, by):
    """Add a line at the end of a draft."""
    grid = _draft(criterion.grid_id)
    criterion.code = free_code(criterion.label, set(grid.criteria.values_list("code", flat=True)))
    criterion.position = 1 + (grid.criteria.aggregate(last=Max("position"))["last"] or 0)
    return validated_save(criterion, by=by)


@transaction.atomic
def change_criterion(*, criterion, by):
    """Save a line of a draft. Its code stays: the answers that are pre-filled are found by it."""
    _line_of(_draft(criterion.grid_id), criterion.pk)
    return validated_save(criterion, by=by)


@transaction.atomic
def remove_criterion(*, criterion):
    """Take a line out of a draft."""
    _line_of(_draft(criterion.grid_id), criterion.pk).delete()


@transaction.atomic
def arrange(*, grid, ranks, weights, by):
    """Give the lines of a draft their order and their weights.

    `ranks`: {criterion id: number to sort by}; `weights`: {criterion id: weight}. A line left out keeps its own.
    """
    lines = list(_draft(grid.pk).criteria.all())
    for position, line in enumerate(sorted(lines, key=lambda line: _place(line, ranks)), start=1):
        line.position = position
        line.weight = weights.get(line.pk, line.weight)
        validated_save(line, by=by)


@transaction.atomic
def put_in_force(*, grid, by):
    """Make a draft, from today, the grid of the instructions to come; it no longer changes.

    The instructions already begun keep theirs. Raises DomainError when the grid is not whole.
    """
    grid = _draft(grid.pk)
    if found := obstacles(grid.criteria.all()):
        raise DomainError(" ".join(found))
    grid.valid_from = timezone.localdate()
    grid.published_at, grid.published_by = timezone.now(), by
    return validated_save(grid, by=by)


@transaction.atomic
def discard(*, grid):
    """Give a draft up: no instruction was ever made with it."""
    grid = _draft(grid.pk)
    grid.criteria.all().delete()
    grid.delete()


def _place(line, ranks):
    """Where a line goes: one that climbs to a rank takes the place of who is there, one that goes down comes after."""
    rank = ranks.get(line.pk, line.position)
    return rank, (rank > line.position) - (rank < line.position), line.position


def _draft(pk):
    """The draft, locked: its lines are changed by one person at a time."""
    grid = CriteriaGrid.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if grid is None:
        raise Conflict(GONE)
    if grid.valid_from is not None:
        raise Conflict(IN_FORCE)
    return grid


def _line_of(grid, pk):
    line = grid.criteria.filter(pk=pk).first()
    if line is None:
        raise Conflict(GONE)
    return line
