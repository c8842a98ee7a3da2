"""Blocks → sections: which table belongs to which statement of which body, with the unit and the notes around it.

A statement begins at its title and ends at the next title, at a heading of the prose or at an annex: never by a
look at headers, because two empty statements have the same one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from pipeline.documents.model import Document, Grid, Issue, Paragraph, UnreadableDocument
from pipeline.forms.amounts import is_amount, is_sentence, line_has_amounts, row_has_amounts
from pipeline.forms.bodies import Cover, identify
from pipeline.forms.form import Form
from pipeline.forms.furniture import furniture_of, name_of_body, unit_in
from pipeline.forms.page_numbers import is_printed_page_number, page_number_offset, running_lines
from pipeline.forms.printed import arabic_year, has_cjk, plain_header, plain_label, squash, unit_behind
from pipeline.forms.printed_table import PrintedTable, printed_rows
from pipeline.forms.sections import Recognised, Section, Unplaced
from pipeline.forms.titles import annex_of, damaged_title, is_contents_entry, title_of, titled_line, without_page_number

_BEFORE_HEADING = re.compile(r"[《【〈]?(?:附件[一二三四五六七八九十\d]*[:、.]?|\d{1,2}[.、])?[《【〈]?")
_PART_HEADING = re.compile(r"第[一二三四五六]部分")
_TITLE_LIKE = re.compile(r"(?!.*续表?$)(?!.*[,。;:]).{4,40}表(?:\(.{0,12}\))?")
_HEADER_ROWS = 3  # the words of a header stand in so many rows
_LONGEST_LABEL = 60  # a longer paragraph is prose


class _Recogniser:
    def __init__(self, form: Form, running: frozenset[Paragraph]) -> None:
        self.form = form
        self.running = running  # lines of the head or foot of the pages
        self.sections: list[Section] = []
        self.issues: list[Issue] = []
        self.current: Section | None = None
        self.in_units_part = False
        self.in_prose_or_annex = False
        self.last_heading = ""
        self.awaits_year = False
        self.line_before: Paragraph | None = None  # what may be the first half of a title on two lines
        self.unit_since_rows: str | None = None  # printed after the last row of a table
        self.cover = Cover()
        self.announced: dict[str, Paragraph] = {}  # statements and parts of the table of contents
        self.parts: set[str] = set()  # headings of parts outside it
        self.unplaced: list[Unplaced] = []

    # ── paragraphs ──────────────────────────────────────────────────────────────────────────────────────────────

    def paragraph(self, paragraph: Paragraph) -> None:
        text = arabic_year(squash(paragraph.text))
        if not text or self.form.number_line.fullmatch(text):
            return
        before, self.line_before = self.line_before, None
        if before is not None and not self.sections and not self._names_body(text):
            # 某某局 / 2023年部门预算: a cover on two lines
            self._heading(squash(before.text) + text, whole_only=True)
        if before is not None and (statement := title_of(squash(before.text) + text, self.form)):
            if self.current is not None and before in self.current.strays:
                self.current.strays.remove(before)
            title = f"{before.text.strip()}{paragraph.text.strip()}"
            self._begin(statement, title, before.page, before.locator)
            return
        if _PART_HEADING.match(text) and not is_contents_entry(text, self.form):
            self._announce(text, paragraph)
            self._part(text)
            return
        if self._heading(text) and not title_of(text, self.form):
            self._close_if_prose(text, paragraph)
            return
        if is_contents_entry(text, self.form):
            self._announce(text, paragraph)
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
        if self.current is not None and any(p.fullmatch(text) for p in self.form.remarks):
            return
        if self._close_if_prose(text, paragraph):
            return
        self.last_heading = text
        self.line_before = paragraph if has_cjk(text) else None
        if self._rest_of_title(text):
            return
        if _TITLE_LIKE.fullmatch(text):
            self._close()  # a table of something else begins: never add it to the statement before
            self.unplaced.append(Unplaced(None, [], self.sections[-1] if self.sections else None))
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
        elif self.current is not None and paragraph not in self.running:
            self.current.strays.append(paragraph)
        elif paragraph not in self.running:
            self._loose_line(paragraph)

    def _announce(self, text: str, place: Paragraph) -> None:
        """An entry of the table of contents; a heading of a part that is none says that the part follows."""
        head = without_page_number(text)
        if statement := title_of(head, self.form):
            self.announced.setdefault(statement, place)
        elif _PART_HEADING.match(text):
            if head == text:
                self.parts.add(text)
            else:
                self.announced.setdefault(head, place)

    def _loose_line(self, line: Paragraph) -> None:
        """A line outside every table and statement: a row of one, if its title is lost."""
        after = self.sections[-1] if self.sections else None
        latest = self.unplaced[-1] if self.unplaced else None
        others = self.in_prose_or_annex
        if latest is not None and latest.after is after and latest.table is None and latest.among_others == others:
            latest.lines.append(line)
        else:
            self.unplaced.append(Unplaced(None, [line], after, others))

    def _rest_of_title(self, text: str) -> bool:
        """The end of the statement's own title: it reaches over pages on which a wide sheet stands side by side."""
        section = self.current
        return section is not None and bool(section.tables) and len(text) >= 2 and squash(section.title).endswith(text)

    def _part(self, text: str) -> None:
        """第一部分 …: a contents page names the parts too, the last heading counts."""
        self.in_units_part = bool(self.form.units_part.match(text))
        if not self.in_units_part:
            self._heading(_PART_HEADING.sub("", text))
        self._close()

    def _close_if_prose(self, text: str, paragraph: Paragraph) -> bool:
        if line_has_amounts(paragraph.text) or plain_label(text) in self.form.row_labels:
            return False  # 十五、资源勘探信息等支出 0.00
        prose = (len(text) > _LONGEST_LABEL and is_sentence(text)) or any(
            p.fullmatch(text) for p in self.form.prose_begins
        )
        if prose:
            self._close(annex=self.current is not None or self.in_prose_or_annex)
            self.last_heading = text if len(text) <= _LONGEST_LABEL else ""
        return prose

    def _names_body(self, text: str) -> bool:
        """Does the line name body and year by itself?"""
        return any((match := p.match(text)) and match.groupdict().get("name") for p in self.form.headings)

    def _heading(self, text: str, whole_only: bool = False) -> bool:
        """A cover line, a heading or the first sentence that names body and year."""
        text = text[before.end() :] if (before := _BEFORE_HEADING.match(text)) else text
        for pattern in self.form.headings:
            if (match := pattern.match(text)) and not (whole_only and match[0] != text):
                name, whole = match.groupdict().get("name"), bool(pattern.fullmatch(text))
                if name is not None:
                    name, _ = name_of_body(name, self.form)
                # a department's statements are behind us: those of one of its units begin
                begun = whole and match["scope"] == "单位" and any(section.tables for section in self.sections)
                if begun and self.cover.names_another_department(name):
                    self.in_units_part = True
                    self._close()
                self.cover.headings.append((name, int(match["year"]), match["scope"]))
                return whole
        return False

    def _furniture(self, text: str) -> bool:
        """The lines around a table: body, budget year, unit. True if the line is nothing else."""
        if self.awaits_year and re.fullmatch(r"20\d\d", text):  # "预算年度:" and "2023" on two lines
            self._note_year(int(text))
            self.awaits_year = False
            return True
        found = furniture_of(text, self.form)
        if found is None:
            return False
        # 万元 with no word beside it is a unit only above the table of a statement: torn prose has such lines too
        above_table = self.current is not None and not self.current.tables
        if found.unit is not None and (above_table or text.strip("()") != found.unit):
            self._note_unit(found.unit)
        if found.year is not None:
            self._note_year(found.year)
        if found.year is not None or found.year_follows:
            self.awaits_year = found.year_follows
        if found.body_name is not None or found.body_code is not None:
            self._note_body(found.body_name, found.body_code)
        return True

    def _title_with_furniture(self, text: str, paragraph: Paragraph) -> bool:
        """A title with the unit or the year behind it on one line."""
        found = titled_line(text, self.form)
        if found is not None:
            self._begin(found[0], paragraph.text, paragraph.page, paragraph.locator)
            self._furniture(found[1])
        return found is not None

    def _damaged_title(self, text: str) -> str | None:
        if not self.sections:
            return None
        seen = {section.statement for section in self.sections if section.in_units_part == self.in_units_part}
        return damaged_title(text, self.form, seen, self.sections[-1].statement)

    def _note_unit(self, unit: str) -> None:
        self.unit_since_rows = unit
        if self.current is not None:
            self.current.units[unit] += 1

    def _note_year(self, year: int) -> None:
        years = self.current.years if self.current is not None else self.cover.years
        years[year] += 1

    def _note_body(self, name: str | None, code: str | None) -> None:
        if self.current is None and not self.sections:
            self.cover.names.update([name] if name else [])
        elif self.current is not None and (name is None or has_cjk(name)):
            self.current.body_names.update([name] if name else [])
            self.current.body_codes.update([code] if code else [])

    def _begin(self, statement: str, title: str, page: int | None, locator: str | None) -> None:
        if self.current is not None and self.current.statement == statement:
            return  # the title repeated at the head of a continuation page
        before, self.current = self.current, Section(statement, title.strip(), page, locator, self.in_units_part)
        unit = unit_in(squash(title), self.form)
        self.current.unit_in_title = unit["unit"] if unit else unit_behind(squash(title))
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
        header_seen = contents = unclaimed = False
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
                self._announce("".join(filled), Paragraph(" ".join(filled), row.page, row.locator))
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
            if self.current is None and len(filled) == 1 and not unclaimed and self._heading(filled[0]):
                continue  # the grid lines of a sheet are printed around its cover and titles too
            header_seen = True
            if table is None and self.current is not None and self._is_told_empty(grid):
                self._close()  # what follows the note is another statement's, whose title is lost
            if self.current is None:
                if not contents and not unclaimed and len(filled) > 1:
                    self._unclaimed(grid, filled, number)
                    unclaimed = True
                continue
            if table is None:
                table = PrintedTable(grid, [])
                self.current.tables.append(table)
            table.numbers.append(number)
            self.unit_since_rows = None
        self.last_heading = ""

    def _is_told_empty(self, grid: Grid) -> bool:
        """Is the statement an empty table with a note that says so, and does this one hold amounts?"""
        section = self.current
        if section is None or not section.notes or not section.tables:
            return False
        printed = (row for table in section.tables for row in table.rows)
        return not any(row_has_amounts(row, self.form) for row in printed) and any(
            row_has_amounts(row, self.form) for row in printed_rows(grid)
        )

    def _contents_row(self, filled: list[str]) -> bool:
        joined = "".join(filled)
        return is_contents_entry(joined, self.form) or (
            len(filled) <= 3 and any(title_of(text, self.form) for text in filled) and filled[-1].strip(".-").isdigit()
        )

    def _furniture_row(self, filled: list[str]) -> bool:
        if any(plain_header(text) in self.form.header_words for text in filled):
            return False
        return sum([self._furniture(text) for text in filled]) > 0 or self._furniture("".join(filled))

    def _unclaimed(self, table: Grid, filled: list[str], first: int) -> None:
        """A table under no known title. Only one that looks like a statement is worth a report."""
        heading = self.last_heading
        rows = PrintedTable(table, list(range(first, table.row_count)))
        after = self.sections[-1] if self.sections else None
        if any(is_amount(cell.text) for row in rows.rows for cell in row.cells):
            self.unplaced.append(Unplaced(rows, [], after, self.in_prose_or_annex))
        head = [text for row in printed_rows(table)[first : first + _HEADER_ROWS] for text in row.filled]
        known = {text for text in map(plain_header, head) if text in self.form.header_words}
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


