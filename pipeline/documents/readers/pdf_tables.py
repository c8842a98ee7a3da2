"""Rules and glyphs → tables: which cells the rules enclose, and what stands in each.

All positions are points in reading space (the text stands upright, y grows upwards). Where a rule is missing between
two positions of the lattice they are one merged cell. Where a table has no rule at all in a direction, its text decides
(`pdf_unruled`), or nobody does: such a row or table is unclear, and its figures are not loaded.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import NamedTuple

from pipeline.documents.readers.pdf_characters import Glyph, Line, lines_of
from pipeline.documents.readers.pdf_rulings import SNAP, Box, Fill, PageLines, Rule, join_pieces
from pipeline.documents.readers.pdf_unruled import (
    WORD_GAP,
    CellLines,
    columns_of_bands,
    holds_header_and_rows,
    holds_several_rows,
    rows_below_header,
    rows_of_cells,
    stand_apart,
)

_OPEN_SIDE = 8.0  # rules that reach this far beyond the last one across them leave a column or a row open
_ROW_PITCH = 6.0  # no row is lower
_COVERED = 0.5  # of the side of a cell
_JUTS = 0.3
_PADDING = 3.0  # between a rule and the text at its side
_CUT = 0.1  # of its width: a glyph of which a rule cuts off more was printed across the rule
_SAME_RUN = (-0.1, 0.15)  # of the font size: the gap between two characters of one run
_SPACED_OUT = 0.8  # of the font size: the widest gap between the digits of one number, where all have it
_ALIKE = 1.15  # times the gap beside it
_TOUCHES = 0.3  # of the font size: a digit so near behind a rule may go on from before it
_BEYOND = 0.7  # of the font size: where the first digit beyond a table may begin
_NUMERIC = frozenset("0123456789.,")
# texts of several cells that touch each other: amounts end behind two decimals
_ONE_AMOUNT = re.compile(r"[-+(△▲]?\d[\d,]*\.\d\d\)?")
_LABEL = re.compile(r"[^\d.,+△▲-]+")
_SEVERAL_TEXTS = re.compile(rf"(?:{_LABEL.pattern})?(?:{_ONE_AMOUNT.pattern})+")
_size = itemgetter(3)  # of a glyph, by number: see pdf_characters
_MOST_POSITIONS = 200_000
_MOST_RULES = 10_000  # a page of the densest table has some hundred, after joining


class TooManyCells(Exception):
    """The rules of a page form more cells than any printed table has."""


@dataclass(slots=True)
class TableCell:
    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    glyphs: list[Glyph] = field(default_factory=list)
    lines: Sequence[Line] = ()

    def text(self) -> str:
        """The lines of the cell joined with a newline: a number, a code or a label may be wrapped."""
        return "\n".join([line.text for line in self.lines])


@dataclass(slots=True)
class Table:
    """A table found: ``cells`` by row, then column. ``crossing`` has texts that were printed across a rule,
    ``overprint`` large text over the cells (a watermark, a stamp), which is in none of them.

    ``unclear`` are rows that hold several printed rows which cannot be told apart.
    """

    box: Box
    cells: list[TableCell]
    row_count: int
    column_count: int
    crossing: list[str] = field(default_factory=list)
    overprint: list[str] = field(default_factory=list)
    unclear: frozenset[int] = frozenset()


class Found(NamedTuple):
    """The tables of a page in reading order, the glyphs outside all of them, and what is not in either.

    ``unclear`` are the texts of tables whose columns are not certain (they are outside) and of rows that are not.
    """

    tables: list[Table]
    rest: list[Glyph]
    unclear: list[str]


def find_tables(lines: PageLines, glyphs: list[Glyph], held: frozenset[int] = frozenset()) -> Found:
    """What `Found` says. Raises `TooManyCells`.

    ``held``: the numbers of glyphs that a clip path cuts: they stand in the cell of their centre, whatever they reach.

    A frame around a text is no table: its text stays outside. A table inside a cell keeps its own text.
    """
    lattices, columnless = _lattices(lines, glyphs)
    found = Found([], glyphs, [_quote(_between(glyphs, box)) for box in columnless])
    rest = glyphs
    large = max(map(_size, glyphs), default=0.0) >= _LARGE
    for lattice in sorted(lattices, key=_Lattice.area):
        table, outside = _filled(lattice, rest, large, held)
        if table is None:
            continue
        if _holds_several_rows(lattice, table):
            split, unclear = _split_rows(lattice, table)
            table, outside = _filled(split, rest, large, held)
            if table is None:
                continue
            table.unclear = unclear
            for row in sorted(unclear):
                found.unclear.append(_quote([g for cell in table.cells if cell.row == row for g in cell.glyphs]))
        found.tables.append(table)
        rest = outside
    found.tables.sort(key=lambda table: (-round(table.box[3] / _ROW_PITCH), table.box[0]))
    return found._replace(rest=rest)


def _filled(
    lattice: _Lattice, glyphs: list[Glyph], large: bool, held: frozenset[int]
) -> tuple[Table | None, list[Glyph]]:
    """The table with its text, and the glyphs outside; None for a frame, and where no text stands in it."""
    cells = lattice.cells()
    if len(cells) < 2:
        return None, glyphs
    table = Table(lattice.box(), cells, len(lattice.ys) - 1, len(lattice.xs) - 1)
    inside, outside = _assign(table, lattice, glyphs, large, held)
    if not inside:
        return None, glyphs
    for cell in cells:
        if cell.glyphs:
            cell.lines = lines_of(cell.glyphs)
    return table, outside


def _quote(glyphs: list[Glyph]) -> str:
    return " | ".join(line.text for line in lines_of(glyphs)[:3])


# --- the lattice -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Lattice:
    """Positions of columns (left to right) and rows (top to bottom), and which sides between them have a rule.

    ``across[i][j]``: on row line i, over column j. ``down[j][i]``: on column line j, beside row i. ``printed``: where
    the texts of the columns begin and end, if they have no rules.
    """

    xs: list[float]
    ys: list[float]
    across: list[bytearray]
    down: list[bytearray]
    printed: list[tuple[float, float]] = field(default_factory=list)

    def lines(self, cell: TableCell) -> CellLines:
        x0, _, x1, _ = cell.box
        if self.printed:
            x0, x1 = self.printed[cell.column][0], self.printed[cell.column + cell.column_span - 1][1]
        return CellLines(cell.lines, x1 - x0)

    def box(self) -> Box:
        return self.xs[0], self.ys[-1], self.xs[-1], self.ys[0]

    def area(self) -> float:
        return (self.xs[-1] - self.xs[0]) * (self.ys[0] - self.ys[-1])

    def cells(self) -> list[TableCell]:
        """Each position joins its neighbours as long as no rule separates them: first to the right, then downwards."""
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        taken = [bytearray(columns) for _ in range(rows)]
        cells = []
        for row in range(rows):
            column = 0
            while column < columns:
                if taken[row][column]:
                    column += 1
                    continue
                right = column + 1
                while right < columns and not self.down[right][row] and not taken[row][right]:
                    right += 1
                below = row + 1
                while below < rows and self._continues(below, column, right, taken):
                    below += 1
                for covered in range(row, below):
                    taken[covered][column:right] = b"\1" * (right - column)
                box = self.xs[column], self.ys[below], self.xs[right], self.ys[row]
                cells.append(TableCell(row, column, below - row, right - column, box))
                column = right
        return cells

    def _continues(self, row: int, column: int, right: int, taken: list[bytearray]) -> bool:
        return (
            not any(self.across[row][column:right])
            and not any(taken[row][column:right])
            and not any(self.down[inner][row] for inner in range(column + 1, right))
        )


def _lattices(lines: PageLines, glyphs: list[Glyph]) -> tuple[list[_Lattice], list[Box]]:
    """Of all tables; and the boxes of those whose columns are not certain."""
    horizontal, vertical = lines.horizontal, lines.vertical
    bands: list[_Band] = []
    if lines.fills:
        across, down = _filled_cells(lines.fills)
        horizontal, vertical = horizontal + across, vertical + down
        bands = _bands(lines.fills)
    ruled, lone = _connected(horizontal, vertical)
    lattices = [lattice for h, v in ruled if (lattice := _lattice(h, v, bands, glyphs)) is not None]
    opened, columnless = _open_tables(lone, glyphs)
    return lattices + opened, columnless


def _connected(horizontal: list[Rule], vertical: list[Rule]) -> tuple[list[tuple[list[Rule], list[Rule]]], list[Rule]]:
    """Rules that meet belong to one table. Also returns the horizontal ones that meet no vertical one."""
    if len(horizontal) + len(vertical) > _MOST_RULES:
        raise TooManyCells
    parent = list(range(len(horizontal) + len(vertical)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    order = sorted(range(len(vertical)), key=lambda number: vertical[number].at)
    places = [vertical[number].at for number in order]
    for number, (y, start, end) in enumerate(horizontal):
        own = number  # the root of its group so far
        for other in order[bisect_left(places, start - SNAP) : bisect_right(places, end + SNAP)]:
            _, low, high = vertical[other]
            if low - SNAP <= y <= high + SNAP and parent[len(horizontal) + other] != own:
                joined = root(len(horizontal) + other)
                parent[own] = joined
                own = joined
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number, rule in enumerate(horizontal):
        groups.setdefault(root(number), ([], []))[0].append(rule)
    for number, rule in enumerate(vertical, len(horizontal)):
        groups.setdefault(root(number), ([], []))[1].append(rule)
    ruled = [group for group in groups.values() if group[0] and group[1]]
    lone = [rule for h, v in groups.values() if not v for rule in h]
    return ruled, lone


def _lattice(
    horizontal: list[Rule], vertical: list[Rule], bands: Sequence[_Band], glyphs: list[Glyph]
) -> _Lattice | None:
    vertical = vertical + _open_sides(horizontal, vertical)
    horizontal = horizontal + _open_sides(vertical, horizontal)
    weak: list[tuple[float, float]] = []
    if bands:
        added, weak = _band_rules(horizontal, vertical, bands)
        horizontal = horizontal + added
    xs, ys = _positions(vertical), _positions(horizontal)[::-1]
    if len(xs) < 2 or len(ys) < 2:
        return None
    if len(xs) * len(ys) > _MOST_POSITIONS:
        raise TooManyCells
    across = _covered(horizontal, ys, xs)
    down = _covered(vertical, xs, ys)
    lattice = _Lattice(xs, ys, across, down)
    for low, high in weak:
        _split_by_text(lattice, low, high, glyphs)
    return lattice


def _positions(rules: Iterable[Rule]) -> list[float]:
    """The positions of rules, ascending; those within `SNAP` of each other are one, at their mean by length."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule.at - groups[-1][-1].at <= SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return [sum(r.at * (r.end - r.start) for r in g) / sum(r.end - r.start for r in g) for g in groups]


