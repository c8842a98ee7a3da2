"""Two readings of one document → the first one, with every disagreement of the second kept beside it.

Cells are matched by their boxes, never by their index: two readers may split rows and columns differently. A text is
compared without white space and width (NFKC), as labels and numbers are everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from pipeline.documents.model import Box, Cell, Document, Grid, Issue, Paragraph, Severity, UnreadableDocument
from pipeline.documents.packed import PackedCells

Mode = Literal["always", "on_doubt", "never"]

DIFFERS = "the two readings of a cell differ"
ONE_SEES_CELL = "only one of the two readings sees this cell"
ONE_SEES_TABLE = "only one of the two readings sees this table"
CUT_DIFFERENTLY = "the two readings cut cells of the table differently; no number differs"
MORE = "more differences between the two readings of the table"
NOT_READ_TWICE = "the document could not be read a second time; nothing confirms the first reading"


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """What the comparison of two readings came to.

    ``cells`` were compared: those with text that both readings see. ``numbers`` are those of them that hold nothing but
    a number or a code in one reading at least. What only one reading sees is counted apart.
    """

    pages: tuple[int, ...] = ()
    tables: int = 0
    cells: int = 0
    equal: int = 0
    different: int = 0
    numbers: int = 0
    numbers_different: int = 0
    cut_differently: int = 0
    only_in_first: int = 0
    only_in_second: int = 0
    tables_only_in_first: int = 0
    tables_only_in_second: int = 0


# --- which pages ------------------------------------------------------------------------------------------------------

_TABLE_LIKE = 8  # numbers: a page that prints so many outside tables may hold one that the first reading missed


def pages_to_check(first: Document, mode: Mode = "always", doubtful: Collection[int] = ()) -> tuple[int, ...]:
    """The pages (1-based) to read a second time.

    ``always``: every page on which the first reading saw a table, had a doubt, or left numbers enough for a table in
    its paragraphs; not the pages of prose, as the second reader reads tables only. ``on_doubt``: the pages on which it
    raised an issue above ``info``, and ``doubtful`` (pages of figures in a broken identity, say). ``never``: none.
    """
    if mode == "never":
        return ()
    pages = {*doubtful, *(issue.page for issue in first.issues if issue.page and issue.severity != "info")}
    if mode == "always":
        pages |= {block.page for block in first.blocks if isinstance(block, Grid) and block.page}
        loose: Counter[int] = Counter()
        for block in first.blocks:
            if isinstance(block, Paragraph) and block.page:
                loose[block.page] += sum(map(is_number, block.text.split()))
        pages |= {page for page, count in loose.items() if count >= _TABLE_LIKE}
    return tuple(sorted(pages))


def read_again(
    data: bytes, first: Document, mode: Mode = "always", doubtful: Collection[int] = ()
) -> tuple[Document, CrossCheck]:
    """Reads the pages in question with camelot and compares. The first reading stands where the second one fails."""
    pages = pages_to_check(first, mode, doubtful)
    if first.format != "pdf" or not pages:
        return first, CrossCheck()
    from pipeline.documents.readers.pdf_camelot import CamelotReading

    try:
        second = CamelotReading(data)
    except UnreadableDocument as reason:
        issue = Issue("warning", NOT_READ_TWICE, str(reason))
        return replace(first, issues=(*first.issues, issue)), CrossCheck()
    return _compared(first, pages, second.name, second.tables, second.issues)


# --- texts ------------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[-+(△▲]*\d[\d,.]*[)%]?")
_HYPHENS = str.maketrans(dict.fromkeys("\u00ad\u2010\u2011\u2212", "-"))


@lru_cache(maxsize=8192)  # a document of 30 pages prints some 300 different texts
def plain(text: str) -> str:
    """A text as it is compared: NFKC (full-width digits become narrow), one kind of hyphen, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_HYPHENS).split())


def is_number(text: str) -> bool:
    """Whether a text is nothing but a number: an amount, a code, an ordinal."""
    return _NUMBER.fullmatch(plain(text)) is not None


# --- the comparison ---------------------------------------------------------------------------------------------------

_SNAP = 3.0  # points: the two readers place one rule up to this far apart
_SAME = 0.5  # of the smaller of two boxes: cells that overlap by more lie in the same place
_MOST_NUMBERS = 20  # differences told one by one, per table; the rest are counted
_MOST_TEXTS = 5
_LONGEST_QUOTE = 80

