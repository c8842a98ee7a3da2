"""What the tables of amounts among the annexes share: the lines around them, their unit, their cells, their figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.annexes.find import LONGEST_FURNITURE, Annex
from pipeline.annexes.header import Columns, Layout, Role, continued, header_paths, header_rows, letters, map_columns
from pipeline.annexes.model import AnnexRead
from pipeline.documents.model import Issue, Severity
from pipeline.forms.across import NOT_JOINED, Header, join_across
from pipeline.forms.columns import is_number_row
from pipeline.forms.disclosure import NOTE_CONTRADICTS, NOTE_OF_ANOTHER, Figure, RowRead, StatementRead
from pipeline.forms.form import Form
from pipeline.forms.furniture import unit_in
from pipeline.forms.loadable import FEN, not_loadable
from pipeline.forms.printed import decimals, has_cjk, is_blank, parse_amount, squash, unwrap
from pipeline.forms.printed_table import PrintedCell, PrintedRow, PrintedTable
from pipeline.forms.rows import AssembledRow, read_amount

SHIFTED = "a row does not stand in the columns of its table; its amounts are not loaded"
_REMARK = re.compile(r"(?:注|备注|说明)[:：].*")
_LINE_OF_AMOUNTS = re.compile(r"\d\.\d\d(?!\d).*\d\.\d\d(?!\d)")
_LATIN = re.compile(r"(?<=[A-Za-z])\s+(?=[A-Za-z])")
_NUMBER_AND_UNIT = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>[\u3400-\u9fff]{1,3})")


@dataclass(frozen=True, slots=True)
class Number:
    """What a cell says: ``amount`` is in ``unit`` (of money; None where the annex says none, or for other numbers)."""

    column: int
    role: Role
    cell: PrintedCell
    amount: Decimal
    unit: str | None


def printed_text(text: str) -> str | None:
    """A text as printed, without the white space of wrapped lines (one blank stays between Latin words)."""
    return "".join(_LATIN.sub("\0", text).split()).replace("\0", " ") or None


# ── an annex, opened ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Opened:
    """The rows of one table with their columns."""

    columns: Columns
    rows: list[PrintedRow]
    longest: dict[int, int]  # column → length of its longest line


_NAMES = frozenset({"label", "unit_name", "project", "item"})  # columns that say what a row is


def _names_rows(columns: Columns) -> bool:
    return any(role.name in _NAMES for role in columns.roles.values())


class AnnexReader:
    """What the readers of the annexes share: tables, notes, unit, issues; figures and rows are added by the reader."""

    def __init__(self, annexes: Sequence[Annex], form: Form, layout: Layout, common_unit: str | None) -> None:
        self.form, self.layout, self.common_unit = form, layout, common_unit
        self.issues: list[Issue] = []
        self.figures: list[Figure] = []
        self.rows: list[RowRead] = []
        self.notes: list[str] = []
        self.furniture: list[str] = []  # squashed lines and cells around the rows: unit, date, body
        self.opened: list[Opened] = []
        own = [annex for annex in annexes if annex.kind == layout.annex]
        self.annex = next((annex for annex in own if annex.tables), own[0] if own else None)
        for annex in own:
            if annex is not self.annex and annex.tables:
                self.issue("error", "the annex is printed a second time; only the first is loaded", annex.title, annex)
        if self.annex is not None:
            self._lines(self.annex)
            self._tables(self.annex)
            self._report_columns()
        self.unit = self._unit() if self.annex is not None else None

    def issue(
        self, severity: Severity, what: str, text: str = "", at: PrintedRow | Annex | PrintedTable | None = None
    ) -> None:
        place = at or self.annex
        page, locator = (place.page, place.locator) if place is not None else (None, None)
        self.issues.append(Issue(severity, what, text, page, locator, self.layout.annex))

    # ── what stands around the rows ─────────────────────────────────────────────────────────────────────────────

    def _lines(self, annex: Annex) -> None:
        amounts = 0
        for line in annex.lines:
            text = squash(line.text)
            if self._is_empty_note(text):
                self.notes.append(line.text)
            elif not _REMARK.fullmatch(text):
                self.furniture.append(text)
                amounts += bool(_LINE_OF_AMOUNTS.search(line.text))
        if amounts >= 3 and not annex.tables:
            self.issue("error", "lines of numbers stand below a title, but no table; they are not loaded", annex.title)

    def _is_empty_note(self, text: str) -> bool:
        return any(pattern.fullmatch(text) for pattern in self.form.empty_notes)

    def _is_furniture(self, text: str) -> bool:
        if not any(letter.isalnum() for letter in text):
            return False  # the bracket that a page break cut off a label
        rest = self.form.unit_line.sub("", text)
        rest = re.sub(r"截[止至](?:时间|日期)?:?|20\d\d[年.\-/]\d{1,2}[月.\-/]\d{1,2}日?|20\d\d年度?", "", rest)
        rest = re.sub(r"[():,、.]", "", rest)
        return not rest or bool(self.form.body_line.fullmatch(text) or self.form.body_label.fullmatch(text))

    def _tables(self, annex: Annex) -> None:
        before: Columns | None = None
        for table in join_across(annex.tables, self._header, self._is_whole):
            rows = [row for row in table.rows if row.filled]
            while rows and all(self._is_furniture(text) for text in rows[0].filled):
                self.furniture += rows.pop(0).filled
            rows = list(self._without_notes(rows))
            rows = rows[self._above_header(rows) :]
            top = header_rows(rows, self.layout, self.form)
            own = self._columns_of(rows[:top], table)
            columns = continued(own, before, table.column_count)
            body = [row for row in rows[top:] if not self._is_header_again(row)]
            if columns is None and before is not None and (wider := self.widened(body, table, before)):
                columns, body = before, wider
            if columns is None:
                if body:
                    what = "nothing says what the columns of a table of the annex are; it is not loaded"
                    self.issue("error", what, " ".join(body[0].filled), body[0])
                continue
            if table.page is not None and not _names_rows(columns):
                self.issue("error", NOT_JOINED, " ".join(body[0].filled) if body else "", table)
                continue
            before = columns
            self.opened.append(Opened(columns, body, _longest(body, columns)))

    def _header(self, table: PrintedTable) -> Header:
        rows = [row for row in table.rows if row.filled and not all(map(self._is_furniture, row.filled))]
        return Header.of(rows[: header_rows(rows, self.layout, self.form)])

    def _is_whole(self, whole: PrintedTable, left: PrintedTable) -> bool:
        """Has the joined header every column once, one that names the rows, and more than the left part?"""
        found: list[Columns | None] = []
        for table in (whole, left):
            rows = [row for row in table.rows if row.filled and not all(map(self._is_furniture, row.filled))]
            found.append(self._columns_of(rows[: header_rows(rows, self.layout, self.form)], table))
        columns, before = found
        if columns is None or not _names_rows(columns):
            return False
        names = [role.name for role in columns.roles.values()]
        return len(set(names)) == len(names) and (
            before is None or set(names) > {r.name for r in before.roles.values()}
        )

    def widened(self, rows: Sequence[PrintedRow], table: PrintedTable, before: Columns) -> list[PrintedRow]:
        """The rows of a narrower table in the columns of the one before; none where nothing says which they are."""
        return []

    def _above_header(self, rows: list[PrintedRow]) -> int:
        """How many rows of text alone stand above the header; none where no header follows them."""
        for n, row in enumerate(rows[:4]):
            if any(parse_amount(text) is not None for text in row.filled):
                return 0
            if header_rows(rows[n:], self.layout, self.form):
                for above in rows[:n]:
                    self.furniture += above.filled
                    self.issue("info", "text stands above the header of a table", " ".join(above.filled), above)
                return n
        return 0

    def _without_notes(self, rows: Iterable[PrintedRow]) -> Iterator[PrintedRow]:
        for row in rows:
            joined = "".join(row.filled)
            if self._is_empty_note(joined):
                self.notes.append(joined)
            elif not (_REMARK.fullmatch(joined) and len(row.filled) <= 2):
                yield row

    def _columns_of(self, header: list[PrintedRow], table: PrintedTable) -> Columns | None:
        header = [row for row in header if not is_number_row(row, self.form)]
        if not header:
            return None
        paths = header_paths(header, table.column_count, table.spans_known, self.layout)
        columns = map_columns(paths, self.layout, table.spans_known, self.form)
        return columns if any(role.kind != "text" for role in columns.roles.values()) else None

    def _is_header_again(self, row: PrintedRow) -> bool:
        filled = row.filled
        if is_number_row(row, self.form):
            return True
        return len(filled) >= 3 and all(letters(text) in self.layout.words for text in filled)

    def _report_columns(self) -> None:
        said: set[str] = set()
        for opened in self.opened:
            for c in range(opened.columns.width):
                if c in opened.columns.roles:
                    continue
                texts = [row.cells[c].text for row in opened.rows if not row.ragged]
                numbers = any(parse_amount(text) is not None for text in texts)
                why = opened.columns.unplaced.get(c, "unknown")
                header = opened.columns.headers.get(c, f"column {c + 1}")
                if header in said or not any(squash(text) for text in texts):
                    continue
                said.add(header)
                severity, what = _UNPLACED[why if numbers else "words"]
                self.issue(severity, what, header, opened.rows[0])

    # ── the unit ────────────────────────────────────────────────────────────────────────────────────────────────

    def _unit(self) -> str | None:
        """The unit of the annex; columns with a unit of their own need none."""
        assert self.annex is not None
        found = [m["unit"] for text in (*self.furniture, squash(self.annex.title)) if (m := self._unit_line(text))]
        own = {unit for opened in self.opened for unit in opened.columns.units.values()}
        if len(set(found)) > 1:
            text = "、".join(sorted(set(found)))
            self.issue("error", "one statement prints two units; its figures are not loaded", text)
            return None
        for other in sorted({*found, *own} - {self.common_unit} if self.common_unit else ()):
            self.issue("warning", "the annex prints another unit than the statements", other)
        if found and found[0] not in self.form.units:
            what = "the statement prints a unit that the form does not know; its figures are not loaded"
            self.issue("error", what, found[0])
            return None
        if found or len(own) == 1:
            return found[0] if found else own.pop()
        if not any(opened.rows for opened in self.opened):
            return None
        if self.common_unit is not None:
            what = "the statement prints no unit; the one of every other statement is taken"
            self.issue("info", what, self.common_unit)
            return self.common_unit
        self.issue("error", "the statement prints no unit; its figures are not loaded", self.annex.title)
        return None

    def _unit_line(self, text: str) -> re.Match[str] | None:
        return unit_in(text, self.form) if len(text) <= LONGEST_FURNITURE else None

    # ── cells and figures ───────────────────────────────────────────────────────────────────────────────────────

    def numbers(self, cells: Mapping[int, PrintedCell], row: PrintedRow, columns: Columns) -> list[Number]:
        """Every number of a row, by column. Digits in pieces are one quantity where the row has one amount each."""
        money = [cell for c, cell in cells.items() if columns.roles[c].kind == "money"]
        one_row = bool(money) and all(parse_amount(cell.text) is not None for cell in money)
        found: list[Number] = []
        for c, cell in sorted(cells.items()):
            pieces = cell.text.split()
            if one_row and columns.roles[c].kind == "number" and len(pieces) > 1 and all(p.isdigit() for p in pieces):
                self.issue("info", "a number is printed in pieces; they are joined", cell.text, row)
                cell = replace(cell, text="".join(pieces))
            if (number := self._number(c, cell, row, columns)) is not None:
                found.append(number)
        return found

    def _number(self, column: int, cell: PrintedCell, row: PrintedRow, columns: Columns) -> Number | None:
        """What a cell of numbers says; a doubt becomes an issue."""
        reading = read_amount([cell], AssembledRow([], [], {}, {}, row.page, row.locator))
        if reading.doubt is not None:
            self.issues.append(replace(reading.doubt, statement=self.layout.annex))
        if reading.amount is None:
            return None
        role = columns.roles[column]
        unit = columns.units.get(column, self.unit) if role.kind == "money" else None
        return Number(column, role, reading.cell, reading.amount, unit)

    def _value(self, number: Number) -> Decimal | None:
        """Money in yuan, any other number as it is; None where it cannot be kept exactly or has no unit."""
        is_money = number.role.kind == "money"
        if is_money and number.unit is None:
            return None  # reported once, for the whole annex
        value = number.amount * (self.form.units[number.unit] if is_money and number.unit else 1)
        if what := not_loadable(value, is_money=is_money):
            cell = number.cell
            self.issues.append(Issue("error", what, cell.text, cell.page, cell.locator, self.layout.annex))
            return None
        return value.quantize(FEN) if is_money else value

    def add(self, row: RowRead, numbers: Iterable[Number], code: str | None, unit: str) -> dict[str, Decimal]:
        """A row and its figures; what each column says. ``unit``: of its quantity."""
        self.rows.append(row)
        values: dict[str, Decimal] = {}
        for number in numbers:
            if (value := self._value(number)) is None:
                continue
            values[number.role.name] = value
            self.figures.append(
                Figure(
                    part=row.part,
                    statement=row.statement,
                    row_order=row.order,
                    row_number=row.number,
                    row_label=row.label,
                    code_as_printed=code,
                    subject_code=None,
                    code_resolution="none",
                    item=row.item,
                    measure=number.role.name,
                    text_as_printed=number.cell.text,
                    printed_unit=number.unit or "" if number.role.kind == "money" else unit,
                    amount_yuan=value,
                    page=number.cell.page or row.page,
                    bbox=number.cell.bbox,
                    locator=number.cell.locator or row.locator,
                    is_money=number.role.kind == "money",
                )
            )
        return values

    @property
    def measures(self) -> tuple[str, ...]:
        """The printed columns of numbers, in order."""
        columns = [opened.columns for opened in self.opened]
        return tuple(dict.fromkeys(c.roles[k].name for c in columns for k in c.of_kind("money", "number")))

    def result(self, rows_with_numbers: int) -> AnnexRead:
        """present where figures or rows stand; declared_empty where a note or an empty table says so."""
        if self.annex is None:
            return AnnexRead(StatementRead(1, self.layout.annex, "missing"))
        if not self.annex.tables and not self.notes:
            if not self.issues:
                self.issue("warning", "the title of an annex stands there, but no table and no note", self.annex.title)
            return AnnexRead(StatementRead(1, self.layout.annex, "missing"), issues=tuple(self.issues))
        present = self.figures or rows_with_numbers or (self.rows and not self.notes)
        if self.notes and (self.figures or rows_with_numbers):
            self.issue("warning", NOTE_CONTRADICTS, self.notes[0])
        if foreign := self._note_of_another():
            self.issue("warning", NOTE_OF_ANOTHER, foreign)
        unread = any(issue.severity == "error" for issue in self.issues)
        if not present and not self.notes and not unread:
            self.issue("info", "the table is empty and no note says why", self.annex.title)
        statement = StatementRead(
            1,
            self.layout.annex,
            "present" if present or (unread and not self.notes) else "declared_empty",
            self.annex.title,
            self.unit,
            rows_with_numbers,
            len(self.figures),
            self.annex.page,
            self.annex.locator,
            self.measures,
        )
        return AnnexRead(statement, tuple(self.figures), tuple(self.rows), tuple(self.issues))

    def _note_of_another(self) -> str | None:
        """A note that names the subject of a statement and not this annex's own."""
        others = {word for statement in self.form.statements.values() for word in statement.note_words}
        for note in self.notes:
            text = squash(note)
            own = any(word in text for word in self.layout.note_words)
            if not own and any(word in text for word in others):
                return note
        return None


