"""PDF, second reading: camelot's lattice on playa's own parser → grids. It confirms or doubts the first (`pdf_grid`).

The two share the model and nothing else: another PDF parser, other code for rules, characters and cells. Camelot finds
tables only, so that this document has no paragraphs. Boxes are in the space of the first reading: points of the page
as displayed, after /Rotate and the crop box.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pipeline.documents.model import Box, Cell, Document, Grid, Issue, UnreadableDocument
from pipeline.documents.radicals import without_radicals

if TYPE_CHECKING:
    import playa

PAGE_UNREAD = "the second reading (camelot) failed on the page, which was read only once"
PAGE_TOO_LARGE = "the page exceeds a limit of the second reading (camelot) and was read only once"
REMARK = "the second reading (camelot) remarks"

_LOST = "\N{REPLACEMENT CHARACTER}"
_NAMELESS = re.compile(r"\(cid:\d+\)")  # what playa prints for a glyph that the font does not name
_LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True)
class CamelotLimits:
    """What the second reading of a PDF may cost: pages of the document; objects and crossings of rules of one page.

    Camelot compares each horizontal rule with each vertical one: ``crossings`` bounds their product.
    """

    pages: int = 3000
    objects: int = 100_000
    crossings: int = 4_000_000


DEFAULT_LIMITS = CamelotLimits()


def read_pdf_camelot(
    data: bytes, pages: Sequence[int] | None = None, limits: CamelotLimits = DEFAULT_LIMITS
) -> Document:
    """The tables of a PDF, or of some of its pages (1-based), page by page from top to bottom.

    The lines of a cell are joined with ``\\n``. A page that camelot cannot read is an issue; a document that it cannot
    open raises `UnreadableDocument`. A character that its font does not name stands as U+FFFD.
    """
    reading = CamelotReading(data, limits)
    numbers = sorted(set(pages)) if pages is not None else range(1, reading.page_count + 1)
    grids = tuple(grid for number in numbers for grid in reading.tables(number))
    return Document("pdf", reading.name, grids, page_count=reading.page_count, issues=reading.issues())


class CamelotReading:
    """A PDF whose pages are read one by one when they are asked for; none is kept."""

    name = "camelot"

    def __init__(self, data: bytes, limits: CamelotLimits = DEFAULT_LIMITS) -> None:
        self._data = data
        self._limits = limits
        self._issues: list[Issue] = []
        self._remarks = _Remarks()
        with self._remarks.heard():
            self._open()
        self.page_count = len(self._pages)
        if self.page_count > limits.pages:
            raise UnreadableDocument(f"the PDF has {self.page_count:,} pages, more than the limit of {limits.pages:,}")

    def tables(self, number: int) -> list[Grid]:
        """Of a page (1-based), from top to bottom; none where it cannot be read (an issue) or does not exist."""
        if not 1 <= number <= self.page_count:
            return []
        import playa

        self._remarks.page = number
        with self._remarks.heard():
            try:
                if self._read == _AT_ONCE:
                    self._open()
                self._read += 1
                name, attributes = self._pages[number - 1]
                page = playa.Page(self._document, name, attributes, None, number - 1, _SPACE)
                return _tables(page, number, self._limits)
            except _TooLarge as reason:
                self._issues.append(Issue("warning", PAGE_TOO_LARGE, str(reason), page=number))
            # whatever the two libraries raise on a damaged page: the first reading stands, the others are compared
            except Exception as error:  # noqa: BLE001
                self._issues.append(Issue("warning", PAGE_UNREAD, _quote(error), page=number))
        return []

    def _open(self) -> None:
        self._document = _opened(self._data)
        self._pages = list(self._document.pages.page_objects)
        self._read = 0

    def issues(self) -> tuple[Issue, ...]:
        """What there is to say of the pages read so far."""
        return *self._issues, *self._remarks.issues()


# playa keeps every stream that it unpacked until the document is dropped (50 KB a page of a compressed one). Opened
# anew, that stays flat; for 1,000 pages it takes 5 % more CPU.
_AT_ONCE = 100
_SPACE: Literal["page"] = "page"


class _TooLarge(Exception):
    """The page exceeds a limit; the message says which."""


def _quote(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_LONGEST_QUOTE]


# --- camelot and playa, as they are used here -------------------------------------------------------------------------

# Measured on the five real disclosures, CPU time: 15 ms a page, of which 11 are playa's reading of the content.
# - boxes_flow and line_margin: no hierarchy of text boxes, which a lattice does not use: 25 → 15 ms, the same tables.
# - split_text: without it a right-aligned code merges with the name beside it (`2010301行政运行`).
# - engine vector: rules come from the content; nothing is rendered, no image is written.
_LAYOUT: dict[str, Any] = {
    "boxes_flow": None,
    "line_margin": 0.0,
    # the rest is what camelot asks for
    "line_overlap": 0.5,
    "char_margin": 1.0,
    "word_margin": 0.1,
    "detect_vertical": True,
    "all_texts": True,
}
_TURNS = {"clockwise": -90, "anticlockwise": 90}  # what camelot's own handler does with text that stands sideways
_TWICE = 0.1  # of the font size: a character printed again within this distance is bold
_OBLIQUE = 0.14  # the tangent of 8 degrees
_BUCKET = 2.0  # points; twice that distance, and less than the width of a digit
_DESCENT = -0.12  # of the font size: below the baseline; the box of every glyph is one font size high


@cache
def _document_class() -> type[playa.Document]:
    """playa's document, but each font has the same descent. Importing camelot takes a second: hence inside a function.

    Camelot places a glyph by the middle of a box that stands on the font's own /Descent. A font that declares the
    extent of its largest glyph (CFF fonts with a huge FontBBox: descent -1100 and worse) thus moves its text into the
    row below, and fonts of different descent on one line are put in the wrong order. Only the fonts of the documents
    opened here are changed: each document owns its own, nothing of the libraries is patched.
    """
    import playa.font

    class EvenFonts(playa.Document):
        def get_font(self, objid: int = 0, spec: Any = None) -> playa.font.Font:
            font = super().get_font(objid, spec)
            if height := font.matrix[3]:
                font.descent = _DESCENT / height
                font.ascent = (1 + _DESCENT) / height
            return font

    return EvenFonts


@cache
def _lattice_class() -> Any:
    """Camelot's lattice that keeps nearly empty tables: an empty statement is printed as one."""
    from camelot.parsers.lattice import Lattice

    class EveryLattice(Lattice):
        def _reject_table(self, table: Any) -> bool:
            return not any(cell.text.strip() for row in table.cells for cell in row)

    return EveryLattice


