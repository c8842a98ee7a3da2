"""Tables of a statement → pieces of its rows: which tables belong to it, and in which columns each row stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.documents.model import Issue
from pipeline.forms.across import NOT_JOINED, names_no_row, right_parts
from pipeline.forms.amounts import header_has_amounts, row_has_amounts
from pipeline.forms.classification import Classification, economic_classification, function_classification
from pipeline.forms.columns import ColumnMap, SplitTable, map_columns, split_table, total_alone
from pipeline.forms.disclosure import Unread
from pipeline.forms.form import Form, StatementForm
from pipeline.forms.printed import has_cjk, parse_amount, squash
from pipeline.forms.printed_table import PrintedRow, PrintedTable, with_plain_amounts
from pipeline.forms.rows import (
    AssembledRow,
    Vocabulary,
    ends_in_amount,
    is_shifted,
    longest_lines,
    piece_of,
    prints_totals,
    shifted_piece,
)
from pipeline.forms.sections import Section
from pipeline.forms.several_rows import SEVERAL_ROWS, holds_several_rows
from pipeline.forms.torn import JOINED, TORN, Mended, Tears, may_be_cut

_AGAIN = 3  # so many lines of a table are no coincidence
UNKNOWN_COLUMNS = "the columns of a table are not recognised; it is not loaded"
_OTHER_COLUMNS = "a table has other columns than its statement; its title may be lost; it is not loaded"
_BEGINS_AGAIN = "the row numbers begin again: a second table without a title; it is not loaded"
_OTHER_ROWS = "rows of another statement stand below those of this one; its title may be lost; they are not loaded"
_PRINTED_AGAIN = "the lines of a table before are printed again; it is not loaded"
# a table that may be another statement's
_OF_ANOTHER = (_OTHER_ROWS, UNKNOWN_COLUMNS, _OTHER_COLUMNS, _BEGINS_AGAIN, _PRINTED_AGAIN)
_SHORT = "a row has fewer cells than its table has columns; it is not loaded"


def _text(split: SplitTable) -> str:
    row = next(iter(split.body or split.header), None)
    return " ".join(row.filled)[:80] if row is not None else ""


@dataclass(slots=True)
class _Body:
    """Rows of a table in its columns. ``longest``: see `longest_lines`; ``total``: see `prints_totals`."""

    rows: list[PrintedRow]
    columns: ColumnMap
    longest: dict[int, int]
    total: int | None

    @classmethod
    def of(cls, rows: list[PrintedRow], columns: ColumnMap) -> _Body:
        return cls(rows, columns, longest_lines(rows, columns), prints_totals(rows, columns))


def lines_of_both(bodies: Iterable[_Body]) -> dict[int, int]:
    """The longest line of each column of numbers on both sides of a page break."""
    longest: dict[int, int] = {}
    for body in bodies:
        for c, length in body.longest.items():
            longest[c] = max(longest.get(c, 0), length)
    return longest


def _counts_from_one(pieces: Sequence[AssembledRow]) -> bool:
    """Do the row numbers begin with 1? A 1 that no 2 follows may be the rest of another number."""
    first, second = (pieces[n].ordinals if n < len(pieces) else [] for n in (0, 1))
    return 1 in first and (not second or 2 in second)


class PieceReader:
    """Reads the tables of one section; ``issues``, ``measures``, ``unread`` and ``refused`` (tables that may
    be another statement's) are complete when the last piece is taken.

    A row that says that the statement is empty is no piece: it joins the notes of the section.
    """

    def __init__(
        self,
        form: Form,
        statement: StatementForm,
        section: Section,
        fiscal_year: int,
        unit: str | None,
        vocabulary: Vocabulary,
    ) -> None:
        self.form = form
        self.statement = statement
        self.section = section
        self.fiscal_year = fiscal_year
        self.unit = unit
        self.issues: list[Issue] = []
        self.measures: dict[str, None] = {}  # in printed order
        self.unread: list[Unread] = []
        self.refused: list[PrintedTable] = []
        self._tears = Tears(statement, vocabulary)
        self._vocabulary = vocabulary

    def pieces(self) -> Iterator[AssembledRow]:
        known: ColumnMap | None = None
        numbers_begun = another_begun = begins_with_total = ends_with_total = False
        beside = right_parts(self.section.tables, self.statement, self.form)
        printed: set[tuple[object, ...]] = set()
        held: _Body | None = None  # the last row so far: the page break below it may have cut it
        before: int | None = 0  # the row number before that row
        refused = False  # the table before is not read
        for number, table in enumerate(self.section.tables):
            split = split_table(table, self.statement, self.form)
            own = self._map(split, table) if split.header or split.numbers else None
            if own is None and known is not None and known.width != table.column_count:
                own = total_alone(split, known, self.form)
            refusal = NOT_JOINED if number in beside else self._refusal(split, own, known, table)
            pieces: list[AssembledRow] = []
            if refusal is None:
                columns = own if own is not None and (known is None or own.slots == known.slots) else known
                if columns is None:  # an empty table whose header says nothing, or the rows stand in its header
                    if header_has_amounts(split.header):
                        self._refuse(UNKNOWN_COLUMNS, split, table)
                    continue
                if header_has_amounts(split.header):
                    self._refuse("amounts stand in the header of a table; they are not loaded", split, table)
                if split.body and names_no_row(columns, self.statement):
                    self._refuse(NOT_JOINED, split, table)
                    continue
                if split.header or split.numbers:
                    known = columns
                if own is columns:
                    self.issues.extend(columns.issues)
                    for side, measure in sorted(columns.lost, key=str):
                        self._lost(side if self.statement.rows == "columns" else None, measure)
                self.measures |= dict.fromkeys(measure for _, _, measure in columns.measures)
                rows = [with_plain_amounts(row, self.unit) for row in split.body] if self.unit else split.body
                body = _Body.of(list(rows), columns)
                self._tears.learn(body.rows[1:-1], columns)
                body.rows = self._tears.within(body.rows, columns, body.longest)
                mended = self._mended(held, body, before)
                if refused:  # what stands before the page break is not read
                    body.rows[:1] = self._uncut(body.rows[:1], body)
                    refused = False
                if mended is not None and mended.below is None:
                    del body.rows[0]
                said = len(self.issues), len(self.unread)
                pieces = list(self._pieces_of(body, body.rows[:-1]))
                pieces += [piece_of(row, columns, body.longest) for row in body.rows[-1:]]
                begins = _counts_from_one(pieces)
                another_begun = another_begun or (begins and numbers_begun)
                if another_begun:
                    refusal = _BEGINS_AGAIN
                elif printed and self._of_another_statement(pieces, begins_with_total, ends_with_total):
                    refusal, another_begun = _OTHER_ROWS, True
                    del self.issues[said[0] :], self.unread[said[1] :]
                numbers_begun = numbers_begun or begins
                total_first = bool(pieces) and self._is_total(pieces[0])
                ends_with_total = bool(pieces) and self._is_total(pieces[-1]) and not begins_with_total | total_first
                begins_with_total = begins_with_total or total_first
                if self._of_another_side(pieces, columns):
                    refusal = NOT_JOINED
                named = [piece for piece in pieces if piece.labels or piece.codes]
                lines = tuple((*piece.ordinals, *piece.codes, *piece.labels.values()) for piece in named)
                if len(lines) >= _AGAIN and lines in printed:
                    refusal = _PRINTED_AGAIN
                printed.add(lines)
            if refusal is not None:
                self._refuse(refusal, split, table)
                if held is not None:  # what stands behind the page break is not read
                    yield from self._pieces_of(held, self._uncut(held.rows, held))
                    held = None
                refused = True
                continue
            above: list[AssembledRow] = []
            if held is not None and mended is not None:
                held.longest = lines_of_both([held, body])
                held.rows = [row for row in (mended.above,) if row is not None]
                self._tell_lost(mended.lost)
                if mended.below is None and not mended.lost:
                    row = held.rows[0]
                    text = " ".join(row.filled)[:80]
                    self.issues.append(Issue("info", JOINED, text, row.page, row.locator))
            if held is not None and body.rows:
                above = list(self._pieces_of(held, held.rows))
            if body.rows:
                held = _Body(body.rows[-1:], body.columns, body.longest, body.total)
                pieces = [*above, *pieces[:-1]]
                yield from pieces
                before = next((n for piece in reversed(pieces) for n in piece.ordinals[-1:]), before)
        if held is not None:
            yield from self._pieces_of(held, held.rows)

    def _mended(self, held: _Body | None, body: _Body, before: int | None) -> Mended | None:
        """The rows on both sides of the page break between two tables; None where none of them can be cut."""
        if held is None or not held.rows or not body.rows:
            return None
        if body.columns.of_bodies or not all(map(may_be_cut, (*held.rows, body.rows[0]))):
            return None
        if any(self._is_note(row) for row in (*held.rows, body.rows[0])):
            return None
        longest = lines_of_both([held, body])
        return self._tears.mend(held.rows[0], held.columns, body.rows[:2], body.columns, before, longest)

    def _uncut(self, rows: list[PrintedRow], body: _Body) -> list[PrintedRow]:
        """The rows beside something that is not read, if nothing of them is missing; else they are lost."""
        if any(self._tears.may_be_cut(row, body.columns, body.longest) for row in rows):
            self._tell_lost(rows)
            return []
        return rows

    def _is_note(self, row: PrintedRow) -> bool:
        text = "".join(row.filled)
        return any(p.fullmatch(text) for p in (*self.form.empty_notes, *self.form.remarks))

    def _tell_lost(self, rows: Sequence[PrintedRow]) -> None:
        for row in rows:
            self.issues.append(Issue("error", TORN, " ".join(row.filled)[:80], row.page, row.locator))
            self._lost()

    def _refuse(self, why: str, split: SplitTable, table: PrintedTable) -> None:
        self.issues.append(Issue("error", why, _text(split), table.page, table.locator))
        if any(row_has_amounts(row, self.form) for row in table.rows):
            self._lost()
            if why in _OF_ANOTHER:
                self.refused.append(table)

    def _lost(self, item: str | None = None, measure: str | None = None) -> None:
        """Numbers are printed here that are not loaded; None: any row, any column."""
        self.unread.append(Unread(self.section.part, self.section.statement, item, measure))

    def _map(self, split: SplitTable, table: PrintedTable) -> ColumnMap | None:
        return map_columns(split, table, self.statement, self.form, self.fiscal_year)

    def _refusal(
        self, split: SplitTable, own: ColumnMap | None, known: ColumnMap | None, table: PrintedTable
    ) -> str | None:
        """Why a table cannot be part of this statement; None where it can."""
        width = table.column_count
        if own is None and (known is None or known.width != width):
            return UNKNOWN_COLUMNS if split.body else None
        if own is not None and own.foreign and known is None and self.refused:
            return _OTHER_COLUMNS  # the statement's own table is the one before, whose header is damaged
        if own is None and known is not None and split.header and self._is_headed_as_another(split, table, 0):
            return _OTHER_COLUMNS
        if own is None or known is None or own.slots == known.slots:
            return None
        if own.foreign or known.width != width or self._is_headed_as_another(split, table, len(own.measures)):
            return _OTHER_COLUMNS
        return None  # the header is damaged: the columns of the page before count

    def _is_headed_as_another(self, split: SplitTable, table: PrintedTable, own: int) -> bool:
        """Does the header name more columns of another statement, and none that is foreign to that one?"""
        for name, other in self.form.statements.items():
            if name != self.section.statement:
                columns = map_columns(split, table, other, self.form, self.fiscal_year)
                if columns is not None and not columns.foreign and len(columns.measures) > max(own, 1):
                    return True
        return False

    def _pieces_of(self, body: _Body, rows: Sequence[PrintedRow]) -> Iterator[AssembledRow]:
        columns = body.columns
        for row in rows:
            text = "".join(row.filled)
            if any(p.fullmatch(text) for p in self.form.empty_notes):
                self.section.notes.append(text)
            elif any(p.fullmatch(text) for p in self.form.remarks):
                continue
            elif row.unclear:
                self._lost()  # an error of the reader says so
            elif holds_several_rows(row, columns):
                self._lost()
                self.issues.append(Issue("error", SEVERAL_ROWS, " ".join(row.filled)[:80], row.page, row.locator))
            elif row.ragged:
                yield from self._ragged(row, columns)
            elif is_shifted(row, columns, body.total):
                yield from self._shifted(row, columns)
            else:
                piece = piece_of(row, columns, body.longest)
                self._number_in_label(piece, row)
                if columns.of_bodies:
                    self._row_of_body(piece, row)
                yield piece

    def _is_total(self, piece: AssembledRow) -> bool:
        return not piece.codes and squash(piece.labels.get(None, "")) in self.form.total_labels

    def _knows(self, piece: AssembledRow) -> bool:
        """Is its code or one of its labels one that this statement can print?"""
        names = self._names
        labels = [(side, squash(label)) for side, label in piece.labels.items()]
        of_code = names is not None and any(code in names for code in piece.codes)
        return of_code or any(self._vocabulary.complete(side, label) for side, label in labels)

    @cached_property
    def _names(self) -> Classification | None:
        return {"function": function_classification(), "economic": economic_classification()}.get(self.statement.rows)

    def _of_another_statement(self, pieces: list[AssembledRow], begins_with_total: bool, ends_with_total: bool) -> bool:
        """Rows below those of the statement that are not its own: the total stands above or begins again, no code and
        no label is one that it prints, or no amount stands in its columns.
        """
        if pieces and (ends_with_total or (begins_with_total and self._is_total(pieces[0]))):
            return True
        rows = [piece for piece in pieces if piece.has_amounts]
        if self.statement.rows != "columns" and len(rows) >= _AGAIN and not any(map(self._knows, rows)):
            return True
        loose = sum(bool(piece.loose_numbers) for piece in pieces)
        return loose >= _AGAIN and not any(piece.has_amounts for piece in pieces[:-1])  # the last one is read later

    def _of_another_side(self, pieces: list[AssembledRow], columns: ColumnMap) -> bool:
        """Are most labels of a table that has one side of the statement known on another side only?"""
        sides = {side for side, _ in columns.slots}
        if len(sides) != 1 or sides == {None} or len(self.statement.lines) < 2:
            return False
        (side,) = sides
        vocabulary = Vocabulary(self.statement, None, frozenset())
        labels = [squash(label) for piece in pieces if (label := piece.labels.get(side))]
        strange = [text for text in labels if not vocabulary.complete(side, text)]
        others = [other for other in self.statement.lines if other != side]
        known = [text for text in strange if any(vocabulary.complete(other, text) for other in others)]
        return len(known) * 2 > len(labels)

    def _row_of_body(self, piece: AssembledRow, row: PrintedRow) -> None:
        """Where each row is a body only the total has a place in the statement, without one the document's own body."""
        totals = self._total_names & set(row.filled)
        if totals:
            piece.labels[None] = min(totals)
        elif piece.has_amounts:
            piece.amounts = {}
            what = "a row is of a body, not of a subject; its amounts are not loaded"
            self.issues.append(Issue("error", what, " ".join(row.filled), piece.page, piece.locator))

    @cached_property
    def _total_names(self) -> frozenset[str]:
        bodies = (split_table(table, self.statement, self.form).body for table in self.section.tables)
        printed = {text for body in bodies for row in body for text in row.filled[:2]}
        return self.form.total_labels & printed or frozenset(map(squash, self.section.body_names))

    def _shifted(self, row: PrintedRow, columns: ColumnMap) -> Iterator[AssembledRow]:
        """A row that stands in other columns than its table's: only the identities can say in which."""
        piece = shifted_piece(row)
        if not piece.loose_numbers:
            yield piece
            return
        what = "a row does not stand in the columns of its table; its amounts are not loaded"
        doubt = Issue("error", _SHORT if row.ragged else what, " ".join(row.filled), row.page, row.locator)
        self.issues.append(doubt)
        if set(columns.labels) == {None}:
            piece.loose_doubt = doubt
            if any(parse_amount(cell.text) is None for cell in piece.loose_numbers):
                piece.loose_numbers = []
            yield piece
        else:
            self._lost()

    def _number_in_label(self, piece: AssembledRow, row: PrintedRow) -> None:
        """An amount where the label of a side should be: that side does not stand in its columns."""
        for side, label in piece.labels.items():
            if not ends_in_amount(label):
                continue
            what = "a number stands in the cell of a label; it is not loaded"
            self.issues.append(Issue("error", what, " ".join(row.filled), piece.page, piece.locator))
            for measure in self.statement.measures_of(side):
                self._lost(None, measure)
            if not has_cjk(label):
                piece.amounts = {slot: cells for slot, cells in piece.amounts.items() if slot[0] != side}

    def _ragged(self, row: PrintedRow, columns: ColumnMap) -> Iterator[AssembledRow]:
        if set(columns.labels) == {None} and shifted_piece(row).loose_numbers:
            yield from self._shifted(row, columns)
        else:
            self.issues.append(Issue("error", _SHORT, " ".join(row.filled), row.page, row.locator))
            if row_has_amounts(row, self.form):
                self._lost()