_UNPLACED: dict[str, tuple[Severity, str]] = {
    "words": ("info", "a column is not one that the form knows; it holds no number"),
    "unknown": ("error", "a column is not one that the form knows; its numbers are not loaded"),
    "other": ("warning", "a column of another year, a comparison or a remark is not loaded"),
    "twice": ("error", "two columns have the same header; neither is loaded"),
    "order": ("error", "the headers of two columns stand in another order than printed; neither is loaded"),
}


def _longest(rows: Iterable[PrintedRow], columns: Columns) -> dict[int, int]:
    longest: dict[int, int] = {}
    for row in rows:
        for c in columns.of_kind("money", "number"):
            longest[c] = max(longest.get(c, 0), *(len(squash(line)) for line in row.cells[c].text.split("\n")))
    return longest


def number_cell(cell: PrintedCell, column: int, opened: Opened) -> PrintedCell | None:
    """A cell of a column of numbers: lines joined, words of its header that slipped into it left out; None if blank."""
    text = unwrap(cell.text, opened.longest.get(column, 0)) if "\n" in cell.text else cell.text
    text = _without_header(text, column, opened.columns)
    if is_blank(text) and not any(parse_amount(other) is not None for other in cell.other):
        return None
    return replace(cell, text=text)


def beside_header(row: PrintedRow, columns: Columns) -> bool:
    """In a capture that may have lost or gained a tab: does a number stand where nothing is printed above?"""
    return not columns.spans_known and any(
        parse_amount(cell.text) is not None
        for c, cell in enumerate(row.cells)
        if c not in columns.roles and c not in columns.headers
    )