def _opened(data: bytes) -> playa.Document:
    from playa.exceptions import PDFPasswordIncorrect

    try:
        document = _document_class()(data, space=_SPACE)
        len(document.pages)
    except PDFPasswordIncorrect:
        raise UnreadableDocument("the PDF is protected by a password") from None
    except Exception as error:  # noqa: BLE001 — playa raises anything on a damaged file
        raise UnreadableDocument(f"the PDF is damaged in a way that camelot cannot repair ({_quote(error)})") from None
    return document


def _tables(page: playa.Page, number: int, limits: CamelotLimits) -> list[Grid]:
    import camelot.utils

    utils: Any = camelot.utils  # its functions have no types
    to_page = page.ctm
    layout, images, characters, horizontal, vertical = _analysed(page, utils, limits)
    rotation = utils.get_rotation(characters, horizontal, vertical)
    if turn := _TURNS.get(rotation) or _upside_down(characters):
        page.set_initial_ctm(page.space, page.rotate + turn)
        layout, images, _, horizontal, vertical = _analysed(page, utils, limits)
    _check_rules(layout, limits)
    lattice = _lattice_class()(engine="vector", split_text=True)
    size = layout.bbox[2:]
    lattice.prepare_page_parse("", layout, size, number, images, horizontal, vertical, rotation, layout_kwargs=_LAYOUT)
    to_display = _to_display(page, to_page)
    grids = [_grid(table, to_display, number) for table in lattice.extract_tables()]
    return sorted((grid for grid in grids if len(grid.cells) > 1), key=_height)  # a frame around a text is no table


def _upside_down(characters: Any) -> int:
    """180 where most characters stand on their heads, which camelot does not look for; else 0."""
    return 180 if sum(character.matrix[3] < 0 for character in characters) * 2 > len(characters) else 0


def _analysed(page: playa.Page, utils: Any, limits: CamelotLimits) -> tuple[Any, ...]:
    """The page's objects, images, characters, horizontal and vertical text lines, by camelot's choice of parameters."""
    from playa.miner import LAParams, extract_page
    from playa.utils import intersect_rects, transform_bbox

    layout = extract_page(page)
    if len(layout) > limits.objects:
        raise _TooLarge(f"{len(layout):,} objects")
    _drop_unseen(layout, transform_bbox(page.ctm, intersect_rects(page.mediabox, page.cropbox)))
    _drop_hidden(layout)
    layout.analyze(LAParams(**_LAYOUT))
    return layout, *utils.get_image_char_and_text_objects(layout)