def _nearest(positions: Sequence[float], value: float) -> int:
    distances = [abs(position - value) for position in positions]
    return distances.index(min(distances))


def _covered(rules: list[Rule], lines: list[float], marks: list[float]) -> list[bytearray]:
    """For each line, which of the stretches between two marks have a rule along (half of it at least)."""
    covered = [bytearray(len(marks) - 1) for _ in lines]
    descending = marks[0] > marks[-1]
    ascending = marks[::-1] if descending else marks
    last = len(marks) - 2
    places: dict[float, int] = {}
    for at, start, end in rules:
        line = places.get(at)
        if line is None:
            line = places[at] = _nearest(lines, at)
        first = max(bisect_right(ascending, start) - 1, 0)
        while first <= last and ascending[first] < end:
            low, high = ascending[first], ascending[first + 1]
            if min(end, high) - max(start, low) >= _COVERED * (high - low):
                covered[line][last - first if descending else first] = 1
            first += 1
    return covered


def _open_sides(along: list[Rule], across: list[Rule]) -> list[Rule]:
    """The outer rules that a table leaves out: where two or more rules along end together, far beyond the last across.

    Turned by a quarter the same finds a missing top or bottom rule.
    """
    missing = []
    places = [rule.at for rule in across]
    first, last = min(places), max(places)
    start, end = min(rule.start for rule in along), max(rule.end for rule in along)
    for edge, beyond in ((start, first - start), (end, end - last)):
        if beyond < _OPEN_SIDE:
            continue
        reaching = [rule.at for rule in along if min(abs(rule.start - edge), abs(rule.end - edge)) <= SNAP]
        if max(reaching) - min(reaching) > SNAP:
            missing.append(Rule(edge, min(reaching), max(reaching)))
    return missing


