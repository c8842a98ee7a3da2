"""A grid of the document as rows with a cell for every column: a table, or a piece of one, as printed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.documents.model import Box, Cell, Grid
from pipeline.forms.printed import squash, without_unit


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell in its place in the row; ``text`` is as printed, ``other`` what a second reader read there instead.

    ``page`` is set where it is not the row's: of a sheet printed over pages side by side.
    """

    text: str
    locator: str | None = None
    bbox: Box | None = None
    other: tuple[str, ...] = ()
    page: int | None = None


BLANK = PrintedCell("")


@dataclass(slots=True)
class PrintedRow:
    """One row of a table with a cell for every column; merged neighbours are blank.

    ``ragged`` is true where the capture lost which columns the cells are, ``odd`` where it has another number of cells
    than the rest of its table; ``unclear`` where it is several rows of which nothing is loaded (and ``odd`` then, too).
    """

    cells: list[PrintedCell]
    spans: list[tuple[int, int]]  # (column, width) of each cell that begins in this row
    page: int | None
    locator: str | None
    ragged: bool = False
    odd: bool = False
    unclear: bool = False

    @property
    def texts(self) -> list[str]:
        return [cell.text for cell in self.cells]

    @property
    def filled(self) -> list[str]:
        return [squashed for cell in self.cells if (squashed := squash(cell.text))]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """Those rows of a grid (0-based ``numbers``) that belong together; they are made anew when they are asked for.

    A statement or an annex is held as such tables until its turn comes: the rows of a thousand pages at once would take
    fifty times as much.
    """

    grid: Grid
    numbers: list[int]

    @property
    def rows(self) -> list[PrintedRow]:
        rows = printed_rows(self.grid)
        return [rows[n] for n in self.numbers]

    @property
    def column_count(self) -> int:
        return self.grid.column_count

    @property
    def spans_known(self) -> bool:
        return self.grid.spans_known

    @property
    def page(self) -> int | None:
        return self.grid.page

    @property
    def locator(self) -> str | None:
        return self.grid.locator


def printed_rows(grid: Grid) -> list[PrintedRow]:
    rows: list[PrintedRow] = []
    for n, cells in enumerate(grid.rows()):
        dense = [BLANK] * grid.column_count
        for cell in cells:
            dense[cell.column] = PrintedCell(cell.text, cell.locator, cell.bbox, cell.other_readings)
        ragged = not grid.spans_known and bool(cells) and cells[-1].column + 1 < grid.column_count
        rows.append(
            PrintedRow(
                dense,
                [(c.column, c.column_span) for c in cells],
                grid.page,
                _row_locator(cells, grid),
                ragged,
                n in grid.odd_rows or n in grid.unclear_rows,
                n in grid.unclear_rows,
            )
        )
    return rows


def with_plain_amounts(row: PrintedRow, unit: str) -> PrintedRow:
    """The row without the statement's own unit behind its amounts; behind another unit an amount stays unreadable."""
    if not any(text.endswith(unit) for text in row.filled):
        return row
    cells = [
        replace(c, text=without_unit(c.text, unit), other=tuple(without_unit(text, unit) for text in c.other))
        for c in row.cells
    ]
    return replace(row, cells=cells)


def _row_locator(cells: list[Cell], grid: Grid) -> str | None:
    return next((cell.locator for cell in cells if cell.locator), grid.locator)
