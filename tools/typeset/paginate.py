"""A layout as pages of primitive drawing operations; every PDF engine draws the same pages.

Coordinates are points of the page as a reader sees it, origin at the lower left.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from tools.typeset.layout import Align, ContentsLine, Layout, LayoutBlock, Line, PageBreak, Table, TableCell, Title
from tools.typeset.style import PageStyle

Box = tuple[float, float, float, float]
Colour = tuple[float, float, float]
BLACK: Colour = (0.0, 0.0, 0.0)

_A4 = (595.28, 841.89)
_MARGIN = 48.0
_TITLE_SIZES = {1: 18.0, 2: 15.0, 3: 12.0}
_LINE_SIZE = 10.5
_LEADING = 1.3  # of the font size
_ASCENT = 0.9  # of the font size: from the top of a line to its baseline
_PADDING, _PADDING_ABOVE = 3.0, 2.5
_GAP = 14.0  # between a table and what follows
_RULE_WIDTHS = {"lines": 0.75, "boxes": 0.5, "rectangles": 0.48, "dashed": 0.6, "hairline": 0.1}
_FILLS: dict[str, Colour] = {"grey": (0.85, 0.85, 0.85), "blue": (0.74, 0.84, 0.93)}
_TOTALS = re.compile(r"合计|总计|小计")
_WORDS = re.compile(r"[0-9A-Za-z.,%/-]+|\s+|.")
_PIECES = re.compile(r"[\x21-\x7e]+|[^\x21-\x7e]+")

Advance = Callable[[str], float]  # the width of a character in thousandths of the font size


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text; ``y`` is its baseline."""

    x: float
    y: float
    text: str
    size: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The outline of a rectangle."""

    box: Box
    width: float


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled rectangle."""

    box: Box
    colour: Colour


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that an engine may put into a form XObject."""

    operations: tuple[Text | Stroke | Frame | Fill, ...]


Operation = Text | Stroke | Frame | Fill | Group


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell, or the part of it, that stands on one page. ``page`` is 1-based, ``box`` its place between the rules.

    ``table`` counts the tables of the layout, ``part`` the pages of that table; ``row`` and ``row_span`` count within
    the part, so that a reader's grid of that page can be compared. ``rest``: the row is the rest of one that a page
    break cut.
    """

    cell: TableCell
    page: int
    box: Box
    text: str
    table: int
    part: int
    row: int
    row_span: int
    rest: bool = False


@dataclass
class Sheet:
    """One page: its size as a reader sees it and what is drawn on it, in order."""

    width: float
    height: float
    operations: list[Operation] = field(default_factory=list)

    def turned(self, degrees: int) -> tuple[tuple[float, float, float, float, float, float], tuple[float, float]]:
        """The matrix that turns the content back where /Rotate is so many degrees, and the size of the page itself."""
        size = (self.height, self.width) if degrees % 180 else (self.width, self.height)
        return {
            0: (1, 0, 0, 1, 0, 0),
            90: (0, 1, -1, 0, self.height, 0),
            180: (-1, 0, 0, -1, self.width, self.height),
            270: (0, -1, 1, 0, 0, self.width),
        }[degrees], size


def paginate(layout: Layout, page: PageStyle, advance: Advance) -> tuple[list[Sheet], list[Placed]]:
    """The pages of a layout and where each cell of its tables stands.

    Raises `ValueError` where a table's columns, or its header, are more than a page has room for.
    """
    flow = _Flow(page, advance)
    blocks = layout.blocks
    for index, block in enumerate(blocks):
        flow.add(block, blocks[index + 1 :])
    return flow.finish(), flow.placed