# --- filled areas ----------------------------------------------------------------------------------------------------


_NARROWEST_GAP = 0.2
_MOST_FILLS = 5000


class _Band(NamedTuple):
    """Filled areas side by side in one row."""

    low: float
    high: float
    left: float
    right: float


def _filled_cells(fills: Sequence[Fill]) -> tuple[list[Rule], list[Rule]]:
    """The sides of filled cells that a thin unfilled gap separates from the next one (horizontal, vertical)."""
    boxes = [fill.box for fill in fills[:_MOST_FILLS]]
    cells = _separated(boxes, (0, 1, 2, 3)) | _separated(boxes, (1, 0, 3, 2))
    sides = [boxes[number] for number in sorted(cells)]
    across = [Rule(box[side], box[0], box[2]) for box in sides for side in (1, 3)]
    down = [Rule(box[side], box[1], box[3]) for box in sides for side in (0, 2)]
    return join_pieces(across), join_pieces(down)


def _separated(boxes: list[Box], order: tuple[int, int, int, int]) -> set[int]:
    """The boxes with a thin gap between their right side and the left side of another, both included."""
    left, low, right, high = order
    numbers = sorted(range(len(boxes)), key=lambda number: boxes[number][left])
    starts = [boxes[number][left] for number in numbers]
    found: set[int] = set()
    for number in numbers:
        box = boxes[number]
        first, last = bisect_right(starts, box[right] + _NARROWEST_GAP), bisect_right(starts, box[right] + SNAP)
        for other in numbers[first:last]:
            if min(box[high], boxes[other][high]) - max(box[low], boxes[other][low]) > SNAP:
                found |= {number, other}
    return found


