"""PDF, first reading: ruling lines and characters through pdfium → grids and paragraphs.

Boxes are PDF points in the page as displayed: after /Rotate and the crop box, origin at the lower left corner of what
is seen. On a rendering at ``scale`` pixels per point, ``(x0, y0, x1, y1)`` is the rectangle from
``(x0·scale, (height - y1)·scale)`` to ``(x1·scale, (height - y0)·scale)``.

The second reading (camelot) shares nothing with this one but the model.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]

from pipeline.documents.model import Block, Box, Document, Grid, Issue, Paragraph, Severity, UnreadableDocument
from pipeline.documents.packed import PackedCells
from pipeline.documents.readers.pdf_characters import (
    LOST,
    PageText,
    in_their_clips,
    lines_of,
    read_characters,
    reading_space,
    seen,
)
from pipeline.documents.readers.pdf_fonts import read_without_installed_fonts
from pipeline.documents.readers.pdf_native import IDENTITY, Matrix, PageSpace, page_space, quarter_turns
from pipeline.documents.readers.pdf_paragraphs import paragraphs_of
from pipeline.documents.readers.pdf_rulings import PageLines, Rule, TooManyObjects, read_rulings
from pipeline.documents.readers.pdf_streams import damaged_contents
from pipeline.documents.readers.pdf_tables import Found, Table, TooManyCells, find_tables

LOST_GLYPHS = "characters of a font without a Unicode map cannot be read (each stands as \N{REPLACEMENT CHARACTER})"
DAMAGED = "the page is damaged and is not read"
SCANNED = "the page is a scanned image: its text is not read"
RECOGNISED = "the text of the page was recognised from a scanned image by its producer and may be wrong"
SHAPES = "the page has no text: what it shows is drawn as shapes and is not read"
CROSSING = "a text is printed across the rule between two cells; it is read in the cell that holds most of it"
CUT_OFF = "a text has no room in its cell and is not all seen on the page; it is read whole"
OBLIQUE = "text at an angle (such as a watermark) is left out of tables and paragraphs"
OVERPRINT = "large text over a table (such as a watermark or a stamp) is left out"
HIDDEN = "text that the page does not show (invisible, or white on white) is left out"
UNCLEAR = (
    "rules are missing in a table and its text does not show for certain which rows and columns it has; these figures "
    "are not loaded: ask the publisher for the file it was printed from, or for a print with all rules"
)

UNRULED = (
    "lines of amounts stand outside every table: no rules show their columns, and they are not loaded: ask the "
    "publisher for the file the page was printed from, or for a print with all rules"
)

_LONGEST_QUOTE = 200
_AMOUNT_BY_AMOUNT = re.compile(r"[.．]\d\d\s*-?\d[\d,，]*[.．]\d\d(?!\d)")  # no prose prints two with nothing between
_UNRULED_LINES = 2
_DIGIT = re.compile(r"\d")
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """What a PDF may cost: pages of the document, objects and characters of one page."""

    pages: int = 3000
    objects: int = 300_000
    characters: int = 200_000


DEFAULT_LIMITS = PdfLimits()


def read_pdf_grid(data: bytes, limits: PdfLimits = DEFAULT_LIMITS) -> Document:
    """The blocks of a PDF in reading order: page by page, text and tables by their height on the page.

    The lines of a cell are joined with ``\\n`` (a number may be wrapped). A character whose font does not say what it
    is stands as U+FFFD, never as a guess. Raises `UnreadableDocument` with the reason in words.
    """
    first, pages = 1, 1
    reader = _Reader(limits)
    while first <= pages:
        with _opened(data, limits) as document:
            pages = len(document)
            for number in range(first, min(first + _AT_ONCE, pages + 1)):
                reader.page(document, number)
        first += _AT_ONCE
    return reader.document(pages, damaged_contents(data))


# pdfium keeps what it parsed until the document is closed (6 KB a page of our printed sample): opened anew, that stays
# flat. What grows is the result: 23 KB for a page of 120 cells.
_AT_ONCE = 200


# --- opening ---------------------------------------------------------------------------------------------------------

_REASONS = {
    raw.FPDF_ERR_PASSWORD: "the PDF is protected by a password: open it, save it without password, and add that file",
    raw.FPDF_ERR_SECURITY: "the PDF is encrypted in a way that cannot be opened: print it to a new, unprotected PDF",
}
_END_MARKS = re.compile(rb"%%EOF|startxref")
_TAIL = 4096


def _tail(data: bytes) -> bytes:
    """The end of a file before its padding, found block by block: stripping the whole would copy it."""
    start = end = len(data)
    block = b""
    while start and not block:
        start, end = max(start - _TAIL, 0), start
        block = data[start:end].rstrip(b"\0 \r\n\t")
    end = start + len(block)
    return data[max(end - _TAIL, 0) : end]


@contextmanager
def _opened(data: bytes, limits: PdfLimits) -> Iterator[pdfium.PdfDocument]:
    if not data:
        raise UnreadableDocument("the file is empty: download it again")
    if b"%PDF-" not in data[:1024]:
        raise UnreadableDocument("it is not a PDF: it does not begin as one")
    if not _END_MARKS.search(_tail(data)):
        raise UnreadableDocument("the PDF is cut off (its end is missing): download it again")
    read_without_installed_fonts()
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        reason = _REASONS.get(
            error.err_code or 0, "the PDF is damaged beyond repair, or has no pages: download it again"
        )
        raise UnreadableDocument(reason) from None
    try:
        pages = len(document)
        if pages > limits.pages:
            raise UnreadableDocument(
                f"the PDF has {pages:,} pages, more than the limit of {limits.pages:,}: "
                "split it, or raise the limit of pages in the settings"
            )
        yield document
    finally:
        document.close()


# --- pages -----------------------------------------------------------------------------------------------------------

_SCAN_AREA = 0.4  # of the page: a page without text whose images cover less is blank, with a logo
_SCAN_CHARACTERS = 30  # a scan may carry a page number or a stamp in real characters
_SHAPES = 100  # paths with curves on a page without text: characters drawn as outlines
_DIGITS = 2  # hundredths of a point: the same bytes on every machine
_MOST_LOST = 0.3  # of the characters: what is left of a document that loses more proves nothing


class _Reader:
    """Reads page after page; nothing of pdfium stays open between two."""

    def __init__(self, limits: PdfLimits) -> None:
        self._limits = limits
        self._blocks: list[Block] = []
        self._issues: list[Issue] = []
        self._characters = self._lost = 0

    def document(self, page_count: int, damaged: Iterable[Issue]) -> Document:
        if self._lost > _MOST_LOST * max(self._characters, 1):
            raise UnreadableDocument(
                "its fonts have no Unicode map, so that its digits cannot be told apart: ask the publisher for the "
                "original file, or print it to PDF from the program it was written in"
            )
        self._issues += damaged
        if not self._blocks:
            raise UnreadableDocument(self._why_empty())
        return Document("pdf", "grid", tuple(self._blocks), page_count=page_count, issues=tuple(self._issues))

    def _why_empty(self) -> str:
        reasons = {issue.what for issue in self._issues}
        if SCANNED in reasons:
            return "it consists of scanned images without text: ask the publisher for the original file"
        if SHAPES in reasons:
            return "its text is drawn as shapes, not written as characters: ask the publisher for the original file"
        refused = [issue for issue in self._issues if issue.severity == "error"]
        if refused:
            return f"none of its pages can be read; page {refused[0].page}: {refused[0].what}"
        return "there is no text in it: all its pages are blank"

    def _issue(self, severity: Severity, what: str, page: int, text: str = "") -> None:
        self._issues.append(Issue(severity, what, text[:_LONGEST_QUOTE], page=page))

    def page(self, document: pdfium.PdfDocument, number: int) -> None:
        try:
            page = document.get_page(number - 1)
        except pdfium.PdfiumError:
            self._issue("error", DAMAGED, number)
            return
        try:
            textpage = page.get_textpage()
            try:
                self._read(page, textpage, number)
            finally:
                textpage.close()
        except pdfium.PdfiumError:
            self._issue("error", DAMAGED, number)
        finally:
            page.close()

    def _read(self, page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, number: int) -> None:
        count = textpage.count_chars()
        if count > self._limits.characters:
            self._issue("error", "the page holds more characters than the limit and is not read", number, f"{count:,}")
            return
        space = page_space(page.raw)
        text = read_characters(textpage.raw, space)
        upright = reading_space(space, text.turns)
        to_reading = space.to_display.then(upright)
        try:
            lines = read_rulings(page.raw, IDENTITY if to_reading == IDENTITY else to_reading, self._limits.objects)
            self._without_text(text, lines, space, number)
            fills = [fill.box for fill in lines.fills]
            shown, hidden = seen(
                textpage.raw, text.glyphs, fills, pictures=lines.image_area > 0, curves=lines.curved > 0
            )
            if hidden:
                texts = " | ".join(line.text for line in lines_of(hidden))
                self._issue("warning" if _DIGIT.search(texts) else "info", HIDDEN, number, texts)
            glyphs, held = in_their_clips(textpage.raw, shown, lines.cut) if lines.cut else (shown, _NONE)
            found = find_tables(lines, glyphs, held)
            tables, rest = found.tables, found.rest
        except TooManyObjects:
            self._issue("error", "the page draws more objects than the limit and is not read", number)
            return
        except TooManyCells:
            self._issue("error", "the rules of the page form more cells than a table can have; it is not read", number)
            return
        self._characters += sum(glyph.text != " " for glyph in text.glyphs) if text.lost else len(text.glyphs)
        self._lost += text.lost
        width = space.height if text.turns % 2 else space.width
        tops = [Rule(table.box[3], -math.inf, math.inf) for table in tables]
        paragraphs = paragraphs_of(rest, [*tops, *lines.horizontal], width)
        height = space.width if text.turns % 2 else space.height
        to_display = quarter_turns(-text.turns, width, height)
        placed: list[tuple[float, Block]] = [
            (p.top, Paragraph(p.text, page=number, bbox=_rounded(to_display.box(*p.box)))) for p in paragraphs
        ]
        placed += [(table.box[3], self._grid(table, to_display, number)) for table in tables]
        placed.sort(key=lambda item: -item[0])
        self._blocks += [block for _, block in placed]
        self._doubts(text, found, placed, number)
        self._cut_off(tables, held, number)

    def _without_text(self, text: PageText, lines: PageLines, space: PageSpace, number: int) -> None:
        scan = lines.image_area >= _SCAN_AREA * space.width * space.height
        if scan and text.invisible:
            self._issue("warning", RECOGNISED, number)
        elif scan and len(text.glyphs) < _SCAN_CHARACTERS:
            self._issue("warning", SCANNED, number)
        elif not text.glyphs and lines.curved >= _SHAPES:
            self._issue("warning", SHAPES, number)

    def _doubts(self, text: PageText, found: Found, placed: list[tuple[float, Block]], number: int) -> None:
        if text.lost:
            in_table = [c.text for _, b in placed if isinstance(b, Grid) for c in b.cells if LOST in c.text]
            in_prose = [b.text for _, b in placed if isinstance(b, Paragraph) and LOST in b.text]
            self._issue("error" if in_table else "warning", LOST_GLYPHS, number, " | ".join([*in_table, *in_prose]))
        lines = [b.text for _, b in placed if isinstance(b, Paragraph) and _AMOUNT_BY_AMOUNT.search(b.text)]
        if len(lines) >= _UNRULED_LINES and not found.unclear:
            self._issue("error", UNRULED, number, lines[0])
        for unclear in found.unclear:
            self._issue("error", UNCLEAR, number, unclear)
        for table in found.tables:
            if table.overprint:
                self._issue("info", OVERPRINT, number, " ".join(table.overprint))
            for crossing in table.crossing:
                self._issue("warning", CROSSING, number, crossing)
        if text.oblique:
            self._issue("info", OBLIQUE, number, text.oblique)

    def _cut_off(self, tables: list[Table], held: frozenset[int], number: int) -> None:
        """What a cell has no room for is not seen on the page: a number of which a part is missing there is a doubt."""
        for cell in (cell for table in tables if held for cell in table.cells):
            lost = "".join(glyph.text for glyph in cell.glyphs if glyph.number in held)
            if lost.strip():
                self._issue("warning" if _DIGIT.search(lost) else "info", CUT_OFF, number, cell.text())

    def _grid(self, table: Table, to_display: Matrix, number: int) -> Grid:
        boxes = [cell.box for cell in table.cells]
        if to_display != IDENTITY:
            boxes = [to_display.box(*box) for box in boxes]
        # each side is asked for by some twenty cells
        rounded = {side: round(side, _DIGITS) for side in {side for box in boxes for side in box}}
        cells = PackedCells(
            (c.row, c.column, c.text(), c.row_span, c.column_span, (rounded[x0], rounded[y0], rounded[x1], rounded[y1]))
            for c, (x0, y0, x1, y1) in zip(table.cells, boxes, strict=True)
        )
        return Grid(cells, table.row_count, table.column_count, page=number, unclear_rows=table.unclear)


def _rounded(box: Box) -> Box:
    x0, y0, x1, y1 = box
    return round(x0, _DIGITS), round(y0, _DIGITS), round(x1, _DIGITS), round(y1, _DIGITS)
