"""Blocks → sections: which table belongs to which statement of which body, with the unit and the notes around it.

A statement begins at its title and ends at the next title, at a heading of the prose or at an annex: never by a
look at headers, because two empty statements have the same one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TypeVar

from pipeline.documents.model import Box, Cell, Document, Grid, Issue, Paragraph, UnreadableDocument
from pipeline.forms.classification import economic_classification, function_classification
from pipeline.forms.form import Form
from pipeline.forms.printed import has_cjk, plain_header, squash

_CONTENTS_TAIL = re.compile(r"(?:[.…·\-_]*\(?-?\d{1,4}-?\)?|[.…·\-_]{2,})$")
T = TypeVar("T")
_PAGE_NUMBER = re.compile(r"[-—–·]+\d{1,4}[-—–·]+|第\d{1,4}页(?:[,/]?共\d{1,4}页)?|\d{1,4}/\d{1,4}")
_AMOUNTS = re.compile(r"\d\.\d\d(?!\d).*\d\.\d\d(?!\d)")
_PART_HEADING = re.compile(r"第[一二三四五六]部分")
_TITLE_LIKE = re.compile(r"(?!.*续表?$)(?!.*[,。;:]).{4,40}表(?:\(.{0,12}\))?")
_LONGEST_LABEL = 60  # a longer paragraph is prose


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell in its place in the row; ``text`` is as printed, ``other`` what a second reader read there instead."""

    text: str
    locator: str | None = None
    bbox: Box | None = None
    other: tuple[str, ...] = ()


BLANK = PrintedCell("")


@dataclass(slots=True)
class PrintedRow:
    """One row of a table with a cell for every column; merged neighbours are blank.

    ``ragged`` is true where the capture lost which columns the cells are, ``odd`` where it has another number of cells
    than the rest of its table.
    """

    cells: list[PrintedCell]
    spans: list[tuple[int, int]]  # (column, width) of each cell that begins in this row
    page: int | None
    locator: str | None
    ragged: bool = False
    odd: bool = False

    @property
    def texts(self) -> list[str]:
        return [cell.text for cell in self.cells]

    @property
    def filled(self) -> list[str]:
        return [squashed for cell in self.cells if (squashed := squash(cell.text))]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """Those rows of a grid (0-based ``numbers``) that belong together; they are made anew when they are asked for.

    A statement or an annex is held as such tables until its turn comes: the rows of a thousand pages at once would take
    fifty times as much.
    """

    grid: Grid
    numbers: list[int]

    @property
    def rows(self) -> list[PrintedRow]:
        rows = printed_rows(self.grid)
        return [rows[n] for n in self.numbers]

    @property
    def column_count(self) -> int:
        return self.grid.column_count

    @property
    def spans_known(self) -> bool:
        return self.grid.spans_known

    @property
    def page(self) -> int | None:
        return self.grid.page

    @property
    def locator(self) -> str | None:
        return self.grid.locator


@dataclass(slots=True)
class Section:
    """One statement as found: its title, its tables in order, and what is printed around them."""

    statement: str
    title: str
    page: int | None
    locator: str | None
    in_units_part: bool
    tables: list[PrintedTable] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    strays: list[Paragraph] = field(default_factory=list)
    unit_in_title: str | None = None
    unit_before: str | None = None  # printed between the statement before and the title
    units: Counter[str] = field(default_factory=Counter)
    body_names: Counter[str] = field(default_factory=Counter)
    body_codes: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)
    part: int = 1

    @property
    def rows_without_table(self) -> int:
        """How many lines outside tables print amounts."""
        return sum(1 for stray in self.strays if _AMOUNTS.search(stray.text))


@dataclass(frozen=True, slots=True)
class Part:
    """One body whose statements the document publishes; part 1 is the body that the document is about."""

    part: int
    scope: str
    body_name: str | None
    body_code: str | None


@dataclass(frozen=True, slots=True)
class Recognised:
    kind: str
    fiscal_year: int
    parts: tuple[Part, ...]
    sections: tuple[Section, ...]
    issues: tuple[Issue, ...]


def is_subject_name(label: str) -> bool:
    """Is this (squashed) label a name of a classification or the end of one, rather than the name of a body?"""
    trees = (function_classification(), economic_classification())
    return any(tree.is_name(label) or tree.ends_name(label) for tree in trees)


