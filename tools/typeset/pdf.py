"""A layout as PDF. Three engines that build a file in different ways draw the same pages (`tools.typeset.paginate`).

No clock and no random identifiers: the same layout and style give the same bytes (reportlab's engines: with the same
reportlab).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tools.typeset.layout import Figure, Layout, TableCell
from tools.typeset.paginate import Advance, Box, Placed, Sheet, paginate
from tools.typeset.style import Engine, PageStyle

_Write = Callable[[list[Sheet], PageStyle, str], bytes]


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell, or the part of it, as it stands on a page.

    ``bbox`` is in the page's own coordinates, as pdfium gives a character's box (before /Rotate); ``shown`` is as a
    reader sees the page. Both are points, origin at the lower left, from rule to rule. ``table`` counts the tables of
    the layout from 0, ``part`` the pages of that table; ``row`` and ``row_span`` count within the part. ``rest``: of
    a row that a page break cut.
    """

    cell: TableCell
    page: int
    bbox: Box
    shown: Box
    text: str
    table: int
    part: int
    row: int
    row_span: int
    rest: bool = False


@dataclass(frozen=True)
class Typeset:
    """A PDF, and where each cell of its tables was printed."""

    data: bytes
    page_count: int
    printed: tuple[PrintedCell, ...]

    @property
    def cuts(self) -> int:
        """How many page breaks cut a row."""
        return len({(cell.table, cell.part) for cell in self.printed if cell.rest})

    @property
    def cells(self) -> list[tuple[Figure, int, Box]]:
        """Every figure with its page (1-based) and its cell's box, in reading order; each figure stands on one page."""
        return [
            (printed.cell.figure, printed.page, printed.bbox)
            for printed in self.printed
            if printed.cell.figure is not None and printed.text
        ]


def typeset(layout: Layout, page: PageStyle | None = None) -> Typeset:
    """The PDF of a layout with the place of every cell.

    Raises `ValueError` where a table does not fit a page or the embedded font cannot print a character.
    """
    page = page or PageStyle()
    advance, write = _engine(page.engine)
    sheets, placed = paginate(layout, page, advance)
    printed = tuple(_printed(cell, sheets[cell.page - 1], page) for cell in placed)
    return Typeset(write(sheets, page, layout.subject), len(sheets), printed)


def write_pdf(layout: Layout, page: PageStyle | None = None) -> bytes:
    """The PDF of a layout."""
    return typeset(layout, page).data


def _engine(engine: Engine) -> tuple[Advance, _Write]:
    if engine == "composite":
        from tools.typeset.pdf_composite import composite_advance, write_composite

        return composite_advance(), write_composite
    from tools.typeset.pdf_reportlab import reportlab_advance, write_reportlab  # only these engines need reportlab

    return reportlab_advance(engine), write_reportlab


def _printed(placed: Placed, sheet: Sheet, page: PageStyle) -> PrintedCell:
    x0, y0, x1, y1 = placed.box
    (a, b, c, d, e, f), _ = sheet.turned(page.rotate)
    (left, right), (low, high) = (
        sorted((a * x0 + c * y0 + e, a * x1 + c * y1 + e)),
        sorted((b * x0 + d * y0 + f, b * x1 + d * y1 + f)),
    )
    bbox = left, low, right, high
    place = (placed.table, placed.part, placed.row, placed.row_span, placed.rest)
    return PrintedCell(placed.cell, placed.page, bbox, bbox if page.sideways else placed.box, placed.text, *place)
