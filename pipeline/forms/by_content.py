"""Rows of a statement by what their texts are, where neither rules nor tabs say which columns they stand in.

Lines of a print without rules, rows whose blank cells are lost, one cell a line: a code or a known label begins a row,
the numbers behind it are its own. Only what leaves no choice is read: every label must be one that the statement can
print, and the headers must name the measures in the order of the form. Where a row prints fewer numbers than there are
measures, its numbers are left to the identities (`AssembledRow.loose_numbers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipeline.documents.model import Issue, Paragraph, Severity
from pipeline.forms.amounts import is_amount
from pipeline.forms.classification import Classification, economic_classification, function_classification
from pipeline.forms.columns import columns_by_text
from pipeline.forms.form import Form, StatementForm
from pipeline.forms.printed import code_digits, has_cjk, is_blank, parse_ordinal, plain_header, squash
from pipeline.forms.printed_table import PrintedCell, PrintedTable
from pipeline.forms.rows import AssembledRow, Vocabulary
from pipeline.forms.sections import Section

BY_CONTENT = "no rules part the columns of the statement; its rows are read by their words and the order of the numbers"
_NOT_READ = "a line stands among the rows of a statement without rules, and is none that can be read; it is not loaded"
_LOOSE = "a row prints fewer numbers than there are columns, and no rule says which they are"
_GLUED = re.compile(r"(?P<code>\d{3}(?:\d\d){0,2})(?P<label>[^\d\W].*)")
_LEVELS = (3, 5, 7)
_A_FEW = 3


@dataclass(frozen=True, slots=True)
class Token:
    cell: PrintedCell
    page: int | None

    @property
    def text(self) -> str:
        return self.cell.text


Line = Sequence[Token]


@dataclass(slots=True)
class ByContent:
    rows: list[AssembledRow] = field(default_factory=list)
    measures: dict[str, None] = field(default_factory=dict)  # in printed order
    issues: list[Issue] = field(default_factory=list)
    lost: bool = False  # a line with a number is not read


def lines_of(section: Section) -> list[Line]:
    """What is printed below the title: the rows of its tables, else its lines."""
    if section.tables:
        return [line for table in section.tables for line in tokens_of_table(table)]
    return tokens_of_lines(section.strays)


def tokens_of_table(table: PrintedTable) -> list[Line]:
    """Its rows, cell by cell."""
    rows = [(row, [cell for cell in row.cells if squash(cell.text)]) for row in table.rows]
    return [
        [Token(replace(cell, locator=cell.locator or row.locator), row.page) for cell in cells]
        for row, cells in rows
        if cells
    ]


def tokens_of_lines(lines: Iterable[Paragraph]) -> list[Line]:
    """Lines outside tables, word by word."""
    return [
        [Token(PrintedCell(word, line.locator, line.bbox), line.page) for word in line.text.split()] for line in lines
    ]


def strange_lines(lines: Sequence[Line], statement: StatementForm, form: Form, totals: frozenset[str]) -> list[Line]:
    """Those of the lines with amounts that are no row of this statement, or one that it has printed already."""
    reader = _Reader(statement, form, names_of(statement), totals)
    seen: set[str] = set()
    strange: list[Line] = []
    for line in reader.as_rows(lines):
        row = reader.row(line)
        keys = row.keys(frozenset() if None in row.labels else totals) if row is not None else []
        if any(is_amount(token.text) for token in line) and (row is None or seen & set(keys)):
            strange.append(line)
        seen |= set(keys)
    return [[token] for line in strange for token in line] if _one_cell_each(lines) else strange


def fits(lines: Sequence[Line], statement: StatementForm, form: Form, totals: frozenset[str]) -> bool:
    """Are most of the lines with amounts, or a few of them, rows that this statement can print, and not only totals?"""
    if statement.rows == "columns":
        return False
    reader = _Reader(statement, form, names_of(statement), totals)
    rows = [line for line in reader.as_rows(lines) if any(is_amount(token.text) for token in line)]
    known = [row for line in rows if (row := reader.row(line)) is not None]
    own = sum(1 for row in known if row.keys(totals))
    return own >= _A_FEW or (own > 0 and len(known) * 2 >= len(rows))


def names_of(statement: StatementForm) -> Classification | None:
    return {"function": function_classification(), "economic": economic_classification()}.get(statement.rows)


def read_by_content(
    lines: Sequence[Line], statement: StatementForm, form: Form, names: Classification | None, totals: frozenset[str]
) -> ByContent | None:
    """The rows; None where the headers do not name the measures, or most lines with numbers are no row."""
    if statement.rows == "columns" or any("\n" in token.text for line in lines for token in line):
        return None
    reader = _Reader(statement, form, names, totals)
    lines = reader.as_rows(lines)
    first = next((n for n, line in enumerate(lines) if reader.row(line) is not None), None)
    if first is None or not reader.learn([token for line in lines[:first] for token in line]):
        return None
    return reader.read(lines[first:])


@dataclass(slots=True)
class _Row:
    """A line as a row: its code, the label and the numbers of each side."""

    code: str
    labels: dict[str | None, str]
    numbers: dict[str | None, list[Token]]
    certain: bool  # the label is that of the code

    def keys(self, totals: frozenset[str]) -> list[str]:
        """What no statement prints twice: the code, the label of a side."""
        if self.code:
            return [self.code]
        labels = ((side, squash(label)) for side, label in self.labels.items())
        return [f"{side} {label}" for side, label in labels if label.rstrip(":") not in totals]


class _Reader:
    def __init__(
        self, statement: StatementForm, form: Form, names: Classification | None, totals: frozenset[str]
    ) -> None:
        self.statement, self.form, self.names, self.totals = statement, form, names, totals
        self.vocabulary = Vocabulary(statement, names, totals)
        self.sides: tuple[str | None, ...] = tuple(statement.lines) or (None,)
        self.measures: dict[str | None, list[str]] = {}

    def as_rows(self, lines: Sequence[Line]) -> list[Line]:
        """The lines without notes and numbers of columns; where most are one cell, those of a row as one."""
        lines = [line for line in lines if not self.explains(line)]
        if _one_cell_each(lines):
            return list(self.rows_of_stream([token for line in lines for token in line]))
        return lines

    def explains(self, line: Line) -> bool:
        """A note, or the row that numbers the columns."""
        text = squash("".join(token.text for token in line))
        if len(line) > 1 and squash(line[0].text) in self.form.column_numbers:
            return True
        return any(p.fullmatch(text) for p in (*self.form.remarks, *self.form.empty_notes))

    # ── the header ──────────────────────────────────────────────────────────────────────────────────────────────

    def learn(self, header: Line) -> bool:
        """Do these words name measures of each side, in the order of the form and with no unknown column among them?"""
        texts = [plain_header(squash(token.text)) for token in header]
        if any(p.fullmatch(text) for text in texts for p in self.form.other_columns):
            return False
        columns = columns_by_text(texts, self.statement)
        order = [self.statement.columns.index(columns[n]) for n in sorted(columns)]
        if order != sorted(order) or not columns:
            return False
        of_measures = [n for n in sorted(columns) if columns[n].measure]
        known = self.statement.words | self.form.ordinal_headers
        if not of_measures or any(text not in known for text in texts[of_measures[0] :]):
            return False
        for n in of_measures:
            column = columns[n]
            assert column.measure is not None
            self.measures.setdefault(column.side, []).append(column.measure)
        return set(self.measures) == set(self.sides)

    # ── the rows ────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, lines: Sequence[Line]) -> ByContent | None:
        result = ByContent()
        unread: list[Line] = []
        seen: set[str] = set()
        repeated = False
        position = 0
        while position < len(lines):
            used, row = self._next(lines[position : position + 2])
            printed = [token for line in lines[position : position + used] for token in line]
            position += used
            if row is None or not self._add(result, row, printed):
                unread.append(printed)
            keys = set(row.keys(self.totals)) if row is not None else set()
            repeated = repeated or bool(keys & seen)
            seen |= keys
        if repeated:
            return None  # the rows of two statements
        amounts = [line for line in unread if any(is_amount(token.text) for token in line)]
        if not result.rows or len(amounts) >= len(result.rows):
            return None
        for line in unread:
            result.issues.append(_issue(_NOT_READ, line, "error" if line in amounts else "info"))
        result.lost = bool(amounts)
        result.measures = dict.fromkeys(measure for side in self.sides for measure in self.measures[side])
        for number, assembled in enumerate(result.rows, start=1):
            assembled.order = assembled.number = number
        return result

    def _next(self, lines: Sequence[Line]) -> tuple[int, _Row | None]:
        """The row that begins here, and how many lines it takes: its label may be wrapped, around the numbers, too."""
        here = self.row(lines[0])
        if here is not None and here.certain:
            return 1, here
        if len(lines) > 1:
            end = next((n for n, token in enumerate(lines[0]) if n and _is_number(token)), len(lines[0]))
            joined = [*lines[0], *lines[1]], [*lines[0][:end], *lines[1], *lines[0][end:]]
            for attempt in joined if not any(map(_is_number, lines[1])) else joined[:1]:
                row = self.row(attempt)
                if row is not None and row.certain and (here is None or not any(map(_is_number, lines[1]))):
                    return 2, row
        return 1, here

    def row(self, line: Line) -> _Row | None:
        return self._coded(line) if self.sides == (None,) else self._sided(line)

    def _coded(self, line: Line) -> _Row | None:
        head = next((n for n, token in enumerate(line) if has_cjk(token.text)), None)
        if head is None or not all(map(_is_number, line[head:][_words(line[head:]) :])):
            return None
        words = line[head : head + _words(line[head:])]
        label = squash("".join(token.text for token in words))
        numbers: dict[str | None, list[Token]] = {None: list(line[head + len(words) :])}
        if label.rstrip(":") in self.totals:
            return _Row("", {None: label}, numbers, True)
        code = self._code(line[:head], label)
        if not code and (match := _GLUED.fullmatch(label)):
            code, label = match["code"], match["label"]
        if len(code) not in _LEVELS or self.names is None or code not in self.names:
            return None
        return _Row(code, {None: label}, numbers, self.names.named(code, label))

    def _code(self, head: Line, label: str) -> str:
        """The code in front of the label: its levels one by one, or behind the number of the row."""
        digits = [code_digits(token.text) for token in head]
        whole = "".join(digits)
        return whole if self.vocabulary.names_code(whole, label) else digits[-1] if digits else ""

    def _sided(self, line: Line) -> _Row | None:
        labels: dict[str | None, str] = {}
        numbers: dict[str | None, list[Token]] = {}
        rest = list(line[1:] if line and parse_ordinal(line[0].text) is not None else line)
        while rest:
            count = _words(rest)
            words, rest = rest[:count], rest[count:]
            named = self._labels([token.text for token in words], [side for side in self.sides if side not in labels])
            if named is None:
                return None
            labels |= named
            own = next((n for n, token in enumerate(rest) if not _is_number(token)), len(rest))
            numbers[next(reversed(named))], rest = rest[:own], rest[own:]
        return _Row("", labels, numbers, True) if labels else None

    def _labels(self, words: list[str], sides: list[str | None]) -> dict[str | None, str] | None:
        """The words as the label of one side, or as those of two in their order; None where they are neither."""
        if not words or not sides:
            return None
        whole = squash("".join(words))
        if side := next((side for side in sides if self.vocabulary.complete(side, whole)), None):
            return {side: "".join(words)}
        for n in range(1, len(words)):
            first, last = squash("".join(words[:n])), squash("".join(words[n:]))
            for side, other in pairwise(sides):
                if self.vocabulary.complete(side, first) and self.vocabulary.complete(other, last):
                    return {side: "".join(words[:n]), other: "".join(words[n:])}
        return None

    def _add(self, result: ByContent, row: _Row, printed: Line) -> bool:
        first = printed[0]
        found = AssembledRow([], [row.code] if row.code else [], dict(row.labels), {}, first.page, first.cell.locator)
        for side, numbers in row.numbers.items():
            measures = self.measures[side]
            if len(numbers) == len(measures):
                for measure, token in zip(measures, numbers, strict=True):
                    if not is_blank(token.text):
                        found.amounts[side, measure] = [token.cell]
            elif numbers and len(numbers) < len(measures) and side is None and all(is_amount(t.text) for t in numbers):
                found.loose_numbers = [token.cell for token in numbers]
                found.loose_doubt = _issue(_LOOSE, printed, "error")
            elif numbers:
                return False
        if found.loose_doubt is not None:
            result.issues.append(found.loose_doubt)
        result.rows.append(found)
        return True

    # ── one cell a line ─────────────────────────────────────────────────────────────────────────────────────────

    def rows_of_stream(self, tokens: Line) -> Iterator[Line]:
        """Cells one after the other → rows: a code, or a label of the first side, begins one."""
        row: list[Token] = []
        for n, token in enumerate(tokens):
            behind = tokens[n + 1].text if n + 1 < len(tokens) else ""
            if row and self._begins(token, behind, row):
                yield row
                row = []
            row.append(token)
        if row:
            yield row

    def _begins(self, token: Token, behind: str, row: Line) -> bool:
        text = squash(token.text)
        if self.sides == (None,):
            is_total = text.rstrip(":") in self.totals and not code_digits(row[-1].text)
            return is_total or (text.isdigit() and len(text) in _LEVELS and has_cjk(behind) and self._is_code(text))
        return self._is_label(self.sides[0], token) and not self._is_second_label(text, row)

    def _is_code(self, text: str) -> bool:
        return self.names is not None and text in self.names

    def _is_label(self, side: str | None, token: Token) -> bool:
        return self.vocabulary.complete(side, squash(token.text))

    def _is_second_label(self, text: str, row: Line) -> bool:
        """Is it that of another side, of the row begun: 合计 behind 合计?"""
        if not any(self.vocabulary.complete(side, text) for side in self.sides[1:]):
            return False
        own = [token for token in row if has_cjk(token.text)]
        return len(own) == 1 and self._is_label(self.sides[0], own[0])


def _one_cell_each(lines: Sequence[Line]) -> bool:
    """Do most amounts stand on a line of their own?"""
    printed = [len(line) for line in lines for token in line if is_amount(token.text)]
    return printed.count(1) * 2 > len(printed)


def _words(line: Line) -> int:
    """How many tokens stand before the first number."""
    return next((n for n, token in enumerate(line) if _is_number(token)), len(line))


def _is_number(token: Token) -> bool:
    return is_amount(token.text) or is_blank(token.text)


def _issue(what: str, line: Line, severity: Severity) -> Issue:
    return Issue(severity, what, " ".join(token.text for token in line)[:80], line[0].page, line[0].cell.locator)
