"""Rows and columns that no rule separates, known from the text alone: only where it leaves no choice.

`rows_of_cells` cuts a row of cells that holds several printed rows: numbers of one column stand one below the other,
and every text of the row has its place beside one of them. `columns_of_bands` finds the columns of a table that has
horizontal rules only. Both answer None where another reading is possible: such a table is reported, never read.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.documents.readers.pdf_characters import Glyph, Line, lines_of

_NUMBER = re.compile(r"[-+(△▲]?\d[\d,.]*[)%]?|[-—–]+")  # a dash stands where a number might
_COMPLETE = re.compile(r"[-+(△▲]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\)?|[-—–]+")  # no piece of a wrapped number
_WHOLE = re.compile(r"[-+(△▲]?\d[\d,]*\.\d\d\)?")  # nothing can follow it
_AMOUNT = re.compile(r"\d\.\d\d(?!\d)")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d]")
_SAME = 0.3  # of the font size: between two baselines of one row
_LEAST_LEADING = 0.95  # of the font size
_APART = 0.6  # of the font size: at least that much lies between the baselines of two rows
_MIDDLE = 0.35  # of the font size: from the baseline to the middle of a character
_WITHIN = 0.9  # of the pitch of the rows: lines of one cell are nearer
_LEADING = 1.15  # of the least distance of two lines: those of one cell are no farther apart
_PADDING = 8.0  # points: what a cell leaves free beside a line that is full
WORD_GAP = 0.25  # of the font size: a wider gap divides a line into two runs
_COLUMN_GAP = 0.4  # of the font size: between the texts of two columns


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_number(text: str) -> bool:
    return _NUMBER.fullmatch(plain(text)) is not None


# --- rows ------------------------------------------------------------------------------------------------------------


class CellLines(NamedTuple):
    """The lines of one cell, from top to bottom, and how wide it is: its text alone where no rules are beside it."""

    lines: Sequence[Line]
    width: float


class _Block(NamedTuple):
    """The lines of one cell of one printed row; ``cell`` is the number of the column."""

    cell: int
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "".join(plain(line.text) for line in self.lines)

    @property
    def top(self) -> float:
        return self.lines[0].y

    @property
    def bottom(self) -> float:
        return self.lines[-1].y

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def holds_several_rows(cell: CellLines) -> bool:
    """Does a number stand below another one that it cannot continue?"""
    return bool(_pitches(cell))


def stand_apart(cells: Sequence[CellLines]) -> bool:
    """Do numbers of one row of cells stand at different heights, beside lines that are no wrapped text?"""
    heights = [cell.lines[0].y for cell in cells if len(cell.lines) == 1 and is_number(cell.lines[0].text)]
    if len(heights) < 2:
        return False
    size = max(cell.lines[0].size for cell in cells if cell.lines)
    broken = any(not _is_full(above, cell.width) for cell in cells for above, _ in pairwise(cell.lines))
    return broken and max(heights) - min(heights) > _APART * size


def rows_of_cells(cells: Sequence[CellLines]) -> list[float] | None:
    """The heights between the printed rows of one row of cells, from top to bottom; None where they are not certain.

    A row is what stands at one height in all its cells: with the first of its lines, the last, or their middle, as the
    cells of a table are aligned. It has a text besides its numbers.
    """
    pitches = [pitch for cell in cells for pitch in _pitches(_numbers_below(cell))]
    if not pitches:
        return None
    blocks: list[_Block] = []
    size = max(line.size for cell in cells for line in cell.lines)
    leading = min(above.y - below.y for cell in cells for above, below in pairwise(cell.lines))
    if leading < _LEAST_LEADING * size:
        return None  # lines that overlap are of different cells
    for number, cell in enumerate(cells):
        own = _blocks(number, cell, min(_WITHIN * min(pitches), _LEADING * leading))
        if own is None:
            return None
        blocks += own
    labels = {n for n, cell in enumerate(cells) if not all(is_number(line.text) for line in cell.lines)}
    if any(block.cell not in labels and not _COMPLETE.fullmatch(block.text) for block in blocks):
        return None
    found: dict[tuple[frozenset[tuple[int, float]], ...], list[float]] = {}
    for heights in ([b.top for b in blocks], [b.middle for b in blocks], [b.bottom for b in blocks]):
        rows = _with_rests(_at_one_height(blocks, heights, _SAME * size), cells)
        # a row of numbers alone may be pieces of others
        if rows is None or any(labels.isdisjoint(block.cell for block in row) for row in rows):
            continue
        if (between := _between(rows, size)) is not None:
            found[tuple(frozenset((block.cell, block.top) for block in row) for row in rows)] = between
    return next(iter(found.values())) if len(found) == 1 else None


def holds_header_and_rows(cells: Sequence[CellLines]) -> bool:
    """Do numbers that are rows stand below words in several cells, or row numbers in one: a table of which only the
    columns have rules?"""
    tall = [cell for cell in cells if len(cell.lines) > 2]  # a word and two numbers
    below = [numbers for cell in tall if (numbers := _numbers_below(cell)) is not cell]
    return sum(bool(_pitches(numbers)) for numbers in below) > 1 or any(map(_counts, below))


def rows_below_header(cells: Sequence[CellLines]) -> list[float] | None:
    """The heights between a header and the printed rows below it, all in one row of cells; None where not certain.

    The rows begin with the first number that others stand below; a header is farther from it than wrapped lines are.
    """
    numbers = [_numbers_below(cell) for cell in cells]
    pitches = [pitch for cell in numbers for pitch in _pitches(cell)]
    if not pitches:
        return None
    first = max(cell.lines[0].y for cell in numbers if _pitches(cell))
    leading = min(above.y - below.y for cell in cells for above, below in pairwise(cell.lines))
    near = min(_WITHIN * min(pitches), _LEADING * leading)
    size = max(line.size for cell in cells for line in cell.lines)
    header: list[Line] = []
    bodies: list[CellLines] = []
    for cell in cells:
        begin = next((n for n, line in enumerate(cell.lines) if line.y <= first + _SAME * size), len(cell.lines))
        while 0 < begin < len(cell.lines) and cell.lines[begin - 1].y - cell.lines[begin].y < near:
            begin -= 1
        header += cell.lines[:begin]
        if cell.lines[begin:]:
            bodies.append(CellLines(cell.lines[begin:], cell.width))
    rows = rows_of_cells(bodies)
    if rows is None or not header:
        return None
    low, high = min(line.y for line in header), max(cell.lines[0].y for cell in bodies)
    return [(low + high) / 2 + _MIDDLE * size, *rows] if low - high >= _APART * size else None


def _numbers_below(cell: CellLines) -> CellLines:
    """The numbers at the foot of a cell; the cell itself where it holds nothing else."""
    count = next((n for n, line in enumerate(reversed(cell.lines)) if not is_number(line.text)), len(cell.lines))
    return cell if count == len(cell.lines) else CellLines(cell.lines[len(cell.lines) - count :], cell.width)


def _counts(cell: CellLines) -> bool:
    """Are the lines numbers that count on: 13, 14, 15?"""
    texts = [plain(line.text) for line in cell.lines]
    return len(texts) > 2 and all(map(str.isdecimal, texts)) and all(int(b) - int(a) == 1 for a, b in pairwise(texts))


def _pitches(cell: CellLines) -> list[float]:
    """Between the numbers of a cell that holds nothing else, where one does not continue the other."""
    texts = [plain(line.text) for line in cell.lines]
    if len(texts) < 2 or not all(map(_NUMBER.fullmatch, texts)):
        return []
    counted = _counts(cell)
    return [
        above.y - below.y
        for above, below in pairwise(cell.lines)
        if counted or _ends_a_number(above, plain(above.text), plain(below.text), cell.width)
    ]


def _ends_a_number(line: Line, above: str, below: str, width: float) -> bool:
    """A wrapped number fills its cell, its pieces are no whole numbers, and only the last has decimals."""
    if not (_COMPLETE.fullmatch(above) and _COMPLETE.fullmatch(below)):
        return False
    if _WHOLE.fullmatch(above) or "." in above + below:
        return _WHOLE.fullmatch(above) is not None and _WHOLE.fullmatch(below) is not None
    return width - (line.x1 - line.x0) > line.size + _PADDING


def _is_full(line: Line, width: float) -> bool:
    """No more of a text may have had room in the line: its break says nothing."""
    return width - (line.x1 - line.x0) < 2 * line.size + _PADDING


def _blocks(number: int, cell: CellLines, near: float) -> list[_Block] | None:
    """The lines of a cell by printed rows; None where a line is too near to be a row and yet no wrapped rest."""
    groups: list[list[Line]] = []
    for line in cell.lines:
        above = groups[-1][-1] if groups else None
        if above is None or above.y - line.y >= near:
            groups.append([line])
        elif _is_full(above, cell.width):
            groups[-1].append(line)
        else:
            return None
    return [_Block(number, tuple(group)) for group in groups]


def _at_one_height(blocks: Sequence[_Block], heights: Sequence[float], most: float) -> list[list[_Block]] | None:
    """The blocks by height, from top to bottom; None where a cell would have two in one row."""
    rows: list[list[_Block]] = []
    first = 0.0
    for height, block in sorted(zip(heights, blocks, strict=True), key=lambda placed: -placed[0]):
        if not rows or first - height > most:
            rows.append([])
            first = height
        rows[-1].append(block)
    if any(len({block.cell for block in row}) < len(row) for row in rows):
        return None
    return rows


def _with_rests(rows: list[list[_Block]] | None, cells: Sequence[CellLines]) -> list[list[_Block]] | None:
    """The rows, without those of nothing but the rest of a word that is wrapped in a column of numbers (栏 / 次)."""
    of_numbers = {
        n for n, cell in enumerate(cells) if sum(is_number(line.text) for line in cell.lines) * 2 > len(cell.lines)
    }
    found: list[list[_Block]] = []
    for row in rows or []:
        above = {block.cell: block for block in found[-1]} if found else {}
        if all(
            block.cell in of_numbers & above.keys()
            and not _DIGIT.search(block.text + above[block.cell].text)
            and _is_full(above[block.cell].lines[-1], cells[block.cell].width)
            for block in row
        ):
            found[-1] += row
        else:
            found.append(row)
    return found or None


def _between(rows: Sequence[Sequence[_Block]], size: float) -> list[float] | None:
    """The heights between rows; None where one reaches into the next."""
    heights = []
    for above, below in pairwise(rows):
        low, high = min(block.bottom for block in above), max(block.top for block in below)
        if low - high < _APART * size:
            return None
        heights.append((low + high) / 2 + _MIDDLE * size)
    return heights


# --- columns ---------------------------------------------------------------------------------------------------------


class _Run(NamedTuple):
    """A piece of a line without a wide gap."""

    start: float
    end: float
    y: float
    size: float
    text: str


Band = Sequence[Glyph]  # what stands between two rules


def columns_of_bands(bands: Sequence[Band]) -> list[tuple[float, float]] | None:
    """From where to where the columns of a table print whose rules are horizontal only; None where it is not certain.

    They are certain where every column has its own header and, line for line, one text at most; where none of its texts
    is a label with an amount, or two amounts; and where the header of a blank column stands on the line of the others.
    """
    runs = [_runs(band) for band in bands]
    first = next((n for n, band in enumerate(runs) if any(is_number(run.text) for run in band)), len(runs))
    if not 0 < first < len(runs):
        return None
    header = [run for band in runs[:first] for run in band]
    leaves = [run for run in header if not any(other.y < run.y - 1 and _overlap(run, other) for other in header)]
    body = [run for band in runs[first:] for run in band]
    if not leaves or any(_is_glued(run.text) for run in body):
        return None
    columns = _joined(body)
    lowest = min(run.y for run in leaves)
    for run in leaves:
        if not any(_overlaps(run, column) for column in columns):
            if run.y > lowest + _SAME * run.size:
                return None  # it may be the header of several columns
            columns.append((run.start, run.end))
    columns = _joined([*body, *(run for run in leaves if sum(_overlaps(run, column) for column in columns) <= 1)])
    gap = _COLUMN_GAP * max(run.size for run in body)
    if len(columns) < 2 or any(right[0] - left[1] < gap for left, right in pairwise(columns)):
        return None
    for column in columns:
        own = [run for run in leaves if _overlaps(run, column)]
        words = [round(run.y) for run in own if len(run.text) > 1]
        if not own or len(set(words)) < len(words):  # 项 目 is one header, two words are two
            return None
        if any(sum(_overlaps(run, other) for other in columns) > 1 for run in own):
            return None
    if any(not _one_to_a_column(band, columns) for band in runs[first:]):
        return None
    return columns


def _runs(glyphs: Band) -> list[_Run]:
    found = []
    for line in lines_of([glyph for glyph in glyphs if not glyph.turns]):
        pieces = [[line.glyphs[0]]]
        for glyph in line.glyphs[1:]:
            if glyph.x0 - pieces[-1][-1].x1 > WORD_GAP * glyph.size:
                pieces.append([])
            pieces[-1].append(glyph)
        for piece in pieces:
            text = plain("".join(glyph.text for glyph in piece))
            found.append(_Run(piece[0].x0, piece[-1].x1, line.y, line.size, text))
    return found


def _is_glued(text: str) -> bool:
    """Two amounts, or a label and an amount, with no gap between them that divides them."""
    return len(_AMOUNT.findall(text)) > 1 or bool(_AMOUNT.search(text) and _WORD.search(text)) or text.count(".") > 1


def _overlap(one: _Run, other: _Run) -> bool:
    return one.start < other.end and other.start < one.end


def _overlaps(run: _Run, column: tuple[float, float]) -> bool:
    return run.start < column[1] and column[0] < run.end


def _joined(runs: Iterable[_Run]) -> list[tuple[float, float]]:
    """The stretches that the runs cover together, from left to right."""
    stretches: list[tuple[float, float]] = []
    for start, end in sorted((run.start, run.end) for run in runs):
        if stretches and start < stretches[-1][1]:
            stretches[-1] = stretches[-1][0], max(end, stretches[-1][1])
        else:
            stretches.append((start, end))
    return stretches


def _one_to_a_column(band: Sequence[_Run], columns: Sequence[tuple[float, float]]) -> bool:
    """No line of the band has two texts in one column, but for the characters of a word that is spaced out."""
    starts = [start for start, _ in columns]
    taken: list[tuple[int, _Run]] = []
    for run in band:
        column = bisect_right(starts, run.start) - 1
        for other_column, other in taken:
            if (
                other_column == column
                and abs(other.y - run.y) < _SAME * run.size
                and _DIGIT.search(run.text + other.text)
            ):
                return False
        taken.append((column, run))
    return True
