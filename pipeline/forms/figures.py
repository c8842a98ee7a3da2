"""Sections → figures: every number of every statement with its row, its measure, its unit and its amount in yuan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import combinations

from pipeline.documents.model import Box, Document, Issue, Severity
from pipeline.forms.classification import (
    Classification,
    CodeResolution,
    Resolved,
    economic_classification,
    function_classification,
)
from pipeline.forms.columns import ColumnMap, SplitTable, header_units, map_columns, split_table, total_alone
from pipeline.forms.form import STATEMENTS, Form, Line, StatementForm
from pipeline.forms.printed import has_cjk, parse_amount, squash, strip_enumerator
from pipeline.forms.recognise import (
    Part,
    PrintedCell,
    PrintedRow,
    PrintedTable,
    Recognised,
    Section,
    form_score,
    recognise,
)
from pipeline.forms.rows import (
    AssembledRow,
    Vocabulary,
    assemble,
    ends_in_amount,
    is_shifted,
    longest_lines,
    piece_of,
    prints_totals,
    read_amount,
    shifted_piece,
)

_FEN = Decimal("0.01")

# issues that say something of the publication rather than of the reading
MISSING_STATEMENT = "the document does not contain this statement"
NOTE_CONTRADICTS = "a note calls the statement empty, but it prints figures"
_SHORT = "a row has fewer cells than its table has columns; it is not loaded"
NOTE_OF_ANOTHER = "a note below the statement speaks of another one"


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number. Amounts are yuan; pages 1-based; boxes PDF points.

    Where ``is_money`` is false (a quantity, a percentage: annexes only) ``amount_yuan`` is the plain number.
    """

    part: int
    statement: str
    row_order: int
    row_number: int
    row_label: str
    code_as_printed: str | None
    subject_code: str | None
    code_resolution: CodeResolution
    item: str
    measure: str
    text_as_printed: str
    printed_unit: str
    amount_yuan: Decimal
    page: int | None
    bbox: Box | None
    locator: str | None
    is_money: bool = True


@dataclass(frozen=True, slots=True)
class StatementRead:
    """What became of one statement: present, declared_empty or missing."""

    part: int
    statement: str
    status: str
    title: str | None = None
    unit: str | None = None
    rows: int = 0
    figures: int = 0
    page: int | None = None
    locator: str | None = None
    measures: tuple[str, ...] = ()  # the printed columns


@dataclass(frozen=True, slots=True)
class RowRead:
    """A printed row, whether or not a number stands in it.

    ``parent``: the item that it is a part of, where no code says so.
    """

    part: int
    statement: str
    order: int
    number: int
    label: str
    item: str
    subject_code: str | None
    page: int | None
    locator: str | None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Figures that two readings, or numbers without a column, leave open: exactly one of the options stands.

    ``doubt`` is one of the disclosure's issues. No figure of any option is among its figures; an option without a
    figure says that the place is blank.
    """

    doubt: Issue
    part: int
    options: tuple[tuple[Figure, ...], ...]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A document understood."""

    form: str
    kind: str
    fiscal_year: int
    parts: tuple[Part, ...]
    statements: tuple[StatementRead, ...]
    figures: tuple[Figure, ...]
    issues: tuple[Issue, ...]
    rows: tuple[RowRead, ...] = ()
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class _Identity:
    item: str
    subject_code: str | None
    code_as_printed: str | None
    resolution: CodeResolution
    doubt: Issue | None = None


def choose_form(document: Document, forms: tuple[Form, ...]) -> Form:
    """The form with the most of its statement titles in the document; the first one of equals."""
    return max(forms, key=lambda form: form_score(document, form))


def understand(document: Document, forms: tuple[Form, ...]) -> Disclosure:
    """Blocks → figures. Raises UnreadableDocument where the document is no department budget that can be loaded."""
    form = choose_form(document, forms)
    recognised = recognise(document, form)
    issues = [*document.issues, *recognised.issues]
    figures: list[Figure] = []
    statements: list[StatementRead] = []
    rows: list[RowRead] = []
    choices: list[Choice] = []
    for part in recognised.parts:
        sections = {s.statement: s for s in recognised.sections if s.part == part.part}
        for name in STATEMENTS:
            section = sections.get(name)
            if section is None:
                statements.append(StatementRead(part.part, name, "missing"))
                if part.part == 1:
                    title = form.statements[name].title
                    issues.append(Issue("warning", MISSING_STATEMENT, title, statement=name))
                continue
            read = _Statement(form, form.statements[name], section, _common_unit(recognised), recognised)
            found = list(read.figures())
            figures.extend(found)
            statements.append(read.outcome(len(found)))
            rows.extend(read.printed)
            choices.extend(read.choices)
            issues.extend(replace(issue, statement=name) for issue in read.issues)
    return Disclosure(
        form.name,
        recognised.kind,
        recognised.fiscal_year,
        recognised.parts,
        tuple(statements),
        tuple(figures),
        tuple(issues),
        tuple(rows),
        tuple(choices),
    )