Verdict = Literal["equal", "cut", "text", "number"]


def cross_check(first: Document, second: Document, pages: Collection[int] | None = None) -> tuple[Document, CrossCheck]:
    """The first document, with the other reading of each cell that differs, and what the comparison came to.

    ``pages`` are those that the second reading covers (all where it is None); tables elsewhere are not compared. Each
    difference is an issue: a warning where a number is concerned, else for information. Issues of the second document
    are passed on.
    """
    theirs = _grids(second, pages)
    covered = sorted({*_grids(first, pages), *theirs}) if pages is None else pages
    return _compared(first, covered, second.reader, lambda page: theirs.get(page, []), lambda: second.issues)


def _compared(
    first: Document,
    pages: Collection[int],
    reader: str,
    tables: Callable[[int], list[Grid]],
    issues: Callable[[], tuple[Issue, ...]],
) -> tuple[Document, CrossCheck]:
    """``tables`` gives those of a page in the second reading, which are dropped as soon as they are compared."""
    ours = _grids(first, pages)
    tally: Counter[str] = Counter()
    changed: dict[int, Grid] = {}
    found: list[Issue] = []
    for page in sorted(pages):
        comparison = _Comparison(page, ours.get(page, []), tables(page), (first.reader, reader))
        comparison.run()
        tally.update(comparison.tally)
        changed |= comparison.with_readings()
        found += comparison.issues
    blocks = tuple(changed.get(id(block), block) for block in first.blocks) if changed else first.blocks
    checked = replace(first, blocks=blocks, issues=(*first.issues, *issues(), *found))
    return checked, CrossCheck(pages=tuple(sorted(pages)), **tally)


def _grids(document: Document, pages: Collection[int] | None) -> dict[int, list[Grid]]:
    found: dict[int, list[Grid]] = defaultdict(list)
    for block in document.blocks:
        if isinstance(block, Grid) and block.page is not None and (pages is None or block.page in pages):
            found[block.page].append(block)
    return found


Place = tuple[int, int]  # row and column of a cell in its grid


class _Placed(NamedTuple):
    """A cell with its box; ``table`` is the number of its grid on the page."""

    cell: Cell
    box: Box
    table: int

    @property
    def text(self) -> str:
        return self.cell.text

    @property
    def place(self) -> Place:
        return self.cell.row, self.cell.column


def _with_readings(cells: Sequence[Cell], other: Mapping[Place, tuple[str, ...]]) -> Iterator[Cell]:
    for cell in cells:
        readings = other.get((cell.row, cell.column))
        yield cell if readings is None else replace(cell, other_readings=readings)


