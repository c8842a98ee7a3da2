"""Sheets printed over pages side by side: the right columns of a statement stand on pages of their own.

A spreadsheet that is wider than its paper is printed so, either all left pages first or from left to right. Every row
then has the same height at the same place of its pages. That, another header on the right, and a header that is the
statement's when put together are what joins the parts; what is not joined is never read as a page that goes on below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, islice, pairwise
from typing import NamedTuple

from pipeline.forms.columns import ColumnMap, split_table
from pipeline.forms.form import Form, StatementForm
from pipeline.forms.printed import squash
from pipeline.forms.printed_table import BLANK, PrintedCell, PrintedRow, PrintedTable, printed_rows

NOT_JOINED = (
    "the right columns of a sheet stand on a page of their own, and their rows cannot be matched for certain; they are "
    "not loaded: print the sheet with all its columns on one page"
)
_SAME = 1.0  # points: two heights
_HEADER_ROWS = 5  # cells that reach over rows hide their rules, above the body only
_FEWEST_ROWS = 2
_MOST_TRIED = 4


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the sheet: its table, its first column that is no repeated one, where its rows begin in the whole."""

    table: PrintedTable
    first: int
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class JoinedTable(PrintedTable):
    """A table whose columns stand on several pages: the left part, and what goes on beside it."""

    parts: tuple[_Part, ...] = ()
    kept: tuple[int, ...] = ()  # those rows of the whole that belong to the statement

    @property
    def rows(self) -> list[PrintedRow]:
        by_part = [dict(zip(part.places, printed_rows(part.table.grid), strict=True)) for part in self.parts]
        return [self._row([rows.get(number) for rows in by_part]) for number in self.kept]

    def _row(self, pieces: Sequence[PrintedRow | None]) -> PrintedRow:
        cells: list[PrintedCell] = []
        spans: list[tuple[int, int]] = []
        for part, row in zip(self.parts, pieces, strict=True):
            width = part.table.column_count - part.first
            start = len(cells) - part.first
            cells += row.cells[part.first :] if row else [BLANK] * width
            for column, wide in row.spans if row else ():
                if column + wide > part.first:
                    spans.append((max(column, part.first) + start, min(wide, column + wide - part.first)))
                    if column < part.first and row:  # a merged header that begins over the repeated columns
                        cells[part.first + start] = row.cells[column]
            cells[start + part.first :] = [
                replace(cell, page=part.table.page) if cell is not BLANK else cell
                for cell in cells[start + part.first :]
            ]
        first = next(row for row in pieces if row is not None)
        return PrintedRow(cells, spans, self.page, first.locator)

    @property
    def column_count(self) -> int:
        return sum(part.table.column_count - part.first for part in self.parts)


class Header(NamedTuple):
    """The texts of a table's header from left to right, row by row; ``single``: without those over several columns, of
    which each page shows another part."""

    texts: tuple[str, ...]
    single: tuple[str, ...]

    @classmethod
    def of(cls, rows: Sequence[PrintedRow]) -> Header:
        texts = [[squash(cell.text) for cell in row.cells] for row in rows]
        merged = [{c for start, width in row.spans if width > 1 for c in range(start, start + width)} for row in rows]
        single = (text for row, over in zip(texts, merged, strict=True) for c, text in enumerate(row) if c not in over)
        return cls(tuple(chain(*texts)), tuple(single))


HeaderOf = Callable[[PrintedTable], Header]
IsWhole = Callable[[PrintedTable, PrintedTable], bool]


def join_across(tables: list[PrintedTable], header_of: HeaderOf, is_whole: IsWhole) -> list[PrintedTable]:
    """The tables of a statement or annex, those joined that stand side by side; as they are where that is not certain.

    ``header_of``: the header of a table, without texts where the page goes on without one. ``is_whole``: does a joined
    table have a header in which everything is known, and more in it than in the left part (the second argument)?
    """
    if len(tables) < 2:
        return tables
    pages = _Pages(tables, header_of)
    result: list[PrintedTable] = []
    while len(tables) - pages.done > 1:
        joined = next((j for bands in pages.groups() if (j := pages.join(bands, is_whole)) is not None), None)
        result += joined or tables[pages.done : pages.done + 1]
        pages.done += 1 if joined is None else sum(len(table.parts) for table in joined)
    return [*result, *tables[pages.done :]]