def _common_unit(recognised: Recognised) -> str | None:
    """The one unit that every statement with a printed unit prints, else None."""
    units = {unit for section in recognised.sections for unit in section.units}
    units |= {unit for s in recognised.sections if (unit := s.unit_in_title or s.unit_before)}
    return units.pop() if len(units) == 1 else None


def _layout_of(section: Section, statement: StatementForm, form: Form, fiscal_year: int) -> StatementForm:
    """The layout of a statement that knows the most columns of its first table; the first one of equals."""

    def known(layout: StatementForm) -> int:
        for table in section.tables[:1]:
            split = split_table(table, layout, form)
            columns = map_columns(split, table, layout, form, fiscal_year) if split.header or split.numbers else None
            return len(columns.measures) if columns is not None else 0
        return 0

    return max((statement, *statement.variants), key=known) if statement.variants else statement


class _Statement:
    """One statement on its way from tables to figures."""

    def __init__(
        self, form: Form, statement: StatementForm, section: Section, common_unit: str | None, recognised: Recognised
    ) -> None:
        self.form = form
        self.statement = _layout_of(section, statement, form, recognised.fiscal_year)
        self.section = section
        self.issues: list[Issue] = []
        self.rows: list[AssembledRow] = []
        self.printed: list[RowRead] = []
        self.choices: list[Choice] = []
        self.measures: dict[str, None] = {}  # in printed order
        self.common_unit = common_unit
        self.fiscal_year = recognised.fiscal_year
        # some print the body's own name where others print 合计
        self.totals = form.total_labels | {squash(name) for name in section.body_names}
        self.names: Classification | None = {
            "function": function_classification(),
            "economic": economic_classification(),
        }.get(self.statement.rows)
        self.unit = self._unit()

    def _issue(self, issue: Issue) -> None:
        self.issues.append(issue)

    def _unit(self) -> str | None:
        section = self.section
        in_headers = {unit for table in section.tables for unit in header_units(table)}
        if len(set(section.units) | in_headers) > 1:
            text = "、".join(sorted(set(section.units) | in_headers))
            self._issue(
                Issue(
                    "error",
                    "one statement prints two units; its figures are not loaded",
                    text,
                    section.page,
                    section.locator,
                )
            )
            return None
        printed = next(iter(section.units), next(iter(in_headers), section.unit_in_title or section.unit_before))
        if printed is not None:
            return printed
        if not section.tables:
            return None
        if self.common_unit is not None:
            self._issue(
                Issue(
                    "info",
                    "the statement prints no unit; the one of every other statement is taken",
                    self.common_unit,
                    section.page,
                    section.locator,
                )
            )
            return self.common_unit
        self._issue(
            Issue(
                "error",
                "the statement prints no unit; its figures are not loaded",
                section.title,
                section.page,
                section.locator,
            )
        )
        return None

    def outcome(self, figures: int) -> StatementRead:
        """present where figures or rows stand; declared_empty where a note or an empty table says so."""
        section = self.section
        rows = sum(1 for row in self.rows if row.has_amounts)
        status = "present" if figures or rows or (self.rows and not section.notes) else "declared_empty"
        if section.notes and (figures or rows):
            self._issue(
                Issue(
                    "warning",
                    NOTE_CONTRADICTS,
                    section.notes[0],
                    section.page,
                    section.locator,
                )
            )
        if foreign := self._note_of_another():
            self._issue(Issue("warning", NOTE_OF_ANOTHER, foreign, section.page, section.locator))
        if status == "declared_empty" and not section.notes:
            self._issue(
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

    def _pieces(self) -> Iterator[AssembledRow]:
        known: ColumnMap | None = None
        numbers_begun = another_begun = False
        for table in self.section.tables:
            split = split_table(table, self.statement, self.form)
            own = self._map(split, table) if split.header or split.numbers else None
            if own is None and known is not None and known.width != table.column_count:
                own = total_alone(split, known, self.form)
            refusal = self._refusal(split, own, known, table.column_count)
            pieces: list[AssembledRow] = []
            if refusal is None:
                columns = own if own is not None and (known is None or own.slots == known.slots) else known
                if columns is None:  # an empty table whose header says nothing
                    continue
                if split.header or split.numbers:
                    known = columns
                if own is columns:
                    self.issues.extend(columns.issues)
                self.measures |= dict.fromkeys(measure for _, _, measure in columns.measures)
                pieces = list(self._table_pieces(split, columns))
                begins = bool(pieces) and 1 in pieces[0].ordinals
                another_begun = another_begun or (begins and numbers_begun)
                if another_begun:
                    refusal = "the row numbers begin again: a second table without a title; it is not loaded"
                numbers_begun = numbers_begun or begins
            if refusal is not None:
                text = " ".join(split.body[0].filled)[:80] if split.body else ""
                self._issue(Issue("error", refusal, text, table.page, table.locator))
                continue
            yield from pieces

    def _map(self, split: SplitTable, table: PrintedTable) -> ColumnMap | None:
        return map_columns(split, table, self.statement, self.form, self.fiscal_year)

    def _refusal(self, split: SplitTable, own: ColumnMap | None, known: ColumnMap | None, width: int) -> str | None:
        """Why a table cannot be part of this statement; None where it can."""
        if own is None and (known is None or known.width != width):
            return "the columns of a table are not recognised; it is not loaded" if split.body else None
        if own is None or known is None or own.slots == known.slots:
            return None
        if own.foreign or known.width != width:
            return "a table has other columns than its statement; its title may be lost; it is not loaded"
        return None  # the header is damaged: the columns of the page before count

    def _table_pieces(self, split: SplitTable, columns: ColumnMap) -> Iterator[AssembledRow]:
        longest = longest_lines(split.body, columns)
        total = prints_totals(split.body, columns)
        for row in split.body:
            if row.ragged:
                yield from self._ragged(row, columns)
            elif any(p.fullmatch("".join(row.filled)) for p in self.form.empty_notes):
                self.section.notes.append("".join(row.filled))
            elif is_shifted(row, columns, total):
                yield from self._shifted(row, columns)
            else:
                piece = piece_of(row, columns, longest)
                self._number_in_label(piece, row)
                yield piece

    def _shifted(self, row: PrintedRow, columns: ColumnMap) -> Iterator[AssembledRow]:
        """A row that stands in other columns than its table's: only the identities can say in which."""
        piece = shifted_piece(row)
        if not piece.loose_numbers:
            yield piece
            return
        what = "a row does not stand in the columns of its table; its amounts are not loaded"
        doubt = Issue("error", _SHORT if row.ragged else what, " ".join(row.filled), row.page, row.locator)
        self._issue(doubt)
        if set(columns.labels) == {None}:
            piece.loose_doubt = doubt
            if any(parse_amount(cell.text) is None for cell in piece.loose_numbers):
                piece.loose_numbers = []
            yield piece

    def _number_in_label(self, piece: AssembledRow, row: PrintedRow) -> None:
        """An amount where the label of a side should be: that side does not stand in its columns."""
        for side, label in piece.labels.items():
            if not ends_in_amount(label):
                continue
            what = "a number stands in the cell of a label; it is not loaded"
            self._issue(Issue("error", what, " ".join(row.filled), piece.page, piece.locator))
            if not has_cjk(label):
                piece.amounts = {slot: cells for slot, cells in piece.amounts.items() if slot[0] != side}

    def _ragged(self, row: PrintedRow, columns: ColumnMap) -> Iterator[AssembledRow]:
        if set(columns.labels) == {None} and shifted_piece(row).loose_numbers:
            yield from self._shifted(row, columns)
        else:
            self._issue(Issue("error", _SHORT, " ".join(row.filled), row.page, row.locator))

    def figures(self) -> Iterator[Figure]:
        vocabulary = Vocabulary(self.statement, self.names, self.form.total_labels)
        assembly = assemble(self._pieces(), vocabulary, self.section.strays)
        self.rows = assembly.rows
        self.issues.extend(assembly.issues)
        if self.unit is None:  # the rows are there all the same: the statement is not empty
            return
        for side in dict.fromkeys(column.side for column in self.statement.columns):
            identities = self._identities(side)
            seen: set[str] = set()
            for row, identity in zip(self.rows, identities, strict=True):
                if any(slot[0] == side for slot in row.amounts) and self.statement.rows != "columns":
                    if identity.item in seen:
                        text = f"{identity.code_as_printed or ''} {row.labels.get(side, '')}".strip()
                        what = "two rows of the statement are the same line; both are loaded"
                        self._issue(Issue("warning", what, text, row.page, row.locator))
                    seen.add(identity.item)
                if (
                    row.labels.get(side)
                    or any(slot[0] == side for slot in row.amounts)
                    or self.statement.rows == "columns"
                ):
                    self.printed.append(self._row_read(row, side, identity))
                yield from self._row_figures(row, side, identity)

    def _row_read(self, row: AssembledRow, side: str | None, identity: _Identity) -> RowRead:
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

    def _row_figures(self, row: AssembledRow, side: str | None, identity: _Identity) -> Iterator[Figure]:
        slots = [(slot, cells) for slot, cells in row.amounts.items() if slot[0] == side]
        if slots and identity.doubt is not None:
            self._issue(identity.doubt)
        for (_, measure), cells in slots:
            reading = read_amount(cells, row)
            if reading.doubt is not None:
                self._issue(reading.doubt)
            if reading.amount is not None:
                figure = self._figure(row, side, identity, measure, reading.cell, reading.amount)
                if figure is not None:
                    yield figure
            options: list[tuple[Figure, ...]] = []
            for cell, amount in reading.open:
                figure = self._figure(row, side, identity, measure, cell, amount) if amount is not None else None
                if figure is not None or amount is None:
                    options.append((figure,) if figure is not None else ())
            if options and reading.doubt is not None:
                self.choices.append(Choice(self._own(reading.doubt), self.section.part, tuple(options)))
        if row.loose_numbers:
            self._columns_of_loose(row, side, identity)

    def _columns_of_loose(self, row: AssembledRow, side: str | None, identity: _Identity) -> None:
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
        identity: _Identity,
        measure: str,
        cell: PrintedCell,
        amount: Decimal,
    ) -> Figure | None:
        if self.unit is None:
            return None
        yuan = amount * self.form.units[self.unit]
        if yuan != yuan.quantize(_FEN):
            what = "an amount is finer than a 分 (0.01 yuan); it is not loaded"
            self._issue(Issue("error", what, cell.text, row.page, cell.locator))
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
            item=identity.item,
            measure=measure,
            text_as_printed=cell.text,
            printed_unit=self.unit,
            amount_yuan=yuan.quantize(_FEN),
            page=row.page,
            bbox=cell.bbox,
            locator=cell.locator or row.locator,
        )

    # ── which row it is ─────────────────────────────────────────────────────────────────────────────────────────

    def _identities(self, side: str | None) -> Iterator[_Identity]:
        if side is None:
            return self._coded_rows()
        if self.statement.rows == "columns":
            return iter([_Identity(side, None, None, "none")] * len(self.rows))
        return self._fixed_lines(side)

    def _coded_rows(self) -> Iterator[_Identity]:
        """Rows with a subject code: T2, T3, T5–T8."""
        assert self.names is not None
        above: tuple[str, ...] = ()
        renumbered: dict[str, str] = {}  # printed codes that mean another one, for what is printed below them
        for row in self.rows:
            label = squash(row.labels.get(None, ""))
            if not row.codes and label in self.totals:
                yield _Identity("total", None, None, "none")
                continue
            # a row captured twice may have its code twice: the reading that agrees with the label, below a row above
            readings = [(code, self.names.resolve(code, label, above, renumbered)) for code in row.codes or [""]]
            readings.sort(key=lambda r: len(r[0]) > 3 and r[0][:-2] not in above)
            code, resolved = next(
                (r for r in readings if r[1].resolution == "as_printed" and not r[1].doubt), readings[0]
            )
            if len(readings) > 1 and resolved.doubt is None:
                resolved = replace(resolved, doubt="two readings of a code differ; the one that fits is taken")
            doubt = self._code_doubt(row, code, label, resolved)
            if resolved.subject_code is None:
                yield _Identity(f"unrecognised_{row.order}", None, code or None, "unresolved", doubt)
                continue
            above = (resolved.subject_code, *above[:20])
            renumbered[code] = resolved.subject_code
            yield _Identity(resolved.subject_code, resolved.subject_code, code or None, resolved.resolution, doubt)

    def _code_doubt(self, row: AssembledRow, code: str, label: str, resolved: Resolved) -> Issue | None:
        if resolved.doubt is None:
            return None
        changed = resolved.subject_code if resolved.subject_code != code else None
        text = f"{code} {label}" + (f" → {changed}" if changed else "")
        severity: Severity = (
            "info" if resolved.resolution in ("as_printed", "from_label", "from_hierarchy") else "warning"
        )
        return Issue(severity, resolved.doubt, text, row.page, row.locator)

    def _fixed_lines(self, side: str) -> Iterator[_Identity]:
        """Rows with a fixed label: T1, T4, T9. A label that cannot be read is placed by its neighbours."""
        lines = self.statement.lines[side]
        found: list[int | None] = []
        latest = -1
        for row in self.rows:
            label = squash(row.labels.get(side, ""))
            taken = {n for n in found if n is not None}
            index = _match_line(label, lines, latest, taken)
            if index is None:
                index = _damaged_line(label, lines, taken)
                if index is not None:
                    what = "letters of a label cannot be read; the rest is one line of the form"
                    self._issue(Issue("info", what, label, row.page, row.locator))
            found.append(index)
            latest = index if index is not None else latest
        for position, (row, index) in enumerate(zip(self.rows, found, strict=True)):
            doubt: Issue | None = None
            label = row.labels.get(side, "")
            if index is None:
                index = self._between(position, found, lines, squash(label))
                what = (
                    "a label cannot be read; the row is known by its place between its neighbours"
                    if index is not None
                    else "a line is not one that the form knows"
                )
                doubt = Issue("info" if index is not None else "warning", what, label, row.page, row.locator)
            if index is None:
                yield _Identity(f"unrecognised_{row.order}", None, None, "none", doubt)
                continue
            line = lines[index]
            resolution: CodeResolution = "from_label" if line.subject_code else "none"
            yield _Identity(line.item, line.subject_code, None, resolution, doubt)

    def _between(self, position: int, found: list[int | None], lines: tuple[Line, ...], label: str) -> int | None:
        """The one line between two neighbours that are read and numbered without a gap, if what is left of the label
        agrees with it."""
        if not 0 < position < len(found) - 1:
            return None
        before, after = found[position - 1], found[position + 1]
        numbers = [row.number for row in self.rows[position - 1 : position + 2]]
        if before is None or after is None or after - before != 2 or numbers[2] - numbers[0] != 2:
            return None
        line = lines[before + 1]
        alike = max(SequenceMatcher(None, label, text).ratio() for text in line.labels)
        return before + 1 if not label or alike >= 0.4 else None


