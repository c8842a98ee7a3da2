"""Rows that a page break cut: their pieces on both sides are joined where that is certain, else they are not loaded.

The last row of a table and the first one of the table that goes on are two rows where each is whole by itself. Else the
cells of both are put together: what is a whole row then, is one. Where neither holds, a piece that is no whole row is
lost, with an error: a number that the page break cut is never loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.forms.columns import ColumnMap
from pipeline.forms.form import StatementForm
from pipeline.forms.printed import decimals, parse_amount, parse_ordinal, squash
from pipeline.forms.printed_table import PrintedCell, PrintedRow
from pipeline.forms.rows import AssembledRow, Vocabulary, piece_of

JOINED = "a page break cuts a row; its pieces on both sides are put together"
TORN = "a page break cuts a row, and its pieces cannot be put together for certain; what is cut is not loaded"
_CODE_LENGTHS = (3, 5, 7)
_LEVEL_LENGTHS = (3, 2, 2)
_FEWEST = 3  # numbers that say how many decimals a statement prints
_NEARLY_ALL = 0.97  # a tenth of the numbers end with a zero, where a print leaves those out


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of the two rows at a page break: ``above`` and ``below`` as they are to be read, None where a row is
    part of the other one or lost; ``lost`` holds the lost ones."""

    above: PrintedRow | None
    below: PrintedRow | None
    lost: tuple[PrintedRow, ...] = ()