def join_statement(
    tables: list[PrintedTable],
    statement: StatementForm,
    form: Form,
    columns_of: Callable[[PrintedTable], ColumnMap | None],
) -> list[PrintedTable]:
    """`join_across` for the tables of a statement."""
    return join_across(
        tables,
        lambda table: _header(table, statement, form),
        lambda whole, left: _is_whole(columns_of(whole), columns_of(left), statement),
    )


class _Pages:
    """The tables of a statement in the order of their pages; what is asked of one is found once."""

    def __init__(self, tables: Sequence[PrintedTable], header_of: HeaderOf) -> None:
        self.tables = tables
        self.done = 0
        self.header = cache(lambda number: header_of(tables[number]))
        self._lines = cache(lambda number: _lines(tables[number]))

    def beside(self, one: int, other: int) -> bool:
        """Have the two tables the same rows in the same place of two pages?"""
        if None in (pages := (self.tables[one].page, self.tables[other].page)) or pages[0] == pages[1]:
            return False
        lines = sorted((self._lines(one), self._lines(other)), key=len)
        return len(lines[1]) > _FEWEST_ROWS and _fits(*lines)

    def groups(self) -> Iterator[list[list[int]]]:
        """What the next tables may be: bands, each the numbers of its parts from left to right; the likeliest first."""
        first = self.done
        head = self.header(first).texts
        if not head:
            return
        others = (n for n in range(first + 1, len(self.tables)) if self.header(n).texts not in ((), head))
        for right in islice((n for n in others if self.beside(first, n)), _MOST_TRIED):
            yield from self._groups(first, right - first)

    def _groups(self, first: int, step: int) -> Iterator[list[list[int]]]:
        """``step``: 1 where the pages go from left to right, else how many go down."""
        heads, parts = [self.header(first).texts], [first]
        for part in range(first + step, len(self.tables), step):
            own = self.header(part).texts
            if not own or own in heads or not self.beside(first, part):
                break
            heads.append(own)
            parts.append(part)
        for count in range(len(parts), 1, -1):
            if step > 1:
                if parts[count - 1] + step <= len(self.tables):
                    yield [[part + down for part in parts[:count]] for down in range(step)]
                continue
            bands = [parts[:count]]
            while bands[-1][-1] + count < len(self.tables):
                band = [part + count for part in bands[-1]]
                if not self._goes_on(band, bands[0]):
                    break
                bands.append(band)
            yield bands

    def join(self, bands: list[list[int]], is_whole: IsWhole) -> list[JoinedTable] | None:
        if not all(self._goes_on(band, bands[0]) for band in bands):
            return None
        repeated = [0] + [
            min(_repeated(self.tables[band[0]], self.tables[band[n]]) for band in bands)
            for n in range(1, len(bands[0]))
        ]
        if any(self._width(n) <= columns for n, columns in zip(bands[0], repeated, strict=True)):
            return None
        joined = [self._joined(band, repeated) for band in bands]
        return joined if is_whole(joined[0], self.tables[bands[0][0]]) else None

    def _goes_on(self, band: Sequence[int], first: Sequence[int]) -> bool:
        """Are these parts side by side, and each the next page of its part of the first band?"""
        return all(self.beside(band[0], part) for part in band[1:]) and all(
            self._width(n) == self._width(of)
            and (not self.header(n).texts or self.header(n).single == self.header(of).single)
            for n, of in zip(band, first, strict=True)
        )

    def _width(self, number: int) -> int:
        return self.tables[number].column_count

    def _joined(self, band: Sequence[int], repeated: Sequence[int]) -> JoinedTable:
        parts = [self.tables[number] for number in band]
        lines = [self._lines(number) for number in band]
        whole = max(lines, key=len)
        places = [tuple(_place(whole, y) for y in own[:-1]) for own in lines]
        rows = dict(zip(places[0], range(len(places[0])), strict=True))
        row, kept = 0, []
        for number in range(len(whole) - 1):
            row = rows.get(number, row)
            if row in parts[0].numbers:
                kept.append(number)
        return JoinedTable(parts[0].grid, parts[0].numbers, tuple(map(_Part, parts, repeated, places)), tuple(kept))