class _Comparison:
    """One page: its cells matched, judged, and what is to be said of them."""

    def __init__(self, page: int, ours: list[Grid], theirs: list[Grid], names: tuple[str, str]) -> None:
        self._page = page
        self._grids = ours, theirs
        self._names = names
        self.tally: Counter[str] = Counter(tables=0)
        self._other_readings: dict[int, dict[Place, tuple[str, ...]]] = defaultdict(dict)  # by number of our grid
        self.issues: list[Issue] = []
        self._told: Counter[tuple[int, Verdict]] = Counter()

    def run(self) -> None:
        ours, theirs = (_placed(grids) for grids in self._grids)
        pairs, left, right = _pairs(ours, theirs)
        groups = _overlapping(left, right)
        seen = {cell.table for cell, _ in pairs}, {cell.table for _, cell in pairs}
        for first, second in groups:
            if first and second:
                seen[0].update(cell.table for cell in first)
                seen[1].update(cell.table for cell in second)
        self.tally["tables"] += len(seen[0])
        self._tables_of_one(seen)
        for one, other in pairs:
            if one.text != other.text or one.text:
                self._compare([one], [other])
        for first, second in groups:
            if first and second:
                self._compare(first, second)
            elif first and first[0].table in seen[0]:
                self._cell_of_one(first[0], 0)
            elif second and second[0].table in seen[1]:
                self._cell_of_one(second[0], 1)
        self._summaries()

    def with_readings(self) -> dict[int, Grid]:
        """Our grids that were read otherwise in places, with the other readings; by the identity of the grid."""
        return {
            id(grid): replace(grid, cells=PackedCells.of(_with_readings(grid.cells, self._other_readings[number])))
            for number, grid in enumerate(self._grids[0], 1)
            if number in self._other_readings
        }

    # --- judging

    def _compare(self, first: list[_Placed], second: list[_Placed]) -> None:
        texts = [plain(cell.text) for cell in first], [plain(cell.text) for cell in second]
        count = max(1, sum(map(bool, texts[0])))
        numbers = [Counter(text for text in side if _NUMBER.fullmatch(text)) for side in texts]
        verdict = _verdict(
            texts, numbers, len(first) != len(second) and _printed_lines(first) == _printed_lines(second)
        )
        if verdict is None:
            return
        self.tally["cells"] += count
        self.tally["numbers"] += max(side.total() for side in numbers)
        if verdict == "equal":
            self.tally["equal"] += count
        elif verdict == "cut":
            self.tally["cut_differently"] += count
            self._told[first[0].table, verdict] += count
        else:
            self.tally["different"] += count
            if verdict == "number":
                self.tally["numbers_different"] += max(side.total() for side in numbers)
            self._keep(first, second)
            self._tell(verdict, DIFFERS, _quote(first), _quote(second), first[0])

    def _keep(self, first: list[_Placed], second: list[_Placed]) -> None:
        for cell in first:
            readings = tuple(other.text for other in second if _share(cell.box, other.box) >= _SAME)
            if readings and [plain(text) for text in readings] != [plain(cell.text)]:
                self._other_readings[cell.table][cell.place] = readings

    def _cell_of_one(self, cell: _Placed, side: int) -> None:
        if not plain(cell.text):
            return
        self.tally["only_in_second" if side else "only_in_first"] += 1
        verdict: Verdict = "number" if is_number(cell.text) else "text"
        if side:
            self._tell(verdict, ONE_SEES_CELL, "(no cell)", _quote([cell]), None)
        else:
            self._tell(verdict, ONE_SEES_CELL, _quote([cell]), "(no cell)", cell)

    def _tables_of_one(self, seen: tuple[set[int], set[int]]) -> None:
        for side, key in enumerate(("tables_only_in_first", "tables_only_in_second")):
            for number, grid in enumerate(self._grids[side], 1):
                texts = [cell.text for cell in grid.cells if plain(cell.text)]
                if number in seen[side] or not texts:
                    continue
                self.tally[key] += 1
                quote = f"{self._names[side]}: " + _shortened(" | ".join(texts))
                locator = None if side else f"table {number}"
                self.issues.append(Issue("warning", ONE_SEES_TABLE, quote, page=self._page, locator=locator))

    # --- telling

    def _tell(self, verdict: Verdict, what: str, ours: str, theirs: str, cell: _Placed | None) -> None:
        table = cell.table if cell else 0
        self._told[table, verdict] += 1
        if self._told[table, verdict] > (_MOST_NUMBERS if verdict == "number" else _MOST_TEXTS):
            return
        text = f"{self._names[0]}: {ours} | {self._names[1]}: {theirs}"
        locator = f"table {table}, row {cell.cell.row + 1}, column {cell.cell.column + 1}" if cell else None
        self.issues.append(Issue(_SEVERITY[verdict], what, text, page=self._page, locator=locator))

    def _summaries(self) -> None:
        for (table, verdict), count in self._told.items():
            locator = f"table {table}" if table else None
            if verdict == "cut":
                self.issues.append(Issue("info", CUT_DIFFERENTLY, f"{count} cells", page=self._page, locator=locator))
            elif (more := count - (_MOST_NUMBERS if verdict == "number" else _MOST_TEXTS)) > 0:
                severity = _SEVERITY[verdict]
                self.issues.append(Issue(severity, MORE, f"{more} cells", page=self._page, locator=locator))


_SEVERITY: dict[Verdict, Severity] = {"number": "warning", "text": "info"}