def _bands(fills: Sequence[Fill]) -> list[_Band]:
    rows: dict[tuple[int, int], list[Box]] = defaultdict(list)
    for box, _ in fills:
        rows[round(box[1]), round(box[3])].append(box)
    bands = []
    for boxes in rows.values():
        boxes.sort()
        left, low, right, high = boxes[0]
        for box in boxes[1:]:
            if box[0] - right > SNAP:
                bands.append(_Band(low, high, left, right))
                left = box[0]
            right = max(right, box[2])
        bands.append(_Band(low, high, left, right))
    return [band for band in bands if band.high - band.low >= _ROW_PITCH]


def _band_rules(
    horizontal: list[Rule], vertical: list[Rule], bands: Sequence[_Band]
) -> tuple[list[Rule], list[tuple[float, float]]]:
    """The edges of filled bands as wide as the table, where no rule is near; and the bands outside all rules."""
    left = min(min(r.at for r in vertical), min(r.start for r in horizontal))
    right = max(max(r.at for r in vertical), max(r.end for r in horizontal))
    places = [rule.at for rule in horizontal]
    bottom, top = min(places), max(places)
    added: list[Rule] = []
    weak: list[tuple[float, float]] = []
    for band in bands:
        spans = abs(band.left - left) <= 2 * SNAP and abs(band.right - right) <= 2 * SNAP
        if not spans or band.low > top + SNAP or band.high < bottom - SNAP:
            continue
        for edge in (band.low, band.high):
            if all(abs(edge - place) >= _ROW_PITCH for place in places):
                added.append(Rule(edge, left, right))
                places.append(edge)
        if band.high > top + _ROW_PITCH or band.low < bottom - _ROW_PITCH:
            weak.append((band.low, band.high))
    return added, weak


# --- where no rule is drawn, the text decides ------------------------------------------------------------------------


