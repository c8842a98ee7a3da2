"""One statement on its way from its tables to its rows and figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from pipeline.documents.model import Issue
from pipeline.forms.across import join_statement
from pipeline.forms.amounts import row_has_amounts, row_has_numbers
from pipeline.forms.by_content import BY_CONTENT, ByContent, lines_of, read_by_content
from pipeline.forms.classification import (
    Classification,
    economic_classification,
    function_classification,
    is_subject_name,
)
from pipeline.forms.columns import ColumnMap, map_columns, split_table
from pipeline.forms.disclosure import (
    NOTE_CONTRADICTS,
    NOTE_OF_ANOTHER,
    SAME_LINE,
    Choice,
    Figure,
    RowRead,
    StatementRead,
    Unread,
)
from pipeline.forms.form import Form, StatementForm
from pipeline.forms.loadable import FEN, not_loadable
from pipeline.forms.pieces import PieceReader
from pipeline.forms.printed import parse_amount, squash
from pipeline.forms.printed_table import PrintedCell, PrintedTable
from pipeline.forms.printed_unit import unit_of
from pipeline.forms.row_identity import OUTSIDE, RowIdentity, coded_rows, fixed_lines
from pipeline.forms.rows import AssembledRow, Vocabulary, assemble, read_amount
from pipeline.forms.sections import Section
from pipeline.forms.shortened import SHORTENED, shortened

_BARE = "nothing stands below the title of the statement; its table may be a picture"
_NO_TABLE = "lines of numbers stand below a title, but no table; they are not loaded"
_NOTHING_READ = "amounts stand below the title of the statement, and none of them could be read"


def _layout_of(section: Section, statement: StatementForm, form: Form, fiscal_year: int) -> StatementForm:
    """The layout of a statement that knows the most columns of its first table; the first one of equals."""

    def known(layout: StatementForm) -> int:
        for table in section.tables[:1]:
            split = split_table(table, layout, form)
            columns = map_columns(split, table, layout, form, fiscal_year) if split.header or split.numbers else None
            return len(columns.measures) if columns is not None else 0
        return 0

    return max((statement, *statement.variants), key=known) if statement.variants else statement


def _joined(section: Section, statement: StatementForm, form: Form, fiscal_year: int) -> list[PrintedTable]:
    """The tables of the section, those put together that a sheet too wide for its pages was printed on."""

    def columns_of(table: PrintedTable) -> ColumnMap | None:
        layout = _layout_of(replace(section, tables=[table]), statement, form, fiscal_year)
        split = split_table(table, layout, form)
        return map_columns(split, table, layout, form, fiscal_year) if split.header or split.numbers else None

    return join_statement(section.tables, statement, form, columns_of)


class StatementReader:
    """Reads one section; ``issues``, ``printed``, ``choices``, ``unread`` and ``refused`` (tables that may be
    another statement's) are complete when the last of the figures is taken and the outcome is known."""

    def __init__(
        self, form: Form, statement: StatementForm, section: Section, unit_elsewhere: str | None, fiscal_year: int
    ) -> None:
        self.form = form
        section = replace(section, tables=_joined(section, statement, form, fiscal_year))
        self.statement = _layout_of(section, statement, form, fiscal_year)
        self.section = section
        self.rows: list[AssembledRow] = []
        self.printed: list[RowRead] = []
        self.choices: list[Choice] = []
        self.measures: dict[str, None] = {}  # in printed order
        self.unread: list[Unread] = []
        self.refused: list[PrintedTable] = []
        self.fiscal_year = fiscal_year
        # some print the body's own name where others print 合计
        self.totals = form.total_labels | {squash(name) for name in section.body_names}
        self.names: Classification | None = {
            "function": function_classification(),
            "economic": economic_classification(),
        }.get(self.statement.rows)
        self.unit, doubt = unit_of(section, form, unit_elsewhere)
        self.issues = [doubt] if doubt is not None else []

    def outcome(self, found: Sequence[Figure]) -> StatementRead:
        """present where figures or rows stand; unread where there are amounts and no figure; declared_empty where a
        note or an empty table says so."""
        section, figures = self.section, len(found)
        rows = sum(1 for row in self.rows if row.has_amounts)
        if figures:
            status = "present"
        elif self.unread or section.is_bare or self._prints_amounts():
            status = "unread"
            self._lost()
            if not any(issue.severity == "error" for issue in self.issues):
                what = _BARE if section.is_bare else _NOTHING_READ
                self.issues.append(Issue("error", what, section.title, section.page, section.locator))
        else:
            status = "present" if self.rows and not section.notes else "declared_empty"
        self.issues += (Issue("info", SHORTENED, f.text_as_printed, f.page, f.locator) for f in shortened(found))
        for note in section.notes if any(figure.amount_yuan for figure in found) else ():
            whole = self._calls_empty(note)
            what = NOTE_CONTRADICTS if whole else "a note says that there is nothing of a part of the statement"
            self.issues.append(Issue("warning" if whole else "info", what, note, section.page, section.locator))
        if foreign := self._note_of_another():
            self.issues.append(Issue("warning", NOTE_OF_ANOTHER, foreign, section.page, section.locator))
        if status == "declared_empty" and not section.notes:
            self.issues.append(
                Issue("info", "the table is empty and no note says why", section.title, section.page, section.locator)
            )
        return StatementRead(
            section.part,
            section.statement,
            status,
            section.title,
            self.unit,
            rows,
            figures,
            section.page,
            section.locator,
            tuple(self.measures),
        )

    def _prints_amounts(self) -> bool:
        rows = [row for table in self.section.tables for row in table.rows if row.filled]
        if self.statement.rows == "columns" and any(row_has_numbers(row, self.form) for row in rows):
            return True  # no label stands beside its amounts
        return any(row_has_amounts(row, self.form) for row in rows) or self.section.rows_without_table > 0

    def _calls_empty(self, note: str) -> bool:
        """Does the note speak of the whole statement, not of a part of it (本部门无因公出国(境)费)?"""
        text, words = squash(note), self.form.whole_notes
        return not words or any(p.search(text) for p in words) or any(w in text for w in self.statement.note_words)

    def _note_of_another(self) -> str | None:
        """A note that names the subject of another statement and not this one's own."""
        others = {w for form in self.form.statements.values() for w in form.note_words} - self.statement.note_words
        for note in self.section.notes:
            text = squash(note)
            named = any(word in text for word in others)
            if self.statement.note_words and named and not any(word in text for word in self.statement.note_words):
                return note
        return None

    # ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────

    def figures(self) -> Iterator[Figure]:
        self._read_rows()
        if self.unit is None:  # the rows are there all the same: the statement is not empty
            if any(row.has_amounts or row.loose_numbers for row in self.rows):
                self._lost()
            return
        for side in dict.fromkeys(column.side for column in self.statement.columns):
            identities = self._identities(side)
            seen: set[str] = set()
            for row, identity in zip(self.rows, identities, strict=True):
                if any(slot[0] == side for slot in row.amounts) and self.statement.rows != "columns":
                    if identity.item in seen:
                        text = f"{identity.code_as_printed or ''} {row.labels.get(side, '')}".strip()
                        what = SAME_LINE
                        self.issues.append(Issue("warning", what, text, row.page, row.locator))
                    seen.add(identity.item)
                if (
                    row.labels.get(side)
                    or any(slot[0] == side for slot in row.amounts)
                    or self.statement.rows == "columns"
                ):
                    self.printed.append(self._row_read(row, side, identity))
                yield from self._row_figures(row, side, identity)

    def _read_rows(self) -> None:
        """The rows of its tables; where none of them has an amount, what can be read of them by their words alone."""
        vocabulary = Vocabulary(self.statement, self.names, self.form.total_labels)
        tables = PieceReader(self.form, self.statement, self.section, self.fiscal_year, self.unit, vocabulary)
        assembly = assemble(tables.pieces(), vocabulary, self.section.strays if self.section.tables else [])
        if not any(row.has_amounts for row in assembly.rows) and self._prints_amounts():
            totals = self.totals | self.form.lone_total_labels
            read = read_by_content(lines_of(self.section), self.statement, self.form, self.names, totals)
            if read is not None:
                self._take(read)
                return
        self.rows, self.measures = assembly.rows, tables.measures
        self.issues += [*tables.issues, *assembly.issues]
        self.unread += tables.unread
        self.refused = tables.refused
        if self.section.rows_without_table and not self.section.tables:
            title = self.section
            self.issues.append(Issue("error", _NO_TABLE, title.title, title.page, title.locator))
        of_rows = {row.loose_doubt for row in self.rows}
        if any(issue.severity == "error" and issue not in of_rows for issue in assembly.issues):
            self._lost()  # rows that are missing, or text among the rows

    def _take(self, read: ByContent) -> None:
        section = self.section
        self.rows, self.measures = read.rows, read.measures
        self.issues += [Issue("info", BY_CONTENT, section.title, section.page, section.locator), *read.issues]
        if read.lost:
            self._lost()

    def _lost(self, item: str | None = None, measure: str | None = None, row_order: int | None = None) -> None:
        """A place holds a number that is not loaded; None: any row, any column."""
        self.unread.append(Unread(self.section.part, self.section.statement, item, measure, row_order))

    def _row_read(self, row: AssembledRow, side: str | None, identity: RowIdentity) -> RowRead:
        return RowRead(
            self.section.part,
            self.section.statement,
            row.order,
            row.number,
            row.labels.get(side, ""),
            identity.item,
            identity.subject_code,
            row.page,
            row.locator,
        )

    def _row_figures(self, row: AssembledRow, side: str | None, identity: RowIdentity) -> Iterator[Figure]:
        slots = [(slot, cells) for slot, cells in row.amounts.items() if slot[0] == side]
        if slots and identity.doubt is not None:
            self.issues.append(identity.doubt)
        for (_, measure), cells in slots:
            reading = read_amount(cells, row)
            figure = None
            if reading.doubt is not None:
                self.issues.append(reading.doubt)
            if reading.amount is not None:
                figure = self._figure(row, side, identity, measure, reading.cell, reading.amount)
                if figure is not None:
                    yield figure
            if figure is None:
                self._lost(identity.item, measure, row.order)
            elif identity.item.startswith(OUTSIDE) and not row.codes:
                self._lost(None, measure, row.order)  # the number is read, its row is not
            options: list[tuple[Figure, ...]] = []
            for cell, amount in reading.open:
                figure = self._figure(row, side, identity, measure, cell, amount) if amount is not None else None
                if figure is not None or amount is None:
                    options.append((figure,) if figure is not None else ())
            if options and reading.doubt is not None:
                self.choices.append(Choice(self._own(reading.doubt), self.section.part, tuple(options)))
        if row.loose_numbers:
            self._columns_of_loose(row, side, identity)
        if row.loose_numbers or row.loose_doubt is not None:
            self._lost(identity.item, None, row.order)

    def _columns_of_loose(self, row: AssembledRow, side: str | None, identity: RowIdentity) -> None:
        """Numbers whose columns are unknown: every way to put them into the columns, in their order."""
        own = self.statement.measures_of(side)
        measures = [measure for measure in self.measures if measure in own]
        numbers = [(cell, parse_amount(cell.text)) for cell in row.loose_numbers]
        options: list[tuple[Figure, ...]] = []
        for places in combinations(measures, len(numbers)):
            figures = [
                self._figure(row, side, identity, measure, cell, amount)
                for measure, (cell, amount) in zip(places, numbers, strict=True)
                if amount is not None
            ]
            if None not in figures:
                options.append(tuple(figure for figure in figures if figure is not None))
        if options and row.loose_doubt is not None:
            self.choices.append(Choice(self._own(row.loose_doubt), self.section.part, tuple(options)))

    def _own(self, issue: Issue) -> Issue:
        return replace(issue, statement=self.section.statement)

    def _figure(
        self,
        row: AssembledRow,
        side: str | None,
        identity: RowIdentity,
        measure: str,
        cell: PrintedCell,
        amount: Decimal,
    ) -> Figure | None:
        if self.unit is None:
            return None
        yuan = amount * self.form.units[self.unit]
        if what := not_loadable(yuan, is_money=True):
            self.issues.append(Issue("error", what, cell.text, row.page, cell.locator))
            return None
        return Figure(
            part=self.section.part,
            statement=self.section.statement,
            row_order=row.order,
            row_number=row.number,
            row_label=row.labels.get(side, ""),
            code_as_printed=identity.code_as_printed,
            subject_code=identity.subject_code,
            code_resolution=identity.resolution,
            code_read=identity.code_read,
            item=identity.item,
            measure=measure,
            text_as_printed=cell.text,
            printed_unit=self.unit,
            amount_yuan=yuan.quantize(FEN),
            page=cell.page or row.page,
            bbox=cell.bbox,
            locator=cell.locator or row.locator,
        )

    def _is_body(self, label: str) -> bool:
        name = self.form.body_end.search(label) is not None and not is_subject_name(label)
        return name or label in map(squash, self.section.body_names)

    def _totals(self) -> frozenset[str]:
        """The labels of the total; 小计 is one where it stands alone at the head or the foot of the statement."""
        labels = ["" if row.codes else squash(row.labels.get(None, "")).rstrip(":") for row in self.rows]
        lone = [label for label in labels if label in self.totals | self.form.lone_total_labels]
        return self.totals | set(lone) if len(lone) == 1 and lone[0] in (labels[0], labels[-1]) else self.totals

    def _identities(self, side: str | None) -> Iterator[RowIdentity]:
        if side is None:
            assert self.names is not None
            return coded_rows(self.rows, self.names, self._totals(), self._is_body)
        if self.statement.rows == "columns":
            return iter([RowIdentity(side, None, None, "none")] * len(self.rows))
        identities, issues = fixed_lines(self.rows, side, self.statement.lines[side])
        self.issues.extend(issues)
        return iter(identities)
