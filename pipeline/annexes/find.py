"""Blocks → the annexes and the prose: which table belongs to which annex, which sentences to which section.

The statements are the business of pipeline/forms/recognise.py; here they only end what came before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from pipeline.documents.model import Document, Grid, Paragraph
from pipeline.forms.form import Form
from pipeline.forms.page_numbers import is_printed_page_number, page_number_offset
from pipeline.forms.printed import squash, strip_enumerator
from pipeline.forms.printed_table import PrintedRow, PrintedTable, printed_rows
from pipeline.forms.titles import annex_of, is_contents_entry, title_of, titled_line

SECTIONS = Path(__file__).with_name("sections.yaml")
LONGEST_FURNITURE = 60  # a longer line is no heading, unit, date or body

# the lines that belong to an annex however long they are: notes, the goal above a performance table, 空表
_LONG_LINE_OF_ANNEX = re.compile(r"(?:注|说明|备注|(?:绩效|总体|年度)*目标)[:：].*|.*空表.*")
# what may stand alone on the second line of a title
_TITLE_TAIL = re.compile(r"(?:项目)?(?:支出)?绩效(?:目标|指标)(?:申报)?表")
_NUMBERED = re.compile(r"\d{1,3}[、.][^,。;:]+")
_PART = re.compile(r"第[一二三四五六]部分")
_SEE = ("详见", "见")  # a line that names an annex printed elsewhere


@dataclass(slots=True)
class Annex:
    """One annex as found: its title, its tables in order, and the short lines printed around them."""

    kind: str  # organisation, performance, procurement, asset
    title: str  # as printed
    page: int | None
    locator: str | None
    tables: list[PrintedTable] = field(default_factory=list)
    lines: list[Paragraph] = field(default_factory=list)  # body, unit, date, notes

    @property
    def rows(self) -> Iterator[PrintedRow]:
        for table in self.tables:
            yield from (row for row in table.rows if row.filled)


@dataclass(slots=True)
class ProseSection:
    """A section of the explanation: ``kind`` is a name of sections.yaml, its paragraphs in reading order."""

    kind: str
    heading: str
    page: int | None
    locator: str | None
    paragraphs: list[Paragraph] = field(default_factory=list)


@dataclass(slots=True)
class Rest:
    """What a document holds beside its statements.

    ``unclaimed``: tables among the prose that stand under no title of an annex; ``of_units``: how many annexes the part
    of the units holds (not read).
    """

    annexes: list[Annex] = field(default_factory=list)
    sections: list[ProseSection] = field(default_factory=list)
    unclaimed: list[tuple[ProseSection, Grid]] = field(default_factory=list)
    of_units: int = 0

    def of(self, kind: str) -> list[Annex]:
        return [annex for annex in self.annexes if annex.kind == kind]


@lru_cache(maxsize=1)
def section_patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Kind of section → the (squashed) headings that begin it."""
    raw = yaml.safe_load(SECTIONS.read_text("utf-8"))["sections"]
    return {kind: tuple(re.compile(pattern) for pattern in patterns) for kind, patterns in raw.items()}


def section_of(text: str) -> str | None:
    """The kind of section that this squashed line begins."""
    if len(text) > LONGEST_FURNITURE:
        return None
    plain = strip_enumerator(text.lstrip("-·•"))
    return next((k for k, patterns in section_patterns().items() if any(p.fullmatch(plain) for p in patterns)), None)