def _runs(glyphs: Iterable[Glyph], gap: float = 0.8) -> list[tuple[float, float]]:
    """The stretches (from, to) that text covers, over all lines; a gap below ``gap`` font sizes is part of one."""
    stretches: list[tuple[float, float]] = []
    for line in lines_of([glyph for glyph in glyphs if not glyph.turns]):
        start, end = line.glyphs[0].x0, line.glyphs[0].x1
        for glyph in line.glyphs[1:]:
            if glyph.x0 - end > gap * glyph.size:
                stretches.append((start, end))
                start = glyph.x0
            end = max(end, glyph.x1)
        stretches.append((start, end))
    return stretches


def _between(glyphs: Iterable[Glyph], box: Box) -> list[Glyph]:
    left, low, right, high = box
    return [g for g in glyphs if low < g.cy < high and left < g.cx < right and g.text != " "]


def _split_by_text(lattice: _Lattice, low: float, high: float, glyphs: list[Glyph], gap: float = 0.8) -> None:
    """Gives the rows between two heights the column lines that no text of theirs crosses."""
    left, _, right, _ = lattice.box()
    for row in range(len(lattice.ys) - 1):
        bottom, top = lattice.ys[row + 1], lattice.ys[row]
        if not low - SNAP <= (bottom + top) / 2 <= high + SNAP:
            continue
        runs = _runs(_between(glyphs, (left, bottom, right, top)), gap)
        for column, x in enumerate(lattice.xs):
            if not any(start < x - 1 and x + 1 < end for start, end in runs):
                lattice.down[column][row] = 1


def _open_tables(rules: list[Rule], glyphs: list[Glyph]) -> tuple[list[_Lattice], list[Box]]:
    """Tables that have horizontal rules only: three or more of one extent, with text in columns between them.

    Returns also the boxes of those whose columns are not certain.
    """
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=attrgetter("at"), reverse=True):
        for group in groups:
            if abs(group[0].start - rule.start) <= SNAP and abs(group[0].end - rule.end) <= SNAP:
                group.append(rule)
                break
        else:
            groups.append([rule])
    lattices: list[_Lattice] = []
    unclear: list[Box] = []
    groups.sort(key=lambda group: group[0].start - group[0].end)  # the widest first
    for group in groups:
        ys = _positions(group)[::-1]
        box = group[0].start, ys[-1], group[0].end, ys[0]
        # rules over some columns of a wider table are its own
        if len(ys) < 3 or any(_is_within(box, other) for other in (*unclear, *map(_Lattice.box, lattices))):
            continue
        bands = [_between(glyphs, (box[0], low, box[2], high)) for high, low in pairwise(ys)]
        if not _prints_columns(bands):
            continue
        columns = columns_of_bands(bands)
        if columns is None:
            unclear.append(box)
        else:
            inner = [(left[1] + right[0]) / 2 for left, right in pairwise(columns)]
            lattices.append(_open_table([box[0], *inner, box[2]], ys, columns, glyphs))
    return lattices, unclear


def _is_within(inner: Box, outer: Box) -> bool:
    return inner[1] >= outer[1] - SNAP and inner[3] <= outer[3] + SNAP and inner[0] < outer[2] and inner[2] > outer[0]


def _prints_columns(bands: Sequence[list[Glyph]]) -> bool:
    """Rules between paragraphs are no table."""
    filled = [len(_runs(band)) >= 2 for band in bands if band]
    return any(filled) and sum(filled) * 2 >= len(filled)


def _open_table(xs: list[float], ys: list[float], printed: list[tuple[float, float]], glyphs: list[Glyph]) -> _Lattice:
    across = [bytearray(b"\1" * (len(xs) - 1)) for _ in ys]
    down = [bytearray(len(ys) - 1) for _ in xs]
    lattice = _Lattice(xs, ys, across, down, printed)
    _split_by_text(lattice, ys[-1], ys[0], glyphs, WORD_GAP)
    return lattice


# --- rows that no rule separates -------------------------------------------------------------------------------------


def _holds_several_rows(lattice: _Lattice, table: Table) -> bool:
    """Does a row of the table hold several printed rows?"""
    several = [cell for cell in table.cells if len(cell.lines) > 1]
    if any(holds_several_rows(lattice.lines(cell)) for cell in several):
        return True
    rows: dict[int, list[CellLines]] = {cell.row: [] for cell in several}
    for cell in table.cells:
        if cell.lines and cell.row in rows:
            rows[cell.row].append(lattice.lines(cell))
    return any(map(stand_apart, rows.values())) or any(map(holds_header_and_rows, rows.values()))


