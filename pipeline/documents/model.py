"""What every reader returns: a document as blocks, in reading order, with no meaning yet.

Units: pages are 1-based, boxes are PDF points ``(x0, y0, x1, y1)`` with the origin at the lower left.
A format without pages (Word, text) leaves ``page`` and ``bbox`` empty and says where it read in ``locator``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["info", "warning", "error"]
Box = tuple[float, float, float, float]


class UnreadableDocument(Exception):
    """The document cannot be loaded; the message is the reason in words, for people."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A doubt of a reader or of the form layer; it ends in ``quality.extraction_issue``.

    ``what`` is a stable short sentence, ``text`` is what was printed there.
    """

    severity: Severity
    what: str
    text: str = ""
    page: int | None = None
    locator: str | None = None
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid at its top-left position (0-based), with its spans and its text as printed.

    ``other_readings`` holds what a second reader read in its place, where that is another text.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    bbox: Box | None = None
    locator: str | None = None
    other_readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as printed. ``cells`` are ordered by row, then column; positions covered by a span have no cell. They may
    be packed (`PackedCells`): what belongs to a cell is kept by its place, never by the object.

    ``spans_known`` is false where the format lost merged cells (text captures): then a blank cell of a header
    row may belong to a merged neighbour. ``odd_rows`` have more or fewer cells than the other rows of such a table:
    which columns they stand in is not known; what was too much is in the last cell, after tabs. ``unclear_rows`` hold
    several printed rows that cannot be told apart: an error of the reader says so, and no figure of them is loaded.
    """

    cells: Sequence[Cell]
    row_count: int
    column_count: int
    page: int | None = None
    locator: str | None = None
    spans_known: bool = True
    odd_rows: frozenset[int] = frozenset()
    unclear_rows: frozenset[int] = frozenset()

    def rows(self) -> Iterator[list[Cell]]:
        """The cells of each row, by column; a merged cell stands only in its first row."""
        by_row: list[list[Cell]] = [[] for _ in range(self.row_count)]
        for cell in self.cells:
            by_row[cell.row].append(cell)
        yield from by_row


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line or paragraph outside every table; white space at its ends is dropped.

    ``bbox`` is around all its lines (points of the page as displayed, as of a cell). No paragraph stands on two pages:
    what a page break cuts is two.
    """

    text: str
    page: int | None = None
    locator: str | None = None
    bbox: Box | None = None


Block = Grid | Paragraph


@dataclass(frozen=True, slots=True)
class Document:
    """A document read: its blocks in reading order and every doubt that the reader had."""

    format: str
    reader: str
    blocks: tuple[Block, ...]
    page_count: int | None = None
    issues: tuple[Issue, ...] = field(default=())