@dataclass(slots=True)
class Tears:
    """Mends the rows of one statement at its page breaks; what its other rows look like tells what is whole."""

    statement: StatementForm
    vocabulary: Vocabulary
    _decimals: Counter[int] = field(default_factory=Counter)
    _code_lengths: set[int] = field(default_factory=lambda: set(_CODE_LENGTHS))
    _lost_zeros: bool = False

    def learn(self, rows: Iterable[PrintedRow], columns: ColumnMap) -> None:
        """Takes note of rows that no page break touches."""
        for row in rows:
            self._decimals.update(_decimals_of(row, columns))
            codes = [squash(row.cells[c].text) for c in columns.codes]
            if len(codes) == 1 and codes[0].isdecimal():
                self._code_lengths.add(len(codes[0]))
            self._lost_zeros |= len(codes) > 1 and any(len(code) == 1 for code in codes)

    def mend(
        self,
        above: PrintedRow,
        columns: ColumnMap,
        below: Sequence[PrintedRow],
        columns_below: ColumnMap,
        before: int | None,
        longest: Mapping[int, int],
    ) -> Mended:
        """``below``: the first rows behind the page break; ``before``: the row number before ``above`` (0: none).

        ``longest``: see `longest_lines`, of both pages.
        """
        first = below[0]
        head, tail = piece_of(above, columns, longest), piece_of(first, columns_below, longest)
        after = _ordinal(below[1], columns_below) if len(below) > 1 else None
        numbers = _Numbers(before, after, bool(head.ordinals or tail.ordinals))
        whole_above = self._is_whole(head, columns) and numbers.first(head)
        whole_below = self._is_whole(tail, columns_below) and numbers.second(tail)
        if whole_above and whole_below:
            return Mended(above, first)
        if same_places(columns, columns_below):
            joined = self._joined(above, first, columns)
            whole = piece_of(joined, columns, longest)
            if self._is_one_row(above, first, whole, columns) and numbers.only(whole):
                return Mended(joined, None)
        lost = self._lost(head, tail, whole_above, whole_below, columns)
        return Mended(
            None if lost[0] else above,
            None if lost[1] else first,
            tuple(row for row, is_lost in zip((above, first), lost, strict=True) if is_lost),
        )

    def may_be_cut(self, row: PrintedRow, columns: ColumnMap, longest: Mapping[int, int]) -> bool:
        """Is the last row above something that is not read no whole row?"""
        piece = piece_of(row, columns, longest)
        return piece.has_amounts and not self._is_whole(piece, columns)

    def _lost(
        self, above: AssembledRow, below: AssembledRow, whole_above: bool, whole_below: bool, columns: ColumnMap
    ) -> tuple[bool, bool]:
        """Which of two pieces that are not one row for certain may be cut, so that no figure of it is sure."""
        coupled = self._is_rest(above, below) or self._is_rest(below, above)
        lost_above = self._is_short(above) if whole_below else not self._is_whole(above, columns)
        lost_below = self._is_cut(below, columns) if whole_above else not self._is_whole(below, columns)
        return above.has_amounts and (lost_above or coupled), below.has_amounts and (lost_below or coupled)

    def _is_rest(self, piece: AssembledRow, other: AssembledRow) -> bool:
        """Are these numbers without a name, of which the other row may have the beginning or the end?"""
        if not piece.has_amounts or piece.labels or piece.codes or self.statement.rows == "columns":
            return False
        return not self._usual or self._is_short(piece) or not piece.amounts.keys() <= other.amounts.keys()

    # ── one row or a piece of it ────────────────────────────────────────────────────────────────────────────────

    def _is_one_row(self, above: PrintedRow, below: PrintedRow, whole: AssembledRow, columns: ColumnMap) -> bool:
        """Is what both pieces make a whole row, with a known label where the label was cut?"""
        if not self._is_whole(whole, columns):
            return False
        for side, c in columns.labels.items():
            cut = squash(above.cells[c].text) and squash(below.cells[c].text)
            if cut and not self.vocabulary.complete(side, squash(whole.labels.get(side, ""))):
                return False
        if whole.codes and (label := squash(whole.labels.get(None, ""))) and self.vocabulary.complete(None, label):
            code = whole.printed_code(whole.codes[0])
            if not whole.levels and not self.vocabulary.names_code(code, label):
                return False
        named = [*columns.labels.values(), *columns.codes]
        if columns.ordinal is not None and whole.ordinals:
            named.append(columns.ordinal)
        numbers = [c for c, _, _ in columns.measures]
        both = {c for c in (*named, *numbers) if squash(above.cells[c].text) and squash(below.cells[c].text)}
        # without decimals a number and its rest cannot be told from two numbers: the rest of a name tells
        return bool(self._usual) or not both & set(numbers) or bool(both & set(named)) or bool(whole.ordinals)

    def within(self, rows: Sequence[PrintedRow], columns: ColumnMap, longest: Mapping[int, int]) -> list[PrintedRow]:
        """The rows of one table, those put together that a page break cut which the capture does not show.

        Only where numbers are short and what both make is certain: in the middle of a table nothing else says that a
        row is cut.
        """
        found: list[PrintedRow] = []
        for number, row in enumerate(rows):
            above = found[-1] if found else None
            if above is not None and _has_no_label(row, columns) and all(map(may_be_cut, (above, row))):
                known = self._decimals
                self._decimals = known - Counter(_decimals_of(above, columns)) - Counter(_decimals_of(row, columns))
                before = _ordinal(found[-2], columns) if len(found) > 1 else None
                cut = self._is_short_row(row, columns)
                mended = self.mend(above, columns, rows[number : number + 2], columns, before, longest) if cut else None
                self._decimals = known
                if mended is not None and mended.below is None and mended.above is not None:
                    found[-1] = mended.above
                    continue
            found.append(row)
        return found

    def _is_short_row(self, row: PrintedRow, columns: ColumnMap) -> bool:
        """Has none of its numbers the decimals that the statement prints?"""
        texts = [text for c, _, _ in columns.measures if (text := squash(row.cells[c].text))]
        return bool(self._usual) and bool(texts) and all(decimals(text) != self._usual for text in texts)

    def _joined(self, above: PrintedRow, below: PrintedRow, columns: ColumnMap) -> PrintedRow:
        """One row of both: the lines of each cell one below the other, the digits of a number side by side."""
        cells = [_joined_cell(one, other, below.page) for one, other in zip(above.cells, below.cells, strict=True)]
        for c, _, _ in columns.measures:
            whole = squash(cells[c].text)
            cut = squash(above.cells[c].text) and squash(below.cells[c].text) and cells[c].text.count("\n") == 1
            if cut and parse_amount(whole) is not None and decimals(whole) == self._usual:
                cells[c] = replace(cells[c], text=whole)
        return replace(above, cells=cells)

    def _is_whole(self, piece: AssembledRow, columns: ColumnMap) -> bool:
        """May this be a row of its own?"""
        if self._is_short(piece) or not self._has_valid_code(piece):
            return False
        if self.statement.rows == "columns":
            return True
        for side, label in piece.labels.items():
            if side in self.statement.lines and not self.vocabulary.complete(side, squash(label)):
                return False
        for side in {side for side, _ in piece.amounts}:
            if not squash(piece.labels.get(side, "")):
                return False
        if columns.codes and not piece.codes:
            label = squash(piece.labels.get(None, ""))
            return bool(label) and self.vocabulary.complete(None, label)
        return bool(piece.labels)

    def _is_cut(self, piece: AssembledRow, columns: ColumnMap) -> bool:
        """Do its figures stand in a row that is none, or is a number of them cut?"""
        if not piece.has_amounts:
            return False
        nameless = not piece.labels and self.statement.rows != "columns"
        without_code = bool(columns.codes) and not piece.codes and not self._names_a_total(piece)
        return self._is_short(piece) or nameless or without_code or not self._has_valid_code(piece)

    def _names_a_total(self, piece: AssembledRow) -> bool:
        label = squash(piece.labels.get(None, ""))
        return bool(label) and self.vocabulary.complete(None, label)

    @property
    def _usual(self) -> int:
        """How many decimals nearly every number of the statement has; 0 where that differs."""
        total = self._decimals.total()
        usual, count = self._decimals.most_common(1)[0] if total >= _FEWEST else (0, 0)
        return usual if total and count >= _NEARLY_ALL * total else 0

    def _is_short(self, piece: AssembledRow) -> bool:
        """Is one of its numbers none, or one without the decimals that the statement prints?"""
        usual = self._usual
        texts = [cell.text for cells in piece.amounts.values() for cell in cells]
        for text in texts:
            amount = parse_amount(text)
            if amount is None or (amount and usual and decimals(text) != usual):
                return True
        return False

    def _has_valid_code(self, piece: AssembledRow) -> bool:
        if piece.levels:
            lengths = zip(piece.levels, _LEVEL_LENGTHS, strict=False)
            return all(len(part) in (0, length, 1 if self._lost_zeros else length) for part, length in lengths)
        return all(len(code) in self._code_lengths for code in piece.codes)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The row numbers before and behind two rows; what is not known says nothing."""

    before: int | None
    after: int | None
    printed: bool

    def _fits(self, piece: AssembledRow, place: int, rows: int) -> bool:
        expected = {self.before + 1 + place} if self.before is not None else set()
        expected |= {self.after - rows + place} if self.after is not None else set()
        return not self.printed or not expected or bool(expected & set(piece.ordinals[:1]))

    def first(self, piece: AssembledRow) -> bool:
        return self._fits(piece, 0, 2)

    def second(self, piece: AssembledRow) -> bool:
        return self._fits(piece, 1, 2)

    def only(self, piece: AssembledRow) -> bool:
        return self._fits(piece, 0, 1)


def _decimals_of(row: PrintedRow, columns: ColumnMap) -> list[int]:
    """How many decimals each of its numbers has, zeros left out."""
    texts = [row.cells[c].text for c, _, _ in columns.measures]
    return [decimals(text) for text in texts if parse_amount(text)]


def _has_no_label(row: PrintedRow, columns: ColumnMap) -> bool:
    """Is there a part of a code or of a row number, and no label?"""
    parts = [*columns.codes, *([] if columns.ordinal is None else [columns.ordinal])]
    labels = columns.labels.values()
    return any(squash(row.cells[c].text) for c in parts) and not any(squash(row.cells[c].text) for c in labels)


def _ordinal(row: PrintedRow, columns: ColumnMap) -> int | None:
    return parse_ordinal(row.cells[columns.ordinal].text) if columns.ordinal is not None else None


def _joined_cell(above: PrintedCell, below: PrintedCell, page: int | None) -> PrintedCell:
    if not squash(above.text):
        return replace(below, page=below.page or page)
    if not squash(below.text):
        return above
    texts = [
        f"{one}\n{other}" for one in (above.text, *above.other) for other in (below.text, *below.other) if one and other
    ]
    return replace(above, text=texts[0], other=tuple(dict.fromkeys(texts[1:])))


def may_be_cut(row: PrintedRow) -> bool:
    return not (row.ragged or row.odd or row.unclear)


def same_places(one: ColumnMap, other: ColumnMap) -> bool:
    """Have the tables on both sides the same columns in the same places?"""
    return (one.ordinal, one.codes, one.labels, one.measures, one.width) == (
        other.ordinal,
        other.codes,
        other.labels,
        other.measures,
        other.width,
    )