def recognise(document: Document, form: Form) -> Recognised:
    """Find the statements, the bodies, the year and the kind of a document.

    Raises UnreadableDocument where the document is no department budget, has no year, or mixes two departments.
    """
    worker = _Recogniser(form, running_lines(document, form))
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
    bare = _bare_titles(worker)
    sections = [s for s in worker.sections if not s.is_bare or any(s is title for title in bare)]
    announced = _announced(worker)
    worker.issues += announced
    if not sections and not worker.cover.headings:
        if final_account_lines >= 2:
            raise UnreadableDocument(
                "it is a final account (决算), a kind that is not loaded yet; only budgets (预算) are"
            )
        raise UnreadableDocument(
            "no department budget was found in it: neither the title of a statement (such as 部门预算收支总表) "
            "nor a heading that names a body and a year (such as 某某办公室2023年部门预算)"
        )
    found = identify(sections, worker.cover, worker.issues)
    for place in worker.unplaced:
        place.after = _last_before(place.after, worker.sections)
    return replace(found, unplaced=tuple(worker.unplaced), is_complete=found.is_complete and not announced)


def _last_before(after: Section | None, sections: list[Section]) -> Section | None:
    """The section itself, or the last one before it with more than a title: the contents are a list of titles."""
    latest: Section | None = None
    for section in sections if after is not None else ():
        latest = latest if section.is_bare else section
        if section is after:
            break
    return latest


def _bare_titles(worker: _Recogniser) -> list[Section]:
    """Titles with nothing below them of statements that stand nowhere else; those of a list are announced, no more."""
    bare: list[Section] = []
    held = {(s.in_units_part, s.statement) for s in worker.sections if not s.is_bare}
    for n, section in enumerate(worker.sections):
        if not section.is_bare or (section.in_units_part, section.statement) in held:
            continue
        beside = worker.sections[max(n - 1, 0) : n] + worker.sections[n + 1 : n + 2]
        if any(other.is_bare for other in beside):
            place = Paragraph(section.title, section.page, section.locator)
            worker.announced.setdefault(section.statement, place)
        else:
            held.add((section.in_units_part, section.statement))
            bare.append(section)
    return bare


def _announced(worker: _Recogniser) -> list[Issue]:
    """What the table of contents announces and the document does not hold."""
    held = {section.statement for section in worker.sections if not section.is_bare} | worker.parts
    what = "the table of contents announces a part that does not follow"
    return [
        Issue("warning", what, place.text, place.page, place.locator, name if name in worker.form.statements else None)
        for name, place in worker.announced.items()
        if name not in held
    ]