def title_of(text: str, form: Form) -> str | None:
    """The statement whose title this squashed line is, else None; the most specific title wins."""
    best: tuple[int, str] | None = None
    for name, statement in form.statements.items():
        for pattern in statement.titles:
            if (match := pattern.fullmatch(text)) and (best is None or len(match["core"]) > best[0]):
                best = (len(match["core"]), name)
    return best[1] if best else None


def annex_of(text: str, form: Form) -> str | None:
    for name, patterns in form.annexes.items():
        if any(pattern.fullmatch(text) for pattern in patterns):
            return name
    return None


def is_contents_entry(text: str, form: Form) -> bool:
    """A title with dots and a page number behind it stands in the table of contents."""
    head = _CONTENTS_TAIL.sub("", text)
    return head != text and (title_of(head, form) is not None or annex_of(head, form) is not None)


def form_score(document: Document, form: Form) -> int:
    """How many different statements of this form have a title in the document."""
    found: set[str] = set()
    for block in document.blocks:
        texts = [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
        for text in texts:
            if len(text) < _LONGEST_LABEL * 2 and (name := title_of(_CONTENTS_TAIL.sub("", squash(text)), form)):
                found.add(name)
    return len(found)


def printed_rows(grid: Grid) -> list[PrintedRow]:
    rows: list[PrintedRow] = []
    for n, cells in enumerate(grid.rows()):
        dense = [BLANK] * grid.column_count
        for cell in cells:
            dense[cell.column] = PrintedCell(cell.text, cell.locator, cell.bbox, cell.other_readings)
        ragged = not grid.spans_known and bool(cells) and cells[-1].column + 1 < grid.column_count
        rows.append(
            PrintedRow(
                dense,
                [(c.column, c.column_span) for c in cells],
                grid.page,
                _row_locator(cells, grid),
                ragged,
                n in grid.odd_rows,
            )
        )
    return rows


def _row_locator(cells: list[Cell], grid: Grid) -> str | None:
    return next((cell.locator for cell in cells if cell.locator), grid.locator)


class _Recogniser:
    def __init__(self, form: Form) -> None:
        self.form = form
        self.sections: list[Section] = []
        self.issues: list[Issue] = []
        self.current: Section | None = None
        self.in_units_part = False
        self.in_prose_or_annex = False
        self.last_heading = ""
        self.awaits_year = False
        self.line_before: Paragraph | None = None  # what may be the first half of a title on two lines
        self.unit_since_rows: str | None = None  # printed after the last row of a table
        self.headings: list[tuple[str | None, int, str]] = []  # body name, year, 部门 or 单位
        self.cover_names: Counter[str] = Counter()
        self.cover_years: Counter[int] = Counter()  # printed outside every statement

    # ── paragraphs ──────────────────────────────────────────────────────────────────────────────────────────────

    def paragraph(self, paragraph: Paragraph) -> None:
        text = squash(paragraph.text)
        if not text or self.form.number_line.fullmatch(text):
            return
        before, self.line_before = self.line_before, None
        if before is not None and (statement := title_of(squash(before.text) + text, self.form)):
            if self.current is not None and before in self.current.strays:
                self.current.strays.remove(before)
            title = f"{before.text.strip()}{paragraph.text.strip()}"
            self._begin(statement, title, before.page, before.locator)
            return
        if _PART_HEADING.match(text) and not is_contents_entry(text, self.form):
            self._part(text)
            return
        if self._heading(text) and not title_of(text, self.form):
            self._close_if_prose(text)
            return
        if is_contents_entry(text, self.form):
            return
        if statement := title_of(text, self.form):
            self._begin(statement, paragraph.text, paragraph.page, paragraph.locator)
            return
        if self._title_with_furniture(text, paragraph) or self._furniture(text):
            return
        if annex_of(text, self.form):
            self._close(annex=True)
            return
        if self.current is not None and any(p.fullmatch(text) for p in self.form.empty_notes):
            self.current.notes.append(paragraph.text)
            return
        if self._close_if_prose(text):
            return
        self.last_heading = text
        self.line_before = paragraph if has_cjk(text) else None
        if _TITLE_LIKE.fullmatch(text):
            self._close()  # a table of something else begins: never add it to the statement before
            if statement := self._damaged_title(text):
                self.issues.append(
                    Issue(
                        "warning",
                        "a title cannot be read for certain; its place says which it is",
                        paragraph.text,
                        paragraph.page,
                        paragraph.locator,
                        statement,
                    )
                )
                self._begin(statement, paragraph.text, paragraph.page, paragraph.locator)
        elif self.current is not None:
            self.current.strays.append(paragraph)

    def _part(self, text: str) -> None:
        """第一部分 …: a contents page names the parts too, the last heading counts."""
        self.in_units_part = bool(self.form.units_part.match(text))
        if not self.in_units_part:
            self._heading(_PART_HEADING.sub("", text))
        self._close()

    def _close_if_prose(self, text: str) -> bool:
        prose = len(text) > _LONGEST_LABEL or any(p.fullmatch(text) for p in self.form.prose_begins)
        if prose:
            self._close(annex=self.current is not None or self.in_prose_or_annex)
            self.last_heading = text if len(text) <= _LONGEST_LABEL else ""
        return prose

    def _heading(self, text: str) -> bool:
        """A cover line, a heading or the first sentence that names body and year."""
        for pattern in self.form.headings:
            if match := pattern.match(text):
                self.headings.append((match.groupdict().get("name"), int(match["year"]), match["scope"]))
                return bool(pattern.fullmatch(text))
        return False

    def _furniture(self, text: str) -> bool:
        """The lines around a table: body, budget year, unit. True if the line is nothing else."""
        if self.awaits_year and re.fullmatch(r"20\d\d", text):  # "预算年度:" and "2023" on two lines
            self._note_year(int(text))
            self.awaits_year = False
            return True
        if len(text) > 100:
            return False
        rest = text
        unit = self.form.unit_line.search(rest)
        if unit:
            rest = rest[: unit.start()] + rest[unit.end() :]
        year = self.form.year_line.search(rest)
        if year:
            rest = rest[: year.start()] + rest[year.end() :]
        body = self.form.body_line.fullmatch(rest) or self.form.body_label.fullmatch(rest)
        if body and is_subject_name(body["name"]):
            body = None  # a row of a statement: 2130505 生产发展支出
        if not (unit or year or body) or (rest and not body and len(rest) > 30):
            return False
        if unit:
            self._note_unit(unit["unit"])
        if year:
            self.awaits_year = year["year"] is None
            if year["year"]:
                self._note_year(int(year["year"]))
        if body and self.current is None and not self.sections:
            self.cover_names[body["name"]] += 1
        elif body and self.current is not None and has_cjk(body["name"]):
            self.current.body_names[body["name"]] += 1
            if "code" in body.groupdict() and body["code"]:
                self.current.body_codes[body["code"]] += 1
        return True

    def _title_with_furniture(self, text: str, paragraph: Paragraph) -> bool:
        """A title with the unit or the year behind it on one line."""
        rest = self.form.year_line.sub("", self.form.unit_line.sub("", text))
        statement = title_of(rest, self.form) if rest != text else None
        if statement is not None:
            self._begin(statement, paragraph.text, paragraph.page, paragraph.locator)
            self._furniture(text[len(rest) :] if text.startswith(rest) else text)
        return statement is not None

    def _damaged_title(self, text: str) -> str | None:
        """The next statement in the printed order, if this title is nearly its own and nearer to no other one."""
        seen = {section.statement for section in self.sections if section.in_units_part == self.in_units_part}
        open_ones = [name for name in self.form.statements if name not in seen]
        if not seen or not open_ones:
            return None
        alike = {n: SequenceMatcher(None, text, squash(self.form.statements[n].title)).ratio() for n in open_ones}
        best = max(open_ones, key=lambda name: alike[name])
        following = open_ones[0] == best or self._follows(best)
        return best if alike[best] >= 0.8 and following else None

    def _follows(self, statement: str) -> bool:
        order = list(self.form.statements)
        return order.index(self.sections[-1].statement) + 1 == order.index(statement)

    def _note_unit(self, unit: str) -> None:
        self.unit_since_rows = unit
        if self.current is not None:
            self.current.units[unit] += 1

    def _note_year(self, year: int) -> None:
        years = self.current.years if self.current is not None else self.cover_years
        years[year] += 1

    def _begin(self, statement: str, title: str, page: int | None, locator: str | None) -> None:
        if self.current is not None and self.current.statement == statement:
            return  # the title repeated at the head of a continuation page
        before, self.current = self.current, Section(statement, title.strip(), page, locator, self.in_units_part)
        if unit := self.form.unit_line.search(squash(title)):
            self.current.unit_in_title = unit["unit"]
        # a unit printed right before the title (which stands inside its table) is this statement's, not the last one's
        self.current.unit_before = self.unit_since_rows
        if before is not None and before.tables and self.unit_since_rows is not None:
            before.units[self.unit_since_rows] -= 1
            before.units += Counter()  # drops what is no longer counted
        self.unit_since_rows = None
        self.sections.append(self.current)
        self.in_prose_or_annex = False

    def _close(self, annex: bool = False) -> None:
        self.current = None
        self.in_prose_or_annex = annex

    # ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────

    def grid(self, grid: Grid) -> None:
        self.line_before = None
        table: PrintedTable | None = None
        header_seen = contents = False
        for number, row in enumerate(printed_rows(grid)):
            filled = row.filled
            if not filled:
                if table is not None:
                    table.numbers.append(number)
                continue
            if len(filled) == 1 and (statement := title_of(filled[0], self.form)):
                self._begin(statement, next(t for t in row.texts if t.strip()), row.page, row.locator)
                table, header_seen = None, False
                continue
            if self._contents_row(filled):
                contents = True
                continue
            if len(filled) == 1 and annex_of(filled[0], self.form):
                self._close(annex=True)
                table = None
                continue
            if not header_seen and self._furniture_row(filled):
                continue
            if (
                self.current is not None
                and len(filled) == 1
                and any(p.fullmatch(filled[0]) for p in self.form.empty_notes)
            ):
                self.current.notes.append(next(t for t in row.texts if t.strip()))
                continue
            header_seen = True
            if self.current is None:
                if not contents:
                    self._unclaimed(grid, filled)
                break
            if table is None:
                table = PrintedTable(grid, [])
                self.current.tables.append(table)
            table.numbers.append(number)
            self.unit_since_rows = None
        self.last_heading = ""

    def _contents_row(self, filled: list[str]) -> bool:
        joined = "".join(filled)
        return is_contents_entry(joined, self.form) or (
            len(filled) <= 3 and any(title_of(text, self.form) for text in filled) and filled[-1].strip(".-").isdigit()
        )

    def _furniture_row(self, filled: list[str]) -> bool:
        if any(plain_header(text) in self.form.header_words for text in filled):
            return False
        return sum([self._furniture(text) for text in filled]) > 0 or self._furniture("".join(filled))

    def _unclaimed(self, table: Grid, filled: list[str]) -> None:
        """A table under no known title. Only one that looks like a statement is worth a report."""
        heading = self.last_heading
        known = {text for text in map(plain_header, filled) if text in self.form.header_words}
        if len(known) >= 3 and not self.in_prose_or_annex:
            what = "a table with the columns of a statement stands under no title that the form knows; it is not loaded"
            self.issues.append(Issue("error", what, heading or "".join(filled), table.page, table.locator))
        elif len(filled) >= 2 and _TITLE_LIKE.fullmatch(heading):
            self.issues.append(
                Issue(
                    "warning",
                    "a table stands under a title that the form does not know; it is not loaded",
                    heading,
                    table.page,
                    table.locator,
                )
            )


def page_number_offset(document: Document) -> int | None:
    """What to add to a page's place in the file to get the number printed on it, where bare numbers are printed."""
    offsets = Counter(
        int(text) - block.page
        for block in document.blocks
        if isinstance(block, Paragraph) and block.page and (text := squash(block.text)).isdigit() and len(text) <= 4
    )
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    return offset if count >= 2 else None


def is_printed_page_number(paragraph: Paragraph, offset: int | None) -> bool:
    text = squash(paragraph.text)
    if _PAGE_NUMBER.fullmatch(text):
        return True
    return offset is not None and paragraph.page is not None and text == str(paragraph.page + offset)


def recognise(document: Document, form: Form) -> Recognised:
    """Find the statements, the bodies, the year and the kind of a document.

    Raises UnreadableDocument where the document is no department budget, has no year, or mixes two departments.
    """
    worker = _Recogniser(form)
    numbers = page_number_offset(document)
    final_account_lines = 0
    for block in document.blocks:
        if isinstance(block, Paragraph):
            if is_printed_page_number(block, numbers):
                continue
            worker.paragraph(block)
            text = squash(block.text)
            final_account_lines += len(text) <= _LONGEST_LABEL and bool(
                re.search(r"20\d\d年?度?.*决算|决算.*表$", text)
            )
        else:
            worker.grid(block)
    worker.issues += [_no_table(s) for s in worker.sections if not s.tables and s.rows_without_table >= 3]
    sections = [s for s in worker.sections if s.tables or s.notes]
    if not sections and not worker.headings:
        if final_account_lines >= 2:
            raise UnreadableDocument(
                "it is a final account (决算), a kind that is not loaded yet; only budgets (预算) are"
            )
        raise UnreadableDocument(
            "no department budget was found in it: neither the title of a statement (such as 部门预算收支总表) "
            "nor a heading that names a body and a year (such as 某某办公室2023年部门预算)"
        )
    return _identify(worker, sections)


def _no_table(section: Section) -> Issue:
    what = "lines of numbers stand below a title, but no table; they are not loaded"
    return Issue("error", what, section.title, section.page, section.locator, section.statement)


def _mark_units(sections: list[Section]) -> None:
    """Statements printed again for a body whose code begins with the department's: a unit's, whatever the heading."""
    codes = sum((s.body_codes for s in sections[:1]), Counter[str]())
    names = sum((s.body_names for s in sections[:1]), Counter[str]())
    department, name = _winner(codes), _winner(names)
    if department is None or name is None:
        return
    begun = False
    for section in sections:
        code = _winner(section.body_codes)
        if code is not None and _winner(section.body_names) != name and code != department:
            begun = code.startswith(department)
        elif code is not None or section.body_names:
            begun = False
        section.in_units_part = section.in_units_part or begun


def _identify(worker: _Recogniser, sections: list[Section]) -> Recognised:
    issues = list(worker.issues)
    _mark_units(sections)
    own = [s for s in sections if not s.in_units_part]
    names = sum((s.body_names for s in own), Counter[str]())
    codes = sum((s.body_codes for s in own), Counter[str]())
    years = sum((s.years for s in sections), Counter[int]())
    heading_names = worker.cover_names + Counter(name for name, _, _ in worker.headings if name)
    heading_years = Counter(year for _, year, _ in worker.headings)
    scopes = Counter(scope for _, _, scope in worker.headings)

    if len(names) > 1:
        repeated = {s.statement for s in own if sum(1 for o in own if o.statement == s.statement and o.tables) > 1}
        joined = any(len(s.body_names) > 1 and len(s.body_codes) > 1 for s in own)  # 甲's table, then 乙's same table
        if repeated or joined:
            raise UnreadableDocument(
                f"the statements of two departments are in one file ({'、'.join(sorted(names))}): split the file"
            )
        issues.append(Issue("warning", "the pages name different bodies", "、".join(sorted(names))))
    name = _winner(names) or _winner(heading_names)
    year = _winner(years) or _winner(heading_years) or _winner(worker.cover_years)
    if year is None:
        raise UnreadableDocument("it prints no budget year (预算年度: …, or …年部门预算)")
    if len(years) > 1:
        issues.append(Issue("warning", "the pages print different budget years", "、".join(map(str, sorted(years)))))
    if name is None:
        issues.append(Issue("error", "the document names no body", ""))
    if own and len(names) == 0:
        issues.append(Issue("info", "no page of a statement names its body; taken from a heading", name or ""))

    scope = "unit" if _winner(scopes) == "单位" else "department"
    parts = [Part(1, scope, name, _winner(codes))]
    kept = _split_parts(sections, parts, issues)
    return Recognised("budget", year, tuple(parts), tuple(kept), tuple(issues))


def _split_parts(sections: list[Section], parts: list[Part], issues: list[Issue]) -> list[Section]:
    """Give each section its part: 1 for the document's own body, one more for each unit with statements of its own."""
    kept: list[Section] = []
    seen: dict[int, set[str]] = {1: set()}
    for section in sections:
        if section.in_units_part:
            body = _winner(section.body_names)
            latest = parts[-1]
            if latest.part == 1 or section.statement in seen[latest.part] or (body and body != latest.body_name):
                latest = Part(latest.part + 1, "unit", body, _winner(section.body_codes))
                parts.append(latest)
                seen[latest.part] = set()
            section.part = latest.part
        elif section.statement in seen[1]:
            earlier = next(k for k in kept if k.part == 1 and k.statement == section.statement)
            if earlier.tables and section.tables:
                issues.append(
                    Issue(
                        "error",
                        "the statement is printed a second time; only the first is loaded",
                        section.title,
                        section.page,
                        section.locator,
                        section.statement,
                    )
                )
                continue
            if not section.tables:
                continue
            kept.remove(earlier)
        seen[section.part].add(section.statement)
        kept.append(section)
    return kept


def _winner(counts: Counter[T]) -> T | None:
    """The most frequent value; the first seen of equals."""
    return counts.most_common(1)[0][0] if counts else None