def right_parts(tables: Sequence[PrintedTable], statement: StatementForm, form: Form) -> set[int]:
    """The tables (by number) that stand beside an earlier one, not below it: the same rows under another header."""
    if len(tables) < 2:
        return set()
    pages = _Pages(tables, lambda table: _header(table, statement, form))
    by_header: dict[tuple[str, ...], list[int]] = defaultdict(list)
    found: set[int] = set()
    for number, table in enumerate(tables):
        own = pages.header(number).texts
        others = [n for head, numbers in by_header.items() if own and head and head != own for n in numbers]
        if any(pages.beside(other, number) for other in others) or _numbers_go_on(table, statement, form):
            found.add(number)
        by_header[own].append(number)
    return found


def names_no_row(columns: ColumnMap, statement: StatementForm) -> bool:
    """Does nothing in these columns say which line of the statement a row is?"""
    return statement.rows != "columns" and not columns.labels and not columns.codes and columns.ordinal is None


def _numbers_go_on(table: PrintedTable, statement: StatementForm, form: Form) -> bool:
    """A header and column numbers that do not begin with 1: 3 4 5."""
    split = split_table(table, statement, form)
    rows = [row.filled for row in split.body[:_HEADER_ROWS]] if split.header and split.numbers is None else []
    first = next((row for row in rows if len(row) >= 2), [])
    numbers = [int(text) for text in first if text.isdecimal() and len(text) <= 2]
    return 1 not in numbers[:1] and len(numbers) == len(first) > 1 and all(b - a == 1 for a, b in pairwise(numbers))


def _header(table: PrintedTable, statement: StatementForm, form: Form) -> Header:
    return Header.of(split_table(table, statement, form).header)


def _is_whole(whole: ColumnMap | None, left: ColumnMap | None, statement: StatementForm) -> bool:
    """Every measure once, in a header of which no word is unknown, and more of them than the left part has."""
    if whole is None or whole.foreign or len(whole.slots) != len(whole.measures) or names_no_row(whole, statement):
        return False
    if any(issue.severity == "error" for issue in whole.issues):
        return False
    return left is None or left.slots < whole.slots or not left.measures


# --- rows by their heights -------------------------------------------------------------------------------------------


def _lines(table: PrintedTable) -> tuple[float, ...]:
    """The heights of the rules between the rows, from top to bottom; nothing where one is not known."""
    found: dict[int, float] = {}
    for cell in table.grid.cells:
        if cell.bbox is not None:
            found[cell.row] = cell.bbox[3]
            found[cell.row + cell.row_span] = cell.bbox[1]
    lines = tuple(found.get(number, 0.0) for number in range(table.grid.row_count + 1))
    return lines if all(a > b for a, b in pairwise(lines)) else ()


def _fits(lines: tuple[float, ...], whole: tuple[float, ...]) -> bool:
    """Are these the same rules, but for some that a merged cell of the header hides?"""
    hidden = len(whole) - len(lines)
    if not lines or hidden >= _HEADER_ROWS or (hidden and len(whole) <= _HEADER_ROWS):
        return False
    below = min(len(lines), len(whole) - _HEADER_ROWS) if hidden else len(lines)
    same = all(abs(a - b) <= _SAME for a, b in zip(lines[-below:], whole[-below:], strict=True))
    return same and all(any(abs(y - line) <= _SAME for line in whole) for y in lines[:-below])


def _place(whole: tuple[float, ...], y: float) -> int:
    return min(range(len(whole)), key=lambda number: abs(whole[number] - y))


def _repeated(left: PrintedTable, right: PrintedTable) -> int:
    """How many columns of the left part are printed again before those of the right one; what a merged cell of the
    header covers together with other columns says nothing."""
    rows = list(zip(printed_rows(left.grid), printed_rows(right.grid), strict=False))
    if left.grid.row_count != right.grid.row_count:
        return 0
    count = 0
    for column in range(min(left.column_count, right.column_count)):
        pairs = [
            (squash(ours.cells[column].text), squash(theirs.cells[column].text))
            for ours, theirs in rows
            if not any(c <= column < c + wide and wide > 1 for row in (ours, theirs) for c, wide in row.spans)
        ]
        if any(a != b for a, b in pairs):
            break
        # blank columns (款 and 项 of a few totals) are repeated ones between those that are certain
        if sum(1 for a, _ in pairs if a) >= _FEWEST_ROWS:
            count = column + 1
    return count