def _split_rows(lattice: _Lattice, table: Table) -> tuple[_Lattice, frozenset[int]]:
    """The lattice with a line between all printed rows that are certain, and the numbers of the rows that are not."""
    ys, across, down = [lattice.ys[0]], [lattice.across[0]], [bytearray() for _ in lattice.down]
    unclear: set[int] = set()
    for row in range(table.row_count):
        cells = [cell for cell in table.cells if cell.row <= row < cell.row + cell.row_span and cell.lines]
        lines = [lattice.lines(cell) for cell in cells]
        inner: list[float] | None = []
        if any(map(holds_several_rows, lines)):
            inner = rows_of_cells(lines) if all(cell.row_span == 1 for cell in cells) else None
        elif holds_header_and_rows(lines):
            inner = rows_below_header(lines) if all(cell.row_span == 1 for cell in cells) else None
        elif stand_apart(lines):
            inner = None
        if inner is None:
            inner = []
            unclear.add(len(ys) - 1)
        ys += [*inner, lattice.ys[row + 1]]
        across += [*(bytearray(b"\1" * table.column_count) for _ in inner), lattice.across[row + 1]]
        for column, sides in enumerate(lattice.down):
            down[column] += bytes([sides[row]]) * (len(inner) + 1)
    return _Lattice(lattice.xs, ys, across, down, lattice.printed), frozenset(unclear)


# --- glyphs → cells --------------------------------------------------------------------------------------------------


_OVERPRINT = 2.5  # times the usual size of the text in a table
_LARGE = 20.0  # points