def slipped(cell: PrintedCell, column: int, columns: Columns) -> bool:
    """Does the cell hold the end of its own header?"""
    return _without_header(cell.text, column, columns) != cell.text


def _without_header(text: str, column: int, columns: Columns) -> str:
    """Only where what is printed above and this word make up a header of the column (一般公共预算 · 拨款 185.00)."""
    role, above = columns.roles.get(column), columns.headers.get(column, "")
    match = re.match(r"\s*([\u3400-\u9fff]+)\s*", text)
    if role is None or match is None or above + match[1] not in role.headers:
        return text
    return text[match.end() :]


def joined_cell(first: PrintedCell, rest: PrintedCell) -> PrintedCell | None:
    """The number that two cells print together; None where they print none, or each a whole amount of its own."""
    text = "".join(f"{first.text}{rest.text}".split())
    if parse_amount(text) is None or decimals(text) > 2:
        return None
    return replace(first, text=text, other=())


def places_of(cells: Iterable[PrintedCell]) -> int | None:
    """How many decimals all of these amounts print, if all print as many (a plain 0 aside)."""
    texts = [cell.text for cell in cells]
    counts = {decimals(text) for text in texts if parse_amount(text)}
    return counts.pop() if len(counts) == 1 else None


def split_unit(cell: PrintedCell) -> tuple[PrintedCell, str] | None:
    """A number with its unit in one cell: 20台."""
    match = _NUMBER_AND_UNIT.fullmatch(squash(cell.text))
    return (replace(cell, text=match["number"]), match["unit"]) if match and has_cjk(match["unit"]) else None