def _drop_unseen(container: Any, visible: Box) -> None:
    """Drops what lies off the visible page, what stands at an angle (a watermark), and the second print of a bold face
    made by printing twice (合计合计).
    """
    from playa.miner import LTChar, LTContainer

    left, bottom, right, top = visible
    seen: dict[tuple[str, int, int], tuple[float, float]] = {}
    dropped: set[int] = set()
    for item in container:
        if isinstance(item, LTChar):
            x, y, text = item.x0, item.y0, item.get_text()
            near = min(_TWICE * item.size, _BUCKET / 2)
            column, row = round(x / _BUCKET), round(y / _BUCKET)
            beside = column + (1 if x > column * _BUCKET else -1)
            above = row + (1 if y > row * _BUCKET else -1)
            for place in ((text, column, row), (text, beside, row), (text, column, above), (text, beside, above)):
                before = seen.get(place)
                if before is not None and abs(before[0] - x) <= near and abs(before[1] - y) <= near:
                    dropped.add(id(item))
                    break
            else:
                seen[text, column, row] = x, y
                if x >= right or item.x1 <= left or y >= top or item.y1 <= bottom or _is_oblique(item):
                    dropped.add(id(item))
        elif isinstance(item, LTContainer):
            _drop_unseen(item, visible)
    if dropped:
        container._objs = [item for item in container if id(item) not in dropped]


_INVISIBLE = (3, 7)  # render modes: neither filled nor stroked
_FILLED = (0, 4)
_LIGHT = 0.98
_THIN = 3.0  # points: a filled area is a rule


def _drop_hidden(layout: Any) -> None:
    """Drops invisible text, and white text below which nothing is drawn. Invisible text that is most of a page with
    pictures is what a machine read in them, and stays.
    """
    from playa.miner import LTChar, LTContainer, LTCurve, LTImage

    items = list(_items_in(layout, LTContainer))
    characters = [item for item in items if isinstance(item, LTChar)]
    invisible = {id(c) for c in characters if c.render_mode in _INVISIBLE}
    white = [c for c in characters if c.render_mode in _FILLED and _is_white(c)]
    if not invisible and not white:
        return
    pictures = any(isinstance(item, LTImage) for item in items)
    if pictures and 2 * len(invisible) > len(characters):
        invisible = set()
    areas = [
        item.bbox
        for item in items
        if isinstance(item, LTCurve) and item.fill and not _is_white(item) and min(item.width, item.height) > _THIN
    ]
    hidden = invisible | {id(c) for c in white if not pictures and not any(_lies_in(c, area) for area in areas)}
    for container in (layout, *(item for item in items if isinstance(item, LTContainer))):
        container._objs = [item for item in container if id(item) not in hidden]


def _items_in(container: Any, kind: type) -> Iterator[Any]:
    for item in container:
        yield item
        if isinstance(item, kind):
            yield from _items_in(item, kind)


def _is_white(item: Any) -> bool:
    values = item.non_stroking_color.values
    if len(values) == 4:
        return bool(max(values) <= 1 - _LIGHT)
    return len(values) in (1, 3) and bool(min(values) >= _LIGHT)


def _lies_in(character: Any, area: Box) -> bool:
    x, y = (character.x0 + character.x1) / 2, (character.y0 + character.y1) / 2
    return bool(area[0] <= x <= area[2] and area[1] <= y <= area[3])


def _is_oblique(character: Any) -> bool:
    """Is it turned by no right angle, as a watermark is? The slant of an italic face is no turn."""
    less, more = sorted(map(abs, character.matrix[:2]))
    return bool(less > _OBLIQUE * more)


def _check_rules(layout: Any, limits: CamelotLimits) -> None:
    if len(layout) ** 2 <= limits.crossings:
        return
    import camelot.image_processing

    find_rules: Any = camelot.image_processing.find_lines_from_layout
    pairs = len(find_rules(layout, "horizontal")) * len(find_rules(layout, "vertical"))
    if pairs > limits.crossings:
        raise _TooLarge(f"{pairs:,} pairs of rules")


