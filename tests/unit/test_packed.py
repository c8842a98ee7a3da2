"""Packed cells are the cells; and a long document is held in little memory."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.model import Cell, Grid
from pipeline.documents.packed import PackedCells
from pipeline.forms.printed_table import PrintedTable, printed_rows

SIDES = st.floats(-1e4, 1e4).map(lambda side: round(side, 2))
CELLS = st.builds(
    Cell,
    row=st.integers(0, 70_000),
    column=st.integers(0, 40),
    text=st.text(st.characters(), max_size=12),  # lone surrogates too: a damaged font may give them
    row_span=st.integers(1, 9),
    column_span=st.integers(1, 9),
    bbox=st.none() | st.tuples(SIDES, SIDES, SIDES, SIDES),
    locator=st.none() | st.just("table 1, row 2"),
    other_readings=st.lists(st.text(max_size=3), max_size=2).map(tuple),
)


@given(st.lists(CELLS, max_size=20))
def test_what_is_packed_comes_out(cells: list[Cell]) -> None:
    packed = PackedCells.of(cells)
    assert list(packed) == cells and len(packed) == len(cells)
    assert packed == tuple(cells) == packed and hash(packed) == hash(tuple(cells))
    assert packed[1:] == tuple(cells[1:]) and (not cells or packed[-1] == cells[-1])
    assert list(PackedCells.of(packed)) == cells


def test_the_last_fields_may_be_left_out() -> None:
    assert list(PackedCells([(0, 1, "12.50"), (1, 1, "")])) == [Cell(0, 1, "12.50"), Cell(1, 1, "")]


def test_cells_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        PackedCells([(0, 1, "12.50"), (1, 1)])


def _page(number: int) -> Iterator[tuple[object, ...]]:
    """A page as others print it: every text and side of its own."""
    for row in range(30):
        for column in range(4):
            text = f"{number}{row:02}.{column}{row % 10}" if column else f"2{row:02}{number:04} 一般行政管理事务"
            yield row, column, text, 1, 1, (60.5 + column, 700.25 - row * 20, 160.5 + column, 720.25 - row * 20)


def test_a_thousand_tables_are_held_in_some_megabytes() -> None:
    tracemalloc.start()
    grids = [Grid(PackedCells(_page(number)), 30, 4, number) for number in range(1, 1001)]
    tables = [PrintedTable(grid, list(range(30))) for grid in grids]
    assert all(len(table.rows) == 30 for table in tables)  # looked at, and not kept
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    unpacked = sum(sys.getsizeof(cell) + sys.getsizeof(cell.text) for cell in grids[0].cells)
    assert held < 6 * 2**20 < 1000 * unpacked / 2


def test_rows_are_those_of_the_grid() -> None:
    grid = Grid(PackedCells(_page(1)), 30, 4, 1)
    table = PrintedTable(grid, [0, 2, 29])
    assert table.rows == [printed_rows(grid)[n] for n in (0, 2, 29)]
    assert (table.page, table.column_count, table.spans_known, table.locator) == (1, 4, True, None)