def wrap(text: str, room: float, size: float, advance: Advance, indent: float = 0.0) -> list[str]:
    """The lines of a text: words and numbers stay whole where they fit a line; spaces at a line's end are dropped.

    ``indent`` is what the first line is set in by.
    """
    if "\n" in text:
        return [line for paragraph in text.split("\n") for line in wrap(paragraph, room, size, advance)]
    lines: list[str] = []
    current, width = "", indent
    for word in _WORDS.findall(text):
        wide = _measure(word, size, advance)
        if current and not word.isspace() and width + wide > room:
            lines.append(current.rstrip())
            current, width = "", 0.0
        if wide > room and not word.isspace():
            for character in word:
                step = _measure(character, size, advance)
                if current and width + step > room:
                    lines.append(current)
                    current, width = "", 0.0
                current, width = current + character, width + step
        elif current or not word.isspace():
            current, width = current + word, width + wide
    return [*lines, current.rstrip()] if current.strip() or not lines else lines


def _measure(text: str, size: float, advance: Advance) -> float:
    return sum(advance(character) for character in text) * size / 1000


# --- tables ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Slice:
    """A row of a table on a page, or some lines of it."""

    row: int
    height: float
    first: int = 0
    last: int | None = None

    @property
    def whole(self) -> bool:
        return self.first == 0 and self.last is None