def _to_display(page: playa.Page, to_page: Any) -> Callable[[Box], Box]:
    """The map from where camelot worked to the displayed page.

    ``to_page`` takes the content to the media box after /Rotate. Camelot may have turned that page once more, so that
    its text stands upright; and what is displayed begins at the corner of the crop box.
    """
    from playa.utils import intersect_rects, mult_matrix, transform_bbox

    a, b, c, d, e, f = page.ctm
    size = a * d - b * c
    back = d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size
    left, bottom, _, _ = transform_bbox(to_page, intersect_rects(page.mediabox, page.cropbox))
    matrix = mult_matrix(back, to_page)

    def displayed(box: Box) -> Box:
        x0, y0, x1, y1 = transform_bbox(matrix, box)
        return round(x0 - left, 2), round(y0 - bottom, 2), round(x1 - left, 2), round(y1 - bottom, 2)

    return displayed


def _height(grid: Grid) -> tuple[float, float]:
    """Sorts tables from top to bottom, then from left to right."""
    boxes = [cell.bbox for cell in grid.cells if cell.bbox]
    return -max(box[3] for box in boxes), min(box[0] for box in boxes)


# --- camelot's table → grid -------------------------------------------------------------------------------------------


def _grid(table: Any, displayed: Callable[[Box], Box], number: int) -> Grid:
    """Positions that no edge separates are one cell, as far as they fill a rectangle."""
    cells = table.cells
    rows, columns = len(cells), len(cells[0])
    taken: set[tuple[int, int]] = set()
    found = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            group = _joined(cells, row, column)
            bottom, right = max(r for r, _ in group), max(c for _, c in group)
            if len(group) < (bottom - row + 1) * (right - column + 1) or min(c for _, c in group) < column:
                group = _run(cells, row, column)  # a shape that no cell has: a rule ends in the middle of a cell
                bottom, right = row, max(c for _, c in group)
            taken |= group
            text = "".join(cells[r][c].text for r, c in sorted(group))
            first, last = cells[row][column], cells[bottom][right]
            box = displayed((first.x1, last.y1, last.x2, first.y2))
            found.append(Cell(row, column, _lines(text), bottom - row + 1, right - column + 1, bbox=box))
    return Grid(tuple(found), rows, columns, page=number)


def _joined(cells: Any, row: int, column: int) -> set[tuple[int, int]]:
    """Every position that can be reached without crossing an edge."""
    group = {(row, column)}
    first = cells[row][column]
    waiting = [] if first.bound == 4 else [(row, column)]
    while waiting:
        r, c = waiting.pop()
        cell = cells[r][c]
        for open_side, place in (
            (not cell.right, (r, c + 1)),
            (not cell.bottom, (r + 1, c)),
            (not cell.left, (r, c - 1)),
            (not cell.top, (r - 1, c)),
        ):
            inside = 0 <= place[0] < len(cells) and 0 <= place[1] < len(cells[0])
            if open_side and inside and place not in group:
                group.add(place)
                waiting.append(place)
    return group


def _run(cells: Any, row: int, column: int) -> set[tuple[int, int]]:
    """The position and those to its right, up to the next edge."""
    group = {(row, column)}
    while not cells[row][column].right and column + 1 < len(cells[row]):
        column += 1
        group.add((row, column))
    return group


def _lines(text: str) -> str:
    """The printed lines; camelot ends a line also where a text line passes through a cell without leaving anything."""
    lines = (line.strip() for line in without_radicals(_NAMELESS.sub(_LOST, text)).split("\n"))
    return "\n".join(line for line in lines if line)


# --- what the two libraries say on the way ----------------------------------------------------------------------------

_MOST_REMARKS = 20  # a damaged document may give one for each object
# Said of pages without text or tables, which are no matter of a second reading: the first one reports them.
_EXPECTED = re.compile(r"No tables found on page-|page-\d+ is image-based")


class _Remarks(logging.Handler):
    """Warnings and log records, each text once, with the page on which it was first heard."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.page: int | None = None
        self._heard: dict[str, int | None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self.hear(record.getMessage())

    def hear(self, text: str) -> None:
        if not _EXPECTED.match(text):
            self._heard.setdefault(text[:_LONGEST_QUOTE], self.page)

    def issues(self) -> list[Issue]:
        heard = list(self._heard.items())
        if (more := len(heard) - _MOST_REMARKS) > 0:
            heard[_MOST_REMARKS:] = [(f"{more:,} more remarks", None)]
        return [Issue("info", REMARK, text, page=page) for text, page in heard]

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Collects what camelot and playa print otherwise; both speak of the page being read."""
        loggers = [logging.getLogger(name) for name in ("camelot", "playa")]
        for logger in loggers:
            logger.addHandler(self)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("always")
                warnings.showwarning = lambda message, *_: self.hear(str(message))
                yield
        finally:
            for logger in loggers:
                logger.removeHandler(self)