def _without_overprint(cells: Sequence[TableCell]) -> list[str]:
    """Takes what is printed large over the cells out of them: a size that no row has room for, or beside small text."""
    sizes = sorted(glyph.size for cell in cells for glyph in cell.glyphs)
    least = max(_LARGE, _OVERPRINT * sizes[len(sizes) // 2])
    taken: list[Glyph] = []
    for cell in cells:
        large = [glyph for glyph in cell.glyphs if glyph.size >= least]
        if large and (len(large) < len(cell.glyphs) or least > cell.box[3] - cell.box[1]):
            cell.glyphs = [glyph for glyph in cell.glyphs if glyph.size < least]
            taken += large
    return [line.text for line in lines_of(taken)]


def _assign(
    table: Table, lattice: _Lattice, glyphs: list[Glyph], large: bool, held: frozenset[int]
) -> tuple[bool, list[Glyph]]:
    """Puts each glyph into the cell that holds its centre. Returns whether there is any, and the glyphs outside."""
    left, bottom, right, top = table.box
    xs = lattice.xs
    depths = [-y for y in lattice.ys]
    owner: list[list[TableCell]] = [[table.cells[0]] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            owner[row][cell.column : cell.column + cell.column_span] = [cell] * cell.column_span
    rest: list[Glyph] = []
    cut: list[tuple[Glyph, TableCell]] = []
    inside = False
    for glyph in glyphs:
        x0, x1, _, size, text, number, x, y, turns = glyph
        if not (left < x < right and bottom < y < top):
            rest.append(glyph)
            continue
        cell = owner[bisect_right(depths, -y) - 1][bisect_right(xs, x) - 1]
        cell.glyphs.append(glyph)
        if text != " ":
            inside = True
            box = cell.box
            juts = x0 < box[0] - _JUTS or x1 > box[2] + _JUTS
            if (juts or (x0 < box[0] + _TOUCHES * size and text in _NUMERIC)) and not turns and number not in held:
                cut.append((glyph, cell))
    if not inside:
        return False, glyphs
    if large:
        table.overprint += _without_overprint(table.cells)
    for glyph, cell in cut:
        _mend(table, owner, xs, glyph, cell)
    return True, _without_ends(table, owner, depths, rest)


def _without_ends(table: Table, owner: list[list[TableCell]], depths: list[float], rest: list[Glyph]) -> list[Glyph]:
    """What stands outside, without the ends of numbers that reach over the right side of the table into the open."""
    _, bottom, right, top = table.box
    taken: set[int] = set()
    for glyph in rest:
        x0, _, _, size, text, _, x, y, turns = glyph
        if text in _NUMERIC and right - size < x0 < right + _BEYOND * size and x >= right and not turns:
            if not bottom < y < top or id(glyph) in taken:
                continue
            cell = owner[bisect_right(depths, -y) - 1][-1]
            outside = [g for g in rest if abs(g.y - glyph.y) < size and g.text != " " and id(g) not in taken]
            run = _run_around(glyph, [g for g in cell.glyphs if g.text != " "] + outside)
            beyond = [g for g in run if g.cx >= right]
            if beyond and len(beyond) < len(run) and _is_parted(run, beyond[0], beyond):
                cell.glyphs += beyond
                taken |= {id(g) for g in beyond}
                table.crossing.append("".join(g.text for g in run))
    return [glyph for glyph in rest if id(glyph) not in taken] if taken else rest


def _mend(table: Table, owner: list[list[TableCell]], xs: list[float], glyph: Glyph, cell: TableCell) -> None:
    """A rule cuts through this glyph: the run it belongs to was printed across the rule, and is read in one cell.

    That is the cell that holds most of the run. A run that merely touches the rule stays divided by it, but for a
    number whose digits go on behind it.
    """
    if glyph not in cell.glyphs:
        return  # moved with an earlier one
    allowed = _CUT * (glyph.x1 - glyph.x0)
    beyond_left = glyph.x0 < cell.box[0] - allowed
    goes_on = not beyond_left and glyph.x1 <= cell.box[2] + allowed
    if goes_on and (glyph.text not in _NUMERIC or glyph.x0 >= cell.box[0] + _TOUCHES * glyph.size):
        return
    beyond_left = beyond_left or goes_on
    column = cell.column - 1 if beyond_left else cell.column + cell.column_span
    if not 0 <= column < table.column_count:
        return
    row = next((r for r in range(cell.row, cell.row + cell.row_span) if _holds(owner[r][column], glyph)), None)
    if row is None:
        return
    step = -1 if beyond_left else 1
    cells = [cell, owner[row][column]]
    run = _run_in(cells, glyph)
    if goes_on and not _is_parted(run, glyph, cell.glyphs):
        return
    # a long text may reach over a whole cell into the next one
    while (beyond := _next_cell(owner[row], cells[-1], step)) is not None and _reaches(run, cells[-1], step):
        cells.append(beyond)
        run = _run_in(cells, glyph)
    reached = [c for c in cells[::step] if c.box[0] < run[-1].x1 and c.box[2] > run[0].x0]
    several = _texts_in(run, reached)
    if several is not None:
        for text, home in several:
            _move(text, cells, home)
    elif _move(run, cells, _home(run, reached)):
        table.crossing.append("".join(g.text for g in run))


def _is_parted(run: Sequence[Glyph], first: Glyph, behind: Sequence[Glyph]) -> bool:
    """Does a number go on behind a rule with ``first``? Not where it is a whole amount before it."""
    place = next(number for number, glyph in enumerate(run) if glyph is first)
    if not place or run[place - 1] in behind or run[place - 1].text not in _NUMERIC:
        return False
    begin = place
    while begin and run[begin - 1].text in _NUMERIC:
        begin -= 1
    return not _ONE_AMOUNT.fullmatch("".join(glyph.text for glyph in run[begin:place]))


def _move(run: Sequence[Glyph], cells: Sequence[TableCell], target: TableCell) -> bool:
    """Puts the run into one of the cells that hold it; False where no character of it stands in another one."""
    members = {id(g) for g in run}
    moved = [g for source in cells if source is not target for g in source.glyphs if id(g) in members]
    for source in cells if moved else ():
        if source is not target:
            source.glyphs = [g for g in source.glyphs if id(g) not in members]
    target.glyphs += moved
    return bool(moved)


def _texts_in(run: Sequence[Glyph], cells: Sequence[TableCell]) -> list[tuple[Sequence[Glyph], TableCell]] | None:
    """The texts that a run is for certain made of, each with its cell; None where it may be one text.

    Amounts follow each other, with or without a label before: 284306.57284006.57 is no number. Each has a cell.
    """
    if not _SEVERAL_TEXTS.fullmatch("".join(g.text for g in run)):
        return None
    found: list[tuple[Sequence[Glyph], TableCell]] = []
    rest = run
    while rest:
        text = "".join(g.text for g in rest)
        match = _ONE_AMOUNT.match(text) or _LABEL.match(text)
        if match is None:
            return None
        count = next((n for n in range(1, len(rest) + 1) if len("".join(g.text for g in rest[:n])) == match.end()), 0)
        if not count:
            return None
        middle = (rest[0].x0 + rest[count - 1].x1) / 2
        home = next((cell for cell in cells if cell.box[0] < middle < cell.box[2]), None)
        if home is None or any(home is taken for _, taken in found):
            return None
        found.append((rest[:count], home))
        rest = rest[count:]
    return found if len(found) > 1 else None


def _run_in(cells: Sequence[TableCell], glyph: Glyph) -> list[Glyph]:
    """The run of a glyph; of a digit that of its number, if another text is printed over a part of it."""
    glyphs = [g for cell in cells for g in cell.glyphs if not g.turns and g.text != " "]
    run = _run_around(glyph, glyphs)
    if glyph.text not in _NUMERIC:
        return run
    number = _run_around(glyph, [g for g in glyphs if g.text in _NUMERIC])
    return number if len(number) > sum(g.text in _NUMERIC for g in run) else run


def _next_cell(row: Sequence[TableCell], cell: TableCell, step: int) -> TableCell | None:
    column = cell.column - 1 if step < 0 else cell.column + cell.column_span
    return row[column] if 0 <= column < len(row) else None


def _reaches(run: Sequence[Glyph], cell: TableCell, step: int) -> bool:
    """Does the run fill the cell up to its far side?"""
    return run[0].x0 < cell.box[0] + _PADDING if step < 0 else run[-1].x1 > cell.box[2] - _PADDING


def _home(run: Sequence[Glyph], cells: Sequence[TableCell]) -> TableCell:
    """The cell that a run across rules belongs to (``cells`` from left to right): the one at whose side it begins, as a
    text set to the left does, or ends; else the one that holds most of it.
    """
    at_left = abs(run[0].x0 - cells[0].box[0]) <= _PADDING
    at_right = abs(cells[-1].box[2] - run[-1].x1) <= _PADDING
    if at_left != at_right and len(cells) > 2:
        return cells[0] if at_left else cells[-1]

    def share(cell: TableCell) -> float:
        return sum(max(0.0, min(g.x1, cell.box[2]) - max(g.x0, cell.box[0])) for g in run)

    return max(cells, key=share)


def _holds(cell: TableCell, glyph: Glyph) -> bool:
    return cell.box[1] <= glyph.cy <= cell.box[3]


def _run_around(glyph: Glyph, glyphs: list[Glyph]) -> list[Glyph]:
    """The characters on the glyph's line that follow each other without a gap, from left to right."""
    line = sorted((g for g in glyphs if abs(g.y - glyph.y) < 0.3 * glyph.size), key=attrgetter("x0"))
    place = next(number for number, other in enumerate(line) if other is glyph)
    first = last = place
    while first > 0 and _follows(line, first - 1):
        first -= 1
    while last + 1 < len(line) and _follows(line, last):
        last += 1
    return line[first : last + 1]


def _follows(line: Sequence[Glyph], place: int) -> bool:
    """Does the next glyph of the line belong to one run with this one? Also in a number whose digits are spaced out."""
    before, after = line[place : place + 2]
    gap = after.x0 - before.x1
    if gap <= _SAME_RUN[1] * after.size:
        return gap >= _SAME_RUN[0] * after.size
    if gap > _SPACED_OUT * after.size or not {before.text, after.text} <= _NUMERIC:
        return False
    pairs = (line[n : n + 2] for n in (place - 1, place + 1) if 0 <= n < len(line) - 1)
    return any(gap <= _ALIKE * (b.x0 - a.x1) <= _SPACED_OUT * b.size for a, b in pairs if {a.text, b.text} <= _NUMERIC)
