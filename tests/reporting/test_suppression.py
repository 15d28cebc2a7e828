"""Small numbers are kept secret, and cannot be worked out from what is told (A30)."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.suppression import SMALL, SMALLEST, WITHHELD, Suppressed, suppress, suppress_list, suppress_table

NUMBERS = st.integers(0, 12)


@pytest.mark.parametrize(("value", "told"), [(0, 0), (1, SMALL), (4, SMALL), (5, 5), (120, 120), (None, None)])
def test_a_number_alone_is_told_from_five_on(value, told):
    assert suppress(value) == told


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([12, 30], ([12, 30], 42)),
        ([0, 30], ([0, 30], 30)),
        ([3, 20, 9], ([SMALL, 20, WITHHELD], 32)),
        ([3, 2, 9], ([SMALL, SMALL, 9], 14)),
        ([3, 0, 0], (None, SMALL)),
        ([1, 5], (None, 6)),
        ([1, 1, 1, 1, 1], (None, 5)),
        ([4, 4], (None, 8)),
        ([], ([], 0)),
    ],
)
def test_a_breakdown_whose_total_is_told_elsewhere_too(values, told):
    assert suppress_list(values) == told


def test_the_total_may_be_what_is_kept_back():
    assert suppress_list([1, 5], keep_total=False) == ([SMALL, 5], WITHHELD)


def test_a_table_without_margins_hides_its_small_cells_only():
    assert suppress_table([[3, 8], [9, 0]], margins=False).rows == [[SMALL, 8], [9, 0]]


def test_a_table_hides_what_would_give_a_small_cell_back():
    table = suppress_table([[3, 20, 30], [40, 7, 60], [70, 80, 90]])
    assert table.rows == [[SMALL, WITHHELD, 30], [WITHHELD, WITHHELD, 60], [70, 80, 90]]
    assert (table.row_totals, table.column_totals, table.total) == ([53, 107, 240], [113, 107, 180], 400)


def lists():
    return st.lists(NUMBERS, min_size=1, max_size=4)


def tables():
    return st.integers(1, 3).flatmap(
        lambda width: st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=2)
    )


def possible(told):
    """The values a reader may think of behind a cell; a few beyond what is there, for what has no upper bound."""
    if told is SMALL:
        return range(1, SMALLEST)
    return range(SMALLEST, 40) if told is WITHHELD else [told]


@given(lists(), st.booleans())
def test_no_small_cell_of_a_breakdown_has_one_value_only(values, keep_total):
    cells, total = suppress_list(values, keep_total=keep_total)
    if cells is None:
        return
    assert [cell for cell in cells if not isinstance(cell, Suppressed)] == [
        value for cell, value in zip(cells, values, strict=True) if not isinstance(cell, Suppressed)
    ]
    reachable = sums(cells[:-1]), possible(cells[-1]), set(possible(total))
    for rank, cell in enumerate(cells):
        if cell is SMALL:
            others = sums(cells[:rank] + cells[rank + 1 :])
            thinkable = [guess for guess in possible(cell) if any(guess + rest in reachable[2] for rest in others)]
            assert len(thinkable) > 1
            assert values[rank] in thinkable


def sums(cells):
    """Every sum these cells may have, up to what matters."""
    found = {0}
    for cell in cells:
        found = {have + guess for have in found for guess in possible(cell) if have + guess < 60}
    return found


@given(tables())
def test_no_small_cell_of_a_table_can_be_worked_out(rows):
    """Of any two solutions of a table, one differs from ours by a loop of ones: all of them are tried."""
    table = suppress_table(rows)
    told = [cell for row in table.rows for cell in row]
    changes = list(product(*((-1, 0, 1) if isinstance(cell, Suppressed) else (0,) for cell in told)))
    solutions = [change for change in changes if agrees_with(table, moved(rows, change))]
    for rank, cell in enumerate(told):
        if cell is SMALL:
            assert any(change[rank] for change in solutions)


@given(tables())
def test_what_a_table_tells_is_true(rows):
    table = suppress_table(rows)
    told = [*(cell for row in table.rows for cell in row), *table.row_totals, *table.column_totals, table.total]
    columns = [sum(column) for column in zip(*rows, strict=True)]
    true = [*(cell for row in rows for cell in row), *map(sum, rows), *columns, sum(map(sum, rows))]
    for shown, value in zip(told, true, strict=True):
        assert shown == value or isinstance(shown, Suppressed)
        assert not (isinstance(shown, int) and 0 < shown < SMALLEST)
        assert shown is not SMALL or 0 < value < SMALLEST


def moved(rows, change):
    width = len(rows[0])
    return [[value + change[i * width + j] for j, value in enumerate(row)] for i, row in enumerate(rows)]


def agrees_with(table, rows):
    """These numbers and their totals could be behind what is told."""
    columns = [sum(column) for column in zip(*rows, strict=True)]
    told = [*(cell for row in table.rows for cell in row), *table.row_totals, *table.column_totals, table.total]
    values = [*(cell for row in rows for cell in row), *map(sum, rows), *columns, sum(map(sum, rows))]
    return all(agrees(shown, value) for shown, value in zip(told, values, strict=True))


def agrees(told, value):
    if told is SMALL:
        return 0 < value < SMALLEST
    return value >= SMALLEST if told is WITHHELD else value == told