def _verdict(
    texts: tuple[list[str], list[str]], numbers: list[Counter[str]], same_lines: bool = False
) -> Verdict | None:
    """None where nothing is printed. Several cells against one or more: the numbers count, then the characters.

    ``same_lines``: line for line they print the same, so that the numbers of one cell are those of several.
    """
    ours, theirs = texts
    if not any(ours) and not any(theirs):
        return None
    if len(ours) == len(theirs) == 1:
        if ours == theirs:
            return "equal"
        return "number" if any(numbers) else "text"
    if numbers[0] != numbers[1] and not same_lines:
        return "number"
    return "cut" if sorted("".join(ours)) == sorted("".join(theirs)) else "text"


def _printed_lines(cells: Sequence[_Placed]) -> list[str]:
    return [text for cell in cells for line in cell.text.split("\n") if (text := plain(line))]


def _quote(cells: Sequence[_Placed]) -> str:
    return _shortened(" / ".join(cell.text for cell in cells if plain(cell.text))) or "(blank)"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


# --- matching by boxes ------------------------------------------------------------------------------------------------


def _placed(grids: list[Grid]) -> list[_Placed]:
    return [
        _Placed(cell, cell.bbox, number) for number, grid in enumerate(grids, 1) for cell in grid.cells if cell.bbox
    ]


def _pairs(
    ours: list[_Placed], theirs: list[_Placed]
) -> tuple[list[tuple[_Placed, _Placed]], list[_Placed], list[_Placed]]:
    """The cells whose four sides lie in the same places, and what is left of both.

    The sides of all cells are put on common positions first, so that matching is a look-up: comparing each box with
    each takes longer than reading the page.
    """
    boxes = [cell.box for cell in (*ours, *theirs)]
    xs = _positions(side for box in boxes for side in (box[0], box[2]))
    ys = _positions(side for box in boxes for side in (box[1], box[3]))
    places: dict[tuple[int, ...], _Placed] = {}
    right = []
    for cell in theirs:
        x0, y0, x1, y1 = cell.box
        if places.setdefault((xs[x0], ys[y0], xs[x1], ys[y1]), cell) is not cell:
            right.append(cell)
    pairs = []
    left = []
    for cell in ours:
        x0, y0, x1, y1 = cell.box
        match = places.pop((xs[x0], ys[y0], xs[x1], ys[y1]), None)
        if match is not None:
            pairs.append((cell, match))
        else:
            left.append(cell)
    return pairs, left, [*right, *places.values()]


def _positions(sides: Iterable[float]) -> dict[float, int]:
    """Each coordinate → the number of its position; a position takes what lies within `_SNAP` of its first one."""
    numbers: dict[float, int] = {}
    start, number = float("-inf"), 0
    for side in sorted(set(sides)):
        if side - start > _SNAP:
            start, number = side, number + 1
        numbers[side] = number
    return numbers


def _share(one: Box, other: Box) -> float:
    """The area that two boxes have in common, as a part of the smaller one."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / smaller if smaller else 0.0


def _overlapping(left: list[_Placed], right: list[_Placed]) -> list[tuple[list[_Placed], list[_Placed]]]:
    """Cells that lie in the same place, cut in other ways: groups of some of ours and some of theirs."""
    if not left or not right:
        return [([cell], []) for cell in left] + [([], [cell]) for cell in right]
    parent = list(range(len(left) + len(right)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for one, other in _near(left, right):
        if _share(left[one].box, right[other].box) >= _SAME:
            parent[root(one)] = root(len(left) + other)
    groups: dict[int, tuple[list[_Placed], list[_Placed]]] = {}
    for number, cell in enumerate(left):
        groups.setdefault(root(number), ([], []))[0].append(cell)
    for number, cell in enumerate(right, len(left)):
        groups.setdefault(root(number), ([], []))[1].append(cell)
    return list(groups.values())


def _near(left: list[_Placed], right: list[_Placed]) -> Iterable[tuple[int, int]]:
    """Pairs of numbers of cells whose heights overlap (a sweep from top to bottom)."""
    events = [(-cell.box[3], 0, number) for number, cell in enumerate(left)]
    events += [(-cell.box[3], 1, number) for number, cell in enumerate(right)]
    open_cells: tuple[list[int], list[int]] = ([], [])
    sides = left, right
    for top, side, number in sorted(events):
        other = 1 - side
        open_cells[other][:] = [n for n in open_cells[other] if -sides[other][n].box[1] > top]
        for candidate in open_cells[other]:
            yield (number, candidate) if side == 0 else (candidate, number)
        open_cells[side].append(number)