def _damaged_line(label: str, lines: tuple[Line, ...], taken: set[int]) -> int | None:
    """The one line that this label is, with some letters read as something that is no letter: 收□总计."""
    readable = sum(1 for letter in label if has_cjk(letter))
    if not readable or readable == len(label) or readable * 2 < len(label):
        return None
    plain = strip_enumerator(label)
    pattern = re.compile("".join(text if has_cjk(text) else "." for text in plain))
    fitting = [n for n, line in enumerate(lines) if any(pattern.fullmatch(known) for known in line.labels)]
    if not fitting:  # the mark of the enumerator may be the letter that is lost: 一□一般公共预算拨款
        known = {
            n: max((text for text in line.labels if label.endswith(text)), key=len, default="")
            for n, line in enumerate(lines)
        }
        fitting = [n for n, text in known.items() if text and len(label) - len(text) <= 4]
        longest = max((len(known[n]) for n in fitting), default=0)
        fitting = [n for n in fitting if len(known[n]) == longest]
    return fitting[0] if len(fitting) == 1 and fitting[0] not in taken else None


def _match_line(label: str, lines: tuple[Line, ...], latest: int, taken: set[int]) -> int | None:
    """The line with this label: the next one below the latest match, else any.

    A line that stands ``below`` a heading is meant only after it, or where the other lines of that label are taken.
    """
    if not label:
        return None
    plain = strip_enumerator(label)
    matches = [n for n, line in enumerate(lines) if label in line.labels or plain in line.labels]
    headings = {lines[n].item for n in taken}
    under = [n for n in matches if lines[n].below in headings]
    free = [n for n in matches if lines[n].below is None and n not in taken]
    matches = under or free or matches
    return next((n for n in matches if n > latest), matches[0] if matches else None)
