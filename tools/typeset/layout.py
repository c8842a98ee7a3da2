"""A document laid out: blocks in reading order. Every writer (Word, text, PDF) takes the same layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it stands in a table: what a reader of the document must find.

    ``row_number`` is the line's number in the statement (the 序号 where the style prints one), ``label`` the line's
    label without decoration, ``plain`` the figure before separators and full-width digits were put in.
    """

    statement: str
    row_number: int
    code: str
    label: str
    measure: str
    text: str
    plain: str


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell at its top-left position (0-based); ``\\n`` in its text begins a further paragraph.

    ``figure`` is set where the cell prints a figure of a statement; ``whole``: no page break cuts its text.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    align: Align = "left"
    figure: Figure | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A grid; every position is covered by exactly one cell.

    The first ``header_rows`` rows repeat on each page, or of them only those of ``repeated``.
    """

    cells: tuple[TableCell, ...]
    row_count: int
    column_count: int
    header_rows: int = 0
    widths: tuple[float, ...] = ()  # shares of the text width, one per column; empty: equal
    repeated: tuple[int, ...] | None = None

    def rows(self) -> list[list[TableCell | None]]:
        """By row and column: the cell that covers the position (the same object at each position it covers)."""
        grid: list[list[TableCell | None]] = [[None] * self.column_count for _ in range(self.row_count)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    grid[row][column] = cell
        return grid


@dataclass(frozen=True, slots=True)
class Title:
    """A heading: level 1 is a part of the document, 2 a statement or section, 3 a table within a section."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; ``indent``: its first line is set in by two characters."""

    text: str
    align: Align = "left"
    indent: bool = False


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """An entry of the contents page: ``leader`` is a run of dots as text, or a tab that the reader sees as a space."""

    text: str
    page: str
    leader: Literal["dots", "tab"] = "dots"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The next block starts a page."""


LayoutBlock = Title | Line | ContentsLine | Table | PageBreak


@dataclass(frozen=True)
class Layout:
    """A whole document. ``subject`` goes into the file's properties."""

    subject: str
    blocks: tuple[LayoutBlock, ...] = field(default=())

    def tables(self) -> Iterator[Table]:
        return (block for block in self.blocks if isinstance(block, Table))

    def figures(self) -> list[Figure]:
        """Every figure of the nine statements as printed, in reading order; blank cells are none."""
        return [cell.figure for table in self.tables() for cell in table.cells if cell.figure is not None]
