"""Small numbers kept secret, for those who read aggregates only (security.md A30, domain.md §8): n ≥ 5.

A cell of one to four persons is written « < 5 ». Where its row or its column would give it back by subtraction,
another cell is kept back too, « n. c. » (non communiqué). A zero is shown: it speaks of nobody.

What a reader can work out is taken at its worst: she knows that « < 5 » is between 1 and 4, that « n. c. » is 5 or
more, and every total that is shown. A small cell is safe when at least two values of it agree with all that. Rows and
columns make a network (each number belongs to one row and to one column), so that a cell has two possible values if
and only if one unit can travel round a loop of hidden cells through it: that is what is looked for here.
"""

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from clauses_portal.core.french import NBSP

SMALLEST = 5
INFINITE = float("inf")
# What hiding one more number costs: as few as possible, the smallest first, a total only when nothing else will do.
A_NUMBER, A_TOTAL = 10**6, 10**12


@dataclass(frozen=True)
class Suppressed:
    """A number that is not told; `text` says why."""

    text: str

    def __str__(self):
        return self.text


SMALL = Suppressed(f"<{NBSP}{SMALLEST}")
WITHHELD = Suppressed(f"n.{NBSP}c.")
LEGEND = (
    f"«{NBSP}{SMALL}{NBSP}»{NBSP}: de une à quatre personnes. «{NBSP}{WITHHELD}{NBSP}»{NBSP}: non communiqué, car ce "
    "nombre permettrait d’en déduire un plus petit."
)


@dataclass(frozen=True)
class Table:
    """Cells of a table and its margins, each an int or a `Suppressed`; margins are None when it had none."""

    rows: list
    row_totals: list | None = None
    column_totals: list | None = None
    total: object = None


def is_small(value):
    """True for a number of persons that must not be told."""
    return 0 < value < SMALLEST


def suppress(value):
    """A number alone: itself, or « < 5 »."""
    return SMALL if value is not None and is_small(value) else value


def suppress_list(values: Sequence[int], *, keep_total=True):
    """Protect a breakdown whose sum is told beside it; returns (values, total), each an int or a `Suppressed`.

    With `keep_total` the total is never hidden, unless it is small itself: other tables tell it too. Returns None
    instead of the values when the total alone would give a cell away: the breakdown is then not told at all.
    """
    total = sum(values)
    numbers = {("row", rank): value for rank, value in enumerate(values)} | {"total": total}
    ends = {key: (("whole", "parts") if key == "total" else ("parts", "whole")) for key in numbers}
    if keep_total and is_small(total):
        return None, SMALL
    hidden = _protected(numbers, ends, {"total"}, kept={"total"} if keep_total else set())
    if hidden is None:
        return None, suppress(total)
    told = _told(numbers, hidden)
    return [told["row", rank] for rank in range(len(values))], told["total"]


def suppress_table(rows: Sequence[Sequence[int]], *, margins=True):
    """Protect a table of ints; returns a `Table`. Without margins nothing adds up: only small cells are hidden.

    With margins, their totals are computed here. When no choice of cells protects the small ones (a table of a handful
    of persons), nothing but the zeros is told.
    """
    if not margins:
        return Table([[suppress(value) for value in row] for row in rows])
    numbers, ends = _network(rows)
    totals = {key for key in numbers if key[0] != "cell"}
    hidden = _protected(numbers, ends, totals)
    told = {key: value and WITHHELD for key, value in numbers.items()} if hidden is None else _told(numbers, hidden)
    lines, columns = range(len(rows)), range(len(rows[0]) if rows else 0)
    return Table(
        [[told["cell", i, j] for j in columns] for i in lines],
        [told["line", i] for i in lines],
        [told["column", j] for j in columns],
        told[("total",)],
    )


def _network(rows):
    """({number: value}, {number: (tail, head)}): each number leaves one equation and enters another."""
    numbers, ends = {}, {}
    columns = range(len(rows[0]) if rows else 0)
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            numbers["cell", i, j], ends["cell", i, j] = value, (("row", i), ("col", j))
        numbers["line", i], ends["line", i] = sum(row), ("lines", ("row", i))
    for j in columns:
        numbers["column", j], ends["column", j] = sum(row[j] for row in rows), (("col", j), "columns")
    numbers[("total",)], ends[("total",)] = sum(map(sum, rows)), ("columns", "lines")
    return numbers, ends


def _told(numbers, hidden):
    return {key: _mark(value) if key in hidden else value for key, value in numbers.items()}


def _mark(value):
    return SMALL if is_small(value) else WITHHELD


def _protected(numbers, ends, totals, kept=frozenset()):
    """The numbers to hide so that no small one can be worked out, or None when nothing can."""
    hidden = {key for key, value in numbers.items() if is_small(value)}
    costs = {
        key: A_NUMBER + value + (A_TOTAL if key in totals else 0)
        for key, value in numbers.items()
        if value and key not in kept
    }
    small = sorted(hidden, key=str)
    for key in small:
        loop = _cheapest_loop(key, numbers, ends, costs | dict.fromkeys(hidden, 0))
        if loop is None:
            return None
        hidden |= loop
    return hidden


def _cheapest_loop(key, numbers, ends, costs):
    """The numbers of the cheapest loop that moves this one by a unit, up or down, or None."""
    arcs = _arcs(numbers, ends, costs, key)
    tail, head = ends[key]
    ways = []
    if numbers[key] < SMALLEST - 1:
        ways.append(_cheapest_way(arcs, head, tail))
    if numbers[key] > 1:
        ways.append(_cheapest_way(arcs, tail, head))
    found = [way for way in ways if way is not None]
    return min(found, key=lambda way: (way[0], len(way[1])))[1] if found else None


def _arcs(numbers, ends, costs, left_out):
    """{equation: [(next, cost, number)]}: the ways a unit may go, each number staying what its mark says."""
    arcs = defaultdict(list)
    for key, cost in costs.items():
        if key == left_out:
            continue
        (tail, head), value = ends[key], numbers[key]
        lowest, highest = (1, SMALLEST - 1) if is_small(value) else (SMALLEST, INFINITE)
        if value < highest:
            arcs[tail].append((head, cost, key))
        if value > lowest:
            arcs[head].append((tail, cost, key))
    return arcs


def _cheapest_way(arcs, start, goal):
    """(cost, numbers met) of the cheapest way from one equation to another (Dijkstra), or None."""
    best, turn = {}, 0
    queue = [(0, turn, start, frozenset())]
    while queue:
        cost, _, place, met = heapq.heappop(queue)
        if place == goal:
            return cost, met
        if place in best:
            continue
        best[place] = cost
        for following, more, key in arcs[place]:
            if following not in best:
                turn += 1
                heapq.heappush(queue, (cost + more, turn, following, met | {key}))
    return None