class _Finder:
    def __init__(self, form: Form) -> None:
        self.form = form
        self.rest = Rest()
        self.annex: Annex | None = None
        self.section: ProseSection | None = None
        self.in_statement = self.in_units_part = False
        self.line_before: Paragraph | None = None  # what may be the first half of a title on two lines

    def _begins_statement(self, text: str, before: Paragraph | None) -> bool:
        """A title with or without the unit or year beside it, or the second line of one."""
        second = before is not None and title_of(squash(before.text) + text, self.form) is not None
        return second or titled_line(text, self.form) is not None

    def paragraph(self, paragraph: Paragraph) -> None:
        text = squash(paragraph.text)
        if not text or is_contents_entry(text, self.form):
            return
        before, self.line_before = self.line_before, paragraph
        if before is not None and (kind := self._second_half(squash(before.text), text)):
            self._take_back(before)
            self._annex(kind, before.text.strip() + paragraph.text.strip(), before.page, before.locator)
            return
        if _PART.match(text):
            self.annex, self.in_units_part = None, bool(self.form.units_part.match(text))
        if self._begins_statement(text, before):
            self._statement()
        elif kind := section_of(text):  # before the annexes: 六、政府采购预算情况 is no title of a table
            self._section(kind, paragraph)
        elif (kind := annex_of(text, self.form)) and not text.startswith(_SEE):
            self._annex(kind, paragraph.text, paragraph.page, paragraph.locator)
        elif self.annex is not None and self._belongs_to_annex(text):
            self.annex.lines.append(paragraph)
        elif self.in_statement and len(text) <= LONGEST_FURNITURE:
            return  # furniture and notes of a statement
        else:
            self.annex, self.in_statement = None, False
            if self.section is not None:
                self.section.paragraphs.append(paragraph)

    def _take_back(self, line: Paragraph) -> None:
        for lines in (self.annex.lines if self.annex else [], self.section.paragraphs if self.section else []):
            if line in lines:
                lines.remove(line)

    def _second_half(self, before: str, text: str) -> str | None:
        """The annex whose title these two lines are: the second alone is none, or names no project."""
        kind = annex_of(before + text, self.form)
        if kind is None or strip_enumerator(before) == before or section_of(before) or annex_of(before, self.form):
            return None
        names_nothing = annex_of(text, self.form) is None or _TITLE_TAIL.fullmatch(text)
        # or it names the rest of a project: the number stands before its first half
        rest = _NUMBERED.fullmatch(before) and strip_enumerator(text) == text
        return kind if names_nothing or rest else None

    def grid(self, grid: Grid, taken: frozenset[int] = frozenset()) -> None:
        """``taken``: the rows that are a statement's; they are no annex's, whatever stands above them."""
        if _is_frame(grid):
            for cell in grid.cells:
                for line in filter(None, map(str.strip, cell.text.split("\n"))):
                    self.paragraph(Paragraph(line, grid.page, cell.locator, cell.bbox))
            return
        self.line_before = None
        rows = printed_rows(grid)
        if all(is_contents_entry("".join(row.filled), self.form) for row in rows if row.filled):
            return
        own: PrintedTable | None = None
        for number, row in enumerate(rows):
            filled = row.filled
            if number in taken:
                if self.annex is not None or not self.in_statement:
                    self._statement()
                continue
            if len(filled) == 1 and title_of(filled[0], self.form) is not None:
                self._statement()
            elif len(filled) == 1 and (kind := annex_of(filled[0], self.form)):
                self._annex(kind, next(text for text in row.texts if text.strip()), row.page, row.locator)
                own = None
                continue
            if self.annex is None and self.section is not None and self.section.kind == "organisation":
                self._annex("organisation", self.section.heading, row.page, row.locator)  # the heading is its title
            if self.annex is not None:
                if own is None:
                    own = PrintedTable(grid, [])
                    self.annex.tables.append(own)
                own.numbers.append(number)
        if self.annex is None and self.section is not None and not self.in_units_part and _is_table(rows):
            self.rest.unclaimed.append((self.section, grid))

    def _belongs_to_annex(self, text: str) -> bool:
        """The lines between the title of an annex and the end of its last table are short or notes.

        A sentence below a table that is no note is prose again.
        """
        sentence = bool(self.annex and self.annex.tables) and text.endswith("。")
        empty = any(pattern.fullmatch(text) for pattern in self.form.empty_notes)
        return empty or bool(_LONG_LINE_OF_ANNEX.fullmatch(text)) or (len(text) <= LONGEST_FURNITURE and not sentence)

    def _statement(self) -> None:
        self.annex, self.section, self.in_statement = None, None, True

    def _section(self, kind: str, paragraph: Paragraph) -> None:
        self.annex, self.in_statement = None, False
        self.section = ProseSection(kind, paragraph.text.strip(), paragraph.page, paragraph.locator)
        if not self.in_units_part:
            self.rest.sections.append(self.section)

    def _annex(self, kind: str, title: str, page: int | None, locator: str | None) -> None:
        self.in_statement = False
        if self.annex is not None and self.annex.kind == kind and squash(self.annex.title) == squash(title):
            return  # the title repeated at the head of a continuation page
        self.annex = Annex(kind, title.strip(), page, locator)
        if self.in_units_part:
            self.rest.of_units += 1
        else:
            self.rest.annexes.append(self.annex)


def _is_frame(grid: Grid) -> bool:
    """One column, and a sentence in it: what rules above and below make of prose."""
    return grid.column_count == 1 and any("。" in cell.text for cell in grid.cells)


def _is_table(rows: Sequence[PrintedRow]) -> bool:
    """More than a frame around a paragraph."""
    return sum(len(row.filled) >= 2 for row in rows) >= 2


def find_rest(document: Document, form: Form, taken: Mapping[int, frozenset[int]] | None = None) -> Rest:
    """The annexes and the prose of a document, in reading order; ``taken``: see `Disclosure`."""
    finder = _Finder(form)
    numbers = page_number_offset(document)
    for place, block in enumerate(document.blocks):
        if isinstance(block, Grid):
            finder.grid(block, (taken or {}).get(place, frozenset()))
        elif not is_printed_page_number(block, numbers):
            finder.paragraph(block)
    return finder.rest