class _Sized:
    """A table with its columns' widths, its cells' lines and its rows' heights."""

    def __init__(self, table: Table, page: PageStyle, room: float, advance: Advance) -> None:
        shares = table.widths if page.columns == "layout" and table.widths else ()
        narrowest = min(shares, default=1 / table.column_count) * room
        self.table, self.size = table, min(page.font_size, narrowest - 2 * _PADDING - 0.5)
        if self.size < 4:
            raise ValueError(f"{table.column_count} columns do not fit the page")
        self.leading = self.size * _LEADING
        self.grid = table.rows()
        self.widths = [share * room for share in shares] or self._content_widths(room, advance)
        self.lines: dict[tuple[int, int], list[str]] = {}
        for cell in table.cells:
            inner = sum(self.widths[cell.column : cell.column + cell.column_span]) - 2 * _PADDING
            self.lines[cell.row, cell.column] = wrap(cell.text, inner, self.size, advance)
        self.heights = [self._height(1)] * table.row_count
        for cell in sorted(table.cells, key=lambda cell: cell.row_span):
            rows = range(cell.row, cell.row + cell.row_span)
            missing = self._height(len(self.lines[cell.row, cell.column])) - sum(self.heights[row] for row in rows)
            if missing > 0:
                self.heights[rows[-1]] += missing

    def _height(self, lines: int) -> float:
        return lines * self.leading + 2 * _PADDING_ABOVE

    def _content_widths(self, room: float, advance: Advance) -> list[float]:
        """Enough for each column's longest text if there is room; else labels give way first, then numbers."""
        one = self.size + 2 * _PADDING + 0.5
        natural = [one] * self.table.column_count
        least = [one] * self.table.column_count
        for cell in self.table.cells:
            if cell.column_span == 1:
                wide = _measure(cell.text, self.size, advance) + 2 * _PADDING + 0.5
                natural[cell.column] = max(natural[cell.column], wide)
                if cell.figure is not None or cell.align == "right":  # numbers
                    least[cell.column] = max(least[cell.column], wide)
                elif len(cell.text) > 1:
                    least[cell.column] = max(least[cell.column], min(wide, one + self.size))
        if sum(natural) <= room:
            return [width * room / sum(natural) for width in natural]
        low = least if sum(least) <= room else [one] * len(natural)
        high = natural if low is least else least
        share = (room - sum(low)) / (sum(high) - sum(low))
        return [small + (large - small) * share for small, large in zip(low, high, strict=True)]

    def may_break_before(self, row: int) -> bool:
        """No cell reaches from the row above into this one, or its text has room in what is above."""
        return all(
            above is not below or above is None or self._missing_above(above, row) <= 0
            for above, below in zip(self.grid[row - 1], self.grid[row], strict=True)
        )

    def _missing_above(self, cell: TableCell, row: int) -> float:
        """The height that the text of a cell over several rows needs beyond what it has above this row."""
        return self._height(len(self.lines[cell.row, cell.column])) - sum(self.heights[cell.row : row])

    def whole(self, row: int) -> _Slice:
        return _Slice(row, self.heights[row])

    def lines_of(self, row: int) -> int:
        return max((len(self.lines[cell.row, cell.column]) for cell in self._single(row)), default=1)

    def _single(self, row: int) -> list[TableCell]:
        return [cell for cell in self.grid[row] if cell is not None and cell.row_span == 1]

    def cut(self, part: _Slice, room: float, anywhere: bool = False) -> tuple[_Slice, _Slice] | None:
        """A row cut so that its first part fits; its figures and whole cells stand wholly there, else None.

        ``anywhere``: only figures and numbers do.
        """
        count = self.lines_of(part.row)
        fitting = part.first + int((room - 2 * _PADDING_ABOVE) / self.leading + 1e-9)
        kept = (
            cell
            for cell in self._single(part.row)
            if cell.figure is not None or (cell.whole and (cell.align == "right" or not anywhere))
        )
        least = max((len(self.lines[cell.row, cell.column]) for cell in kept), default=1)
        for cell in self.grid[part.row]:  # the text of a cell over several rows stands in its first part
            if cell is not None and cell.row_span > 1:
                missing = self._missing_above(cell, part.row) - 2 * _PADDING_ABOVE
                least = max(least, math.ceil(missing / self.leading - 1e-9))
        if part.first:
            least = part.first + 1
        if not max(least, part.first + 1) <= fitting < count:
            return None
        first = _Slice(part.row, self._height(fitting - part.first), part.first, fitting)
        return first, _Slice(part.row, self._height(count - fitting), fitting)

    def tear(self, part: _Slice, room: float) -> tuple[_Slice, _Slice] | None:
        """A row of single cells cut between any two of its lines, so that its first part fits; else None."""
        if any(cell is not None and cell.row_span > 1 for cell in self.grid[part.row]):
            return None
        count = self.lines_of(part.row)
        fitting = part.first + int((room - 2 * _PADDING_ABOVE) / self.leading + 1e-9)
        if not part.first < fitting < count:
            return None
        first = _Slice(part.row, self._height(fitting - part.first), part.first, fitting)
        return first, _Slice(part.row, self._height(count - fitting), fitting)

    def lines_in(self, cell: TableCell, part: _Slice, vertical: str) -> list[str]:
        """The lines of a cell of one row that stand in this part of the row, as the cell is aligned in the whole."""
        lines = self.lines[cell.row, cell.column]
        free = self.lines_of(part.row) - len(lines)
        above = {"top": 0, "middle": free // 2, "bottom": free}[vertical]
        last = None if part.last is None else max(part.last - above, 0)
        return lines[max(part.first - above, 0) : last]


# --- pages -----------------------------------------------------------------------------------------------------------


class _Flow:
    """The blocks, set one below the other."""

    def __init__(self, page: PageStyle, advance: Advance) -> None:
        self.page, self.advance = page, advance
        short, long = _A4
        self.width, self.height = (long, short) if page.paper == "landscape" else (short, long)
        self.room = self.width - 2 * _MARGIN
        self.sheets: list[Sheet] = []
        self.placed: list[Placed] = []
        self.tables = 0
        self.beside: float | None = None  # the baseline of the line on the left that may get one on the right
        self._sized: dict[int, _Sized] = {}
        self._start()

    def _start(self) -> None:
        self.sheets.append(Sheet(self.width, self.height))
        self.y = self.height - _MARGIN
        self.fresh = True
        self.beside = None

    @property
    def left(self) -> float:
        return self.y - _MARGIN - self.page.foot

    def finish(self) -> list[Sheet]:
        total = len(self.sheets)
        for number, sheet in enumerate(self.sheets, 1):
            words = {"number": f"{number}", "dashes": f"- {number} -", "of": f"第{number}页 共{total}页"}
            if text := words.get(self.page.footer, ""):
                wide = _measure(text, 9, self.advance)
                sheet.operations += self._pieces((self.width - wide) / 2, _MARGIN / 2, text, 9)
        return self.sheets

    def add(self, block: LayoutBlock, following: Sequence[LayoutBlock]) -> None:
        if isinstance(block, PageBreak):
            if not self.fresh and not self._fits_below(following):
                self._start()
            elif not self.fresh:
                self.y -= _GAP
            return
        if not self.fresh and self._needed(block, following) > self.left:
            self._start()
        beside, self.beside = self.beside, None
        match block:
            case Title():
                self._title(block)
            case Line():
                self._line(block, beside)
            case ContentsLine():
                self._contents(block)
            case Table():
                self._table(block)
        self.fresh = False

    # what is ahead

    def _size(self, table: Table) -> _Sized:
        if id(table) not in self._sized:
            self._sized[id(table)] = _Sized(table, self.page, self.room, self.advance)
        return self._sized[id(table)]

    def _block_height(self, block: LayoutBlock) -> float:
        match block:
            case Title():
                size = _TITLE_SIZES[block.level]
                return len(wrap(block.text, self.room, size, self.advance)) * size * _LEADING + 8
            case Line():
                lines = wrap(block.text, self.room, _LINE_SIZE, self.advance, _indent(block))
                return len(lines) * _LINE_SIZE * _LEADING
            case ContentsLine():
                return _LINE_SIZE * _LEADING * 1.3
            case Table():
                return sum(self._size(block).heights) + _GAP
            case _:
                return 0.0

    def _needed(self, block: LayoutBlock, following: Sequence[LayoutBlock]) -> float:
        """What must fit for this block to begin here: a heading goes with the beginning of its table."""
        if isinstance(block, Table):
            sized = self._size(block)
            end = min(block.header_rows + 1, block.row_count)
            while end < block.row_count and not sized.may_break_before(end):
                end += 1
            return sum(sized.heights[:end])
        height = self._block_height(block)
        if isinstance(block, Title | Line) and following and len(getattr(block, "text", "")) < 60:
            ahead = following[0]
            if isinstance(ahead, Table) or isinstance(block, Title):
                return height + self._needed(ahead, following[1:])
            if isinstance(ahead, Line) and any(isinstance(other, Table) for other in following[1:3]):
                return height + self._needed(ahead, following[1:])
        return height

    def _fits_below(self, following: Sequence[LayoutBlock]) -> bool:
        """``packed``: the next statement, up to the page break after it, fits below what is on this page."""
        if not self.page.packed or not following or not isinstance(following[0], Title) or following[0].level < 2:
            return False
        height, tables = _GAP, 0
        for block in following:
            if isinstance(block, PageBreak):
                break
            height += self._block_height(block)
            tables += isinstance(block, Table)
        return tables > 0 and height <= self.left

    # drawing

    def _pieces(self, x: float, y: float, text: str, size: float, bold: bool = False) -> Iterator[Text]:
        pieces = _PIECES.findall(text) if self.page.pieces else [text]
        for piece in pieces:
            if piece.strip():
                yield Text(x, y, piece, size)
                if bold:
                    yield Text(x + size / 40, y, piece, size)
            x += _measure(piece, size, self.advance)

    def _set(self, text: str, size: float, align: Align, bold: bool = False, indent: float = 0.0) -> None:
        """A paragraph; it may go on on the next page."""
        for line in wrap(text, self.room, size, self.advance, indent):
            if size * _LEADING > self.left:
                self._start()
            slack = self.room - _measure(line, size, self.advance)
            x = _MARGIN + {"left": indent, "center": slack / 2, "right": slack}[align]
            indent = 0.0
            self.sheets[-1].operations += self._pieces(x, self.y - size * _ASCENT, line, size, bold)
            self.y -= size * _LEADING

    def _title(self, title: Title) -> None:
        self._set(title.text, _TITLE_SIZES[title.level], "center", self.page.fake_bold)
        self.y -= 8

    def _line(self, line: Line, beside: float | None) -> None:
        wide = _measure(line.text, _LINE_SIZE, self.advance)
        if line.align == "right" and beside is not None and self.page.paired_lines and beside + wide + 20 < self.room:
            self.y += _LINE_SIZE * _LEADING
        self._set(line.text, _LINE_SIZE, line.align, indent=_indent(line))
        if line.align == "left":
            self.beside = wide

    def _contents(self, line: ContentsLine) -> None:
        advance, baseline = self.advance, self.y - _LINE_SIZE * _ASCENT
        texts = [(line.text, 0.0), (line.page, self.room - _measure(line.page, _LINE_SIZE, advance))]
        if line.leader == "dots":
            start = _measure(line.text, _LINE_SIZE, advance) + 4
            dots = "." * max(3, int((texts[1][1] - 4 - start) / _measure(".", _LINE_SIZE, advance)))
            texts.insert(1, (dots, start))
        for text, x in texts:
            self.sheets[-1].operations += self._pieces(_MARGIN + x, baseline, text, _LINE_SIZE)
        self.y -= self._block_height(line)

    def _table(self, table: Table) -> None:
        sized = self._size(table)
        header = [sized.whole(row) for row in range(table.header_rows)]
        header_height = sum(slice_.height for slice_ in header)
        page_height = self.height - 2 * _MARGIN - self.page.foot
        if header_height > page_height:
            raise ValueError("the header of a table does not fit a page")
        again = header if table.repeated is None else [sized.whole(row) for row in table.repeated]
        repeated = again if self.page.repeat_header and header_height <= page_height / 2 else []
        self.tables += 1
        part, alone, on_page = 0, self.fresh, list(header)  # alone: the table begins at the top of this page
        begun, room = False, self.left - header_height  # begun: a row that is not the header's stands on this page
        waiting = [sized.whole(row) for row in range(table.row_count - 1, table.header_rows - 1, -1)]
        while waiting:
            group = [waiting.pop()]
            while waiting and group[-1].whole and not sized.may_break_before(waiting[-1].row):
                group.append(waiting.pop())
            height = sum(slice_.height for slice_ in group)
            if height <= room + 1e-6:
                on_page += group
                begun, room = True, room - height
                continue
            stuck = alone and not begun
            cut = sized.cut(group[0], room) if len(group) == 1 and (self.page.split_rows or stuck) else None
            if self.page.torn_rows and len(group) == 1:
                cut = sized.tear(group[0], room)
            if cut is None and stuck and len(group) == 1:
                cut = sized.cut(group[0], room, anywhere=True)
            if cut is not None:
                on_page.append(cut[0])
                waiting.append(cut[1])
                begun = True
            elif stuck:
                raise ValueError(f"row {group[0].row + 1} of a table does not fit a page")
            else:
                waiting += reversed(group)
            if begun:
                self._draw(sized, on_page, part)
                part += 1
            self._start()
            on_page = list(repeated if part else header)
            alone, begun, room = True, False, self.left - sum(slice_.height for slice_ in on_page)
        if on_page:
            self._draw(sized, on_page, part)
        self.y -= _GAP

    def _draw(self, sized: _Sized, slices: Sequence[_Slice], part: int) -> None:
        """The slices one below the other, from where the page stands."""
        xs, ys = [_MARGIN], [self.y]
        for width in sized.widths:
            xs.append(xs[-1] + width)
        for slice_ in slices:
            ys.append(ys[-1] - slice_.height)
        fills: list[Fill] = []
        texts: list[Text] = []
        frames: list[Frame] = []
        for index, slice_ in enumerate(slices):
            header = slice_.row < sized.table.header_rows
            cells = [cell for cell in sized.grid[slice_.row] if cell is not None]
            total = any(_TOTALS.search(re.sub(r"\s", "", cell.text)) for cell in cells if cell.figure is None)
            bold = self.page.fake_bold and (header or total)
            for column, cell in enumerate(cells):
                if cell.column != column or (index and sized.grid[slices[index - 1].row][column] is cell):
                    continue
                parts = [*takewhile(lambda part: sized.grid[part.row][column] is cell, slices[index:])]  # noqa: B023
                box = (xs[cell.column], ys[index + len(parts)], xs[cell.column + cell.column_span], ys[index])
                lines = sized.lines[cell.row, cell.column]
                if cell.row_span == 1:
                    aligned = self.page.vertical if self.page.torn_rows else "top"
                    lines = sized.lines_in(cell, slice_, aligned)
                elif slice_.row > cell.row or slice_.first:
                    lines = []  # the rest of a cell over several rows: its text stands before the page break
                text, place = "".join(lines), (self.tables - 1, part, index, len(parts))
                self.placed.append(Placed(cell, len(self.sheets), box, text, *place, rest=slice_.first > 0))
                complete = len(parts) == cell.row_span and all(part.whole for part in parts)
                texts += self._cell_text(box, lines, cell, sized, complete, bold)
                if header and self.page.header_fill != "none":
                    fills.append(Fill(box, _FILLS[self.page.header_fill]))
                frames.append(Frame(box, _RULE_WIDTHS["boxes"]))
        rules: Sequence[Stroke | Frame | Fill] = frames
        if self.page.rules != "boxes" or self.page.open_sides or self.page.drawn != "all":
            header_rows = sum(slice_.row < sized.table.header_rows for slice_ in slices)
            rules = list(self._rules([sized.grid[slice_.row] for slice_ in slices], xs, ys, header_rows))
        self.sheets[-1].operations.append(Group((*fills, *texts, *rules)))
        self.y = ys[-1]

    def _cell_text(
        self, box: Box, lines: Sequence[str], cell: TableCell, sized: _Sized, whole: bool, bold: bool
    ) -> Iterator[Text]:
        slack = box[3] - box[1] - 2 * _PADDING_ABOVE - len(lines) * sized.leading
        where = self.page.vertical if whole else "top"
        y = box[3] - _PADDING_ABOVE - {"top": 0.0, "middle": slack / 2, "bottom": slack}[where]
        for line in lines:
            free = box[2] - box[0] - 2 * _PADDING - _measure(line, sized.size, self.advance)
            x = box[0] + _PADDING + {"left": 0.0, "center": free / 2, "right": free}[cell.align]
            yield from self._pieces(x, y - sized.size * _ASCENT, line, sized.size, bold)
            y -= sized.leading

    def _rules(
        self, owners: Sequence[Sequence[TableCell | None]], xs: Sequence[float], ys: Sequence[float], header_rows: int
    ) -> Iterator[Stroke | Fill]:
        """The rules between cells that differ: long lines, or with ``rectangles`` a thin bar for each cell's edge."""
        if self.page.drawn == "none":
            return
        rows, columns = len(owners), len(xs) - 1
        width, apart = _RULE_WIDTHS[self.page.rules], self.page.rules == "rectangles"
        for edge in range(rows + 1):
            inner = 0 < edge < rows
            if inner and edge > header_rows and self.page.drawn in ("columns", "header"):
                continue
            if inner and self.page.drawn == "only columns":
                continue
            drawn = [not inner or owners[edge - 1][column] is not owners[edge][column] for column in range(columns)]
            for start, end in _runs(drawn, apart):
                yield self._rule(xs[start], ys[edge], xs[end], ys[edge], width)
        if self.page.drawn in ("rows", "header"):
            return
        for edge in range(columns + 1):
            inner = 0 < edge < columns
            if not inner and self.page.open_sides:
                continue
            drawn = [not inner or owners[row][edge - 1] is not owners[row][edge] for row in range(rows)]
            for start, end in _runs(drawn, apart):
                yield self._rule(xs[edge], ys[end], xs[edge], ys[start], width)

    def _rule(self, x0: float, y0: float, x1: float, y1: float, width: float) -> Stroke | Fill:
        if self.page.rules == "rectangles":
            half = width / 2
            return Fill((x0 - half, y0 - half, x1 + half, y1 + half), BLACK)
        return Stroke(x0, y0, x1, y1, width, self.page.rules == "dashed")


def _indent(line: Line) -> float:
    return 2 * _LINE_SIZE if line.indent else 0.0


def _runs(drawn: Sequence[bool], apart: bool) -> Iterator[tuple[int, int]]:
    """The stretches of true values as (start, end); ``apart``: each on its own."""
    start: int | None = None
    for index, here in enumerate([*drawn, False]):
        if start is not None and (not here or apart):
            yield start, index
            start = None
        if here and start is None:
            start = index
